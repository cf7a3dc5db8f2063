"""Chunks of rows out of a delimited file, each row with its line number.

What `kit.tables` makes of a file holds: encodings, separators, quotes, tails, bombs. Blocks without
a quote, which are nearly all, are split by Arrow instead, with the same outcome.
"""

from __future__ import annotations

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
        self.short = self.full = 0
        self.last_is_short = False

    @property
    def sha256(self) -> str:
        return self.file.sha256

    @property
    def read_share(self) -> float:
        return self.source.read_share if self.source else self.file.read_share

    def chunks(self) -> Iterator[Chunk]:
        """Every row below the header. Raises `Unreadable` where the file is no table to its end."""
        plain = self.file.encoding in ("utf-8", "utf-8-sig", "ascii")
        if self.file.kind != "csv" or not plain or self.file.has_nul:
            yield from self._slowly(self.file.rows(), 0)
            return
        self.source = ByteSource(self.file.path, self.file.packed, LIMITS)
        blocks = _blocks(self.source.chunks())
        line = 1
        for block in blocks:
            if line == 1:
                block, line = self._below_header(block.removeprefix(MARK))
                if not line:
                    yield from self._slowly(self.file.rows(), 0)
                    return
            if b'"' in block or block.count(b"\r") != block.count(b"\r\n"):
                rest = _Source(chain((block,), blocks))
                yield from self._slowly(self._records(rest), line - 1)
                break
            yield from self._block(block, line)
            line += block.count(b"\n")
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

    def _block(self, block: bytes, line: int) -> Iterator[Chunk]:
        if not block.strip(b"\r\n"):
            return
        chunk = self._split(block, line)
        if chunk is not None:
            yield chunk
        else:
            yield from self._slowly(self._records(_Source(iter((block,)))), line - 1)

    def _split(self, block: bytes, line: int) -> Chunk | None:
        """The block by Arrow; None where a row has another number of fields than the header."""
        import numpy as np  # noqa: PLC0415 - pure parts of the kit do without it
        import pyarrow as pa  # noqa: PLC0415 - see above
        from pyarrow import csv as arrow_csv  # noqa: PLC0415 - see above

        names = [str(place) for place in range(self.header.width)]
        wanted = {str(place): name for name, place in self.header.places.items()}
        try:
            found = arrow_csv.read_csv(
                pa.py_buffer(block),
                read_options=arrow_csv.ReadOptions(
                    column_names=names, block_size=len(block) + 1, use_threads=False
                ),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=self.file.separator, quote_char=False, ignore_empty_lines=True
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
        ends = block.count(b"\n") + (not block.endswith(b"\n"))
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
                if self.file.has_nul and at not in faults:
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


def _blocks(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Blocks of whole lines."""
    held: list[bytes] = []
    size = 0
    for chunk in chunks:
        held.append(chunk)
        size += len(chunk)
        if size >= BLOCK:
            whole = b"".join(held)
            cut = whole.rfind(b"\n") + 1
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
