"""The correction rate of one level: corrected over a stated denominator, with interval."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Generic

from holdfast.kit.measures.levels import BlendedLevels, L, Quantity, Units, plain

# two-sided 95 % of the normal distribution
Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed range of shares, both between 0 and 1."""

    low: float
    high: float


def wilson(successes: Quantity, trials: Quantity, z: float = Z95) -> Interval | None:
    """Wilson's score interval for a share; None when nothing was tried.

    Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209-212.
    It stays inside 0..1 and is honest for shares near the ends, where the usual interval is not.
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials} is not a share")
    if trials == 0:
        return None
    n = float(trials)
    share = float(successes) / n
    shrink = 1 + z * z / n
    centre = (share + z * z / (2 * n)) / shrink
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / shrink
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == trials else min(1.0, centre + half)
    return Interval(low, high)


@dataclass(frozen=True, slots=True)
class CorrectionRate(Generic[L]):
    """Corrected units of one level over a denominator that says what it counts.

    There is deliberately no addition and no average: a rate over two levels does not exist.
    """

    corrected: Units[L]
    of: Units[L]
    denominator: str

    def __post_init__(self) -> None:
        if self.corrected.level is not self.of.level:
            raise BlendedLevels(
                f"corrected units of {self.corrected.level.name} have no rate "
                f"over units of {self.of.level.name}"
            )
        if self.corrected.count > self.of.count:
            raise ValueError(
                f"{self.corrected.count} corrected of {self.of.count}: more than there are"
            )
        if not self.denominator.strip():
            raise ValueError("a rate states what its denominator counts")

    @property
    def level(self) -> type[L]:
        return self.of.level

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None when the denominator is empty."""
        return float(self.corrected.count) / float(self.of.count) if self.of.count else None

    def interval(self) -> Interval | None:
        """95 % Wilson interval; read it as: if the rest answered like these did."""
        return wilson(self.corrected.count, self.of.count)

    def as_json(self) -> dict[str, object]:
        band = self.interval()
        return {
            "level": self.level.name,
            "corrected": plain(self.corrected.count),
            "of": plain(self.of.count),
            "denominator": self.denominator,
            "share": None if self.share is None else round(self.share, 6),
            "low": None if band is None else round(band.low, 6),
            "high": None if band is None else round(band.high, 6),
        }
