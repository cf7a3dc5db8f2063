"""A file as one table: its columns, how it was read, and its rows with their line numbers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from holdfast.kit.refusals import Unreadable
from holdfast.kit.tables import delimited
from holdfast.kit.tables.opening import (
    DEFAULT_LIMITS,
    OLE_MAGIC,
    ZIP_MAGIC,
    ByteSource,
    Limits,
    magic,
    packing,
)
from holdfast.kit.tables.survey import survey
from holdfast.kit.tables.values import DateReader, NumberReader
from holdfast.kit.tables.workbook import Workbook

Row = tuple[int, list[str]]
Score = Callable[[list[str]], int]


@dataclass
class Table:
    """What `open_table` recognised; `rows()` may be called again for another pass."""

    path: str
    kind: str
    columns: tuple[str, ...]
    header_line: int
    sha256: str
    size: int
    encoding: str = ""
    separator: str = ""
    packed: str = ""
    sheet: str = ""
    other_sheets: tuple[str, ...] = ()
    has_nul: bool = False
    plain_quotes: bool = False
    notes: list[str] = field(default_factory=list)
    _ends_with_newline: bool = True
    _limits: Limits = DEFAULT_LIMITS
    _workbook: Workbook | None = None
    _source: ByteSource | None = None

    @property
    def read_share(self) -> float:
        """How much of the file the current pass has read, 0 to 1."""
        if self._workbook is not None:
            return self._workbook.read_share
        return self._source.read_share if self._source is not None else 0.0

    @property
    def separator_name(self) -> str:
        return delimited.SEPARATOR_NAMES.get(self.separator, self.separator)

    def rows(self) -> Iterator[Row]:
        """`(line, cells)` of every record after the header. Raises `Unreadable`."""
        if self._workbook is not None:
            records: Iterator[Row] = self._workbook.rows()
        else:
            self._source = ByteSource(self.path, self.packed, self._limits)
            records = delimited.records(
                self.path,
                delimited.text_lines(self._source, self.encoding),
                self.separator,
                plain_quotes=self.plain_quotes,
                limits=self._limits,
            )
        for line, _ in records:
            if line >= self.header_line:
                break
        if self._workbook is None and not self._ends_with_newline:
            return self._with_checked_tail(records)
        return records

    def record(self, cells: list[str]) -> str:
        """The cells as one record that can be put back into a file of this kind."""
        if self.plain_quotes or not self.separator:
            return (self.separator or "\t").join(cells)
        return delimited.record(cells, self.separator)

    def _with_checked_tail(self, records: Iterator[Row]) -> Iterator[Row]:
        """The rows; a last line that stops half-way, in a file of full lines, was cut off."""
        width = len(self.columns)
        line, cells, full, short = 0, 0, 0, 0
        for item in records:
            line, cells = item[0], len(item[1])
            full += cells >= width
            short += cells < width
            yield item
        if full and short == 1 and cells < width:
            raise Unreadable(
                "file_truncated",
                f"{self.path} stops in the middle of line {line}: it has {cells} of {width} "
                "fields and no line end.",
                file=self.path,
                line=line,
                hint="The file was cut off. Download or export it again.",
            )


def open_table(
    path: str | os.PathLike[str],
    *,
    score: Score | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    sheet: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Table:
    """Recognise the file: packing, encoding, separator, header. Raises `Unreadable`.

    `score` counts the column names it knows in a record; it tells a header from a title line.
    """
    name = os.fspath(path)
    score = score or _no_knowledge
    head = magic(name)
    if head.startswith(OLE_MAGIC):
        raise Unreadable(
            "not_a_table",
            f"{name} is an old Excel file (XLS) or a protected workbook.",
            file=name,
            hint="Open it and save it as XLSX or CSV.",
        )
    if head.startswith(ZIP_MAGIC):
        return _open_workbook(name, score, sheet, limits)
    return _open_text(name, packing(head), score, encoding, separator, limits)


def _no_knowledge(record: list[str]) -> int:
    del record
    return 0


def _open_text(
    path: str,
    packed: str,
    score: Score,
    encoding: str | None,
    separator: str | None,
    limits: Limits,
) -> Table:
    found = survey(ByteSource(path, packed, limits), encoding, limits)
    sample = found.sample.decode(found.encoding, "ignore")
    whole = len(found.sample) < 256 * 1024
    announced = delimited.announced_separator(sample)
    if separator and (len(separator) > 1 or separator in '"\r\n\0'):
        raise Unreadable(
            "separator_unknown",
            f"{separator!r} cannot separate columns: that takes one character, and no quote.",
            file=path,
            hint="Try , or ; or | or tab, or leave it out to have it found.",
        )
    if separator or announced:
        chosen, at, letters = separator or announced, int(bool(announced)), False
    else:
        chosen, at, letters = delimited.sniff(sample, whole=whole, score=score)
        # One column alone is still a table if its name is known (the rest may come from --set).
        first = next((line for line in sample.splitlines() if line.strip()), "")
        if not chosen and score([first.strip().strip('"')]):
            chosen = ","
    if not chosen:
        raise Unreadable(
            "no_header",
            f"{path} shows no columns: no comma, semicolon, tab or pipe separates its first line.",
            file=path,
            line=1,
            hint="The first line must name the columns, for example: order,product,quantity.",
        )
    table = Table(
        path=path,
        kind="csv",
        columns=(),
        header_line=1,
        sha256=found.sha256,
        size=os.path.getsize(path),
        encoding=found.encoding,
        separator=chosen,
        packed=packed,
        has_nul=found.has_nul,
        plain_quotes=letters,
        _ends_with_newline=found.ends_with_newline,
        _limits=limits,
    )
    source = ByteSource(path, packed, limits)
    records = delimited.records(
        path,
        delimited.text_lines(source, found.encoding),
        chosen,
        plain_quotes=letters,
        limits=limits,
    )
    _take_header(table, records, at, score)
    return table


def _open_workbook(path: str, score: Score, sheet: str | None, limits: Limits) -> Table:
    import hashlib  # noqa: PLC0415 - used only here

    book = Workbook(path, sheet, limits)
    first: list[Row] = []
    for row in book.rows():
        first.append(row)
        if len(first) == 10:
            break
    if not first:
        raise Unreadable(
            "file_empty",
            f"The sheet {book.sheet_name!r} of {path} is empty.",
            file=path,
            hint="Check which sheet holds the table.",
        )
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    table = Table(
        path=path,
        kind="xlsx",
        columns=(),
        header_line=1,
        sha256=digest,
        size=os.path.getsize(path),
        encoding="utf-8",
        sheet=book.sheet_name,
        other_sheets=book.other_sheets,
        notes=book.notes,
        has_nul=False,
        _limits=limits,
        _workbook=book,
    )
    at = delimited.header_index([cells for _, cells in first], score)
    _take_header(table, iter(first), at, score)
    return table


def _take_header(table: Table, records: Iterator[Row], at: int, score: Score) -> None:
    line, cells = next(islice(records, at, None), (0, list[str]()))
    columns = [cell.strip().lstrip("\ufeff") for cell in cells]
    while columns and not columns[-1] and table.kind == "xlsx":
        columns.pop()
    named = [column for column in columns if column]
    is_data = looks_like_values(named) and score(cells) < 2
    if not named or is_data or any("\0" in column for column in columns):
        raise Unreadable(
            "no_header",
            f"Line {line or 1} of {table.path} does not name columns: "
            f"{', '.join(repr(column) for column in columns[:6])}.",
            file=table.path,
            line=line or 1,
            hint="The first line must name the columns, for example: order,product,quantity.",
        )
    table.columns, table.header_line = tuple(columns), line
    if at:
        table.notes.append(f"The column names stand on line {line}; lines above it are skipped.")


def looks_like_values(cells: Sequence[str]) -> bool:
    """True when a record looks like a row of values: a third or more are numbers or dates."""
    from datetime import UTC  # noqa: PLC0415

    number, date = NumberReader(), DateReader("dmy", UTC)
    values = sum(number.read(cell) is not None or date.read(cell) is not None for cell in cells)
    return values * 3 >= len(cells)
