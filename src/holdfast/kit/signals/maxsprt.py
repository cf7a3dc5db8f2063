"""Poisson MaxSPRT: a test that may be looked at after every report, exactly.

Source: M. Kulldorff, R. L. Davis, M. Kolczak, E. Lewis, T. Lieu, R. Platt, “A maximized sequential
probability ratio test for drug and vaccine safety surveillance”, Sequential Analysis 30 (2011),
58-78.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import exp, lgamma, log

import numpy as np

from holdfast.kit.refusals import Unreadable
from holdfast.kit.signals.burst import log_likelihood_ratio

MOST_EXPECTED = 1_000.0
ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class Plan:
    """A surveillance of up to `most_expected` reports; it signals at `critical`.

    `least` reports are needed before anything is said (a good rule is four).
    """

    most_expected: float
    alpha: float
    least: int
    critical: float

    def is_signal(self, count: int, expected: float) -> bool:
        """Do so many reports, where so many were expected until now, cross the boundary?"""
        if expected > self.most_expected or count < self.least:
            return False
        return log_likelihood_ratio(count, expected) >= self.critical

    def power(self, relative_risk: float) -> float:
        """Chance to signal before the end when reports come so many times too often."""
        return _crossing(self.critical, self.most_expected, self.least, relative_risk)


def plan(most_expected: float, alpha: float = ALPHA, least: int = 1) -> Plan:
    """The plan whose chance of ever signalling without a cause is `alpha`.

    Raises:
        Unreadable: limits outside what the test is made for.
    """
    if not 0 < most_expected <= MOST_EXPECTED:
        raise Unreadable("bad_limit", f"The limit is above 0 and at most {MOST_EXPECTED:.0f}.")
    if not 0 < alpha <= 0.5 or least < 1:
        raise Unreadable("bad_alpha", "Alpha is above 0 and at most 0.5, the fewest at least 1.")
    return Plan(most_expected, alpha, least, _critical(most_expected, alpha, least))


@lru_cache(maxsize=1024)
def _critical(most: float, alpha: float, least: int) -> float:
    low, high = 0.0, 30.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        if _crossing(middle, most, least, 1.0) > alpha:
            low = middle
        else:
            high = middle
    return high


def _latest(count: int, critical: float) -> float:
    """The expected number below which `count` reports reach the critical value."""
    low, high = 0.0, float(count)
    for _ in range(80):
        middle = (low + high) / 2
        if log_likelihood_ratio(count, middle) >= critical:
            low = middle
        else:
            high = middle
    return low


def _crossing(critical: float, most: float, least: int, risk: float) -> float:
    """Chance that the boundary is crossed: the n-th report has to come after its latest time."""
    staying = np.array([1.0])
    at, count = 0.0, least
    while True:
        until = min(_latest(count, critical), most)
        staying = _moved(staying, (until - at) * risk, count)
        at = until
        if until >= most:
            return float(1 - staying.sum())
        count += 1


def _moved(staying: np.ndarray, mean: float, room: int) -> np.ndarray:
    """Chances of 0 … room-1 reports after `mean` more were expected; the rest has signalled."""
    if mean <= 0:
        more = np.array([1.0])
    else:
        more = np.array([exp(n * log(mean) - mean - lgamma(n + 1)) for n in range(room)])
    return np.asarray(np.convolve(staying, more)[:room])
