"""Rows of the shop beside the events of the log, within one connection and for its time only."""

# ruff: noqa: S608 - the statements are put together from names of this code, never from data.

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from holdfast.kit.trace.tables import TABLES, arrow_schema

if TYPE_CHECKING:
    import duckdb


def add_rows(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[dict[str, Any]]) -> None:
    """Let the view of one of the five tables show these rows as well; nothing is stored."""
    import pyarrow as pa  # noqa: PLC0415 - only where rows are added

    name = TABLES[table].name
    con.register(f"beside_{name}", pa.Table.from_pylist(rows, schema=arrow_schema(TABLES[table])))
    con.execute(f"ALTER VIEW {name} RENAME TO event_{name}")
    con.execute(
        f"CREATE VIEW {name} AS SELECT * FROM event_{name} UNION ALL SELECT * FROM beside_{name}"
    )
