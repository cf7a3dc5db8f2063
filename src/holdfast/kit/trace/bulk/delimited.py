"""Chunks of rows out of a delimited file, each row with its line number.

What `kit.tables` makes of a file holds: encodings, separators, quotes, tails, bombs. Blocks without
a quote, which are nearly all, are split by Arrow instead, with the same outcome.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from holdfast.kit.refusals import Unreadable
from holdfast.kit.tables import Limits, open_table
from holdfast.kit.tables import Table as File
from holdfast.kit.tables.delimited import records, text_lines
from holdfast.kit.tables.opening import ByteSource
from holdfast.kit.trace.bulk.header import Header, Wishes, read_header, score, squeezed
from holdfast.kit.trace.bulk.rows import NUL, Chunk, Fault, many
from holdfast.kit.trace.tables import Table

LIMITS = Limits(unpacked_bytes=256 * 1024**3)
BLOCK = 8 * 1024**2
ROWS = 65_536
MARK = b"\xef\xbb\xbf"


class Delimited:
    """A delimited file (or a workbook) of one table."""

    def __init__(self, path: Path, table: Table, wishes: Wishes) -> None:
        known = set(score(table))
        self.file: File = open_table(
            path,
            score=lambda cells: sum(squeezed(cell)[0] in known for cell in cells),
            limits=LIMITS,
        )
        self.header: Header = read_header(table, self.file.columns, wishes, str(path))
        self.source: ByteSource | None = None
        # The survey of a file in UTF-16 cannot tell an empty byte from an empty letter.
        self.may_hold_nul = self.file.has_nul or self.file.encoding.startswith(("utf-16", "utf-32"))
        self.short = self.full = 0
        self.last_is_short = False

    @property
    def read_share(self) -> float:
        return self.source.read_share if self.source else self.file.read_share

    def chunks(self) -> Iterator[Chunk]:
        """Every row below the header. Raises `Unreadable` where the file is no table to its end."""
        if self.file.kind != "csv":
            yield from self._slowly(self.file.rows(), 0)
            return
        self.source = ByteSource(self.file.path, self.file.packed, LIMITS)
        blocks = _blocks(_in_utf_8(self.source.chunks(), self.file.encoding))
        first, line = self._below_header(next(blocks, b"").removeprefix(MARK))
        if not line:
            yield from self._slowly(self.file.rows(), 0)
            return
        for block in chain((first,), blocks):
            chunk = self._split(block, line) if block.strip(b"\r\n") else None
            while chunk is None and block.strip(b"\r\n"):
                try:
                    rows = list(self._records(_Source(iter((block,)))))
                    yield from self._slowly(iter(rows), line - 1)
                    break
                except Unreadable as fault:
                    # A quoted line break at the end of a block: the record goes on in the next.
                    more = next(blocks, b"") if fault.code == "file_truncated" else b""
                    if not more:
                        raise self._at(fault, line - 1) from None
                    block += more
            if chunk is not None:
                yield chunk
            line += _line_ends(block)
        self._ask_tail(line)

    def _below_header(self, block: bytes) -> tuple[bytes, int]:
        """The block without its lines up to the header, and the next line's number; 0 if unsure."""
        head = block.split(b"\n", self.file.header_line)
        if len(head) <= self.file.header_line or b"\r" in head[-2].rstrip(b"\r"):
            return block, 0
        titles = head[-2].decode("utf-8", "replace").rstrip("\r")
        row = next(csv.reader([titles], delimiter=self.file.separator), [])
        if len(row) != len(self.file.columns) or any(b'"' in line for line in head[:-2]):
            return block, 0
        return head[-1], self.file.header_line + 1

    def _split(self, block: bytes, line: int) -> Chunk | None:
        """The block by Arrow; None where it takes a closer look: odd quotes, other widths."""
        import numpy as np  # noqa: PLC0415 - pure parts of the kit do without it
        import pyarrow as pa  # noqa: PLC0415 - see above
        from pyarrow import csv as arrow_csv  # noqa: PLC0415 - see above

        quotes = _quoting(block, self.file.separator, letters=self.file.plain_quotes)
        if quotes is None or (self.may_hold_nul and b"\0" in block):
            return None
        names = [str(place) for place in range(self.header.width)]
        wanted = {str(place): name for name, place in self.header.places.items()}
        try:
            found = arrow_csv.read_csv(
                pa.py_buffer(block),
                read_options=arrow_csv.ReadOptions(
                    column_names=names, block_size=len(block) + 1, use_threads=False
                ),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=self.file.separator, quote_char=quotes, ignore_empty_lines=True
                ),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()),
                    include_columns=list(wanted),
                    strings_can_be_null=False,
                ),
            ).combine_chunks()
        except pa.ArrowInvalid:
            return None
        rows = found.num_rows
        ends = _count(block, b"\n") + (not block.endswith(b"\n"))
        lines = np.arange(line, line + rows)
        if ends != rows:
            filled = [at for at, one in enumerate(block.split(b"\n")) if one.rstrip(b"\r")]
            if len(filled) != rows:
                return None
            lines = np.array(filled) + line
        self.full += rows
        self.last_is_short = False
        columns = {wanted[name]: _whole(found.column(name)) for name in found.column_names}
        parts: list[bytes] = []

        def row(at: int) -> str:
            if not parts:
                parts.extend(block.split(b"\n"))
            return parts[int(lines[at]) - line].rstrip(b"\r").decode()

        return Chunk(lines, columns, {}, row)

    def _at(self, fault: Unreadable, before: int) -> Unreadable:
        """A fault of a block, told with the line in the file."""
        told = fault.line or 1
        words = fault.message.replace(f"line {told}", f"line {told + before}")
        words = words.replace(f"Line {told}", f"Line {told + before}")
        return Unreadable(fault.code, words, file=fault.file, line=told + before, hint=fault.hint)

    def _records(self, source: _Source) -> Iterator[tuple[int, list[str]]]:
        return records(
            self.file.path,
            text_lines(source, "utf-8"),  # type: ignore[arg-type]
            self.file.separator,
            plain_quotes=self.file.plain_quotes,
            limits=LIMITS,
        )

    def _slowly(self, rows: Iterator[tuple[int, list[str]]], before: int) -> Iterator[Chunk]:
        import numpy as np  # noqa: PLC0415 - see above
        import pyarrow as pa  # noqa: PLC0415 - see above

        width = self.header.width
        separator = self.file.separator or "\t"
        while found := list(islice(rows, ROWS)):
            lines = np.array([line for line, _ in found]) + before
            cells = [row for _, row in found]
            faults = {}
            for at, row in enumerate(cells):
                if len(row) != width:
                    if len(row) > width:
                        faults[at] = Fault("", many(len(row), width))
                    else:
                        self.short += 1
                        cells[at] = row + [""] * (width - len(row))
                if self.may_hold_nul and at not in faults:
                    place = next((i for i, cell in enumerate(row) if "\0" in cell), -1)
                    if place >= 0:
                        faults[at] = Fault(self._title(place), NUL)
            self.full += len(found) - sum(len(row) < width for _, row in found)
            self.last_is_short = len(found[-1][1]) < width
            columns = {
                name: pa.array([row[place] for row in cells], pa.string())
                for name, place in self.header.places.items()
            }
            raw = [row for _, row in found]
            yield Chunk(lines, columns, faults, lambda at, r=raw: separator.join(r[at]))  # type: ignore[misc]

    def _title(self, place: int) -> str:
        for name, at in self.header.places.items():
            if at == place:
                return self.header.titles[name]
        return ""

    def _ask_tail(self, line: int) -> None:
        """A last line that stops half-way, in a file of full lines, was cut off."""
        cut = not self.file._ends_with_newline and self.last_is_short
        if cut and self.full and self.short == 1:
            raise Unreadable(
                "file_truncated",
                f"{self.file.path} stops in the middle of line {line}: it has too few fields and "
                "no line end.",
                file=self.file.path,
                line=line,
                hint="The file was cut off. Download or export it again.",
            )


class _Source:
    """What `text_lines` needs of a source: its chunks."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks

    def chunks(self) -> Iterator[bytes]:
        return self._chunks


def _in_utf_8(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    if encoding in ("utf-8", "utf-8-sig", "ascii"):
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    for chunk in chunks:
        yield decoder.decode(chunk).encode()
    yield decoder.decode(b"", True).encode()


def _line_ends(block: bytes) -> int:
    """How many lines end in a block, by a line feed, a carriage return, or both."""
    ends = _count(block, b"\n")
    if b"\r" not in block:
        return ends
    return ends + _count(block, b"\r") - block.count(b"\r\n")


def _count(block: bytes, sign: bytes) -> int:
    """How often a byte stands in a block; several times as quick as `bytes.count`."""
    import numpy as np  # noqa: PLC0415 - see above

    return int(np.count_nonzero(np.frombuffer(block, np.uint8) == sign[0]))


def _quoting(block: bytes, separator: str, *, letters: bool) -> str | bool | None:
    """The quote sign for Arrow, False without quotes; None where Arrow might read them otherwise.

    Quotes are plain where each pair wraps one whole field that holds neither a quote nor a line
    break; then there is one way to read them.
    """
    import numpy as np  # noqa: PLC0415 - see above

    if b"\r" in block and _line_ends(block) != _count(block, b"\n"):
        return None
    if b'"' not in block:
        return False
    if letters:
        return None
    signs = np.frombuffer(b"\n" + block + b"\n", np.uint8)
    quotes = np.flatnonzero(signs == ord('"'))
    if len(quotes) % 2:
        return None
    opening, closing = quotes[::2], quotes[1::2]
    before, after = signs[opening - 1], signs[closing + 1]
    cut = ord(separator)
    whole = ((before == cut) | (before == 10)) & ((after == cut) | (after == 10) | (after == 13))
    ends = np.flatnonzero(signs == 10)
    on_one_line = np.searchsorted(ends, opening) == np.searchsorted(ends, closing)
    return '"' if bool((whole & on_one_line).all()) else None


def _blocks(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Blocks of whole lines."""
    held: list[bytes] = []
    size = 0
    for chunk in chunks:
        held.append(chunk)
        size += len(chunk)
        if size >= BLOCK:
            whole = b"".join(held)
            cut = whole.rfind(b"\n") + 1 or whole.rfind(b"\r", 0, -1) + 1
            if cut:
                yield whole[:cut]
                held = [whole[cut:]]
                size = len(whole) - cut
            else:
                held = [whole]
    rest = b"".join(held)
    if rest:
        yield rest


def _whole(column: Any) -> Any:
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
