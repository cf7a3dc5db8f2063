"""Columns that are too long for memory, kept in files while a generation is built.

A file that is mapped needs no memory of its own: the system keeps what is looked at and may drop
it again. So building takes the same memory for any number of order lines, and only more disk.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from holdfast.kit.trace.ranges import Ints

if TYPE_CHECKING:
    import duckdb

BATCH = 1 << 18


class Scratch:
    """A folder of such columns; leaving it removes them, and nothing read from them may be kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._number = 0

    def __enter__(self) -> Scratch:
        self.folder.mkdir(mode=0o700)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self) -> Path:
        """A name nobody has."""
        self._number += 1
        return self.folder / f"{self._number:04d}.raw"

    def fetch(self, con: duckdb.DuckDBPyConnection, sql: str) -> dict[str, Ints]:
        """The columns of an answer, all whole numbers without NULL."""
        reader = con.sql(sql).to_arrow_reader(BATCH)
        columns = [Column(self.path(), str(field.type)) for field in reader.schema]
        for batch in reader:
            for column, values in zip(columns, batch.columns, strict=True):
                column.add(values.to_numpy(zero_copy_only=False))
        return dict(zip(reader.schema.names, (column.whole() for column in columns), strict=True))

    def keep(self, values: Ints) -> Ints:
        """The same numbers, no longer in memory."""
        column = Column(self.path(), values.dtype.str)
        column.add(values)
        return column.whole()

    def text_column(self) -> TextColumn:
        """A column of strings to be filled."""
        return TextColumn(self.path(), self.path())


class Column:
    """Numbers written one batch after the other, then read as one array."""

    def __init__(self, place: Path, kind: str) -> None:
        self.place, self.kind = place, np.dtype(kind)
        self._handle: IO[bytes] | None = place.open("wb")

    def add(self, values: Ints) -> None:
        """Append a batch."""
        assert self._handle is not None
        np.ascontiguousarray(values, self.kind).tofile(self._handle)

    def whole(self) -> Ints:
        """Everything that was added; nothing can be added any more."""
        if self._handle is not None:
            self._handle.close()
            self._handle = None
        if not os.path.getsize(self.place):
            return np.empty(0, self.kind)
        return np.asarray(np.memmap(self.place, self.kind, "r"))


class TextColumn:
    """Strings written one Arrow array after the other, then read as one."""

    def __init__(self, ends: Path, letters: Path) -> None:
        self._ends, self._letters = Column(ends, "int64"), Column(letters, "uint8")
        self._ends.add(np.zeros(1, np.int64))
        self._size = self._count = 0

    def add(self, piece: Any) -> None:
        """Append an Arrow array of strings."""
        if not len(piece):
            return
        _, places, letters = piece.buffers()
        ends = np.frombuffer(places, np.int32)[piece.offset : piece.offset + len(piece) + 1]
        first, last = int(ends[0]), int(ends[-1])
        self._ends.add(ends[1:].astype(np.int64) + (self._size - first))
        if last > first:
            self._letters.add(np.frombuffer(letters, np.uint8)[first:last])
        self._size += last - first
        self._count += len(piece)

    def whole(self) -> Any:
        """All of them as one Arrow array of large strings."""
        import pyarrow as pa  # noqa: PLC0415 - only building needs it

        buffers = [None, pa.py_buffer(self._ends.whole()), pa.py_buffer(self._letters.whole())]
        return pa.LargeStringArray.from_buffers(self._count, buffers[1], buffers[2])


def in_parts(order: Ints, size: int = 1 << 20) -> Iterator[Ints]:
    """An order of rows a few at a time."""
    for low in range(0, len(order), size):
        yield order[low : low + size]
