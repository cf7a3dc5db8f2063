"""The five tables of trace events: their columns, what a column holds, and what makes a row.

Identifiers are strings, the empty string where a file says none. Times are microseconds in UTC,
quantities decimals with six places; both are NULL where a file says none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["id", "time", "quantity"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `is_needed`: a file must have it; `is_required`: no row may leave it empty.

    `written` are the names a file may give it, the first being the one we write.
    """

    name: str
    kind: Kind
    is_required: bool = False
    is_needed: bool = False
    written: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return self.written or (self.name,)


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `key`: a later import's row with the same key corrects an earlier import's row.

    `start` and `end` are the time columns of an interval [start, end); `start` also tells which
    stored rows can equal a new one.
    """

    name: str
    columns: tuple[Column, ...]
    start: str
    end: str = ""
    key: tuple[str, ...] = ()
    may_return: bool = False

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def of_kind(self, kind: Kind) -> tuple[Column, ...]:
        """The columns that hold identifiers, times or quantities."""
        return tuple(column for column in self.columns if column.kind == kind)


def _needed(name: str, *written: str) -> Column:
    return Column(name, "id", is_required=True, is_needed=True, written=written)


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "transformations",
            (
                _needed("input_lot"),
                _needed("output_lot"),
                Column("at", "time", is_needed=True),
                Column("quantity", "quantity"),
                Column("unit", "id"),
            ),
            start="at",
        ),
        Table(
            "packings",
            (
                _needed("container"),
                _needed("child"),
                Column("packed_at", "time", is_needed=True),
                Column("unpacked_at", "time"),
            ),
            start="packed_at",
            end="unpacked_at",
            key=("container", "child", "packed_at"),
        ),
        Table(
            "shipments",
            (
                _needed("unit", "container_or_lot", "unit"),
                Column("from_site", "id"),
                Column("to_site", "id"),
                Column("shipped_at", "time", is_needed=True),
                Column("received_at", "time"),
            ),
            start="shipped_at",
            end="received_at",
            key=("unit", "from_site", "to_site", "shipped_at"),
        ),
        Table(
            "receipts",
            (
                _needed("lot"),
                _needed("sku"),
                Column("site", "id", is_needed=True),
                Column("received_at", "time"),
                Column("depleted_at", "time"),
                Column("quantity", "quantity"),
                Column("supplier", "id"),
            ),
            start="received_at",
            end="depleted_at",
            key=("lot", "sku", "site", "received_at", "supplier"),
        ),
        Table(
            "order_lines",
            (
                _needed("line"),
                _needed("order"),
                Column("customer", "id", is_needed=True),
                _needed("sku"),
                Column("lot", "id"),
                Column("container", "id"),
                Column("site", "id"),
                Column("shipped_at", "time", is_needed=True),
                Column("quantity", "quantity", is_needed=True),
            ),
            start="shipped_at",
            may_return=True,
        ),
    )
}

SQL_TYPES: dict[Kind, str] = {"id": "VARCHAR", "time": "TIMESTAMP", "quantity": "DECIMAL(18,6)"}


def quoted(names: Sequence[str]) -> str:
    """Column names for SQL, quoted, since `order` is a word of SQL.

    >>> quoted(("line", "order"))
    '"line", "order"'
    """
    return ", ".join('"' + name.replace('"', '""') + '"' for name in names)


def arrow_schema(table: Table) -> Any:
    """The table's Arrow schema, which is also that of its Parquet files."""
    import pyarrow as pa  # noqa: PLC0415 - the command line knows tables before it needs Arrow

    types = {"id": pa.string(), "time": pa.timestamp("us"), "quantity": pa.decimal128(18, 6)}
    return pa.schema([pa.field(column.name, types[column.kind]) for column in table.columns])
