"""What was packed and never opened clears no line: worlds made by hand, and by chance."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.kit.trace import sheet
from holdfast.kit.trace.engine import Trace
from holdfast.kit.trace.paths import Paths
from holdfast.kit.trace.reach import Reach
from holdfast.kit.trace.reference import Rows, backward_line, forward
from holdfast.kit.trace.values import IN_SCOPE
from tests.kit.trace.test_engine_and_reference import EXAMPLES, Desk
from tests.kit.trace.test_reference import packed, received, sold
from tests.kit.trace.worlds_strategy import CONTAINERS, known_lots, worlds

pytestmark = pytest.mark.once

SSCC = "040123450000003338"
GRAI = "(8003)04012345123456777"
KEYS = {
    "an SSCC": SSCC,
    "a GRAI": GRAI,
    "a GIAI": "(8004)4012345ROLL7",
    "a product without a lot": "(01)04012345111118",
    "a key not taken apart": "urn:epc:id:sscc:4012345.0000000333",
}
BOUGHT = [received("A", "JAM", 1, 20), received("B", "JAM", 1, 20)]
"""Two lots of one product, both in stock all the time; A is the one recalled."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("unopened"))


def asked(desk: Desk, rows: Rows, *lots: str) -> tuple[Trace, Reach]:
    trace = desk.trace(replace(rows, **{name: stored(getattr(rows, name)) for name in TABLES}))
    return trace, trace.forward(lots or ["A"])


TABLES = ("transformations", "packings", "receipts", "order_lines")


def stored(rows: object) -> list[dict[str, object]]:
    """Rows of the hand-written tables as the log has them."""

    def value(column: str, said: object) -> object:
        if column.endswith("_at") or column == "at":
            return datetime.fromisoformat(str(said)).replace(tzinfo=None) if said else None
        return Decimal(str(said)) if column == "quantity" and said is not None else said

    return [{name: value(name, said) for name, said in row.items()} for row in rows]  # type: ignore[attr-defined]


def told(desk: Desk, rows: Rows, *lots: str) -> dict[str, tuple[str, str]]:
    """Line -> its certainty and rule by the engine; the reference says the same."""
    _, reach = asked(desk, rows, *lots)
    plain = forward(rows, lots or ["A"]).lines
    found = {}
    for table in sheet.tables(reach):
        for line, certainty, rule in zip(
            *(table[name].to_pylist() for name in ("line", "certainty", "rule")), strict=True
        ):
            assert (plain[line].certainty, plain[line].rule) == (certainty, rule)
            found[line] = (certainty, rule)
    return found


@pytest.mark.parametrize("crate", KEYS.values(), ids=KEYS)
def test_a_crate_nobody_opened_leaves_the_word_to_the_site(desk: Desk, crate: str) -> None:
    alone = Rows(
        receipts=BOUGHT,
        packings=[packed("P", crate, 2)],
        order_lines=[sold("x", container="P"), sold("y", container="P", site="nowhere")],
    )
    without = replace(alone, packings=[])
    assert told(desk, alone) == told(desk, without)
    assert told(desk, alone) == {
        "x": ("probable", "window_some"),
        "y": ("cannot_rule_out", "no_record"),
    }


@pytest.mark.parametrize("crate", KEYS.values(), ids=KEYS)
def test_nor_does_a_known_lot_beside_it_clear_the_line(desk: Desk, crate: str) -> None:
    rows = Rows(
        receipts=BOUGHT,
        packings=[packed("P", crate, 2), packed("P", "B", 2)],
        order_lines=[sold("x", container="P"), sold("y", container="P", site="nowhere")],
    )
    assert told(desk, rows) == {
        "x": ("probable", "window_some"),
        "y": ("cannot_rule_out", "no_record"),
    }
    whole = replace(rows, packings=[packed("P", "B", 2)])
    assert {rule for _, rule in told(desk, whole).values()} == {"container_none"}


def test_a_bare_word_may_be_a_lots_and_counts_as_one(desk: Desk) -> None:
    rows = Rows(
        receipts=BOUGHT,
        packings=[packed("P", "crate 7", 2)],
        order_lines=[sold("x", container="P"), sold("y", container="P", site="nowhere")],
    )
    assert {rule for _, rule in told(desk, rows).values()} == {"container_none"}


def test_the_site_may_clear_it_as_it_clears_a_line_without_a_container(desk: Desk) -> None:
    rows = Rows(
        receipts=[received("A", "JAM", 1, 5), received("B", "JAM", 1, 20)],
        packings=[packed("P", SSCC, 2), packed("P", "B", 2)],
        order_lines=[sold("x", container="P"), sold("y")],
    )
    assert set(told(desk, rows).values()) == {("excluded", "window_none")}


def test_a_crate_within_crates_is_as_unopened(desk: Desk) -> None:
    rows = Rows(
        receipts=BOUGHT,
        packings=[packed("P", "Q", 2), packed("Q", SSCC, 3), packed("Q", "B", 3)],
        order_lines=[sold("x", container="P", site="nowhere")],
    )
    assert told(desk, rows) == {"x": ("cannot_rule_out", "no_record")}


def test_until_something_is_packed_into_it_a_crate_is_unopened_and_then_its_record_is_heard(
    desk: Desk,
) -> None:
    rows = Rows(
        receipts=BOUGHT,
        packings=[packed("P", SSCC, 2), packed("P", "B", 2), packed(SSCC, "B", 6, 8)],
        order_lines=[
            sold(name, container="P", site="nowhere", on=on)
            for name, on in (("before", 5), ("filled", 6), ("emptied", 9))
        ],
    )
    assert told(desk, rows) == {
        "before": ("cannot_rule_out", "no_record"),
        "filled": ("excluded", "container_none"),
        "emptied": ("excluded", "container_none"),
    }


def test_a_crate_out_of_the_container_again_says_nothing_of_it(desk: Desk) -> None:
    rows = Rows(
        receipts=BOUGHT,
        packings=[packed("P", SSCC, 2, 4), packed("P", "B", 2)],
        order_lines=[sold(f"x{on}", container="P", site="nowhere", on=on) for on in (3, 4)],
    )
    assert told(desk, rows) == {
        "x3": ("cannot_rule_out", "no_record"),
        "x4": ("excluded", "container_none"),
    }


def test_a_thing_that_some_row_names_as_a_lot_is_one_and_clears(desk: Desk) -> None:
    named = sold("z", lot="B7", on=20)
    rows = Rows(
        receipts=BOUGHT,
        packings=[packed("P", "B7", 2)],
        order_lines=[sold("x", container="P"), named],
    )
    assert told(desk, rows)["x"] == ("excluded", "container_none")


def test_one_that_only_ships_and_was_never_packed_is_unopened_too(desk: Desk) -> None:
    rows = Rows(
        receipts=BOUGHT,
        packings=[packed("P", SSCC, 2), packed("P", "B", 2)],
        order_lines=[sold("x", container="P", site="nowhere"), sold("y", container=SSCC)],
    )
    assert told(desk, rows)["x"] == ("cannot_rule_out", "no_record")


def test_what_is_affected_inside_still_decides_and_the_crate_itself_can_be_followed(
    desk: Desk,
) -> None:
    rows = Rows(
        receipts=BOUGHT,
        packings=[packed("P", GRAI, 2), packed("P", "A", 2), packed("Q", GRAI, 2)],
        order_lines=[sold("x", container="P"), sold("y", container="Q")],
    )
    assert told(desk, rows)["x"] == ("probable", "container_some")
    assert told(desk, rows, GRAI) == {
        "x": ("probable", "container_some"),
        "y": ("confirmed", "container_all"),
    }


def test_it_is_flagged_and_told_and_found_from_behind(desk: Desk) -> None:
    rows = Rows(
        receipts=BOUGHT,
        packings=[packed("P", GRAI, 2), packed("P", "B", 2)],
        order_lines=[sold("x", container="P"), sold("y", container="P", on=11)],
    )
    trace, reach = asked(desk, rows)
    flags = {flag["code"]: flag["count"] for flag in reach.flags}
    assert flags["unopened_inside"] == 2
    (row,) = trace.resolve("line:x").places.tolist()
    assert Paths(reach).of(row) == (
        "in container P with something of which nobody recorded what is in it; taken at W1 "
        "beside lot A from 1 to 20 March 2026, lot B from 1 to 20 March 2026"
    )
    origins = trace.back_from(trace.resolve("line:x")).origins
    assert {one.lot: (str(one.certainty), one.generations) for one in origins} == backward_line(
        rows, "x"
    )
    assert "A" in {one.lot for one in origins}


def test_a_lot_of_which_nobody_says_where_or_when_it_lay_clears_no_line(desk: Desk) -> None:
    bare = received("B", "JAM", site="")
    rows = Rows(
        receipts=[received("A", "JAM", 1, 5), bare],
        order_lines=[sold("x"), sold("y", on=3), sold("z", site="nowhere", on=3)],
    )
    assert told(desk, rows) == {
        "x": ("cannot_rule_out", "no_record"),
        "y": ("probable", "window_some"),
        "z": ("cannot_rule_out", "no_record"),
    }
    placed = replace(rows, receipts=[*rows.receipts, received("C", "JAM", 1, 20)])
    assert told(desk, placed)["x"] == ("excluded", "window_none")
    assert told(desk, rows, "B")["x"] == ("probable", "window_all")


@given(rows=worlds(), container=st.sampled_from(CONTAINERS), data=st.data())
@settings(max_examples=EXAMPLES)
def test_one_crate_more_takes_nobody_out(
    desk: Desk, rows: Rows, container: str, data: st.DataObject
) -> None:
    lots = sorted(known_lots(rows))
    if not lots:
        return
    lot = data.draw(st.sampled_from(lots))
    crate = {"container": container, "child": SSCC, "packed_at": None, "unpacked_at": None}
    more = replace(rows, packings=[*rows.packings, crate])
    before = desk.trace(rows).forward([lot]).line_names(*IN_SCOPE)
    assert set(before) <= set(desk.trace(more).forward([lot]).line_names(*IN_SCOPE))
