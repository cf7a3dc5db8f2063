"""The engine gives what a plain search over the raw rows gives: every line, every count."""

from __future__ import annotations

import itertools
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.kit.trace import reference
from holdfast.kit.trace.engine import Trace
from holdfast.kit.trace.reach import Reach, numbers
from holdfast.kit.trace.values import Certainty
from tests.kit.trace.worlds import micros, trace_of, when, worlds

pytestmark = pytest.mark.once

NUMBER = itertools.count()


def in_a_folder_of_its_own(rows: dict, tmp: Path) -> Trace:
    return trace_of(rows, tmp / f"g{next(NUMBER)}")


def lines_of(reach: Reach) -> dict[str, str]:
    return {
        line.decode(): str(certainty)
        for certainty in Certainty
        for line in reach.line_names(certainty)
    }


def assert_same(reach: Reach, want: reference.Reach) -> None:
    assert reach.lot_names() == sorted(set(reach.lot_names()))
    assert lines_of(reach) == {
        name: line.certainty for name, line in want.lines.items() if line.counted
    }
    for certainty in Certainty:
        counted = numbers(reach.by_certainty[certainty])
        theirs = want.counts(str(certainty))
        assert (counted["lines"], counted["customers"]) == (theirs["lines"], theirs["customers"])
        assert counted["quantity"] == float(theirs["quantity"])
    everyone = want.counts("confirmed", "probable", "cannot_rule_out")
    assert numbers(reach.in_scope)["customers"] == everyone["customers"]
    assert reach.logistic_units == len(want.logistic_units)
    assert reach.sessions == want.sessions
    assert reach.confirmed_sha256 == want.confirmed_sha256
    assert reach.open_sha256 == want.open_sha256


@pytest.fixture(scope="module")
def tmp(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("worlds")


@settings(max_examples=150, deadline=None)
@given(rows=worlds(), seed=st.sets(st.sampled_from(["L1", "L2", "L3", "X1"]), min_size=1))
def test_forward_equals_the_plain_search_in_every_line_and_every_count(tmp, rows, seed):
    trace = in_a_folder_of_its_own(rows, tmp)
    known = set(
        trace.published.names.lots.take(np.arange(len(trace.published.names.lots))).to_pylist()
    )
    seed = {lot for lot in seed if lot in known}
    reach = trace.forward(sorted(seed))
    want = reference.forward(reference.Rows(**rows), sorted(seed))
    assert reach.lot_names() == sorted(want.lots)
    assert_same(reach, want)
