"""Lots that are known are hidden, inferred, and compared: nobody at risk may be left out."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.kit.trace.hidden import score, simulate


@given(st.integers(0, 10**6), st.floats(0, 1), st.booleans(), st.integers(0, 5))
def test_no_truly_affected_line_is_ever_excluded(seed, loose, closed, keep):
    warehouse = simulate(Random(seed), loose=loose, closed=closed)
    result = score(warehouse, {"L2", "L4"}, keep=keep)
    assert result.affected > 0
    assert result.missed == 0
    assert result.coverage == 1


def _mean(loose: float, *, closed: bool, fifo: bool) -> float:
    results = [
        score(simulate(Random(seed), loose=loose, closed=closed), {"L2"}, fifo=fifo)
        for seed in range(60)
    ]
    weights = sum(r.between for r in results)
    return sum((r.brier or 0) * r.between for r in results) / weights


@pytest.mark.parametrize("loose", [0.0, 0.2, 0.5])
def test_first_in_first_out_is_better_calibrated_where_nothing_was_closed(loose):
    assert _mean(loose, closed=False, fifo=True) < 0.8 * _mean(loose, closed=False, fifo=False)


def test_closed_windows_keep_the_plain_share():
    assert _mean(0.2, closed=True, fifo=True) == _mean(0.2, closed=True, fifo=False)


def test_closing_windows_tells_fewer_people_without_missing_anyone():
    for seed in range(20):
        loose_ends = score(simulate(Random(seed), closed=False), {"L1"})
        tight = score(simulate(Random(seed), closed=True), {"L1"})
        assert tight.told <= loose_ends.told
        assert tight.missed == loose_ends.missed == 0
