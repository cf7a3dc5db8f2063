"""The reference trace against the contract, a sentence a test."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from fractions import Fraction

import pytest

from holdfast.kit.trace.reference import (
    Rows,
    backward,
    backward_line,
    candidates_of,
    digest,
    forward,
    forward_container,
    forward_line,
    instant,
    lots_inside,
    lots_received,
)

pytestmark = pytest.mark.once


def day(number: int | None, hour: int = 0) -> str:
    return "" if number is None else f"2026-03-{number:02d}T{hour:02d}:00:00Z"


def made(input_lot: str, output_lot: str, on: int | None = 1) -> dict[str, object]:
    return {
        "input_lot": input_lot,
        "output_lot": output_lot,
        "at": day(on),
        "quantity": None,
        "unit": "",
    }


def packed(container: str, child: str, on: int | None, off: int | None = None) -> dict[str, object]:
    return {
        "container": container,
        "child": child,
        "packed_at": day(on),
        "unpacked_at": day(off),
    }


def received(
    lot: str,
    sku: str,
    on: int | None = None,
    off: int | None = None,
    *,
    site: str = "W1",
    quantity: object = None,
    supplier: str = "",
) -> dict[str, object]:
    return {
        "lot": lot,
        "sku": sku,
        "site": site,
        "received_at": day(on),
        "depleted_at": day(off),
        "quantity": quantity,
        "supplier": supplier,
    }


def sold(
    line: str,
    *,
    lot: str = "",
    container: str = "",
    sku: str = "JAM",
    on: int | None = 10,
    hour: int = 0,
    quantity: object = 1,
    customer: str = "c1",
    site: str = "W1",
) -> dict[str, object]:
    return {
        "line": line,
        "order": f"O-{line}",
        "customer": customer,
        "sku": sku,
        "lot": lot,
        "container": container,
        "site": site,
        "shipped_at": day(on, hour),
        "quantity": quantity,
    }


def certainty(rows: Rows, *lots: str, line: str = "x") -> tuple[str, str]:
    found = forward(rows, lots).lines[line]
    return found.certainty, found.rule


def test_an_interval_holds_from_its_start_until_just_before_its_end() -> None:
    stays = Rows(packings=[packed("P", "A", 2, 4)])
    inside = {n: lots_inside(stays, "P", instant(day(n))) for n in (1, 2, 3, 4)}  # type: ignore[arg-type]
    assert inside == {1: set(), 2: {"A"}, 3: {"A"}, 4: set()}


def test_an_empty_end_is_open_and_so_is_an_empty_start() -> None:
    for stay in (packed("P", "A", 2), packed("P", "A", None, 20)):
        assert lots_inside(Rows(packings=[stay]), "P", instant(day(10))) == {"A"}  # type: ignore[arg-type]
    window = received("A", "JAM")
    assert certainty(Rows(receipts=[window], order_lines=[sold("x")]), "A")[0] == "probable"


def test_nesting_holds_only_where_all_levels_hold() -> None:
    stays = Rows(packings=[packed("case", "A", 2, 6), packed("pallet", "case", 4, 9)])
    inside = [lots_inside(stays, "pallet", instant(day(n))) for n in (3, 5, 7)]  # type: ignore[arg-type]
    assert inside == [set(), {"A"}, set()]


def test_a_re_used_container_recalls_only_what_it_held_then() -> None:
    stays = [packed("tote", "A", 2, 4), packed("tote", "B", 4, 6)]
    lines = [sold("early", container="tote", on=3), sold("late", container="tote", on=4)]
    reach = forward(Rows(packings=stays, order_lines=lines), ["A"])
    assert list(reach.of("confirmed")) == ["early"]


def test_an_affected_lot_is_affected_as_a_whole_whatever_the_times() -> None:
    rows = Rows(transformations=[made("raw", "mid", 9), made("mid", "end", 1)])
    assert forward(rows, ["raw"]).lots == {"raw": 0, "mid": 1, "end": 2}


def test_a_cycle_ends() -> None:
    rows = Rows(transformations=[made("A", "B"), made("B", "A"), made("B", "B")])
    assert forward(rows, ["A"]).lots == {"A": 0, "B": 1}


def test_containers_in_a_circle_end() -> None:
    stays = [packed("P", "Q", 1), packed("Q", "P", 1), packed("Q", "A", 2)]
    reach = forward(Rows(packings=stays), ["A"])
    assert (reach.logistic_units, reach.sessions) == ({"P", "Q"}, 3)


def test_a_line_of_several_lots_is_affected_if_any_row_is_and_counts_these_rows() -> None:
    rows = [
        sold("x", lot="A", quantity=2),
        sold("x", lot="B", quantity=5),
        sold("x", lot="A", quantity=1),
    ]
    reach = forward(Rows(order_lines=rows), ["A"])
    assert reach.by_certainty["confirmed"] == {
        "lines": 1,
        "customers": 1,
        "quantity": Decimal(3),
    }


def test_the_strongest_certainty_of_a_line_wins() -> None:
    rows = [sold("x"), sold("x", lot="A")]
    assert certainty(Rows(receipts=[received("A", "JAM")], order_lines=rows), "A") == (
        "confirmed",
        "lot_named",
    )


def test_a_named_lot_decides_and_wins_over_a_container_that_disagrees() -> None:
    rows = Rows(
        packings=[packed("P", "A", 1)],
        order_lines=[sold("x", lot="B", container="P"), sold("y", lot="A", container="Q")],
    )
    assert certainty(rows, "A") == ("excluded", "other_lot_named")
    assert certainty(rows, "A", line="y") == ("confirmed", "lot_named")


@pytest.mark.parametrize(
    ("affected", "expected"),
    [
        ("ABC", ("confirmed", "container_all")),
        ("AB", ("probable", "container_some")),
        ("A", ("cannot_rule_out", "container_some")),
        ("Z", ("excluded", "container_none")),
    ],
)
def test_a_container_decides_by_the_lots_inside(affected: str, expected: tuple[str, str]) -> None:
    stays = [packed("P", lot, 1) for lot in "ABC"]
    known = [received(lot, "JAM", 1, 2) for lot in "ABC"]
    rows = Rows(packings=stays, receipts=known, order_lines=[sold("x", container="P")])
    assert certainty(rows, *affected) == expected


def test_lots_of_another_sku_are_no_candidates_and_lots_of_unknown_sku_stay() -> None:
    rows = Rows(
        packings=[packed("P", "A", 1), packed("P", "honey", 1), packed("P", "unknown", 1)],
        receipts=[received("A", "JAM", 1, 2), received("honey", "HONEY", 1, 2)],
        order_lines=[sold("x", container="P")],
    )
    assert candidates_of(rows, "x") == {"A", "unknown"}


def test_where_none_of_the_sku_is_inside_the_window_decides() -> None:
    rows = Rows(
        packings=[packed("P", "honey", 1)],
        receipts=[received("honey", "HONEY", 1), received("A", "JAM", 1)],
        order_lines=[sold("x", container="P"), sold("y", container="never packed")],
    )
    assert certainty(rows, "A") == ("probable", "window_all")
    assert certainty(rows, "A", line="y") == ("probable", "window_all")


def test_a_case_that_nobody_packed_is_no_lot() -> None:
    rows = Rows(
        packings=[packed("pallet", "case", 1)],
        receipts=[received("A", "JAM", 1)],
        order_lines=[sold("x", container="pallet"), sold("y", container="case")],
    )
    assert certainty(rows, "A") == ("probable", "window_all")


def test_a_window_decides_by_the_lots_that_lay_there_then() -> None:
    def there(*windows: dict[str, object]) -> tuple[str, str]:
        return certainty(Rows(receipts=windows, order_lines=[sold("x")]), "A")

    a, b = received("A", "JAM", 1, 20), received("B", "JAM", 1, 20)
    assert there(a) == ("probable", "window_all")
    assert there(a, b) == ("probable", "window_some")
    assert there(a, b, received("C", "JAM", 1, 20)) == ("cannot_rule_out", "window_some")
    assert there(received("A", "JAM", 1, 10), b) == ("excluded", "window_none")
    assert there(received("A", "JAM", 1, 20, site="W2"), b) == ("excluded", "window_none")


def test_no_record_is_no_alibi() -> None:
    rows = Rows(receipts=[received("A", "JAM", 1, 2)], order_lines=[sold("x")])
    assert certainty(rows, "A") == ("cannot_rule_out", "no_record")
    assert certainty(rows, "B") == ("excluded", "other_product")


def test_a_line_without_a_time_lies_in_no_window_and_no_stay() -> None:
    rows = Rows(
        packings=[packed("P", "A", None)],
        receipts=[received("A", "JAM")],
        order_lines=[sold("x", container="P", on=None)],
    )
    assert certainty(rows, "A") == ("cannot_rule_out", "no_record")


def test_the_share_is_by_quantity_where_known_else_by_count() -> None:
    def part(*quantities: object) -> Fraction | None:
        windows = [received(lot, "JAM", 1, quantity=q) for lot, q in zip("ABC", quantities)]  # noqa: B905
        return forward(Rows(receipts=windows, order_lines=[sold("x")]), ["A"]).lines["x"].share

    assert part("7", "1.5", "1.5") == Fraction(7, 10)
    assert part("7", None, "1") == Fraction(1, 3)
    assert part(0, 0) == Fraction(1, 2)


def test_two_windows_of_a_lot_add_up() -> None:
    windows = [received("A", "JAM", n, quantity=3) for n in (1, 2)]
    windows.append(received("B", "JAM", 1, quantity=6))
    rows = Rows(receipts=windows, order_lines=[sold("x")])
    assert forward(rows, ["A"]).lines["x"].share == Fraction(1, 2)


def test_the_top_level_counts_the_first_three_and_customers_once() -> None:
    rows = Rows(
        receipts=[received("A", "JAM", 1, 20), received("B", "JAM", 1, 20, quantity=9)],
        order_lines=[
            sold("1", lot="A", customer="c1", quantity=2),
            sold("2", customer="c1", quantity=3),
            sold("3", customer="", quantity=None, on=25),
            sold("4", lot="B", customer="c2", quantity=4),
            sold("5", lot="Z", sku="HONEY", customer="c3"),
        ],
    )
    reach = forward(rows, ["A"])
    assert reach.counts("confirmed", "probable", "cannot_rule_out") == {
        "lines": 3,
        "customers": 1,
        "quantity": Decimal(5),
    }
    assert reach.by_certainty["excluded"] == {"lines": 1, "customers": 1, "quantity": Decimal(4)}


def test_a_return_counts_against_what_was_shipped() -> None:
    rows = [sold("x", lot="A", quantity=5), sold("x", lot="A", quantity="-2")]
    assert forward(Rows(order_lines=rows), ["A"]).counts("confirmed")["quantity"] == 3


def test_logistic_units_and_sessions_are_those_that_ever_held_an_affected_lot() -> None:
    stays = [
        packed("case", "A", 2, 6),
        packed("pallet", "case", 4, 9),
        packed("pallet", "case", 11, 12),
        packed("truck", "pallet", 6, 9),
        packed("tote", "A", 8, 8),
    ]
    reach = forward(Rows(packings=stays), ["A"])
    assert (reach.logistic_units, reach.sessions) == ({"case", "pallet"}, 2)


def test_at_t_knows_events_up_to_t() -> None:
    rows = Rows(
        transformations=[made("A", "B", 3), made("B", "C", 5)],
        receipts=[received("A", "JAM", 4)],
        order_lines=[sold("x", lot="B", on=4), sold("y", lot="B", on=4, hour=1), sold("z", on=4)],
    )
    reach = forward(rows, ["A"], at=day(4))
    assert set(reach.lots) == {"A", "B"}
    assert {line: found.certainty for line, found in reach.lines.items()} == {
        "x": "confirmed",
        "z": "probable",
    }
    assert forward(rows, ["A"], at=day(3)).lines == {}


def test_a_container_stands_for_the_lots_ever_inside_it() -> None:
    stays = [packed("P", "A", 2, 4), packed("P", "case", 3, 5), packed("case", "B", 1, 4)]
    rows = Rows(packings=stays, order_lines=[sold("x", lot="B")])
    assert forward_container(rows, "P").lots == {"A": 0, "B": 0}
    assert forward_container(rows, "P", at=day(2)).lots == {"A": 0}
    assert forward_container(rows, "P", at=day(4)).lots == {}


def test_a_line_stands_for_its_candidates_and_a_sku_or_supplier_for_its_receipts() -> None:
    rows = Rows(
        transformations=[made("A", "A2")],
        receipts=[received("A", "JAM", 1, supplier="S1"), received("B", "JAM", 1)],
        order_lines=[sold("x")],
    )
    assert forward_line(rows, "x").lots == {"A": 0, "B": 0, "A2": 1}
    assert lots_received(rows, "sku", "JAM") == {"A", "B"}
    assert lots_received(rows, "supplier", "S1") == {"A"}


def test_back_from_a_line_gives_the_candidates_and_all_their_ancestors() -> None:
    rows = Rows(
        transformations=[made("raw", "A"), made("raw", "B"), made("salt", "A"), made("A", "after")],
        receipts=[received("A", "JAM", 1, quantity=1), received("B", "JAM", 1, quantity=2)],
        order_lines=[sold("x")],
    )
    assert backward_line(rows, "x") == {
        "A": ("cannot_rule_out", 0),
        "B": ("probable", 0),
        "salt": ("cannot_rule_out", 1),
        "raw": ("probable", 1),
    }
    assert backward(rows, ["A"]) == {"A": 0, "raw": 1, "salt": 1}


def test_the_digest_sorts_as_bytes_and_ends_each_line() -> None:
    expected = hashlib.sha256("Z\na\nä\n".encode()).hexdigest()
    assert digest(["ä", "a", "Z"]) == expected
    assert digest([]) == hashlib.sha256(b"").hexdigest()
    reach = forward(Rows(order_lines=[sold("x", lot="A")]), ["A"])
    assert (reach.confirmed_sha256, reach.open_sha256) == (digest(["x"]), digest([]))
