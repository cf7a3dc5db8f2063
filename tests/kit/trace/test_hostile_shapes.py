"""Shapes that would make a trace run for ever or out of memory: it answers, and exactly."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from holdfast.kit.trace.engine import Trace
from holdfast.kit.trace.published import Published, build
from holdfast.kit.trace.tables import TABLES, arrow_schema
from tests.kit.trace.worlds import micros, trace_of, when

pytestmark = pytest.mark.once


def line(name: str, **said: object) -> dict[str, object]:
    return {"line": name, "order": "O", "customer": name, "sku": "S", "lot": "", "container": "",
            "site": "A", "shipped_at": when(5), "quantity": Decimal(1), **said}  # fmt: skip


def packed(container: str, child: str, start: int = 0, end: int | None = None) -> dict[str, object]:
    return {"container": container, "child": child, "packed_at": when(start),
            "unpacked_at": when(end)}  # fmt: skip


def in_columns(tmp_path: Path, **tables: dict[str, object]) -> Trace:
    """A generation from whole columns, for sizes at which rows are too slow to write."""
    with duckdb.connect() as con:
        for name, table in TABLES.items():
            schema = arrow_schema(table)
            given = tables.get(name, {})
            rows = max((len(v) for v in given.values() if not isinstance(v, str)), default=0)
            columns = []
            for field in schema:
                value = given.get(field.name, "" if pa.types.is_string(field.type) else None)
                whole = [value] * rows if isinstance(value, str) or value is None else value
                columns.append(pa.array(whole).cast(field.type))
            con.register(f"raw_{name}", pa.table(columns, schema=schema))
            con.execute(f'CREATE VIEW "{name}" AS SELECT * FROM "raw_{name}"')
        folder = tmp_path / "generation"
        folder.mkdir()
        build(con, folder)
    return Trace(Published(folder))


def test_containers_inside_each_other_end(tmp_path: Path) -> None:
    rows = {
        "packings": [
            packed("A", "B", 0, 6),
            packed("B", "A", 2, 9),
            packed("A", "L"),
            packed("A", "A"),
        ],
        "order_lines": [line("o1", container="B")],
    }
    trace = trace_of(rows, tmp_path / "g")
    reach = trace.forward(["L"])
    assert (reach.in_scope.lines, reach.logistic_units, reach.sessions) == (1, 2, 4)
    assert trace.inside("B", micros(when(5)), "S").lots == {"L": None}
    assert trace.inside("B", micros(when(9)), "S").lots == {}


def test_a_thousand_levels_of_containers_are_one_lookup(tmp_path: Path) -> None:
    deep = 1_000
    stays = [packed("C0", "L")] + [packed(f"C{n + 1}", f"C{n}") for n in range(deep)]
    rows = {"packings": stays, "order_lines": [line("o1", container=f"C{deep}")]}
    trace = trace_of(rows, tmp_path / "g")
    reach = trace.forward(["L"])
    assert (reach.in_scope.lines, reach.logistic_units) == (1, deep + 1)
    assert (
        trace.seeds(trace.resolve(f"container:C{deep}")).tolist() == trace.lot_ids(["L"]).tolist()
    )


def test_ways_that_part_and_meet_again_do_not_multiply(tmp_path: Path) -> None:
    levels = 40  # two ways at each level: 2 to the 40th paths
    stays = [packed("C0", "L")]
    for n in range(levels):
        for side in "ab":
            stays += [packed(f"M{n}{side}", f"C{n}"), packed(f"C{n + 1}", f"M{n}{side}")]
    rows = {"packings": stays, "order_lines": [line("o1", container=f"C{levels}")]}
    trace = trace_of(rows, tmp_path / "g")
    reach = trace.forward(["L"])
    assert (reach.in_scope.lines, reach.logistic_units) == (1, 3 * levels + 1)


def test_a_hub_with_many_children_and_many_lines_stores_no_pairs(tmp_path: Path) -> None:
    many = 20_000  # 400 million pairs of line and candidate
    hour = np.arange(many)
    start = np.datetime64("2026-03-01T00:00:00", "us") + hour * np.timedelta64(60, "s")
    trace = in_columns(
        tmp_path,
        packings={
            "container": "HUB",
            "child": [f"L{n}" for n in range(many)],
            "packed_at": start,
        },
        order_lines={
            "line": [f"o{n}" for n in range(many)], "order": "O", "customer": "c", "sku": "S",
            "container": "HUB", "site": "A", "shipped_at": start,
        },
    )  # fmt: skip
    size = sum(path.stat().st_size for path in (tmp_path / "generation").iterdir())
    assert size < 20_000_000
    reach = trace.forward(["L0"])
    assert reach.in_scope.lines == many  # it was in there all the time
    assert trace.forward([f"L{many - 1}"]).in_scope.lines == 1
    half = trace.forward([f"L{n}" for n in range(many // 2)])
    assert {str(one): n.lines for one, n in half.by_certainty.items()} == {
        "confirmed": many // 2, "probable": many // 2, "cannot_rule_out": 0, "excluded": 0,
    }  # fmt: skip


def test_two_hundred_thousand_lines_of_one_lot_and_of_one_line_are_ranges(tmp_path: Path) -> None:
    many = 200_000
    trace = in_columns(
        tmp_path,
        order_lines={
            "line": ["same"] * (many // 2) + [f"o{n}" for n in range(many // 2)],
            "order": "O", "customer": [f"c{n % 1000}" for n in range(many)], "sku": "S",
            "lot": "L", "site": "A",
        },
    )  # fmt: skip
    reach = trace.forward(["L"])
    assert (reach.in_scope.lines, reach.in_scope.customers) == (many // 2 + 1, 1_000)
    assert len(trace.resolve("line:same").places) == many // 2


def test_lots_made_out_of_themselves_are_told(tmp_path: Path) -> None:
    made = [("L1", "L2", 3), ("L2", "L1", 1), ("L2", "L3", 9), ("L3", "L3", 9)]
    rows = {
        "transformations": [
            {"input_lot": a, "output_lot": b, "at": when(t), "quantity": None, "unit": ""}
            for a, b, t in made
        ],
        "order_lines": [line("o1", lot="L3")],
    }
    reach = trace_of(rows, tmp_path / "g").forward(["L1"])
    assert reach.in_scope.lines == 1
    assert {flag["code"]: flag["count"] for flag in reach.flags} == {
        "lots_in_circle": 3, "output_before_input": 1,
    }  # fmt: skip
