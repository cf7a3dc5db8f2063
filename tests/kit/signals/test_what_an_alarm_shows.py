"""What stands beside an alarm: its course, the lots it points to, and what a threshold costs."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest

from holdfast.kit.signals.cost import COUNTED, MAKER_YEARS, costs, threshold_for
from holdfast.kit.signals.detector import THRESHOLD, Detector, Finding, Habits
from holdfast.kit.signals.pointing import Place, pointers
from holdfast.kit.signals.report import Report
from tests.kit.signals.made import START, report


def told() -> list[Report]:
    """A quiet kettle, a busy toaster, and a lamp that begins to burn on day 700."""
    quiet = [report(n, 90 * n, "fall", product="kettle") for n in range(8)]
    busy = [report(100 + n, 12 * n, "laceration", product="toaster") for n in range(60)]
    burning = [report(300 + n, 700 + 4 * n, "fire", product="lamp", harm=2) for n in range(9)]
    return sorted([*quiet, *busy, *burning], key=lambda one: (one.reported_on, one.id))


def heard(reports: list[Report]) -> list[Finding]:
    detector, found = Detector(), []
    for on in sorted({one.reported_on for one in reports}):
        found += detector.hear(on, [one for one in reports if one.reported_on == on])
    return found


def test_one_product_alone_scores_as_among_all_when_their_habits_are_known() -> None:
    everything = told()
    last = [one for one in heard(everything) if one.product == "lamp"][-1]
    habits = Habits(
        START,
        len(everything),
        {"fall": 8.0, "laceration": 60.0, "fire": 9.0},
    )
    alone = Detector({"complaints": habits})
    for one in everything:
        if one.product == "lamp":
            alone.remember(one.reported_on, [one])
    assert alone.look_again(last.on) == [last]
    assert alone.look_again(last.on, [("complaints", "acme", "kettle")]) == []


def test_the_steps_of_a_course_add_up_to_what_the_alarm_says() -> None:
    everything = told()
    detector, found = Detector(), []
    for one in everything:
        found += [
            (finding, detector.course(finding)) for finding in detector.hear(one.reported_on, [one])
        ]
    finding, steps = next((f, s) for f, s in reversed(found) if f.product == "lamp")
    inside = [step for step in steps if step.is_in_window]
    assert sum(step.reports for step in inside) == len(finding.reports)
    assert sum(step.weighed for step in inside) == pytest.approx(finding.weighed)
    assert sum(step.expected for step in inside) == pytest.approx(finding.expected)
    assert sum((step.ends - step.begins).days for step in inside) == finding.window
    assert steps[-1].ends == finding.on
    assert all(a.ends == b.begins for a, b in itertools.pairwise(steps))
    assert all(step.expected > 0 for step in steps)


def test_a_course_shows_nothing_of_before_anybody_reported() -> None:
    reports = [report(n, 2 * n, "fire") for n in range(4)]
    detector = Detector()
    found = [f for one in reports for f in detector.hear(one.reported_on, [one])]
    assert found
    assert min(step.ends for step in detector.course(found[-1])) >= START


def test_a_planted_lot_is_pointed_to_and_an_even_spread_is_not() -> None:
    units = {f"L{n}": 500.0 for n in range(20)}
    crowded = Place("lot", {"L7": 6, "L2": 1}, units)
    (pointer,) = pointers([crowded], seed=1)
    assert pointer.values == ("L7",)
    assert (pointer.reports, pointer.of, pointer.is_by_units) == (6, 7, True)
    assert pointer.expected == pytest.approx(7 / 20)
    even = Place("lot", {f"L{n}": 1 for n in range(10)}, units)
    assert pointers([even], seed=1) == ()
    assert pointers([crowded, even], seed=9) == pointers([crowded, even], seed=9)


def test_a_lot_that_was_most_of_what_was_made_is_no_pointer() -> None:
    units = {"L1": 9_000.0, "L2": 500.0, "L3": 500.0}
    assert pointers([Place("lot", {"L1": 8, "L2": 1}, units)], seed=3) == ()


def test_without_units_every_lot_counts_the_same_and_it_says_so() -> None:
    place = Place("lot", {"L7": 7}, {f"L{n}": 0.0 for n in range(9)})
    assert pointers([place], seed=2) == (), "the other lots are not known to exist"
    (pointer,) = pointers([Place("lot", {"X": 7}, {f"L{n}": 10.0 for n in range(9)})], seed=2)
    assert not pointer.is_by_units


def test_looking_in_more_places_makes_each_of_them_count_less() -> None:
    place = Place("lot", {"L1": 4}, {f"L{n}": 1.0 for n in range(6)})
    assert pointers([place], seed=4)
    others = [Place(f"place {n}", {"a": 2, "b": 2}, {"a": 1.0, "b": 1.0}) for n in range(30)]
    assert pointers([place, *others], seed=4) == ()


def test_what_nobody_said_about_reading_is_the_published_threshold() -> None:
    assert threshold_for(None, 10_000_000) == THRESHOLD == 6.0


def test_who_reads_more_false_alarms_hears_earlier_and_who_reads_fewer_later() -> None:
    chosen = [threshold_for(budget, 100_000) for budget in (50, 7, 5, 3, 0.001)]
    assert chosen == sorted(chosen)
    assert chosen[0] == COUNTED[0][0]
    assert chosen[-1] == COUNTED[-1][0]
    for budget, at in zip((50, 7, 5, 3), chosen, strict=False):
        cost = next(one for one in costs(100_000) if one.threshold == at)
        assert cost.false_a_week <= budget


def test_the_curve_falls_and_is_counted_in_alarms() -> None:
    assert [row[0] for row in COUNTED] == sorted(row[0] for row in COUNTED)
    assert [row[1] for row in COUNTED] == sorted((row[1] for row in COUNTED), reverse=True)
    assert all(false <= alarms for _at, alarms, false in COUNTED)
    at_six = next(one for one in costs(50) if one.threshold == 6.0)
    assert at_six.false_a_week == pytest.approx(
        _false_at_six() / MAKER_YEARS * 50 / 52.18, rel=1e-3
    )


def _false_at_six() -> int:
    return next(false for at, _alarms, false in COUNTED if at == 6.0)


def test_days_only_go_forward_in_a_course() -> None:
    finding_days = [step.ends for step in _course_of_nine()]
    assert finding_days == sorted(finding_days)
    assert finding_days[-1] - finding_days[0] >= timedelta(days=30)


def _course_of_nine():
    detector = Detector()
    last = None
    for n in range(9):
        one = report(n, 20 * n, "fire")
        for finding in detector.hear(one.reported_on, [one]):
            last = finding
    assert last is not None
    assert last.on == date(2020, 1, 1) + timedelta(days=160)
    return detector.course(last)
