"""What is looked at first: harm x reach x novelty, each said beside the product."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import log10, sqrt

from holdfast.kit.listening.reading import tags

#: A post without a tag may still say something; it comes after everything that has one but praise.
UNTAGGED = 1


@dataclass(frozen=True, slots=True)
class Rank:
    """`harm` 1 to 10; `reach` from 1, one more for ten times the copies; `novelty` 1 down to 0."""

    harm: float
    reach: float
    novelty: float

    @property
    def score(self) -> float:
        return self.harm * self.reach * self.novelty

    @property
    def hundredths(self) -> int:
        """The score as it is stored and sorted by."""
        return round(self.score * 100)


def rank(
    keys: Iterable[str], *, copies: int, audience: int, earlier: int, severity: int = 0
) -> Rank:
    """Rank one mention.

    Args:
        keys: its tags; the most harmful decides.
        copies: how often the same words were seen, at least 1.
        audience: readers as the source states them, 0 where it states none.
        earlier: how many earlier mentions say much the same in other words.
        severity: harm told of, 0 none to 4 death; above 1 (treated) adds half of itself.

    >>> rank(["injury"], copies=1, audience=0, earlier=0).score
    10.0
    >>> rank(["praise"], copies=1000, audience=0, earlier=3).score
    2.0
    """
    harms = {tag.key: tag.harm for tag in tags()}
    key_harm = max((harms.get(key, UNTAGGED) for key in keys), default=UNTAGGED)
    harm = key_harm + (severity / 2 if severity > 1 and key_harm == harms["injury"] else 0)
    reach = 1 + log10(max(copies, 1)) + log10(max(audience, 1)) / 2
    return Rank(float(harm), reach, 1 / sqrt(1 + max(earlier, 0)))
