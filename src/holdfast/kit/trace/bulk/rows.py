"""Rows of a bulk table: what makes one sound, said row by row and done column by column.

`read_row` is the rule. `sound_rows` does the same for many rows at once and is held to it by a
property test; where several things are wrong with a row, the first in reading order is named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from holdfast.kit.trace.bulk import amounts, moments
from holdfast.kit.trace.bulk.codes import are_codes, is_code
from holdfast.kit.trace.bulk.header import Header
from holdfast.kit.trace.tables import Column, arrow_schema

WHITE = " \t\r\n\f\v\u00a0\ufeff"
NUL = "a NUL byte in the cell"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row is rejected: the column as its file calls it, and the reason."""

    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rules:
    """How the rows of one file are read."""

    header: Header
    zone: ZoneInfo | None = None
    decimal: str = "."


def read_row(cells: Sequence[str], rules: Rules) -> tuple[Any, ...] | Fault:
    """One row of text: its values in the table's order, or its first fault.

    Times are microseconds, quantities millionths, both None where empty. Short rows are filled up.
    """
    header = rules.header
    if len(cells) > header.width:
        return Fault("", many(len(cells), header.width))
    cells = [*cells, *[""] * (header.width - len(cells))]
    for at, cell in enumerate(cells):
        if "\0" in cell:
            return Fault(_title(header, at), NUL)
    values: list[Any] = []
    for column in header.table.columns:
        place = header.places.get(column.name)
        text = "" if place is None else cells[place].strip(WHITE)
        title = header.titles.get(column.name, column.name)
        if not text:
            if column.is_required:
                return Fault(title, empty(column))
            values.append("" if column.kind == "id" else None)
        elif column.kind == "id":
            kind = header.codes.get(column.name)
            if kind and not is_code(text, kind):
                return Fault(title, wrong_code(kind, text))
            values.append(text)
        elif column.kind == "time":
            value, fault = moments.read_moment(text, rules.zone)
            if fault:
                return Fault(title, wrong_time(fault, text))
            values.append(value)
        else:
            value, fault = amounts.read_amount(text, rules.decimal)
            if fault or (value < 0 and not header.table.may_return):
                return Fault(title, wrong_amount(fault, text))
            values.append(value)
    names = header.table.column_names
    if header.table.name == "packings":
        start, end = (values[names.index(name)] for name in ("packed_at", "unpacked_at"))
        if start is not None and end is not None and end < start:
            return Fault(header.titles["unpacked_at"], backwards(start, end))
    return tuple(values)


@dataclass(slots=True)
class Chunk:
    """Some rows of a file as Arrow arrays by column of the table; absent columns are absent.

    `lines` are their line numbers (in Parquet: row numbers), `faults` what was seen before the
    columns (row within the chunk → fault), `row` gives back a row as it stood.
    """

    lines: Any
    columns: Mapping[str, Any]
    faults: Mapping[int, Fault]
    row: Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was not imported."""

    line: int
    column: str
    reason: str
    row: str


def sound_rows(chunk: Chunk, rules: Rules) -> tuple[Any, list[Rejected]]:
    """The sound rows as an Arrow table of the table's schema, and those that are not."""
    import numpy as np  # noqa: PLC0415 - pure parts of the kit do without it
    import pyarrow as pa  # noqa: PLC0415 - see above

    header, rows = rules.header, len(chunk.lines)
    faulty = np.zeros(rows, bool)
    reasons: dict[int, Fault] = {}

    def reject(where: Any, column: str, why: Callable[[int], str]) -> None:
        for row in np.flatnonzero(where & ~faulty):
            reasons[int(row)] = Fault(header.titles.get(column, column), why(int(row)))
        np.logical_or(faulty, where, out=faulty)

    for row, fault in chunk.faults.items():
        reasons[row], faulty[row] = fault, True
    made: list[Any] = []
    times: dict[str, tuple[Any, Any]] = {}
    for column in header.table.columns:
        given = chunk.columns.get(column.name)
        if column.kind == "id":
            made.append(_identifiers(column, given, rows, header, reject))
            continue
        if given is None:
            values, gone = np.zeros(rows, np.int64), np.ones(rows, bool)
        elif column.kind == "time":
            values, gone, bad = _moments(given, rules)
            text = _texter(given)
            for kind in (moments.BAD, moments.NO_ZONE):
                reject(bad == kind, column.name, lambda r, f=kind, t=text: wrong_time(f, t(r)))  # type: ignore[misc]
        else:
            values, gone, bad = _amounts(given, rules)
            text = _texter(given)
            bad = bad.astype(bool)
            less = (values < 0) & ~gone & (not header.table.may_return)
            reject(
                bad | less,
                column.name,
                lambda r, b=bad, t=text: wrong_amount(int(b[r]), t(r)),  # type: ignore[misc]
            )
        if column.kind == "time":
            times[column.name] = values, gone
            made.append(pa.array(values, pa.timestamp("us"), mask=gone if gone.any() else None))
        else:
            made.append(amounts.as_decimals(values, gone))
    if header.table.name == "packings":
        (start, no_start), (end, no_end) = times["packed_at"], times["unpacked_at"]
        wrong = (end < start) & ~no_start & ~no_end
        reject(wrong, "unpacked_at", lambda r: backwards(int(start[r]), int(end[r])))
    found = pa.Table.from_arrays(made, schema=arrow_schema(header.table))
    if not reasons:
        return found, []
    rejected = [
        Rejected(int(chunk.lines[row]), reasons[row].column, reasons[row].reason, chunk.row(row))
        for row in sorted(reasons)
    ]
    return found.filter(pa.array(~faulty)), rejected


def _identifiers(
    column: Column, given: Any, rows: int, header: Header, reject: Callable[..., None]
) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - see above

    if given is None:
        return pa.repeat(pa.scalar(""), rows)
    found = trimmed(given)
    _, sizes, _ = moments.texts(found)
    if column.is_required:
        reject(sizes == 0, column.name, lambda _: empty(column))
    kind = header.codes.get(column.name)
    if kind:
        wrong = ~are_codes(found, kind) & (sizes > 0)
        reject(wrong, column.name, lambda row: wrong_code(kind, found[row].as_py()))
    return found


def trimmed(column: Any) -> Any:
    """Texts without white space around them, the empty text for NULL."""
    import pyarrow.compute as pc  # noqa: PLC0415 - see above

    if column.null_count:
        column = column.fill_null("")
    _, _, letters = moments.texts(column)
    # All white space is a control, a space, or begins with one of these two bytes.
    if (letters <= 32).any() or (letters == 0xC2).any() or (letters == 0xEF).any():
        column = pc.utf8_trim(column, characters=WHITE)
    return column


def _moments(given: Any, rules: Rules) -> tuple[Any, Any, Any]:
    import numpy as np  # noqa: PLC0415 - see above
    import pyarrow as pa  # noqa: PLC0415 - see above

    if pa.types.is_string(given.type):
        return moments.read_moments(trimmed(given), rules.zone)
    gone = np.asarray(given.is_null())
    if pa.types.is_null(given.type):
        return np.zeros(len(given), np.int64), gone, np.zeros(len(given), np.int8)
    has_zone = pa.types.is_timestamp(given.type) and given.type.tz is not None
    if pa.types.is_timestamp(given.type) and given.type.unit == "ns":
        values = np.array(given.cast(pa.int64()).fill_null(0)) // 1_000
    else:
        plain = given.cast(pa.timestamp("us", given.type.tz if has_zone else None))
        values = np.array(plain.cast(pa.int64()).fill_null(0))
    faults = np.zeros(len(given), np.int8)
    if not has_zone:
        if rules.zone is None:
            faults[~gone] = moments.NO_ZONE
        else:
            values = moments.of_locals(values, rules.zone)
    return values, gone, faults


def _amounts(given: Any, rules: Rules) -> tuple[Any, Any, Any]:
    import numpy as np  # noqa: PLC0415 - see above
    import pyarrow as pa  # noqa: PLC0415 - see above

    kind = given.type
    if pa.types.is_string(kind):
        return amounts.read_amounts(trimmed(given), rules.decimal)
    gone = np.asarray(given.is_null())
    if pa.types.is_null(kind):
        return np.zeros(len(given), np.int64), gone, np.zeros(len(given), np.int8)
    if pa.types.is_floating(kind):
        plain = np.array(given.cast(pa.float64()).fill_null(np.nan))
        values, none, faults = amounts.of_floats(plain)
        return values, gone | none, faults
    if pa.types.is_integer(kind):
        most = amounts.MOST // 1_000_000
        whole = np.array(given.fill_null(0))
        bad = (whole > most) | (whole.astype(np.int64) < -most)
        return np.where(bad, 0, whole).astype(np.int64) * 1_000_000, gone, bad.astype(np.int8)
    read = [
        amounts.read_amount("0" if one is None else format(one, "f")) for one in given.to_pylist()
    ]
    both = np.array(read, np.int64).reshape(-1, 2)
    return both[:, 0], gone, both[:, 1].astype(np.int8)


def _texter(given: Any) -> Callable[[int], str]:
    return lambda row: str(given[row].as_py()).strip(WHITE)


def _title(header: Header, place: int) -> str:
    for name, at in header.places.items():
        if at == place:
            return header.titles[name]
    return ""


def many(cells: int, width: int) -> str:
    """The words for too many fields."""
    return f"{cells} fields, but only {width} columns"


def empty(column: Column) -> str:
    """The words for an identifier that has to be there."""
    return f"{column.names[0]} is empty"


def wrong_time(fault: int, text: str) -> str:
    """The words for a time that cannot be read, or whose zone is not said."""
    if fault == moments.NO_ZONE:
        return f"a time without a zone: {short(text)}; write …+01:00, or name it with --timezone"
    return f"not a time: {short(text)}; write it as 2026-03-04T10:00:00+01:00"


def wrong_amount(fault: int, text: str) -> str:
    """The words for a quantity that is no number, or less than nothing."""
    return f"not a number: {short(text)}" if fault else f"a negative quantity: {short(text)}"


def wrong_code(kind: str, text: str) -> str:
    """The words for a code whose check digit is wrong."""
    return f"no {kind.upper()}: {short(text)} has a wrong length or check digit"


def backwards(start: int, end: int) -> str:
    """The words for a stay that ends before it begins."""
    return f"unpacked at {moments.shown(end)}, before it was packed at {moments.shown(start)}"


def short(text: str) -> str:
    """A cell as it is told, not too long and on one line.

    >>> short("a" * 100)[-2:]
    '…’'
    """
    return "‘" + (text if len(text) <= 40 else text[:39] + "…").replace("\n", " ") + "’"
