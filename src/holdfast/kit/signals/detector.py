"""Hears reports day by day and says when a product and a hazard are spoken of too often.

It knows nothing but what was told up to the day it is given: no recall, no later report. The
threshold is one constant for every source and folder (how it was chosen: docs/signals.md).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from holdfast.kit.signals.burst import (
    FEWEST,
    MOST_YEARS_BACK,
    PRODUCT_PRIOR,
    SHARE_OF_PRODUCT,
    WINDOWS,
    YEAR,
    expected_in,
    hazard_prior,
    log_likelihood_ratio,
)
from holdfast.kit.signals.course import Step, course
from holdfast.kit.signals.exposure import Exposure
from holdfast.kit.signals.report import SECOND_HAZARD_WEIGHT, Report
from holdfast.kit.signals.seasons import NO_PEAKS, Months, lift, month_of, peaks

THRESHOLD = 6.0
QUIET_DAYS = 365  # an alarm for one maker and hazard is not raised again for so long
MOST_HAZARDS = 2  # of one report that count
MOST_A_DAY = 5  # reports of one product and hazard; a flood is shown, not believed


Product = tuple[str, str, str]  # stream, maker, product


@dataclass(frozen=True)
class Finding:
    """One product and hazard on one day: what was told, what was expected, and the score."""

    on: date
    stream: str
    maker: str
    product: str
    hazard: str
    score: float
    window: int
    expected: float
    weighed: float
    reports: Sequence[Report]


@dataclass(frozen=True, slots=True)
class Habits:
    """What one source was like up to a day: its first day, its reports, the weight of each hazard.

    `by_month` is the number told in each month, as `seasons.month_of` numbers them. With these the
    score of one product is the same whether all others were heard or only counted.
    """

    first: date
    heard: int
    by_hazard: Mapping[str, float]
    by_month: Mapping[int, float] = field(default_factory=dict)


@dataclass
class Told:
    """What was told of one thing, in order, with running totals of the weights."""

    days: list[date] = field(default_factory=list)
    totals: list[float] = field(default_factory=lambda: [0.0])
    reports: list[Report] = field(default_factory=list)

    def keep(self, on: date, weight: float, report: Report) -> None:
        """One more; past so many of one day it is kept and weighs nothing."""
        if self.days[-MOST_A_DAY:].count(on) >= MOST_A_DAY:
            weight = 0.0
        self.days.append(on)
        self.totals.append(self.totals[-1] + weight)
        self.reports.append(report)

    def between(self, first: date, last: date) -> float:
        """Weight told after `first` up to and with `last`."""
        return self.totals[self.place(last)] - self.totals[self.place(first)]

    def place(self, last: date) -> int:
        """How many were told up to and with a day."""
        return bisect_right(self.days, last)

    def number_between(self, first: date, last: date) -> int:
        """Reports after `first` up to and with `last`, whatever they weigh."""
        return self.place(last) - self.place(first)

    def told_between(self, first: date, last: date) -> Sequence[Report]:
        """The reports after `first` up to and with `last`."""
        upto = self.place(last)
        return tuple(self.reports[self.place(first) : upto])


class Detector:
    """Keeps what was told; `hear` takes one day and answers every finding of that day.

    Given the `habits` of its sources, it may be told of some products only. `exposure` says how
    many units of a (stream, maker, product) were out there, where sales are known. `breadth` says
    how much more is told of what is called a product here than of one product.
    """

    def __init__(
        self,
        habits: Mapping[str, Habits] | None = None,
        exposure: Mapping[Product, Exposure] | None = None,
        breadth: float = 1.0,
    ) -> None:
        self._breadth = breadth
        self._hazards: dict[tuple[str, str, str, str], Told] = defaultdict(Told)
        self._products: dict[tuple[str, str, str], Told] = defaultdict(Told)
        self._first: dict[str, date] = {}
        self._heard: Counter[str] = Counter()
        self._by_hazard: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        self._months: dict[str, Months] = defaultdict(Months)
        self._own_months: dict[Product, Months] = defaultdict(Months)
        self._peaks: dict[tuple[str, int], tuple[float, ...]] = {}
        self._own_peaks: dict[tuple[Product, int], tuple[float, ...] | None] = {}
        self._exposure = exposure or {}
        self._seen: set[tuple[str, str]] = set()
        self.duplicates = 0
        self._is_told_habits = habits is not None
        for stream, of in (habits or {}).items():
            self._first[stream], self._heard[stream] = of.first, of.heard
            self._by_hazard[stream].update(of.by_hazard)
            self._months[stream] = Months(dict(of.by_month), month_of(of.first))

    def hear(self, on: date, reports: Iterable[Report]) -> list[Finding]:
        """Take the reports of one day (days only go forward); findings by falling score."""
        touched: dict[tuple[str, str, str, str], None] = {}
        for report in reports:
            touched.update(dict.fromkeys(self._take(on, report)))
        found = self._look_at(on, touched)
        return sorted(found, key=lambda one: (-one.score, one.maker, one.product, one.hazard))

    def remember(self, on: date, reports: Iterable[Report]) -> None:
        """Take the reports of one day without looking at what they make."""
        for report in reports:
            self._take(on, report)

    def restore(
        self,
        product: Product,
        of_product: Told,
        of_hazards: Mapping[str, Told],
        months: Mapping[int, float],
    ) -> None:
        """All that was told of one product, as counted before (`kit.signals.tally`)."""
        self._products[product] = of_product
        self._own_months[product] = Months(dict(months), min(months, default=-1))
        for hazard, told in of_hazards.items():
            self._hazards[(*product, hazard)] = told

    def look_again(self, on: date, products: Iterable[tuple[str, str, str]] = ()) -> list[Finding]:
        """Findings as they stand on a day, of these (stream, maker, product) or of all."""
        wanted = set(products)
        keys = [key for key in self._hazards if not wanted or key[:3] in wanted]
        found = self._look_at(on, keys)
        return sorted(found, key=lambda one: (-one.score, one.maker, one.product, one.hazard))

    def course(self, finding: Finding) -> tuple[Step, ...]:
        """What was told step by step up to a finding's day, beside what was to be expected."""
        key = (finding.stream, finding.maker, finding.product, finding.hazard)
        of_hazard = self._hazards[key]
        common = self._common(finding.stream, finding.hazard)
        return course(
            on=finding.on,
            window=finding.window,
            expected=finding.expected,
            first=self._first[finding.stream],
            number=of_hazard.number_between,
            weighed=of_hazard.between,
            usual=lambda upto, days: self._count(of_hazard, upto, days, key[:3], common)[1],
        )

    def _take(self, on: date, report: Report) -> list[tuple[str, str, str, str]]:
        if report.fingerprint:
            seen = (report.maker, report.fingerprint)
            if seen in self._seen:
                self.duplicates += 1
                return []
            self._seen.add(seen)
        stream = report.stream
        if not self._is_told_habits:
            self._first.setdefault(stream, on)
            self._heard[stream] += 1
        product = (stream, report.maker, report.product)
        if report.hazards or report.harm is not None:
            self._products[product].keep(on, report.weight, report)
            self._own_months[product].keep(on, 1.0)
            if not self._is_told_habits:
                self._months[stream].keep(on, 1.0)
        touched = []
        for place, hazard in enumerate(report.own_hazards[:MOST_HAZARDS]):
            share = SECOND_HAZARD_WEIGHT if place else 1.0
            key = (*product, hazard)
            self._hazards[key].keep(on, report.weight * share, report)
            if not self._is_told_habits:
                self._by_hazard[stream][hazard] += share
            touched.append(key)
        return touched

    def _look_at(self, on: date, keys: Iterable[tuple[str, str, str, str]]) -> list[Finding]:
        whole: dict[tuple[Product, int], tuple[float, float]] = {}
        return [one for key in keys if (one := self._look(on, key, whole))]

    def _look(
        self,
        on: date,
        key: tuple[str, str, str, str],
        whole: dict[tuple[Product, int], tuple[float, float]],
    ) -> Finding | None:
        """`whole` keeps what all hazards of a product have in common on that day."""
        stream, maker, product, hazard = key
        of_hazard, of_product = self._hazards[key], self._products[key[:3]]
        common = self._common(stream, hazard)
        score, best = 0.0, None
        for window in WINDOWS:
            if of_hazard.number_between(on - timedelta(days=window), on) < FEWEST:
                continue
            hazards, wanted = self._count(of_hazard, on, window, key[:3], common)
            about = (key[:3], window)
            if about not in whole:
                whole[about] = self._count(of_product, on, window, key[:3], PRODUCT_PRIOR)
            products, among = whole[about]
            alone = log_likelihood_ratio(hazards, wanted)
            together = log_likelihood_ratio(products, among) * min(1.0, hazards / (products or 1.0))
            both = (1 - SHARE_OF_PRODUCT) * alone + SHARE_OF_PRODUCT * together
            if both > score:
                score, best = both, (window, wanted, hazards)
        if best is None:
            return None
        reports = of_hazard.told_between(on - timedelta(days=best[0]), on)
        return Finding(on, stream, maker, product, hazard, score, *best, reports=reports)

    def _common(self, stream: str, hazard: str) -> float:
        return hazard_prior(self._by_hazard[stream][hazard], self._heard[stream])

    def _count(
        self, told: Told, on: date, window: int, product: Product, prior: float
    ) -> tuple[float, float]:
        begins = on - timedelta(days=window)
        first = self._first[product[0]]
        years = ((on - first).days - window) / YEAR
        earlier = begins - timedelta(days=int(MOST_YEARS_BACK * YEAR))
        before = told.between(earlier, begins)
        usual = expected_in(window, before, years, prior * self._breadth)
        usual *= lift(self._peaks_before(product, begins), begins, on)
        if product in self._exposure and first < begins:
            usual *= self._exposure[product].times(max(earlier, first), begins, on)
        return told.between(begins, on), usual

    def _peaks_before(self, product: Product, begins: date) -> tuple[float, ...]:
        """Its own months where they are known, else those of all that its source is told of."""
        stream, upto = product[0], month_of(begins)
        all_months = self._months[stream]
        if (product, upto) not in self._own_peaks:  # months before `upto` change no more
            own = self._own_months[product]
            self._own_peaks[product, upto] = peaks(own.weight, all_months.first, upto)
        found = self._own_peaks[product, upto]
        if found is not None:
            return found
        if (stream, upto) not in self._peaks:
            found = peaks(all_months.weight, all_months.first, upto)
            self._peaks[stream, upto] = found or NO_PEAKS
        return self._peaks[stream, upto]


def is_quiet(last: date | None, on: date) -> bool:
    """Was an alarm for the same maker and hazard raised so lately that it is not told again?"""
    return last is not None and (on - last).days <= QUIET_DAYS


def alarms(findings: Sequence[Finding], threshold: float = THRESHOLD) -> list[Finding]:
    """Findings that reach the threshold, one for a maker and hazard in 365 days."""
    last: dict[tuple[str, str], date] = {}
    raised = []
    for one in findings:
        if one.score < threshold:
            continue
        key = (one.maker, one.hazard)
        if is_quiet(last.get(key), one.on):
            continue
        last[key] = one.on
        raised.append(one)
    return raised
