"""One report as the detector sees it, and how much it weighs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

# Harm by level 0 (said: none) to 4 (death). How the figures were chosen: docs/signals.md.
HARM_WEIGHTS = (0.6, 1.0, 1.3, 1.6, 2.0)
UNKNOWN_HARM_WEIGHT = 0.7  # nobody was asked: what they weigh of whom the text tells no harm
ECHO_WEIGHT = 0.5  # it speaks of a recall, so news brought it
PRAISE_WEIGHT = 0.3  # four stars and more
SECOND_HAZARD_WEIGHT = 0.5


def hazards_of_its_own(
    hazards: tuple[str, ...], is_echo: bool, harm: int | None
) -> tuple[str, ...]:
    """None where somebody heard of a recall and came to no harm: the hazard is that of the news.

    >>> hazards_of_its_own(("fall",), True, 0), hazards_of_its_own(("fall",), True, 1)
    ((), ('fall',))
    """
    return () if is_echo and harm == 0 else hazards


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody told of one product; `hazards` in order, the one it is most about first.

    `harm` is 0 (none) to 4 (death), None where nobody was asked. `stream` is the source it came
    by: each has its own beginning and its own habits. `fingerprint` is the same for the same text.
    """

    id: str
    stream: str
    maker: str
    product: str
    hazards: tuple[str, ...]
    reported_on: date
    published_on: date
    harm: int | None = None
    is_echo: bool = False
    is_praise: bool = False
    maker_name: str = ""
    product_name: str = ""
    brand: str = ""
    lot: str = ""
    fingerprint: str = ""

    @property
    def own_hazards(self) -> tuple[str, ...]:
        """Hazards it tells of by itself (`hazards_of_its_own`)."""
        return hazards_of_its_own(self.hazards, self.is_echo, self.harm)

    def known_on(self, known_by: str) -> date:
        """The day it was known: to who received it (`report`) or to everybody (`publication`)."""
        return self.reported_on if known_by == "report" else self.published_on

    @property
    def weight(self) -> float:
        """How much it counts beside a report with a slight injury."""
        weight = UNKNOWN_HARM_WEIGHT if self.harm is None else HARM_WEIGHTS[self.harm]
        if self.is_echo:
            weight *= ECHO_WEIGHT
        if self.is_praise:
            weight *= PRAISE_WEIGHT
        return weight
