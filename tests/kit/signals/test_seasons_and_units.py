"""What every Christmas brings, what sales explain, what is chance, what is still to be told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest

from holdfast.kit.signals.detector import Detector, Finding, Habits, alarms
from holdfast.kit.signals.discovery import of_findings
from holdfast.kit.signals.exposure import Exposure
from holdfast.kit.signals.nowcast import outstanding
from holdfast.kit.signals.report import Report
from holdfast.kit.signals.seasons import Months, lift, month_of, peaks

BEGIN = date(2018, 1, 1)
YEARS = 6


def told(
    chance: np.random.Generator, *, products: int, plain: float, december: float, maker: str = "m"
) -> list[tuple[date, Report]]:
    """Reports of fire over six years: so many a month each, in December so many."""
    found = []
    for product in range(products):
        for month in range(12 * YEARS):
            first = date(2018 + month // 12, month % 12 + 1, 1)
            for one in range(chance.poisson(december if month % 12 == 11 else plain)):
                on = first + timedelta(days=int(chance.integers(28)))
                name = f"{maker}{product}"
                found.append(
                    (on, Report(f"{name}-{month}-{one}", "s", name, name, ("fire",), on, on, 1))
                )
    return sorted(found, key=lambda pair: (pair[0], pair[1].id))


def heard(rows: list[tuple[date, Report]], detector: Detector | None = None) -> list[Finding]:
    """Every alarm, day by day."""
    return alarms(_findings(rows, detector or Detector()))


def _findings(rows: list[tuple[date, Report]], detector: Detector) -> list[Finding]:
    found: list[Finding] = []
    days: dict[date, list[Report]] = {}
    for on, report in rows:
        days.setdefault(on, []).append(report)
    for on, reports in sorted(days.items()):
        found += detector.hear(on, reports)
    return found


def no_calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("holdfast.kit.signals.detector.lift", lambda *_: 1.0)


def test_a_products_own_christmas_alarms_once_and_is_usual_from_the_third_year_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known, blind = 0, 0
    for seed in range(4):
        rows = told(np.random.default_rng(seed), products=1, plain=2.0, december=12.0)
        late = [one for one in heard(rows) if one.on >= date(2020, 11, 1)]
        known += len(late)
    no_calendar(monkeypatch)
    for seed in range(4):
        rows = told(np.random.default_rng(seed), products=1, plain=2.0, december=12.0)
        blind += len([one for one in heard(rows) if one.on >= date(2020, 11, 1)])
    assert blind >= 6  # without the calendar nearly every one of these Christmases alarms
    assert known <= 1


def test_the_catalogues_christmas_holds_for_a_product_that_has_none_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = told(np.random.default_rng(7), products=60, plain=0.05, december=0.8)
    fresh = [
        (on, Report(f"new-{on}-{n}", "s", "new", "new", ("fire",), on, on, 1))
        for n in range(4)
        for on in [date(2022, 12, 4) + timedelta(days=6 * n)]
    ]
    mine = sorted([*rows, *fresh], key=lambda pair: pair[0])
    best = max(one.score for one in _findings(mine, Detector()) if one.maker == "new")
    known = len(heard(mine))
    no_calendar(monkeypatch)
    blind_best = max(one.score for one in _findings(mine, Detector()) if one.maker == "new")
    assert known < len(heard(mine))
    assert best < blind_best


def test_a_defect_in_spring_and_one_in_december_still_alarm() -> None:
    for begins, number in ((date(2022, 4, 1), 25), (date(2022, 12, 1), 60)):
        rows = told(np.random.default_rng(3), products=1, plain=2.0, december=8.0)
        rows += [
            (on, Report(f"x{n}", "s", "m0", "m0", ("fire",), on, on, 2))
            for n in range(number)
            for on in [begins + timedelta(days=n % 30)]
        ]
        found = heard(sorted(rows, key=lambda pair: pair[0]))
        assert any(0 <= (one.on - begins).days <= 30 for one in found), begins


def test_one_bad_december_is_no_season_and_half_a_year_is_not_known() -> None:
    months = Months()
    for month in range(36):
        weight = 40.0 if month == 23 else 3.0
        months.keep(date(2018 + month // 12, month % 12 + 1, 15), weight)
    found = peaks(months.weight, months.first, month_of(date(2021, 1, 1)))
    assert found is not None
    assert found[11] == 1.0
    assert peaks(months.weight, months.first, month_of(date(2019, 6, 1))) is None
    assert peaks({}, -1, 0) is None
    few = {month_of(date(2018, 12, 1)): 2.0, month_of(date(2019, 12, 1)): 2.0}
    assert peaks(few, month_of(date(2017, 1, 1)), month_of(date(2021, 1, 1))) is None


def test_the_lift_of_a_stretch_is_the_mean_of_its_days() -> None:
    factors = (1.0,) * 11 + (3.0,)
    assert lift(factors, date(2022, 11, 30), date(2022, 12, 31)) == 3.0
    assert lift(factors, date(2022, 11, 20), date(2022, 12, 10)) == pytest.approx(2.0)
    assert lift(factors, date(2021, 12, 31), date(2022, 12, 31)) == pytest.approx(1 + 2 * 31 / 365)


def test_what_is_told_later_changes_no_peak() -> None:
    rows = told(np.random.default_rng(5), products=1, plain=2.0, december=12.0)
    cut = date(2022, 12, 20)
    whole = [one for one in heard(rows) if one.on <= cut]
    assert whole == heard([row for row in rows if row[0] <= cut])


def test_the_habits_of_a_source_carry_its_months() -> None:
    rows = told(np.random.default_rng(7), products=30, plain=0.1, december=1.0)
    months: dict[int, float] = {}
    for on, _report in rows:
        months[month_of(on)] = months.get(month_of(on), 0.0) + 1.0
    mine = [pair for pair in rows if pair[1].maker == "m4"]
    day = mine[-1][0]
    with_months, without = (
        Detector({"s": Habits(rows[0][0], len(rows), {"fire": float(len(rows))}, by_month)})
        for by_month in (months, {})
    )
    usual = []
    for detector in (with_months, without):
        for on, report in mine:
            detector.remember(on, [report])
        for n in range(4):
            on = date(2023, 12, 5) + timedelta(days=n)
            detector.remember(on, [Report(f"y{n}", "s", "m4", "m4", ("fire",), on, on, 1)])
        found = detector.look_again(max(day, date(2023, 12, 9)))
        usual.append(found[0].expected)
    assert usual[0] > 2 * usual[1]


def sales(days: int, before: float, after: float) -> Iterator[tuple[date, float]]:
    """Units a day: `before` for two thirds of the days, then `after`."""
    for n in range(days):
        yield BEGIN + timedelta(days=n), before if n < days * 2 / 3 else after


def test_reports_that_grow_with_the_units_sold_do_not_alarm_and_others_do() -> None:
    """Ten times the sales bring ten times the reports; eight times that is a defect."""
    units = Exposure.of(sales(1800, 2.0, 20.0))
    ends = [BEGIN + timedelta(days=n) for n in range(1800)]
    out = [units.mean(one, two) for one, two in pairwise(ends)]
    found: dict[str, list[float]] = {"blind": [], "told": [], "defect": []}
    for seed in range(2):
        for name, times in (("blind", 1.0), ("told", 1.0), ("defect", 8.0)):
            chance = np.random.default_rng(seed)
            rows = []
            for n, (on, there) in enumerate(zip(ends[1:], out, strict=True)):
                rate = there / 60_000 * (times if n > 1500 else 1.0)
                rows += [
                    (on, Report(f"{n}-{one}", "s", "m", "p", ("fire",), on, on, 1))
                    for one in range(int(chance.poisson(rate)))
                ]
            known = {} if name == "blind" else {("s", "m", "p"): units}
            raised = heard(rows, Detector(exposure=known))
            late = [one.score for one in raised if one.on > BEGIN + timedelta(days=1300)]
            found[name].append(max(late, default=0.0))
    assert max(found["told"]) < 7 < 30 < max(found["blind"])
    assert min(found["defect"]) >= 6


def test_units_out_there_are_counted_to_the_day() -> None:
    exposure = Exposure.of([(date(2020, 1, 1), 100.0), (date(2020, 1, 11), 50.0)])
    assert exposure.mean(date(2020, 1, 1), date(2020, 1, 21)) == pytest.approx(
        (20 * 100 + 11 * 50) / 20
    )
    assert exposure.mean(date(2030, 1, 1), date(2030, 2, 1)) == 0.0  # long gone
    assert exposure.times(date(2019, 1, 1), date(2019, 6, 1), date(2020, 6, 1)) == 1.0
    later = Exposure.of([(date(2020, 1, 1), 100.0), (date(2021, 1, 1), 9_000.0)])
    days = (date(2020, 1, 2), date(2020, 6, 1), date(2020, 12, 1))
    assert later.times(*days) == Exposure.of([(date(2020, 1, 1), 100.0)]).times(*days)


def test_sales_that_are_not_all_known_say_nothing() -> None:
    """Else what was sold before the first order came in would make every product seem to grow."""
    old = Exposure.of(sales(1800, 2.0, 20.0), known_from=BEGIN, known_until=date(2022, 12, 5))
    earlier, begins, on = date(2019, 1, 1), date(2022, 1, 1), date(2022, 12, 1)
    whole = Exposure.of(sales(1800, 2.0, 20.0)).times(earlier, begins, on)
    assert 1.5 < old.times(earlier, begins, on) < whole  # the first two years are left out
    assert old.times(earlier, date(2020, 3, 1), date(2020, 5, 1)) == 1.0  # too few days before
    assert old.times(earlier, begins, date(2023, 6, 1)) == 1.0  # nothing brought in since
    young = Exposure.of([(date(2021, 1, 1), 500.0), (date(2022, 1, 1), 500.0)], known_from=BEGIN)
    assert young.times(date(2021, 1, 1), date(2021, 12, 1), date(2022, 3, 1)) > 1.5  # a new product


@dataclass(frozen=True)
class Seen:
    weighed: float
    expected: float


def test_false_discovery_counts_everything_that_was_looked_at() -> None:
    findings = [Seen(9.0, 0.5), Seen(4.0, 1.0), Seen(3.0, 1.5)]
    among_ten, among_many = of_findings(findings, 10), of_findings(findings, 100_000)
    assert among_ten == sorted(among_ten)
    assert among_ten[0] < 1e-6
    assert all(few <= many for few, many in zip(among_ten, among_many, strict=True))
    assert among_many[1] == 1.0
    assert of_findings([], 5) == []


def test_what_is_still_to_be_told_is_added_up_with_its_interval() -> None:
    chance = np.random.default_rng(2)
    as_of, pairs, happened = date(2024, 6, 30), [], 0
    for back in range(400):
        on = as_of - timedelta(days=back)
        for _ in range(3):
            delay = int(chance.geometric(1 / 20))
            happened += 3 <= back < 33
            if delay <= back:
                pairs.append((on, on + timedelta(days=delay)))
    found = outstanding(pairs, as_of, days=33)
    assert found is not None
    assert found.low <= happened + 9 <= found.high + 9
    assert found.to_come > 20
    assert outstanding([], as_of) is None
