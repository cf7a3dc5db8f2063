"""Every lot balances: what was made is somewhere, or the rest is named."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.kit.trace.balance import Elsewhere, balances, total
from holdfast.kit.trace.tables import SQL_TYPES, TABLES

pytestmark = pytest.mark.once

LOTS = ["A", "B"]
DAY = "2026-03-0{} 00:00:00"


@pytest.fixture
def con():
    con = _empty()
    yield con
    con.close()


def _empty():
    con = duckdb.connect()
    for table in TABLES.values():
        columns = ", ".join(f'"{column.name}" {SQL_TYPES[column.kind]}' for column in table.columns)
        con.execute(f"CREATE TABLE {table.name}({columns})")
    return con


def receipt(con, lot, site, quantity):
    con.execute("INSERT INTO receipts VALUES (?, 'X', ?, NULL, NULL, ?, '')", [lot, site, quantity])


def sale(con, lot, quantity):
    con.execute(
        "INSERT INTO order_lines VALUES ('', '', '', 'X', ?, '', '', NULL, ?)", [lot, quantity]
    )


def test_what_was_made_is_used_shipped_returned_on_hand_destroyed_or_unknown(con):
    receipt(con, "A", "Lyon", 100)
    con.execute("INSERT INTO transformations VALUES ('A', 'B', NULL, 30, 'kg')")
    sale(con, "A", 40)
    sale(con, "A", -5)
    [one] = balances(con, ["A"], elsewhere={"A": Elsewhere(Decimal(10), Decimal(2))})
    assert (one.made, one.used, one.shipped, one.returned) == (100, 30, 35, 5)
    assert one.unknown == 18
    assert one.gaps == ()


def test_what_owners_gave_back_or_destroyed_is_shipped_no_more(con):
    receipt(con, "A", "Lyon", 10)
    sale(con, "A", 8)
    owners = Elsewhere(returned_by_owners=Decimal(3), destroyed_by_owners=Decimal(1))
    [one] = balances(con, ["A"], elsewhere={"A": owners})
    assert (one.shipped, one.returned, one.destroyed, one.unknown) == (4, 3, 1, 2)


def test_a_lot_that_travels_is_made_once(con):
    receipt(con, "A", "Lyon", 100)
    receipt(con, "A", "Nice", 60)
    con.execute("INSERT INTO packings VALUES ('P', 'A', ?, ?)", [DAY.format(1), DAY.format(4)])
    con.execute("INSERT INTO packings VALUES ('T', 'P', ?, NULL)", [DAY.format(2)])
    con.execute("INSERT INTO shipments VALUES ('T', 'Lyon', 'Nice', ?, NULL)", [DAY.format(3)])
    assert balances(con, ["A"])[0].made == 100
    con.execute("DELETE FROM shipments")
    # A truck that left when the lot was no longer in it explains nothing.
    con.execute("INSERT INTO shipments VALUES ('T', 'Lyon', 'Nice', ?, NULL)", [DAY.format(5)])
    assert balances(con, ["A"])[0].made == 160


def test_an_unknown_quantity_makes_the_rest_unknown_and_says_why(con):
    receipt(con, "A", "Lyon", None)
    one, other = balances(con, ["A", "B"])
    assert (one.made, one.unknown, one.gaps) == (None, None, ("receipt_without_quantity",))
    assert (other.made, other.gaps) == (None, ("no_receipt",))


def test_more_out_than_in_is_said(con):
    receipt(con, "A", "Lyon", 10)
    sale(con, "A", 12)
    [one] = balances(con, ["A"])
    assert (one.unknown, one.gaps) == (-2, ("more_went_than_came",))


def test_boxes_packed_into_each_other_end(con):
    con.execute(
        "INSERT INTO packings VALUES"
        " ('P', 'Q', NULL, NULL), ('Q', 'P', NULL, NULL), ('P', 'A', NULL, NULL)"
    )
    con.execute("INSERT INTO shipments VALUES ('Q', 'Lyon', 'Nice', NULL, NULL)")
    receipt(con, "A", "Nice", 3)
    assert balances(con, ["A"])[0].gaps == ("no_receipt",)


amounts = st.none() | st.integers(0, 50)


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from(LOTS), st.sampled_from(["Lyon", "Nice"]), amounts), max_size=4
    ),
    st.lists(st.tuples(st.sampled_from(LOTS), st.integers(-9, 9)), max_size=6),
    st.lists(st.tuples(st.sampled_from(LOTS), amounts), max_size=4),
    st.integers(0, 9),
)
def test_the_balance_always_closes(receipts, sales, uses, stock):
    con = _empty()
    for lot, site, quantity in receipts:
        receipt(con, lot, site, quantity)
    for lot, quantity in sales:
        sale(con, lot, quantity)
    for lot, quantity in uses:
        con.execute("INSERT INTO transformations VALUES (?, 'C', NULL, ?, '')", [lot, quantity])
    found = balances(con, LOTS, elsewhere={"A": Elsewhere(on_hand=Decimal(stock))})
    for one in [*found, total(found)]:
        parts = one.used + one.on_hand + one.shipped + one.returned + one.destroyed
        if one.made is None:
            assert one.unknown is None
            assert one.gaps
        else:
            assert one.made == parts + one.unknown
    assert sum(one.shipped + one.returned for one in found) == sum(q for _, q in sales if q > 0)
    con.close()
