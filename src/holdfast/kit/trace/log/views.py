"""The five tables as views over the log: corrections applied, superseded segments left out."""

# ruff: noqa: S608 - the statements are put together from names of this code, never from data.

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from holdfast.kit.trace.log.engine import literal
from holdfast.kit.trace.log.manifest import Manifest
from holdfast.kit.trace.tables import SQL_TYPES, TABLES, Table, quoted


def view_statements(folder: Path, manifest: Manifest, known_at: datetime | None) -> list[str]:
    """One CREATE VIEW for each table."""
    return [
        f"CREATE OR REPLACE VIEW {table.name} AS {_select(folder, manifest, table, known_at)}"
        for table in TABLES.values()
    ]


def _select(folder: Path, manifest: Manifest, table: Table, known_at: datetime | None) -> str:
    columns = quoted(table.column_names)
    live = manifest.live(table.name, known_at)
    gone = manifest.corrected(table.name, known_at)
    if not live:
        empty = ", ".join(
            f"NULL::{SQL_TYPES[column.kind]} AS {quoted([column.name])}" for column in table.columns
        )
        return f"SELECT {empty} WHERE FALSE"
    if not gone:
        files = ", ".join(literal(str(folder / one.file)) for one in live)
        return f"SELECT {columns} FROM read_parquet([{files}])"
    # Which segments have a corrected row is known only inside the files; each is asked by name.
    files = ", ".join(literal(str(folder / one.file)) for one in gone)
    pieces = [
        f"SELECT {columns} FROM read_parquet({literal(str(folder / one.file))}, "
        f"file_row_number = true) WHERE file_row_number NOT IN (SELECT row FROM "
        f"read_parquet([{files}]) WHERE segment = {literal(one.id)})"
        for one in live
    ]
    return " UNION ALL ".join(pieces)
