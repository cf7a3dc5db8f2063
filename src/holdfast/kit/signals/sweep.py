"""Scores many products at once out of their tallies: the detector's score, over arrays.

Calendar and units sold count as they do there; a test holds both to the same answers. Where a past
year is gone through day by day, a bound without the calendar finds the few days that can reach the
threshold, and only those are scored in full.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import log

import numpy as np
from numpy.typing import NDArray

from holdfast.kit.signals.burst import (
    BUSY_YEARS,
    FEWEST,
    MOST_YEARS_BACK,
    PRIOR_REPORTS,
    PRIOR_YEARS,
    PRODUCT_PRIOR,
    QUIET_ODDS,
    SHARE_OF_PRODUCT,
    WINDOWS,
    YEAR,
    hazard_prior,
)
from holdfast.kit.signals.census import Census
from holdfast.kit.signals.detector import Habits, Product
from holdfast.kit.signals.exposure import MOST_TIMES, Exposure
from holdfast.kit.signals.seasons import (
    LEAST_TOLD,
    LEAST_YEARS,
    MOST_YEARS,
    NO_PEAKS,
    SHRINKS_BY,
    STANDS_OUT,
    month_of,
    peaks,
    shares,
)
from holdfast.kit.signals.special import Floats
from holdfast.kit.signals.tally import (
    COUNTS,
    NO_HAZARD,
    PARTS,
    Tally,
    capped,
    is_told,
    joined,
    month_numbers,
    those,
    weights_of,
)

Whole = NDArray[np.int64]
BACK = int(MOST_YEARS_BACK * YEAR)
DAYS = 1 << 20  # more than any day's number
AT_ONCE = 100_000  # points that are scored together


@dataclass(frozen=True, slots=True)
class Seen:
    """One product and hazard on one day, scored; `reports` are its complaints, in order of days."""

    on: date
    product: Product
    hazard: str
    score: float
    window: int
    expected: float
    weighed: float
    harm: int
    reports: int


@dataclass(frozen=True)
class _Scored:
    score: Floats
    window: Whole
    expected: Floats
    weighed: Floats
    number: Whole


class Sweep:
    """Products of some tallies, laid out in arrays."""

    def __init__(
        self,
        products: Sequence[tuple[Product, Tally, str]],
        census: Census,
        habits: Mapping[str, Habits],
        today: date,
        exposure: Mapping[Product, Exposure] | None = None,
    ) -> None:
        """`products` are watched things, each with its tally and the name it has there.

        Nothing told after `today` is looked at.
        """
        self.products = [product for product, _, _ in products]
        self._today, self._census, self._habits = today, census, habits
        self._hazards = sorted({name for _, tally, _ in products for name in tally.hazards})
        self._streams = sorted({product[0] for product in self.products})
        place = {name: at for at, name in enumerate(self._streams)}
        self._stream = np.array([place[product[0]] for product in self.products], np.int64)
        known = [habits.get(name) for name in self._streams]
        first = [one.first if one else today for one in known]
        self._first = np.array([one.toordinal() for one in first], np.int64)
        self._first_month = np.array([month_of(one) for one in first], np.int64)
        numbered = {product: at for at, product in enumerate(self.products)}
        self._exposure = {
            numbered[product]: sold for product, sold in (exposure or {}).items()
            if product in numbered
        }  # fmt: skip
        self._has_sales = np.zeros(len(self.products), bool)
        self._has_sales[list(self._exposure)] = True
        self._common_days: dict[tuple[int, int], Floats] = {}
        self._peaks: dict[tuple[int, int], Floats] = {}
        self._shares: dict[tuple[int, int], Floats] = {}
        self._lay_out(products)

    def now(self, on_day: date) -> Iterator[Seen]:
        """The highest score of each product as of a day, where it has one."""
        pairs = _once(self._pair)
        if not len(pairs):
            return
        on = np.full(len(pairs), on_day.toordinal(), np.int64)
        common = self._common_now()[self._stream[pairs // self._of], pairs % self._of]
        found = self._scored(pairs, on, common)
        some = np.flatnonzero(found.score > 0)
        order = some[np.lexsort((pairs[some], -found.score[some], pairs[some] // self._of))]
        key = pairs[order] // self._of
        best = order[np.concatenate(([True], key[1:] != key[:-1]))[: len(order)]]
        yield from self._seen(pairs, on, found, best)

    def since(self, begin: date, threshold: float) -> Iterator[Seen]:
        """What reached the threshold on any day from `begin` on, as it was known on that day."""
        points = _once(self._at[(self._at % DAYS) >= begin.toordinal()])
        for low in range(0, len(points), AT_ONCE):
            some = points[low : low + AT_ONCE]
            pairs, on = some // DAYS, some % DAYS
            common = self._common_on(pairs, on, begin)
            bound = self._scored(pairs, on, common, is_bound=True)
            near = np.flatnonzero(bound.score >= threshold)
            if not len(near):
                continue
            pairs, on = pairs[near], on[near]
            found = self._scored(pairs, on, common[near])
            yield from self._seen(pairs, on, found, np.flatnonzero(found.score >= threshold))

    def _seen(self, pairs: Whole, on: Whole, found: _Scored, which: Whole) -> Iterator[Seen]:
        pairs, on, window = pairs[which], on[which], found.window[which]
        lows, highs = self._until(pairs, on - window), self._until(pairs, on)
        numbers = (on, pairs, found.score[which], window, found.expected[which],
                   found.weighed[which], found.number[which], lows, highs)  # fmt: skip
        rows = zip(*(one.tolist() for one in numbers), strict=True)
        for day, pair, score, days, expected, weighed, number, low, high in rows:
            yield Seen(
                date.fromordinal(day),
                self.products[pair // self._of],
                self._hazards[pair % self._of],
                score,
                days,
                expected,
                weighed,
                max(0, int(self._harm[low:high].max(initial=0))),
                number,
            )

    def _lay_out(self, products: Sequence[tuple[Product, Tally, str]]) -> None:
        """Rows by product and day, and of each hazard by product, hazard and day."""
        code = {name: at for at, name in enumerate(self._hazards)}
        self._of = max(1, len(self._hazards))
        lookup = np.full((max(1, len(products)), 256), NO_HAZARD, np.int64)
        parts = []
        for at, (_, tally, name) in enumerate(products):
            lookup[at, : len(tally.hazards)] = [code[one] for one in tally.hazards]
            parts.append(tally.of_name(name))
        owner = np.repeat(np.arange(len(products)), [len(part) for part in parts])
        rows = joined(parts)
        counts = ((rows["flags"] & COUNTS) > 0) & (rows["day"] <= self._today.toordinal())
        rows, owner = those(rows, counts), owner[counts]
        day, weight = rows["day"].astype(np.int64), weights_of(rows)
        told = is_told(rows)
        self._when = (owner * DAYS + day)[told]
        self._sums = _totals(capped(weight[told], self._when))
        first, second = lookup[owner, rows["first"]], lookup[owner, rows["second"]]
        # Pair, row and place in one number: sorted in a third of the time that three keys take.
        bits, keys = len(rows).bit_length() + 1, []
        for place, hazard in enumerate((first, second)):
            some = np.flatnonzero(hazard != NO_HAZARD)
            keys.append((owner[some] * self._of + hazard[some]) << bits | some << 1 | place)
        key = np.sort(np.concatenate(keys))
        self._pair, row = key >> bits, (key & ((1 << bits) - 1)) >> 1
        self._at = self._pair * DAYS + day[row]
        share = np.where(key & 1, weight[row] // 2, weight[row])
        self._totals = _totals(capped(share, self._at))
        self._harm = rows["harm"][row]
        months = month_numbers(day[told])
        self._low = int(months.min()) if len(months) else 0
        self._wide = int(months.max()) - self._low + 1 if len(months) else 1
        month = owner[told] * self._wide + months - self._low
        size = len(products) * self._wide
        self._by_month = np.bincount(month, minlength=size).reshape(len(products), self._wide)

    def _common_now(self) -> Floats:
        found = np.zeros((len(self._streams), self._of))
        for at, name in enumerate(self._streams):
            known = self._habits.get(name)
            for code, hazard in enumerate(self._hazards):
                told = known.by_hazard.get(hazard, 0.0) if known else 0.0
                found[at, code] = hazard_prior(told, known.heard if known else 0)
        return found

    def _common_on(self, pairs: Whole, on: Whole, begin: date) -> Floats:
        stream, hazard = self._stream[pairs // self._of], pairs % self._of
        days = (self._today - begin).days + 1
        found = np.zeros(len(pairs))
        for of in np.unique(stream * self._of + hazard).tolist():
            at, code = divmod(of, self._of)
            if (at, code) not in self._common_days:
                self._common_days[at, code] = self._census.common(
                    self._streams[at], self._hazards[code], begin, days
                )
            some = (stream == at) & (hazard == code)
            found[some] = self._common_days[at, code][on[some] - begin.toordinal()]
        return found

    def _scored(
        self, pairs: Whole, on: Whole, common: Floats, *, is_bound: bool = False
    ) -> _Scored:
        """The best window of each pair on its day; as a bound nothing lowers the score."""
        size = len(pairs)
        key = pairs // self._of
        upto, of_all = self._until(pairs, on), self._until_all(key, on)
        best = _Scored(
            np.zeros(size), np.zeros(size, np.int64), np.zeros(size), np.zeros(size),
            np.zeros(size, np.int64),
        )  # fmt: skip
        for window in WINDOWS:
            before = self._until(pairs, on - window)
            number = upto - before
            some = np.flatnonzero(number >= FEWEST)
            if not len(some):
                continue
            keys, begins = key[some], on[some] - window
            scale = self._scale(keys, begins, on[some], is_bound=is_bound)
            years = (on[some] - self._first[self._stream[keys]] - window) / YEAR
            told = (self._totals[upto[some]] - self._totals[before[some]]) / PARTS
            past = (
                self._totals[before[some]] - self._totals[self._until(pairs[some], begins - BACK)]
            )
            usual = _expected(window, past / PARTS, years, common[some]) * scale
            start = self._until_all(keys, begins)
            all_told = (self._sums[of_all[some]] - self._sums[start]) / PARTS
            past = self._sums[start] - self._sums[self._until_all(keys, begins - BACK)]
            prior = np.full(len(some), PRODUCT_PRIOR)
            all_usual = _expected(window, past / PARTS, years, prior) * scale
            part = np.minimum(1.0, told / np.where(all_told > 0, all_told, 1.0))
            score = (1 - SHARE_OF_PRODUCT) * _ratio(told, usual)
            score += SHARE_OF_PRODUCT * (_ratio(all_told, all_usual) * part)
            better = score > best.score[some]
            at = some[better]
            best.score[at], best.window[at] = score[better], window
            best.expected[at], best.weighed[at] = usual[better], told[better]
            best.number[at] = number[at]
        return best

    def _until(self, pairs: Whole, day: Whole) -> Whole:
        return np.searchsorted(self._at, pairs * DAYS + day, "right")

    def _until_all(self, keys: Whole, day: Whole) -> Whole:
        return np.searchsorted(self._when, keys * DAYS + day, "right")

    def _scale(self, keys: Whole, begins: Whole, on: Whole, *, is_bound: bool) -> Floats:
        """How much more is usual for the months and the units sold."""
        if is_bound:
            return np.where(self._has_sales[keys], 1 / MOST_TIMES, 1.0)
        found = self._lifts(keys, begins, on)
        for at in np.flatnonzero(self._has_sales[keys]).tolist():
            first = int(self._first[self._stream[keys[at]]])
            start = int(begins[at])
            if first < start:
                found[at] *= self._exposure[int(keys[at])].times(
                    date.fromordinal(max(start - BACK, first)),
                    date.fromordinal(start),
                    date.fromordinal(int(on[at])),
                )
        return found

    def _lifts(self, keys: Whole, begins: Whole, on: Whole) -> Floats:
        """`seasons.lift` with a product's own months where they are known, else its source's."""
        shares = np.empty((len(keys), 12))
        pairs, back = np.unique(begins * DAYS + on, return_inverse=True)
        for at, pair in enumerate(pairs.tolist()):
            shares[back == at] = self._share(*divmod(pair, DAYS))
        upto = month_numbers(begins)
        factors = np.ones((len(keys), 12))
        stream = self._stream[keys]
        groups, back = np.unique(upto * len(self._streams) + stream, return_inverse=True)
        for at, group in enumerate(groups.tolist()):
            month, of = divmod(group, len(self._streams))
            some = np.flatnonzero(back == at)
            factors[some] = self._own_or_all(keys[some], month, of)
        return np.asarray((factors * shares).sum(axis=1))

    def _own_or_all(self, keys: Whole, upto: int, stream: int) -> Floats:
        """Twelve factors, January first, for each product."""
        found = np.tile(self._of_source(upto, stream), (len(keys), 1))
        years = min(MOST_YEARS, (upto - int(self._first_month[stream]) - 1) // 12)
        if years < LEAST_YEARS:
            return found
        months = np.arange(upto - 12 * years, upto) - self._low
        there = (months >= 0) & (months < self._wide)
        counts = np.zeros((len(keys), 12 * years))
        counts[:, there] = self._by_month[keys][:, months[there]]
        known = np.flatnonzero(counts.sum(axis=1) >= LEAST_TOLD)
        blocks = counts[known].reshape(len(known), years, 12)
        plain = blocks.sum(axis=2, keepdims=True) / 12
        stands = ((blocks + SHRINKS_BY) / (plain + SHRINKS_BY)).min(axis=1) >= STANDS_OUT
        height = (blocks.sum(axis=1) + SHRINKS_BY) / (plain.sum(axis=1) + SHRINKS_BY)
        found[known] = np.roll(np.where(stands, height, 1.0), upto % 12, axis=1)
        return found

    def _of_source(self, upto: int, stream: int) -> Floats:
        if (upto, stream) not in self._peaks:
            known = self._habits.get(self._streams[stream])
            first = int(self._first_month[stream])
            found = peaks(known.by_month, first, upto) if known else None
            self._peaks[upto, stream] = np.array(found or NO_PEAKS)
        return self._peaks[upto, stream]

    def _share(self, begins: int, on: int) -> Floats:
        """What part of the days lies in each month of the year."""
        if (begins, on) not in self._shares:
            found = shares(date.fromordinal(begins), date.fromordinal(on))
            self._shares[begins, on] = np.array(found)
        return self._shares[begins, on]


def _once(ordered: Whole) -> Whole:
    """Each number of a sorted array once."""
    is_new = np.ones(len(ordered), bool)
    is_new[1:] = ordered[1:] != ordered[:-1]
    return np.asarray(ordered[is_new])


def _totals(weights: Whole) -> Whole:
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(weights)))


def _expected(window: int, before: Floats, years: Floats, prior: Floats) -> Floats:
    """`burst.expected_in` over arrays."""
    years = np.clip(years, 0.0, MOST_YEARS_BACK)
    shape = prior * PRIOR_REPORTS
    quiet, busy = PRIOR_YEARS + years, BUSY_YEARS + years
    odds = log(QUIET_ODDS) + shape * np.log(PRIOR_YEARS / quiet * busy / BUSY_YEARS)
    is_busy = (years > 0) & (odds + before * np.log(busy / quiet) < 0)
    return np.asarray((shape + before) / np.where(is_busy, busy, quiet) * window / YEAR)


def _ratio(count: Floats, expected: Floats) -> Floats:
    more = count > expected
    safe = np.where(more, count, 1.0)
    rate = np.where(more, expected, 1.0)
    return np.where(more, safe * np.log(safe / rate) - (safe - rate), 0.0)
