"""An opened file with its mapping and its styles: everything an import needs but the database."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from holdfast.kit.refusals import Unreadable
from holdfast.kit.tables import Styles, Table, open_table, survey_styles
from holdfast.supply.imports.fields import DATES, FIELDS, NUMBERS, squeezed
from holdfast.supply.imports.formats import known_columns
from holdfast.supply.imports.mapping import Columns, places, proposal, propose


@dataclass
class Wishes:
    """What a person said about a file; everything left out is found by looking."""

    maps: Mapping[str, str] = field(default_factory=dict)
    sets: Mapping[str, str] = field(default_factory=dict)
    format: str = ""
    source: str = ""
    people: str = ""  # the source whose customer numbers are meant, if another than `source`
    dates: str = ""
    decimal: str = ""
    encoding: str = ""
    separator: str = ""
    sheet: str = ""

    def as_json(self) -> dict[str, object]:
        return {name: value for name, value in vars(self).items() if value}


# What was said about an earlier file with the same columns, if anything.
Remembered = Callable[[str, Sequence[str]], Wishes | None]


def _nothing_remembered(kind: str, columns: Sequence[str]) -> Wishes | None:
    return None


@dataclass
class Reading:
    """A file that can be read: its table, which column is which, and how dates and numbers look."""

    kind: str
    table: Table
    columns: Columns
    places: dict[str, int]
    styles: Styles
    zone: ZoneInfo
    source: str
    name: str
    people: str

    def has(self, *fields: str) -> bool:
        """Whether any of the fields has a column or a value."""
        return any(name in self.places or name in self.columns.values for name in fields)

    def described(self) -> dict[str, object]:
        """The part of `--json` that tells how the file was read."""
        table = self.table
        return {
            "format": self.columns.format.name,
            "source": self.source,
            "mapping": self.columns.as_json(),
            "encoding": table.encoding,
            "separator": table.separator if table.kind == "csv" else None,
            "date_order": self.styles.date_order or None,
            "decimal": self.styles.decimal,
            "sheet": table.sheet or None,
            "sha256": table.sha256,
            "notes": [*table.notes, *self.columns.notes],
        }


def open_reading(
    path: str | os.PathLike[str],
    kind: str,
    wishes: Wishes,
    *,
    zone: str,
    name: str = "",
    remembered: Remembered = _nothing_remembered,
) -> Reading:
    """Open a file for importing one kind of thing. Raises `Unreadable` with the proposal in it."""
    known = known_columns(kind)
    said = frozenset(squeezed(column) for column in wishes.maps.values())

    def score(record: list[str]) -> int:
        return sum(squeezed(cell) in known or squeezed(cell) in said for cell in record if cell)

    table = open_table(
        path,
        score=score,
        encoding=wishes.encoding or None,
        separator={"tab": "\t", "\\t": "\t"}.get(wishes.separator, wishes.separator) or None,
        sheet=wishes.sheet or None,
    )
    shown = name or os.path.basename(os.fspath(path))
    if not (wishes.maps or wishes.sets or wishes.format):
        wishes = _with_memory(wishes, remembered(kind, table.columns), table)
    columns = propose(
        kind, table.columns, maps=wishes.maps, sets=wishes.sets, format_name=wishes.format
    )
    try:
        where = places(columns, table.columns, os.fspath(path))
    except Unreadable as refused:
        if table.other_sheets:
            names = ", ".join(map(repr, table.other_sheets))
            refused.hint += f" This is the sheet {table.sheet!r}; others (--sheet): {names}."
        raise
    styles = _styles(table, columns, where, wishes)
    return Reading(
        kind=kind,
        table=table,
        columns=columns,
        places=where,
        styles=styles,
        zone=ZoneInfo(zone),
        source=(wishes.source or columns.format.name)[:40],
        name=shown,
        people=(wishes.people or wishes.source or columns.format.name)[:40],
    )


def _with_memory(wishes: Wishes, before: Wishes | None, table: Table) -> Wishes:
    if before is None:
        return wishes
    table.notes.append("Read as it was said for an earlier file with the same columns.")
    return replace(
        wishes,
        maps=before.maps,
        sets=before.sets,
        format=before.format,
        source=wishes.source or before.source,
        dates=wishes.dates or before.dates,
        decimal=wishes.decimal or before.decimal,
    )


def _styles(table: Table, columns: Columns, where: Mapping[str, int], wishes: Wishes) -> Styles:
    dates = [where[name] for name in FIELDS[columns.format.kind] if name in where and name in DATES]
    numbers = [
        where[name] for name in FIELDS[columns.format.kind] if name in where and name in NUMBERS
    ]
    found = survey_styles(table.rows(), dates, numbers, separator=table.separator)
    order = wishes.dates or found.date_order
    if found.ambiguous and not wishes.dates:
        at = next((name for name in columns.columns if where.get(name) in dates), "ordered_at")
        raise Unreadable(
            "dates_ambiguous",
            f"Dates of {table.path} such as {found.ambiguous_text!r} on line "
            f"{found.ambiguous_line} fit both day-first and month-first, and no row tells which.",
            file=table.path,
            line=found.ambiguous_line,
            column=columns.columns.get(at),
            hint="Say which it is: --dates dmy or --dates mdy.",
            extra={"proposal": proposal(columns, table.columns)},
        )
    return Styles(date_order=order, decimal=wishes.decimal or found.decimal)
