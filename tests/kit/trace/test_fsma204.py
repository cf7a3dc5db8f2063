"""The spreadsheet of 21 CFR 1.1455(c) says what is recorded and leaves empty what is not."""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb
import pytest

from holdfast.kit.trace.fsma204 import HEADS, tracking_events
from holdfast.kit.trace.tables import SQL_TYPES, TABLES

pytestmark = pytest.mark.once


@pytest.fixture
def con():
    con = duckdb.connect()
    for table in TABLES.values():
        columns = ", ".join(f'"{column.name}" {SQL_TYPES[column.kind]}' for column in table.columns)
        con.execute(f"CREATE TABLE {table.name}({columns})")
    yield con
    con.close()


def put(con, table, *row):
    con.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", list(row))


def day(number: int) -> datetime:
    return datetime(2026, 3, number)


def ask(con, first=1, last=31, **more):
    since, until = (datetime(2026, 3, number, tzinfo=UTC) for number in (first, last))
    return tracking_events(con, ["SALAD"], since=since, until=until, **more)


def cells(found, name):
    return [dict(zip(HEADS[name], row, strict=True)) for row in found.rows[name]]


@pytest.fixture
def salad(con):
    """Lettuce L1 from Green Farm becomes salad S1 at the plant and goes to the shop on a pallet."""
    put(con, "receipts", "L1", "LETTUCE", "plant", day(1), None, 500, "Green Farm")
    put(con, "transformations", "L1", "S1", day(2), 300, "kg")
    put(con, "receipts", "S1", "SALAD", "plant", day(2), None, 900, "")
    put(con, "packings", "P1", "S1", day(3), day(6))
    put(con, "shipments", "P1", "plant", "shop", day(4), day(5))
    put(con, "shipments", "P1", "shop", "plant", day(8), day(9))
    put(con, "receipts", "S1", "SALAD", "shop", day(5), None, 900, "")
    put(con, "order_lines", "1", "1", "c1", "SALAD", "S1", "", "shop", day(6), 1)
    return con


def test_a_pallet_is_shipped_with_what_is_on_it_at_that_time(salad):
    [row] = cells(ask(salad), "Shipping")
    assert row["Traceability lot code"] == "S1"
    assert (row["Shipped from"], row["Immediate subsequent recipient"]) == ("plant", "shop")
    assert row["Date shipped"] == day(4)
    assert row["Logistic unit"] == "P1"
    assert row["Traceability lot code source"] == "plant"


def test_a_receipt_names_where_it_came_from(salad):
    made, moved = cells(ask(salad), "Receiving")
    assert (made["Received at"], made["Immediate previous source"]) == ("plant", "")
    assert (moved["Received at"], moved["Immediate previous source"]) == ("shop", "plant")
    assert moved["Quantity"] == 900


def test_a_supplier_is_the_source_of_what_it_delivered(salad):
    found = tracking_events(
        salad,
        ["LETTUCE"],
        since=datetime(2026, 3, 1, tzinfo=UTC),
        until=datetime(2026, 4, 1, tzinfo=UTC),
    )
    [row] = cells(found, "Receiving")
    assert row["Immediate previous source"] == "Green Farm"
    assert row["Traceability lot code source"] == "Green Farm"


def test_a_transformation_links_the_old_code_to_the_new(salad):
    [row] = cells(ask(salad, product=str.title), "Transformation")
    assert (row["Traceability lot code used"], row["New traceability lot code"]) == ("L1", "S1")
    assert (row["Quantity used"], row["Unit of measure used"]) == (300, "kg")
    assert row["New product description"] == "Salad"
    assert row["Transformed at"] == "plant"


def test_what_nobody_recorded_is_empty_and_counted(salad):
    missing = ask(salad).missing()
    assert missing["Shipping"]["Quantity"] == 1
    assert missing["Receiving"]["Reference document number"] == 2
    assert "Logistic unit" not in missing["Shipping"]


def test_the_period_holds_its_first_moment_and_not_its_last(salad):
    assert len(ask(salad, 4, 5).rows["Shipping"]) == 1
    assert ask(salad, 3, 4).rows["Shipping"] == []


def test_another_product_is_not_in_it(salad):
    put(salad, "receipts", "B1", "BEANS", "plant", day(3), None, 5, "Farm")
    put(salad, "shipments", "B1", "plant", "shop", day(4), None)
    assert len(ask(salad).rows["Shipping"]) == 1
    assert ask(salad).lots == 1


def test_boxes_inside_each_other_end(salad):
    put(salad, "packings", "P1", "P2", None, None)
    put(salad, "packings", "P2", "P1", None, None)
    assert len(ask(salad).rows["Shipping"]) == 1
