"""The Parquet files of the log: the same rows, written the same way, are the same bytes."""

from __future__ import annotations

import os
from collections.abc import Iterable
from hashlib import file_digest
from pathlib import Path
from typing import Any

from holdfast.kit.trace.tables import Table, arrow_schema

ROWS_A_GROUP = 262_144
SELDOM_TWICE = ("line", "order")
"""Columns where a dictionary or a range of values would be made in vain."""


class Writer:
    """Writes one Parquet file of a table; it has its name only once it is whole."""

    def __init__(self, path: Path, schema: Any) -> None:
        import pyarrow.parquet as pq  # noqa: PLC0415 - the command line wakes without Arrow

        self.path, self.schema, self.rows = path, schema, 0
        self.fresh = path.with_name(f".{path.name}.new")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._writer = pq.ParquetWriter(
            self.fresh,
            schema,
            compression="zstd",
            compression_level=1,
            version="2.6",
            **_encodings(schema),
        )

    def write(self, rows: Any) -> None:
        """Add an Arrow table or record batch of the schema."""
        import pyarrow as pa  # noqa: PLC0415 - see above

        table = pa.Table.from_batches([rows]) if isinstance(rows, pa.RecordBatch) else rows
        if table.num_rows:
            self._writer.write_table(table, row_group_size=ROWS_A_GROUP)
            self.rows += table.num_rows

    def finish(self) -> Path:
        """Make it durable and give it its name."""
        self._writer.close()
        sync_file(self.fresh)
        self.fresh.replace(self.path)
        return self.path

    def abandon(self) -> None:
        """Leave nothing behind."""
        self._writer.close()
        self.fresh.unlink(missing_ok=True)


def _encodings(schema: Any) -> dict[str, Any]:
    """What suits each kind of column: names come again, times lie close together."""
    import pyarrow as pa  # noqa: PLC0415 - see above

    texts = [one.name for one in schema if pa.types.is_string(one.type)]
    times = [one.name for one in schema if pa.types.is_timestamp(one.type)]
    return {
        "use_dictionary": [name for name in texts if name not in SELDOM_TWICE],
        "write_statistics": [name for name in schema.names if name not in SELDOM_TWICE],
        "column_encoding": dict.fromkeys(times, "DELTA_BINARY_PACKED"),
    }


def write_rows(path: Path, schema: Any, pieces: Iterable[Any]) -> Path:
    """A file of all pieces."""
    writer = Writer(path, schema)
    try:
        for piece in pieces:
            writer.write(piece)
        return writer.finish()
    except BaseException:
        writer.abandon()
        raise


def rows_without(path: Path, gone: Any) -> Iterable[Any]:
    """The rows of a file without those at the sorted numbers `gone`, group by group."""
    import numpy as np  # noqa: PLC0415 - see above
    import pyarrow as pa  # noqa: PLC0415 - see above
    import pyarrow.parquet as pq  # noqa: PLC0415 - see above

    begin = 0
    with pq.ParquetFile(path) as file:
        for piece in file.iter_batches(ROWS_A_GROUP):
            end = begin + piece.num_rows
            first, last = np.searchsorted(gone, (begin, end))
            keep = np.ones(piece.num_rows, bool)
            keep[gone[first:last] - begin] = False
            yield piece.filter(pa.array(keep))
            begin = end


def row_count(path: Path) -> int:
    """How many rows a Parquet file has; only its end is read."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - see above

    return int(pq.read_metadata(path).num_rows)


def rows_in(path: Path) -> int:
    """How many rows a Parquet file has; -1 where it is none, or not there."""
    import pyarrow as pa  # noqa: PLC0415 - see above

    try:
        return row_count(path)
    except (OSError, pa.ArrowException):
        return -1


def ask_schema(path: Path, table: Table) -> None:
    """Raises ValueError where a file has other columns than its table."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - see above

    found = pq.read_schema(path)
    if not found.equals(arrow_schema(table), check_metadata=False):
        raise ValueError(f"{path} is not made as {table.name} are: {found}")


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as handle:
        return file_digest(handle, "sha256").hexdigest()


def sync_file(path: Path) -> None:
    """Make the content of a file survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
