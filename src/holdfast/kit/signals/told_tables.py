"""Tables of a history: any separator and encoding, headings in any spelling, days in any order."""

from __future__ import annotations

import csv
import gzip
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date
from itertools import zip_longest
from pathlib import Path
from typing import IO

from holdfast.kit.refusals import Unreadable
from holdfast.kit.tables import DateReader, open_table
from holdfast.kit.tables.values import two_ways

LARGEST_CELL = 50_000_000
YEARS = range(1970, 2201)  # a day outside is a slip of the pen
DAYS = ("Report Date", "Publication Date", "recall_date")
NO_TABLE = frozenset({"file_empty", "no_header", "not_a_table"})
MIXED = frozenset({"mixed_encodings", "undecodable"})
MONTHS = 12
_MONTH_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")

Rows = Callable[[], Iterable[tuple[int, list[str]]]]


def told_rows(
    path: Path, needed: tuple[str, ...], others: Sequence[str] = ()
) -> Iterator[tuple[int, dict[str, str]]]:
    """`(line, row)` of a table; `needed` and `others` are the names its columns get.

    Days of which any has a first number above twelve, and none a second, become ISO days here: who
    writes 25/12/2018 means the day first everywhere in that file.

    Raises:
        Unreadable: no table, cut off, or a column that is needed is missing or there twice.
    """
    known = {_folded(name): name for name in (*needed, *others)}
    columns, rows = _opened_table(path, needed)
    names = [known.get(_folded(column), column) for column in columns]
    if missing := [name for name in needed if name not in names]:
        raise _without(path, ", ".join(missing))
    if twice := [name for name in needed if names.count(name) > 1]:
        raise Unreadable(
            "columns_twice",
            f"{path.name} has two columns {', '.join(twice)}.",
            hint="Leave the one that is meant.",
            file=path.name,
        )
    places = [at for at, name in enumerate(names) if name in DAYS]
    try:
        day_first = _is_day_first(rows(), places)
        for line, cells in rows():
            if day_first:
                cells = [_iso(one) if at in places else one for at, one in enumerate(cells)]
            row = dict(zip_longest(names, cells[: len(names)], fillvalue=""))
            yield line, {name: cell.replace("\0", "") for name, cell in row.items()}
    except Unreadable as error:
        raise _of(path, error) from error
    except (OSError, EOFError, zlib.error, csv.Error) as error:
        raise _broken(path, error) from error


def opened(path: Path) -> IO[str]:
    """The text of a file, perhaps packed; what is no UTF-8 in it is replaced."""
    unpack = gzip.open if path.suffix == ".gz" else open
    return unpack(path, "rt", encoding="utf-8-sig", errors="replace", newline="")


def told_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Each line that is not empty, with its number. Raises `Unreadable`."""
    try:
        with opened(path) as lines:
            yield from ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    except (OSError, EOFError, zlib.error) as error:
        raise _broken(path, error) from error


def day_of(text: str | None) -> date:
    """The day of `3/11/2011`, `2011-03-11`, `11-Mar-2011`, `March 11, 2011`, with a time or not.

    Raises:
        ValueError: it is none, or of no year that anybody reports in.
    """
    said = (text or "").strip()
    try:
        if found := _MONTH_FIRST.match(said):
            month, day, year = (int(part) for part in found.groups())
            on = date(year, month, day)
        else:
            on = date.fromisoformat(said[:10])
    except ValueError:
        read = DateReader("mdy", UTC).read(said)
        if read is None:
            raise ValueError("no day") from None
        on = read.date()
    if on.year not in YEARS:
        raise ValueError("no day")
    return on


def _opened_table(path: Path, needed: tuple[str, ...]) -> tuple[Sequence[str], Rows]:
    if path.suffix == ".gz":
        with path.open("rb") as file:
            if file.read(2) != b"\x1f\x8b":
                raise _broken(path, "it is not packed")
    known = {_folded(name) for name in needed}
    try:
        table = open_table(path, score=lambda cells: sum(_folded(one) in known for one in cells))
    except Unreadable as error:
        if error.code in NO_TABLE:
            raise _without(path, ", ".join(needed)) from error
        if error.code not in MIXED:
            raise _of(path, error) from error
    else:
        return table.columns, table.rows
    # A few bytes of another encoding are no reason to know nothing of all other rows.
    csv.field_size_limit(LARGEST_CELL)
    with opened(path) as lines:
        first = next(csv.reader(line.replace("\0", "") for line in lines), [])

    def rows() -> Iterator[tuple[int, list[str]]]:
        with opened(path) as lines:
            table = csv.reader(line.replace("\0", "") for line in lines)
            next(table, None)
            yield from ((table.line_num, cells) for cells in table if cells)

    return first, rows


def _is_day_first(rows: Iterable[tuple[int, list[str]]], places: Sequence[int]) -> bool:
    if not places:
        return False
    said = (two_ways(cells[at]) for _line, cells in rows for at in places if at < len(cells))
    pairs = [pair for pair in said if pair is not None and max(pair) > MONTHS]
    return bool(pairs) and all(second <= MONTHS for _first, second in pairs)


def _iso(text: str) -> str:
    read = DateReader("dmy", UTC).read(text) if two_ways(text) else None
    return read.date().isoformat() if read else text


def _folded(name: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", name.casefold()))


def _without(path: Path, names: str) -> Unreadable:
    return Unreadable(
        "columns_missing",
        f"{path.name} has no column {names}.",
        hint="Its first line names the columns.",
        file=path.name,
    )


def _broken(path: Path, why: object) -> Unreadable:
    return Unreadable("file_unreadable", f"{path.name} cannot be read: {why}.", file=path.name)


def _of(path: Path, error: Unreadable) -> Unreadable:
    """The same refusal, with the file called as it is called in its folder."""
    said = error.message.replace(str(path), path.name)
    return Unreadable(error.code, said, hint=error.hint, file=path.name, line=error.line)
