"""Scores of a whole catalogue at once, and of one product after one more report.

The same score as the detector's, over arrays: reports are rows of product, hazard, day and weight.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import log

import numpy as np
from numpy.typing import NDArray

from holdfast.kit.refusals import Unreadable
from holdfast.kit.signals.burst import (
    BUSY_YEARS,
    FEWEST,
    HAZARD_PRIOR,
    HAZARDS_ABOUT,
    MOST_YEARS_BACK,
    PRIOR_REPORTS,
    PRIOR_YEARS,
    PRODUCT_PRIOR,
    QUIET_ODDS,
    SHARE_OF_PRODUCT,
    WINDOWS,
    YEAR,
    expected_in,
    hazard_prior,
    log_likelihood_ratio,
)
from holdfast.kit.signals.discovery import chances, q_values
from holdfast.kit.signals.special import Floats

Whole = NDArray[np.int32]
_BACK = int(MOST_YEARS_BACK * YEAR)


@dataclass(frozen=True)
class Scores:
    """Products × hazards: the score, its window in days, and reports against expectation in it."""

    score: Floats
    window: Whole
    count: Floats
    expected: Floats

    def discoveries(self) -> Floats:
        """For each pair, the share of chance among all that stand out at least as much (q)."""
        p = np.ones(self.score.size)
        some = np.flatnonzero(self.score.ravel() > 0)
        p[some] = chances(self.count.ravel()[some], self.expected.ravel()[some])
        return q_values(p).reshape(self.score.shape)


@dataclass
class Catalogue:
    """Reports by product (0 … products-1), hazard (0 … hazards-1), day number and weight."""

    product: Whole
    hazard: Whole
    day: Whole
    weight: Floats
    products: int
    hazards: int
    first_day: int = 0
    _starts: NDArray[np.int64] | None = field(default=None, repr=False)
    _order: NDArray[np.int64] | None = field(default=None, repr=False)
    _later: dict[int, list[tuple[int, int, float]]] = field(default_factory=dict, repr=False)
    _heard: Floats | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        lengths = {len(self.product), len(self.hazard), len(self.day), len(self.weight)}
        if len(lengths) != 1:
            raise Unreadable("unequal", "Products, hazards, days and weights are as many.")

    def scores(self, today: int) -> Scores:
        """Every product and hazard as of a day; what comes later is not looked at."""
        shape = (self.products, self.hazards)
        pair = self.product.astype(np.int64) * self.hazards + self.hazard
        age = today - self.day
        known = age >= 0
        heard = np.bincount(self.hazard[known], minlength=self.hazards)
        common = np.sqrt(
            (heard + HAZARD_PRIOR / HAZARDS_ABOUT) / (heard.sum() + HAZARD_PRIOR) * HAZARDS_ABOUT
        )
        # One pass puts every report into the ring of ages it belongs to; windows add rings up.
        edges = np.array([*WINDOWS, *(window + _BACK for window in WINDOWS)])
        edges = np.unique(edges)
        ring = np.searchsorted(edges, age, side="right")
        weighed = np.zeros((len(edges), *shape))
        number = np.zeros((len(edges), *shape), dtype=np.int32)
        for at in range(len(edges)):
            inside = known & (ring == at)
            if inside.any():
                told = np.bincount(pair[inside], self.weight[inside], shape[0] * shape[1])
                weighed[at] = told.reshape(shape)
                if edges[at] <= WINDOWS[-1]:
                    number[at] = np.bincount(pair[inside], minlength=shape[0] * shape[1]).reshape(
                        shape
                    )
        upto = weighed.cumsum(axis=0)
        best = np.zeros(shape)
        which = np.zeros(shape, dtype=np.int32)
        counted, usual = np.zeros(shape), np.zeros(shape)
        for window in WINDOWS:
            at, far = np.searchsorted(edges, (window, window + _BACK))
            enough = number[: at + 1].sum(axis=0) >= FEWEST
            if not enough.any():
                continue
            inside = upto[at]
            before = upto[far] - inside
            years = (today - self.first_day - window) / YEAR
            expected = _expected_among(window, before, years, common)
            of_all = inside.sum(axis=1, keepdims=True)
            of_all_expected = _expected_among(
                window, before.sum(axis=1, keepdims=True), years, np.array([PRODUCT_PRIOR])
            )
            part = inside / np.where(of_all > 0, of_all, 1.0)
            score = (1 - SHARE_OF_PRODUCT) * _ratio(inside, expected)
            score += SHARE_OF_PRODUCT * _ratio(of_all, of_all_expected) * part
            better = enough & (score > best)
            best[better] = score[better]
            which[better] = window
            counted[better], usual[better] = inside[better], expected[better]
        return Scores(best, which, counted, usual)

    def add(self, product: int, hazard: int, day: int, weight: float) -> float:
        """One more report, today's; the score of its product and hazard with it."""
        if self._starts is None:
            self._sort()
        assert self._starts is not None
        assert self._order is not None
        assert self._heard is not None
        self._later.setdefault(product, []).append((hazard, day, weight))
        self._heard[hazard] += 1
        rows = self._order[self._starts[product] : self._starts[product + 1]]
        later = self._later[product]
        hazards = np.concatenate([self.hazard[rows], [one[0] for one in later]])
        ages = day - np.concatenate([self.day[rows], [one[1] for one in later]])
        weights = np.concatenate([self.weight[rows], [one[2] for one in later]])
        mine = hazards == hazard
        common = hazard_prior(float(self._heard[hazard]), float(self._heard.sum()))
        best = 0.0
        for window in WINDOWS:
            inside = (ages >= 0) & (ages < window)
            if int((inside & mine).sum()) < FEWEST:
                continue
            before = (ages >= window) & (ages < window + _BACK)
            years = (day - self.first_day - window) / YEAR
            told, all_told = float(weights[inside & mine].sum()), float(weights[inside].sum())
            usual = expected_in(window, float(weights[before & mine].sum()), years, common)
            all_usual = expected_in(window, float(weights[before].sum()), years, PRODUCT_PRIOR)
            score = (1 - SHARE_OF_PRODUCT) * log_likelihood_ratio(told, usual)
            score += (
                SHARE_OF_PRODUCT
                * log_likelihood_ratio(all_told, all_usual)
                * (told / (all_told or 1.0))
            )
            best = max(best, score)
        return best

    def _sort(self) -> None:
        self._order = np.argsort(self.product, kind="stable")
        counts = np.bincount(self.product, minlength=self.products)
        self._starts = np.concatenate([[0], counts.cumsum()])
        self._heard = np.bincount(self.hazard, minlength=self.hazards).astype(np.float64)


def _expected_among(window: int, before: Floats, years: float, prior: Floats) -> Floats:
    """`expected_in` over arrays; where a past turns busy is the same number for a whole column."""
    years = min(max(years, 0.0), MOST_YEARS_BACK)
    shape = prior * PRIOR_REPORTS
    if years <= 0:
        return np.asarray((shape + before) / PRIOR_YEARS * window / YEAR)
    quiet, busy = PRIOR_YEARS + years, BUSY_YEARS + years
    odds = log(QUIET_ODDS) + shape * log(PRIOR_YEARS / quiet * busy / BUSY_YEARS)
    is_busy = before > odds / log(quiet / busy)
    return np.asarray((shape + before) / np.where(is_busy, busy, quiet) * window / YEAR)


def _ratio(count: Floats, expected: Floats) -> Floats:
    more = count > expected
    safe = np.where(more, count, 1.0)
    return np.where(
        more, safe * np.log(safe / np.where(more, expected, 1.0)) - (count - expected), 0.0
    )
