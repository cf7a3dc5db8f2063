"""Exact chances of counts: hypergeometric, over strata that are not alike, and binomial.

R. A. Fisher's exact test, one-sided (Journal of the Royal Statistical Society 98 (1935) 39-82).
Over strata it is the exact form of the test of N. Mantel and W. Haenszel (Journal of the National
Cancer Institute 22 (1959) 719-748): what shuffling the labels within each stratum would give.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import exp, lgamma, log, log1p

import numpy as np

from holdfast.kit.signals.special import Floats


@dataclass(frozen=True, slots=True, order=True)
class Margins:
    """Of `whole` things `marked` have the outcome; `taken` of them have the value asked about."""

    whole: int
    marked: int
    taken: int

    def __post_init__(self) -> None:
        if not (0 <= self.marked <= self.whole and 0 <= self.taken <= self.whole):
            raise ValueError(f"no margins of a table: {self}")

    @property
    def expected(self) -> float:
        """How many of the taken would be marked if the value had nothing to do with it."""
        return self.taken * self.marked / self.whole if self.whole else 0.0


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


@lru_cache(maxsize=4096)
def _shares(margins: Margins) -> tuple[int, Floats]:
    """The least possible count, and the chance of it and of each one above."""
    low = max(0, margins.taken + margins.marked - margins.whole)
    high = min(margins.taken, margins.marked)
    base = _log_choose(margins.whole, margins.taken)
    logs = [
        _log_choose(margins.marked, k)
        + _log_choose(margins.whole - margins.marked, margins.taken - k)
        - base
        for k in range(low, high + 1)
    ]
    found = np.exp(np.array(logs, dtype=np.float64))
    return low, found / found.sum()


@lru_cache(maxsize=8192)
def _spread(strata: tuple[Margins, ...]) -> tuple[int, Floats]:
    low, found = 0, np.ones(1)
    for one in strata:
        least, shares = _shares(one)
        low, found = low + least, np.convolve(found, shares)
    # P(X >= low + i), summed from the small end so that rare counts keep their digits
    return low, np.minimum(found[::-1].cumsum()[::-1], 1.0)


def chance_of(count: int, strata: Iterable[Margins]) -> float:
    """The chance of so many or more, given the margins of each stratum.

    >>> round(chance_of(7, [Margins(60, 9, 14)]), 6)
    0.00025
    >>> chance_of(0, [Margins(60, 9, 14)])
    1.0
    """
    low, tail = _spread(tuple(sorted(strata)))
    at = count - low
    if at <= 0:
        return 1.0
    return float(tail[at]) if at < len(tail) else 0.0


def least_chance(strata: Iterable[Margins]) -> float:
    """The smallest chance any count could have: what these margins could show at most.

    >>> round(least_chance([Margins(10, 1, 2)]), 2)
    0.2
    """
    _low, tail = _spread(tuple(sorted(strata)))
    return float(tail[-1])


def binomial_at_least(count: int, trials: int, share: float) -> float:
    """P(X >= count) of `trials` with chance `share` each, 0 < share < 1.

    >>> round(1728 * binomial_at_least(3, 3, 1 / 12), 9)
    1.0
    """
    if count <= 0:
        return 1.0
    if count > trials:
        return 0.0
    terms = (
        exp(_log_choose(trials, k) + k * log(share) + (trials - k) * log1p(-share))
        for k in range(trials, count - 1, -1)
    )
    return min(1.0, sum(terms))
