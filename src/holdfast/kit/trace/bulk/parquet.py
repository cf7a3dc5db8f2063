"""Chunks of rows out of a Parquet file; a row's number stands for its line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from holdfast.kit.refusals import Unreadable
from holdfast.kit.trace.bulk.header import Header, Wishes, read_header
from holdfast.kit.trace.bulk.rows import NUL, Chunk, Fault
from holdfast.kit.trace.tables import Column, Table

ROWS = 262_144


class Parquet:
    """A Parquet file of one table. Raises `Unreadable` where it is none, or of another make."""

    def __init__(self, path: Path, table: Table, wishes: Wishes) -> None:
        import pyarrow.parquet as pq  # noqa: PLC0415 - the command line wakes without Arrow

        self.path = path
        with self._readable():
            self.file = pq.ParquetFile(path)
            titles = self.file.schema_arrow.names
        self.header: Header = read_header(table, titles, wishes, str(path))
        for column in table.columns:
            if column.name in self.header.places:
                self._ask_type(column, self.file.schema_arrow.field(self._place(column)).type)
        self.rows = self.file.metadata.num_rows
        self.read = 0

    @property
    def read_share(self) -> float:
        return self.read / self.rows if self.rows else 1.0

    def chunks(self) -> Iterator[Chunk]:
        """Every row, in pieces of bounded size."""
        import numpy as np  # noqa: PLC0415 - see above

        wanted = {self.header.titles[name]: name for name in self.header.places}
        with self._readable(), self.file as file:
            for piece in file.iter_batches(ROWS, columns=list(wanted)):
                columns = {
                    name: self._plain(piece.column(title), name) for title, name in wanted.items()
                }
                lines = np.arange(self.read + 1, self.read + piece.num_rows + 1)
                self.read += piece.num_rows
                faults = self._nul_bytes(columns)
                yield Chunk(
                    lines,
                    columns,
                    faults,
                    lambda at, p=piece: "\t".join(_shown(p, at)),  # type: ignore[misc]
                )

    def _place(self, column: Column) -> int:
        return self.header.places[column.name]

    def _ask_type(self, column: Column, kind: Any) -> None:
        """Refuse a column whose type can hold no such thing, since every row would be wrong."""
        import pyarrow as pa  # noqa: PLC0415 - see above

        types = pa.types
        if types.is_dictionary(kind):
            kind = kind.value_type
        text = types.is_string(kind) or types.is_large_string(kind) or types.is_null(kind)
        text = text or types.is_string_view(kind)
        number = types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind)
        fits = {
            "id": text or types.is_integer(kind) or types.is_binary(kind),
            "time": text or types.is_timestamp(kind) or types.is_date(kind),
            "quantity": text or number,
        }[column.kind]
        if not fits:
            what = {"id": "a text", "time": "a time", "quantity": "a number"}[column.kind]
            raise Unreadable(
                "wrong_type",
                f"The column {self.header.titles[column.name]} of {self.path} is {kind}, "
                f"not {what}.",
                file=str(self.path),
                column=self.header.titles[column.name],
                hint="Write identifiers as strings, times as timestamps with a zone, quantities "
                "as numbers.",
            )

    def _plain(self, column: Any, name: str) -> Any:
        """Texts as plain strings, other types as they are."""
        import pyarrow as pa  # noqa: PLC0415 - see above

        kind = column.type
        if pa.types.is_dictionary(kind):
            column = column.dictionary_decode()
            kind = column.type
        is_text = pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
        is_id = any(one.name == name for one in self.header.table.of_kind("id"))
        if is_text or (is_id and not pa.types.is_string(kind)):
            column = column.cast(pa.string())
        return column

    def _nul_bytes(self, columns: dict[str, Any]) -> dict[int, Fault]:
        import numpy as np  # noqa: PLC0415 - see above
        import pyarrow as pa  # noqa: PLC0415 - see above
        import pyarrow.compute as pc  # noqa: PLC0415 - see above

        faults: dict[int, Fault] = {}
        for name in sorted(columns, key=self.header.places.__getitem__):
            column = columns[name]
            if not pa.types.is_string(column.type) or column.buffers()[2] is None:
                continue
            if (np.frombuffer(column.buffers()[2], np.uint8) == 0).any():
                for row in np.flatnonzero(pc.match_substring(column.fill_null(""), "\0")):
                    faults.setdefault(int(row), Fault(self.header.titles[name], NUL))
        return faults

    @contextmanager
    def _readable(self) -> Iterator[None]:
        import pyarrow as pa  # noqa: PLC0415 - see above

        try:
            yield
        except (pa.ArrowException, OSError, ValueError) as error:
            why = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
            raise Unreadable(
                "parquet_unreadable",
                f"{self.path} cannot be read as Parquet: {why}",
                file=str(self.path),
                hint="Copy or export the file again and compare its size.",
            ) from None


def _shown(piece: Any, at: int) -> list[str]:
    cells = (column[at].as_py() for column in piece.columns)
    return ["" if cell is None else str(cell) for cell in cells]
