"""Columns of strings on disk: Arrow files in pieces of equal size, read where they lie."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from holdfast.kit.trace.ranges import Ints

PIECE_BITS = 18
PIECE = 1 << PIECE_BITS
"""Strings in one piece; all but the last are full, so an index finds its piece by a shift."""


MANY = 200_000
"""Strings from which on a column is read through instead of mapped, page by page, for good."""


class Texts:
    """One column of strings, memory-mapped: item i without reading the others.

    Sorted columns (`place_of`) are compared as UTF-8 bytes.
    """

    __slots__ = ("_given", "_lock", "_mapped", "_pieces", "_raw", "_unmapped", "count")

    def __init__(self, path: Path, count: int | None = None) -> None:
        """`count` is how many there are; without it the file is looked at now, not when asked."""
        import pyarrow as pa  # noqa: PLC0415 - a tenth of a second that only a trace has to pay

        self._lock = Lock()
        # Open from the start: the folder may be removed while somebody still asks.
        self._raw = pa.OSFile(str(path), "r")
        self._given = pa.memory_map(str(path), "r")
        self._mapped: Any = None
        self._unmapped: Any = None
        self._pieces: list[Any] = [None] * (-(-(count or 0) // PIECE))
        self.count = 0 if count is None else count
        if count is None:
            number = self._file().num_record_batches
            # Opened one by one when they are asked for: on a cold disk each takes its own reading.
            self._pieces = [None] * number
            self.count = (number - 1) * PIECE + len(self._piece(number - 1)) if number else 0

    def _file(self) -> Any:
        import pyarrow as pa  # noqa: PLC0415 - see above

        if self._mapped is None:
            self._mapped = pa.ipc.open_file(self._given)
        return self._mapped

    def _piece(self, number: int) -> Any:
        piece = self._pieces[number]
        if piece is None:
            with self._lock:
                piece = self._pieces[number] = self._file().get_batch(number).column(0)
        return piece

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, place: int) -> str:
        return str(self._piece(place >> PIECE_BITS)[place & (PIECE - 1)].as_py())

    def take(self, places: Ints) -> Any:
        """The strings at some places as one Arrow array; '' where the place is negative."""
        import pyarrow as pa  # noqa: PLC0415

        places = np.asarray(places, np.int64)
        order = np.argsort(places, kind="stable")
        inner = places[order]
        missing = int(np.searchsorted(inner, 0))
        found: list[Any] = [pa.array([""] * missing, pa.string())]
        ends = np.arange(1, len(self._pieces) + 1, dtype=np.int64) << PIECE_BITS
        stops = np.searchsorted(inner, ends).tolist()
        mapped = len(places) < MANY
        begin = missing
        for number, end in enumerate(stops):
            if end > begin:
                piece = self._piece(number) if mapped else self._read(number)
                found.append(piece.take(pa.array(inner[begin:end] & (PIECE - 1))))
                begin = end
        whole = pa.concat_arrays(found)
        count = np.arange(len(order))
        if np.array_equal(order, count):
            return whole
        back = np.empty(len(order), np.int64)
        back[order] = count
        return whole.take(pa.array(back))

    def near(self, text: str) -> int:
        """Where a string stands, or would stand, in a sorted column."""
        low, high = 0, self.count
        wanted = text.encode()
        while low < high:
            middle = (low + high) >> 1
            if self[middle].encode() < wanted:
                low = middle + 1
            else:
                high = middle
        return low

    def place_of(self, text: str) -> int | None:
        """Where a string stands in a sorted column, or None."""
        place = self.near(text)
        return place if place < self.count and self[place] == text else None

    def _read(self, number: int) -> Any:
        """One piece read, to be given up again: nothing of it stays mapped."""
        import pyarrow as pa  # noqa: PLC0415

        with self._lock:
            if self._unmapped is None:
                self._unmapped = pa.ipc.open_file(self._raw)
            return self._unmapped.get_batch(number).column(0)

    def pieces(self) -> Iterable[Any]:
        """The column as Arrow arrays, in order."""
        return (self._piece(number) for number in range(len(self._pieces)))


def write_texts(
    path: Path, batches: Iterable[Any], *, see: Callable[[Any], None] | None = None
) -> int:
    """Write a column from Arrow arrays of strings of any size; `see` is shown every full piece."""
    import pyarrow as pa  # noqa: PLC0415

    count = 0
    waiting: list[Any] = []
    held = 0
    with (
        pa.OSFile(str(path), "wb") as handle,
        pa.ipc.new_file(handle, pa.schema([("text", pa.string())])) as writer,
    ):

        def put(piece: Any) -> None:
            writer.write_batch(pa.record_batch([piece], names=["text"]))
            if see is not None:
                see(piece)

        for batch in batches:
            waiting.append(batch if batch.type == pa.string() else batch.cast(pa.string()))
            held += len(batch)
            count += len(batch)
            if held < PIECE:
                continue
            whole = pa.concat_arrays(waiting)
            full = held - held % PIECE
            for begin in range(0, full, PIECE):
                put(pa.concat_arrays([whole.slice(begin, PIECE)]))
            waiting, held = [whole.slice(full)], held - full
        if held:
            put(pa.concat_arrays(waiting))
    return count
