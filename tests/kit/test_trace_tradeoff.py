"""Leaving lines out spares some people and risks others; the sums are those of counting by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.kit.trace.tradeoff import Doubt, curve, worth

chances = st.none() | st.sampled_from([0.0, 0.05, 0.2, 0.5, 0.75, 1.0])
doubts = st.lists(
    st.builds(
        Doubt,
        chances,
        st.integers(0, 9).map(float),
        st.none() | st.integers(1, 5),
        st.sampled_from("XY"),
        st.sampled_from(["Lyon", ""]),
    ),
    max_size=30,
)


def _chance(doubt: Doubt) -> float:
    return 1.0 if doubt.probability is None else doubt.probability


@given(doubts)
def test_every_point_counts_what_is_told_and_what_is_left_out(held):
    people = {d.person for d in held if d.person is not None}
    for point in curve(held):
        told = [d for d in held if _chance(d) >= point.at_least]
        out = [d for d in held if _chance(d) < point.at_least]
        reached = {d.person for d in told if d.person is not None}
        assert point.told_lines == len(told)
        assert point.spared_lines == len(out)
        assert point.told_units == sum(d.units for d in told)
        assert point.told_people == len(reached)
        assert point.spared_people == len(people - reached)
        assert point.missed_units == pytest.approx(sum(d.units * _chance(d) for d in out))
        assert point.over_units == pytest.approx(sum(d.units * (1 - _chance(d)) for d in told))
        assert point.any_missed == pytest.approx(min(1, sum(_chance(d) for d in out)))


@given(doubts)
def test_the_first_point_tells_everybody_and_misses_nobody(held):
    first = curve(held)[0]
    assert first.at_least == 0
    assert first.spared_lines == first.spared_people == 0
    assert first.missed_units == first.any_missed == 0


@given(doubts)
def test_what_nobody_can_say_is_never_left_out(held):
    unknown = sum(1 for d in held if d.probability is None)
    assert all(point.told_lines >= unknown for point in curve(held))


def test_a_long_curve_keeps_its_ends():
    held = [Doubt(n / 1000, 1.0, n) for n in range(1001)]
    points = curve(held, points=40)
    assert len(points) == 40
    assert (points[0].at_least, points[-1].at_least) == (0, 1)


def test_cost_weighs_both_sides():
    point = curve([Doubt(0.1, 10.0, 1), Doubt(1.0, 5.0, 2)])[-1]
    assert point.missed_units == pytest.approx(1.0)
    assert point.cost(told=20, missed=1000) == pytest.approx(1000)
    assert curve([Doubt(0.1, 10.0, 1)])[0].cost(told=20, missed=1000) == pytest.approx(180)


@given(doubts)
def test_bin_records_would_spare_exactly_the_units_told_for_nothing(held):
    saved = sum(one.saves_units or 0 for one in worth(held) if one.fact == "bins")
    assert saved == pytest.approx(curve(held)[0].over_units)


def test_facts_are_named_with_what_they_settle():
    held = [
        Doubt(0.2, 10.0, 1, "X", "Lyon", "window_some"),
        Doubt(None, 4.0, 2, "X", "Nice", "no_record"),
        Doubt(1.0, 3.0, 3, "X", "Lyon", "lot_named", serials=1),
        Doubt(1.0, 3.0, 3, "Y", "Lyon", "lot_named"),
    ]
    told = [(one.fact, one.sku, one.site, one.lines, one.saves_units) for one in worth(held)]
    assert told == [
        ("bins", "X", "Lyon", 1, pytest.approx(8.0)),
        ("receipts", "X", "Nice", 1, None),
        ("serials", "X", "", 1, None),
    ]
