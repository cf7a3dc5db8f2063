"""Lots that are known are hidden, inferred, and compared: nobody at risk may be left out."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.kit.trace.hidden import score, score_all
from holdfast.kit.trace.warehouses import HABITS, run_warehouse

habits = st.sampled_from(sorted(HABITS))


@given(st.integers(0, 10**6), habits, st.booleans(), st.integers(0, 5))
def test_no_truly_affected_line_is_ever_excluded(seed, habit, closed, keep):
    warehouse = run_warehouse(Random(seed), HABITS[habit], lots=5, closed=closed)
    result = score(warehouse, {"L2", "L4"}, keep=keep)
    assert result.affected > 0
    assert result.missed == 0
    assert result.coverage == 1


def _shelves(habit: str, *, closed: bool = False) -> list:
    return [run_warehouse(Random(seed), HABITS[habit], closed=closed) for seed in range(12)]


@pytest.mark.parametrize("habit", sorted(HABITS))
def test_what_was_carried_forward_says_more_than_the_plain_share(habit):
    shelves = _shelves(habit)
    learnt, plain = (score_all(shelves, ["L2", "L4"], learning=on) for on in (True, False))
    assert learnt.brier < 0.5 * plain.brier


@pytest.mark.parametrize("habit", ["first in, first out", "newest in front"])
def test_a_shelf_learns_its_own_habit_from_the_lines_that_name_their_lot(habit):
    shelves = _shelves(habit)
    some, none = (score_all(shelves, ["L2", "L4"], keep=keep) for keep in (10, 0))
    assert some.brier < 0.9 * none.brier
    assert some.calibration_error < none.calibration_error


def test_closed_windows_keep_the_plain_share():
    shelves = _shelves("anything", closed=True)
    learnt, plain = (score_all(shelves, ["L2"], learning=on) for on in (True, False))
    assert learnt.said == plain.said


def test_closing_windows_tells_fewer_people_without_missing_anyone():
    for seed in range(20):
        loose, tight = (
            score(run_warehouse(Random(seed), HABITS["anything"], closed=closed), {"L1"})
            for closed in (False, True)
        )
        assert tight.told <= loose.told
        assert tight.missed == loose.missed == 0


def test_the_reliability_table_holds_every_line_once():
    whole = score_all(_shelves("changing shifts"), ["L2"])
    assert sum(row.lines for row in whole.reliability()) == len(whole.said)
    assert all(row.low <= row.said <= row.high for row in whole.reliability())
