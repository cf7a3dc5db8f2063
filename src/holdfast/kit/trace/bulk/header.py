"""Which column of a file is which column of its table, and what people said about reading it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from holdfast.kit.refusals import Unreadable
from holdfast.kit.trace.tables import TABLES, Column, Table

CODES = ("gtin", "sscc")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person said: the zone of times without one, the decimal sign, columns with codes.

    `codes` holds (column or table.column, `gtin` or `sscc`).
    """

    zone: str = ""
    decimal: str = "."
    codes: tuple[tuple[str, str], ...] = ()

    def time_zone(self) -> ZoneInfo | None:
        """The zone, if one was named. Raises `Unreadable` for a name that no zone has."""
        if not self.zone:
            return None
        try:
            return ZoneInfo(self.zone)
        except (ValueError, OSError, KeyError):
            raise Unreadable(
                "unknown_timezone",
                f"No time zone is called {self.zone!r}.",
                hint="Write it as Europe/Berlin, America/New_York or UTC.",
            ) from None

    def ask_columns(self) -> None:
        """Raise `Unreadable` where a declared column is one of no table."""
        for name, kind in self.codes:
            if not any(_is_of(name, table, column) for table, column in _id_columns()):
                raise Unreadable(
                    "unknown_column",
                    f"--{kind} {name}: no table has an identifier column of that name.",
                    hint="Write it as sku, container or order_lines.sku.",
                )


@dataclass(frozen=True, slots=True)
class Header:
    """Where each column of the table stands in the file, and which hold codes."""

    table: Table
    width: int
    places: dict[str, int]
    titles: dict[str, str]
    codes: dict[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()


def score(table: Table) -> dict[str, str]:
    """Every name a file may give a column, and the column's own."""
    return {name: column.name for column in table.columns for name in column.names}


def squeezed(title: str) -> tuple[str, str]:
    """A title as names are compared, and the code it declares behind a colon.

    >>> squeezed(" Input Lot "), squeezed("sku:GTIN")
    (('input_lot', ''), ('sku', 'gtin'))
    """
    name, _, kind = title.strip().lstrip("\ufeff").casefold().partition(":")
    return re.sub(r"[\s\-]+", "_", name.strip()), kind.strip()


def read_header(table: Table, titles: Sequence[str], wishes: Wishes, path: str) -> Header:
    """Find the table's columns among the titles. Raises `Unreadable`."""
    known = score(table)
    places: dict[str, int] = {}
    codes: dict[str, str] = {}
    named: dict[str, str] = {}
    ignored: list[str] = []
    for place, title in enumerate(titles):
        name, kind = squeezed(title)
        column = known.get(name)
        if column is None or (kind and kind not in CODES):
            if title.strip():
                ignored.append(title)
            continue
        if column in places:
            raise Unreadable(
                "column_twice",
                f"{path} has the column {column} twice: {named[column]!r} and {title!r}.",
                file=path,
                line=1,
                column=title,
                hint="Remove or rename one of the two.",
            )
        places[column], named[column] = place, title
        if kind:
            codes[column] = kind
    missing = [one for one in table.columns if one.is_needed and one.name not in places]
    if missing:
        raise Unreadable(
            "column_missing",
            f"{path} has no column {', '.join(one.names[0] for one in missing)}; it has "
            f"{', '.join(title for title in titles if title)[:300]}.",
            file=path,
            line=1,
            column=missing[0].names[0],
            hint=f"A file of {table.name} has the columns "
            f"{', '.join(one.names[0] for one in table.columns)}.",
        )
    for name, kind in wishes.codes:
        for column_of in table.of_kind("id"):
            if _is_of(name, table, column_of) and column_of.name in places:
                codes[column_of.name] = kind
    return Header(table, len(titles), places, named, codes, tuple(ignored))


def _id_columns() -> list[tuple[Table, Column]]:
    return [(table, column) for table in TABLES.values() for column in table.of_kind("id")]


def _is_of(name: str, table: Table, column: Column) -> bool:
    owner, _, rest = squeezed(name)[0].rpartition(".")
    return rest in (column.name, *column.names) and owner in ("", table.name)
