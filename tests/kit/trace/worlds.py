"""Small worlds for the engine's tests: random rows, and a generation built from given rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
from hypothesis import strategies as st

from holdfast.kit.trace.engine import Trace
from holdfast.kit.trace.published import Published, build
from holdfast.kit.trace.tables import TABLES, arrow_schema

DAY = datetime(2026, 3, 1, tzinfo=UTC)


def when(hour: int | None) -> datetime | None:
    return None if hour is None else DAY + timedelta(hours=hour)


def micros(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def tables_of(rows: dict[str, list[dict[str, object]]]) -> dict[str, pa.Table]:
    found = {}
    for name, table in TABLES.items():
        columns = {column: [] for column in table.column_names}
        for row in rows.get(name, []):
            for column in columns:
                value = row[column]
                if isinstance(value, datetime):
                    value = value.astimezone(UTC).replace(tzinfo=None)
                columns[column].append(value)
        found[name] = pa.table(columns, schema=arrow_schema(table))
    return found


def trace_of(rows: dict[str, list[dict[str, object]]], folder: Path) -> Trace:
    folder.mkdir(parents=True)
    with duckdb.connect() as con:
        for name, table in tables_of(rows).items():
            con.register(f"raw_{name}", table)
            con.execute(f'CREATE VIEW "{name}" AS SELECT * FROM "raw_{name}"')
        build(con, folder)
    return Trace(Published(folder))


LOTS = st.sampled_from(["L1", "L2", "L3", "L4", "L5", "X1"])
BOXES = st.sampled_from(["C1", "C2", "P1", "P2", "X1"])
SKUS = st.sampled_from(["S1", "S2"])
SITES = st.sampled_from(["A", "A", "A", "B", ""])
HOURS = st.integers(0, 12)
MAYBE_HOUR = st.none() | HOURS
AMOUNTS = st.sampled_from([None, Decimal(1), Decimal(2), Decimal("0.5"), Decimal(0)])


@st.composite
def stay(draw) -> tuple[datetime | None, datetime | None]:
    start, end = draw(MAYBE_HOUR), draw(MAYBE_HOUR)
    if start is not None and end is not None and end < start:
        start, end = end, start
    return when(start), when(end)


@st.composite
def worlds(draw) -> dict[str, list[dict[str, object]]]:
    def some(row, most):
        return draw(st.lists(row(), max_size=most))

    @st.composite
    def made(draw):
        return {"input_lot": draw(LOTS), "output_lot": draw(LOTS), "at": when(draw(MAYBE_HOUR)),
                "quantity": None, "unit": ""}  # fmt: skip

    @st.composite
    def packed(draw):
        start, end = draw(stay())
        return {"container": draw(BOXES), "child": draw(LOTS | BOXES), "packed_at": start,
                "unpacked_at": end}  # fmt: skip

    @st.composite
    def received(draw):
        start, end = draw(stay())
        return {"lot": draw(LOTS), "sku": draw(SKUS), "site": draw(SITES), "received_at": start,
                "depleted_at": end, "quantity": draw(AMOUNTS),
                "supplier": draw(st.sampled_from(["", "V1", "V2"]))}  # fmt: skip

    @st.composite
    def ordered(draw):
        nothing = st.just("")
        return {"line": draw(st.sampled_from([f"o{n}" for n in range(12)])),
                "order": draw(st.sampled_from(["O1", "O2"])),
                "customer": draw(st.sampled_from(["", "ann", "bob", "cy"])), "sku": draw(SKUS),
                "lot": draw(nothing | nothing | LOTS), "container": draw(nothing | BOXES | BOXES),
                "site": draw(SITES), "shipped_at": when(draw(MAYBE_HOUR)),
                "quantity": draw(AMOUNTS | st.just(Decimal(-1)))}  # fmt: skip

    return {
        "transformations": some(made, 5), "packings": some(packed, 9), "shipments": [],
        "receipts": some(received, 7), "order_lines": some(ordered, 12),
    }  # fmt: skip
