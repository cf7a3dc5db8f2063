"""The engine gives what a plain search over the raw rows gives: every line, every count."""

from __future__ import annotations

import itertools
from datetime import datetime
from decimal import Decimal
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
from tests.plugins.chance import examples

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


@settings(max_examples=examples(30), deadline=None)
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


@settings(max_examples=examples(16), deadline=None)
@given(rows=worlds(), seed=st.sampled_from(["L1", "L2", "X1"]), hour=st.integers(-1, 13))
def test_up_to_a_moment_equals_the_plain_search_over_what_had_happened_by_then(
    tmp, rows, seed, hour
):
    trace = with_moments(rows, tmp)
    if not len(trace.lot_ids([seed])):
        return
    reach = trace.forward([seed], at=micros(when(hour)))
    if seed not in reach.lot_names():
        return  # no event names it by then
    assert_same(reach, reference.forward(reference.Rows(**rows), [seed], at=when(hour)))


def with_moments(rows: dict, tmp: Path) -> Trace:
    def as_of(at: int) -> Trace:
        moment = datetime.fromtimestamp(at / 1e6, tz=when(0).tzinfo)
        by_then = reference.Rows(**rows).up_to(moment)
        return in_a_folder_of_its_own({name: list(getattr(by_then, name)) for name in rows}, tmp)

    trace = in_a_folder_of_its_own(rows, tmp)
    return Trace(trace.published, as_of=as_of)


@settings(max_examples=examples(16), deadline=None)
@given(rows=worlds(), hour=st.none() | st.integers(0, 12))
def test_from_a_container_or_a_line_equals_the_plain_search(tmp, rows, hour):
    trace = with_moments(rows, tmp)
    at = None if hour is None else micros(when(hour))
    plain = reference.Rows(**rows)
    for box in sorted({row["container"] for row in rows["packings"]}):
        want = reference.forward_container(plain, box, at=when(hour))
        assert_same(trace.forward_from(trace.resolve(f"container:{box}"), at=at), want)
    for line in sorted({row["line"] for row in rows["order_lines"]}):
        key = trace.resolve(f"line:{line}")
        assert_same(
            trace.forward_from(key, at=at), reference.forward_line(plain, line, at=when(hour))
        )
        back = trace.back_from(key, at=at)
        want = reference.backward_line(plain, line, at=when(hour))
        got = {one.lot: (str(one.certainty), one.generations) for one in back.origins}
        assert got == want


@pytest.mark.parametrize("largest", [Decimal(40), Decimal("700000.25"), Decimal("90000000000")])
def test_quantities_add_up_over_thousands_of_lines_whatever_their_size(tmp, largest) -> None:
    """Running sums are kept in blocks: fractions, returns and huge lines must not be rounded."""
    small = Decimal("0.000001") if largest < 1_000_000 else Decimal(1)
    amounts = [Decimal(2), Decimal(-1), largest, small, Decimal(3)]
    rows = [
        {"line": f"o{n}", "order": "O", "customer": f"c{n % 7}", "sku": "S1",
         "lot": f"L{n // 4_500}", "container": "", "site": "A", "shipped_at": when(n % 50),
         "quantity": amounts[n % 5]}
        for n in range(9_001)
    ]  # fmt: skip
    trace = in_a_folder_of_its_own({"order_lines": rows}, tmp)
    for lot in ("L0", "L1", "L2"):
        confirmed = trace.forward([lot]).by_certainty[Certainty.CONFIRMED]
        wanted = sum(row["quantity"] for row in rows if row["lot"] == lot)
        assert confirmed.quantity == int(wanted * 1_000_000)
