"""Which pairs of product and hazard are told more often than their margins explain.

RR, PRR and ROR are plain ratios. EBGM shrinks them: DuMouchel's gamma-Poisson shrinker, a mixture
of two gamma priors fitted to the whole table (W. DuMouchel, The American Statistician 53 (1999)
177-190), for tables that hold only the pairs that occur.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, inf, log, sqrt

import numpy as np

from holdfast.kit.refusals import Unreadable
from holdfast.kit.signals.special import Floats, digamma, gamma_below, log_gamma

Z95 = 1.959963984540054
FEWEST_PAIRS = 10


@dataclass(frozen=True)
class PairTable:
    """Pairs that occur: `count` of reports with both, `expected` under independence."""

    pairs: tuple[tuple[str, str], ...]
    count: Floats
    expected: Floats
    of_first: Floats
    of_second: Floats
    reports: int

    @property
    def relative(self) -> Floats:
        """RR: count over expected."""
        return np.asarray(self.count / self.expected)

    @property
    def proportional(self) -> Floats:
        """PRR: the share of the hazard with this product over its share with all others."""
        inside = self.count / self.of_first
        outside = (self.of_second - self.count) / (self.reports - self.of_first)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.where(outside > 0, inside / outside, inf))

    def odds(self, at: int) -> tuple[float, float, float]:
        """ROR of one pair with its 95 % interval; half a report is added where a cell is empty."""
        a = float(self.count[at])
        b, c = float(self.of_first[at]) - a, float(self.of_second[at]) - a
        d = self.reports - a - b - c
        if min(a, b, c, d) <= 0:
            a, b, c, d = (max(one, 0.0) + 0.5 for one in (a, b, c, d))
        ratio = a * d / (b * c)
        spread = Z95 * sqrt(1 / a + 1 / b + 1 / c + 1 / d)
        return ratio, ratio * exp(-spread), ratio * exp(spread)


def pair_table(rows: Iterable[tuple[str, str, str]]) -> PairTable:
    """Count rows of report id, product and hazard; an id counts once in each cell and margin."""
    cells: dict[tuple[str, str], set[str]] = {}
    first: dict[str, set[str]] = {}
    second: dict[str, set[str]] = {}
    ids: set[str] = set()
    for key, one, other in rows:
        cells.setdefault((one, other), set()).add(key)
        first.setdefault(one, set()).add(key)
        second.setdefault(other, set()).add(key)
        ids.add(key)
    pairs = tuple(sorted(cells))
    count = np.array([len(cells[pair]) for pair in pairs], dtype=np.float64)
    rows_ = np.array([len(first[one]) for one, _ in pairs], dtype=np.float64)
    columns = np.array([len(second[other]) for _, other in pairs], dtype=np.float64)
    return PairTable(pairs, count, rows_ * columns / max(len(ids), 1), rows_, columns, len(ids))


@dataclass(frozen=True, slots=True)
class Prior:
    """Two gamma distributions of the true ratio (shape, rate) and the share of the first."""

    shape_1: float
    rate_1: float
    shape_2: float
    rate_2: float
    share: float


def fit_prior(table: PairTable, start: Prior | None = None) -> Prior:
    """The prior under which the counts of the table are likeliest, given that each is at least 1.

    Raises:
        Unreadable: too few pairs to fit five numbers.
    """
    if len(table.pairs) < FEWEST_PAIRS:
        raise Unreadable("few_pairs", f"{FEWEST_PAIRS} pairs are needed to fit a prior.")
    begin = start or Prior(0.2, 0.1, 2.0, 4.0, 1 / 3)
    cells = np.stack([table.count, table.expected])
    distinct, weight = np.unique(cells, axis=1, return_counts=True)
    found = _simplex(
        lambda at: _unlikelihood(at, distinct[0], distinct[1], weight.astype(np.float64)),
        _to_line(begin),
    )
    found = _simplex(
        lambda at: _unlikelihood(at, distinct[0], distinct[1], weight.astype(np.float64)), found
    )
    return _from_line(found)


@dataclass(frozen=True)
class Shrunk:
    """What is believed of each pair after seeing its count."""

    prior: Prior
    count: Floats
    expected: Floats
    first: Floats  # chance that the pair comes from the first gamma

    @property
    def geometric_mean(self) -> Floats:
        """EBGM."""
        prior = self.prior
        one = digamma(prior.shape_1 + self.count) - np.log(prior.rate_1 + self.expected)
        two = digamma(prior.shape_2 + self.count) - np.log(prior.rate_2 + self.expected)
        return np.asarray(np.exp(self.first * one + (1 - self.first) * two))

    def quantile(self, share: float) -> Floats:
        """The value below which this share of the belief lies; EB05 is `quantile(0.05)`."""
        low = np.zeros_like(self.count)
        high = np.maximum(10.0, 50 * (self.count + 5) / np.maximum(self.expected, 1e-3))
        for _ in range(60):
            middle = (low + high) / 2
            above = self._below(middle) > share
            high = np.where(above, middle, high)
            low = np.where(above, low, middle)
        return np.asarray((low + high) / 2)

    def _below(self, value: Floats) -> Floats:
        prior = self.prior
        one = gamma_below(prior.shape_1 + self.count, value * (prior.rate_1 + self.expected))
        two = gamma_below(prior.shape_2 + self.count, value * (prior.rate_2 + self.expected))
        return np.asarray(self.first * one + (1 - self.first) * two)


def shrink(prior: Prior, count: Floats, expected: Floats) -> Shrunk:
    """Belief about pairs with these counts and expectations."""
    one = log(prior.share) + _log_mass(count, expected, prior.shape_1, prior.rate_1)
    two = log(1 - prior.share) + _log_mass(count, expected, prior.shape_2, prior.rate_2)
    return Shrunk(prior, count, expected, np.asarray(1 / (1 + np.exp(two - one))))


def _log_mass(count: Floats, expected: Floats, shape: float, rate: float) -> Floats:
    """Negative binomial: a Poisson count whose ratio is gamma distributed."""
    return np.asarray(
        log_gamma(shape + count)
        - log_gamma(np.asarray(shape))
        - log_gamma(count + 1)
        + shape * np.log(rate / (rate + expected))
        + count * np.log(expected / (rate + expected))
    )


def _unlikelihood(at: Floats, count: Floats, expected: Floats, weight: Floats) -> float:
    prior = _from_line(at)
    if not 1e-6 < prior.share < 1 - 1e-6 or max(abs(at)) > 12:
        return inf
    mass = np.zeros_like(count)
    for share, shape, rate in (
        (prior.share, prior.shape_1, prior.rate_1),
        (1 - prior.share, prior.shape_2, prior.rate_2),
    ):
        # Each part is cut at one report on its own, as DuMouchel and Pregibon (KDD 2001) have it.
        none = shape * np.log(rate / (rate + expected))
        mass += share * np.exp(_log_mass(count, expected, shape, rate) - np.log(-np.expm1(none)))
    return float(-(weight * np.log(mass + 1e-300)).sum())


def _to_line(prior: Prior) -> Floats:
    return np.array(
        [
            *(log(one) for one in (prior.shape_1, prior.rate_1, prior.shape_2, prior.rate_2)),
            log(prior.share / (1 - prior.share)),
        ]
    )


def _from_line(at: Floats) -> Prior:
    one, two, three, four = (exp(min(float(value), 12.0)) for value in at[:4])
    return Prior(one, two, three, four, 1 / (1 + exp(-min(max(float(at[4]), -30.0), 30.0))))


def _simplex(worth, start: Floats) -> Floats:  # type: ignore[no-untyped-def]
    """Nelder and Mead's search for the least value, from `start` (Computer Journal 7, 1965)."""
    points = [start] + [start + 0.4 * step for step in np.eye(len(start))]
    values = [worth(point) for point in points]
    for _ in range(2_000):
        order = np.argsort(values)
        points, values = [points[i] for i in order], [values[i] for i in order]
        if abs(values[-1] - values[0]) < 1e-9 * (1 + abs(values[0])):
            break
        middle = np.mean(points[:-1], axis=0)
        mirrored = 2 * middle - points[-1]
        value = worth(mirrored)
        if value < values[0]:
            further = 3 * middle - 2 * points[-1]
            more = worth(further)
            points[-1], values[-1] = (further, more) if more < value else (mirrored, value)
        elif value < values[-2]:
            points[-1], values[-1] = mirrored, value
        else:
            inner = (middle + (mirrored if value < values[-1] else points[-1])) / 2
            less = worth(inner)
            if less < min(value, values[-1]):
                points[-1], values[-1] = inner, less
            else:
                points = [points[0]] + [(points[0] + one) / 2 for one in points[1:]]
                values = [values[0]] + [worth(one) for one in points[1:]]
    return points[int(np.argmin(values))]
