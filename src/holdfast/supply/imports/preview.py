"""What a file would become, shown before anything is stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from holdfast.supply.imports.keepers import keepers
from holdfast.supply.imports.lines import Found, order_lines
from holdfast.supply.imports.reading import Reading
from holdfast.supply.imports.things import thing_rows

SHOWN_ROWS = 12
TRIED_ROWS = 2_000
COUNTED_BYTES = 30 * 1024**2  # larger files are counted when they are imported


@dataclass
class Preview:
    """The first rows as they stand in the file, and how many of the first thousands are sound."""

    header: list[str]
    fields: list[str]
    rows: list[tuple[int, list[str]]]
    tried: int = 0
    rejects: list[tuple[int, str, str]] = field(default_factory=list)
    count: int | None = None
    orders: int | None = None


def preview(reading: Reading, now: datetime) -> Preview:
    """Read the beginning of the file as an import would, and count its rows if it is small."""
    by_column = {column: name for name, column in reading.columns.columns.items()}
    header = list(reading.table.columns)
    shown = Preview(
        header=header,
        fields=[by_column.get(column, "") for column in header],
        rows=[
            (line, [cell[:80] for cell in row])
            for line, row in islice(reading.table.rows(), SHOWN_ROWS)
        ],
    )

    def reject(line: int, column: str, reason: str, row: list[str]) -> None:
        shown.rejects.append((line, column, reason))

    made: Iterator[object]
    if reading.kind == "orders":
        made = order_lines(reading, Found(), reject)
    elif keeper := keepers().get(reading.kind):
        made = keeper.rows(reading, reject, now=now)
    else:
        made = thing_rows(reading, reject)
    shown.tried = sum(1 for _ in islice(made, TRIED_ROWS)) + len(shown.rejects)
    if reading.table.size <= COUNTED_BYTES:
        at = reading.places.get("order", -1)
        orders: set[str] = set()
        shown.count = 0
        for _, row in reading.table.rows():
            shown.count += 1
            if 0 <= at < len(row):
                orders.add(row[at])
        shown.orders = len(orders) if at >= 0 else None
    return shown
