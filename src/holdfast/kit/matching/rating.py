"""Precision, recall and F1 of found pairs against the true ones, each with its interval."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from holdfast.kit.measures.rates import Interval, wilson

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Rating:
    """How many found pairs are true (`hits`), how many are not, how many true ones are absent."""

    hits: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float | None:
        """Of the pairs found, the share that is true; None where nothing was found."""
        found = self.hits + self.wrong
        return self.hits / found if found else None

    @property
    def recall(self) -> float | None:
        """Of the true pairs, the share that was found; None where nothing is true."""
        true = self.hits + self.missed
        return self.hits / true if true else None

    @property
    def f1(self) -> float | None:
        """Twice the hits over found and true pairs together."""
        both = 2 * self.hits + self.wrong + self.missed
        return 2 * self.hits / both if both else None

    @property
    def f1_interval(self) -> Interval | None:
        """F1 follows from hits over (hits + wrong + missed), a share, and so does its interval."""
        share = wilson(self.hits, self.hits + self.wrong + self.missed)
        if share is None:
            return None
        return Interval(2 * share.low / (1 + share.low), 2 * share.high / (1 + share.high))

    def as_json(self) -> dict[str, object]:
        """All counts, shares and 95 % intervals as `[low, high]`."""
        return {
            "hits": self.hits,
            "wrong": self.wrong,
            "missed": self.missed,
            "precision": _rounded(self.precision),
            "precision_interval": _pair(wilson(self.hits, self.hits + self.wrong)),
            "recall": _rounded(self.recall),
            "recall_interval": _pair(wilson(self.hits, self.hits + self.missed)),
            "f1": _rounded(self.f1),
            "f1_interval": _pair(self.f1_interval),
        }


def rate(found: AbstractSet[Pair], true: AbstractSet[Pair]) -> Rating:
    """Hold found pairs against true ones.

    >>> rate({("r", "p"), ("r", "q")}, {("r", "p")}).as_json()["f1"]
    0.6667
    """
    hits = len(found & true)
    return Rating(hits, len(found) - hits, len(true) - hits)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _pair(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [round(interval.low, 4), round(interval.high, 4)]
