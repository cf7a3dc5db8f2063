"""The portable layout: what the engine worked out when rows came in, as sorted Parquet files.

    lot_lines    rows that name their lot, lot after lot
    shelf_lines  rows that name none, piece after piece; `again` is a second piece, or -1: that of
                 their site, which decides where no lot of the first is affected
    pieces       runs of such rows that may have come from the same lots; how many, how much
    stays        from lot to pieces: first_piece <= piece < last_piece of one shelf
    lot_skus     under which SKUs a lot was received
    lot_graph    which lot went into which; small enough to be walked in memory by whoever asks

A shelf is one SKU in one container or at one site, a piece a run of its rows between two arrivals
or departures. What depends on time (containers in containers, residence windows, sites nobody wrote
down) is settled in the pieces, so that no engine has to compare times when it is asked.
`quantity` is in units; `received` in millionths, summed exactly. Times are UTC without a zone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from holdfast.kit.trace.bulk.amounts import as_decimals
from holdfast.kit.trace.published.layout import Published
from holdfast.kit.trace.ranges import Ints, spread
from holdfast.kit.trace.values import BEGINNING

AT_ONCE = 1 << 18
"""Rows that are put together in memory, and that make one row group."""
FILE_ROWS = 16 * AT_ONCE
"""Rows of one file: what many machines share among themselves, and what one of them reads."""

LINE = {
    "line": "string", "order": "string", "customer": "string", "sku": "string",
    "container": "string", "site": "string", "shipped_at": "timestamp", "quantity": "decimal",
}  # fmt: skip
SCHEMAS: Mapping[str, Mapping[str, str]] = {
    "lot_lines": {"lot": "string", **LINE},
    "shelf_lines": {"piece": "int64", "again": "int64", **LINE},
    "pieces": {
        "piece": "int64", "shelf": "int64", "kind": "string", "sku": "string", "lots": "int64",
        "received": "int64", "is_known": "boolean", "is_bare": "boolean",
    },
    "stays": {
        "lot": "string", "shelf": "int64", "first_piece": "int64", "last_piece": "int64",
        "counts": "int64", "received": "int64",
    },
    "lot_skus": {"lot": "string", "sku": "string"},
    "lot_graph": {"input_lot": "string", "output_lot": "string"},
}  # fmt: skip
"""Table -> column -> kind. `kind` of a piece is container, window, or none: nothing on record."""


def write_portable(
    published: Published,
    folder: Path,
    *,
    told: Callable[[str], None] = lambda _: None,
    file_rows: int = FILE_ROWS,
) -> dict[str, int]:
    """Write each table as a folder of Parquet files; table -> rows. `folder` must be empty."""
    published.read_on()
    source = _Source(published)
    written = {}
    for name in SCHEMAS:
        written[name] = _write(folder / name, name, getattr(source, name)(), file_rows)
        told(f"{written[name]:,} {name}")
    return written


def _write(folder: Path, name: str, pieces: Iterator[list[Any]], file_rows: int) -> int:
    import pyarrow as pa  # noqa: PLC0415 - a tenth of a second, and not every trace needs it
    import pyarrow.parquet as pq  # noqa: PLC0415

    schema = arrow_schema(name)
    folder.mkdir(parents=True)
    rows, files, writer = 0, 0, None
    try:
        for columns in pieces:
            if writer is None:
                writer = pq.ParquetWriter(
                    folder / f"part-{files:05}.parquet", schema, compression="zstd"
                )
            made = [
                one.cast(field.type) if isinstance(one, pa.Array) else pa.array(one, field.type)
                for one, field in zip(columns, schema, strict=True)
            ]
            writer.write_table(pa.table(made, schema=schema))
            rows += len(made[0])
            if rows >= (files + 1) * file_rows:
                writer.close()
                writer, files = None, files + 1
        if not rows:
            pq.write_table(schema.empty_table(), folder / "part-00000.parquet")
    finally:
        if writer is not None:
            writer.close()
    return rows


def arrow_schema(name: str) -> Any:
    """The Arrow schema of one table."""
    import pyarrow as pa  # noqa: PLC0415

    types = {
        "string": pa.string(), "int64": pa.int64(), "boolean": pa.bool_(),
        "timestamp": pa.timestamp("us"), "decimal": pa.decimal128(18, 6),
    }  # fmt: skip
    return pa.schema([(column, types[kind]) for column, kind in SCHEMAS[name].items()])


class _Source:
    """Each table of the layout from one generation, some rows at a time, as lists of columns."""

    def __init__(self, published: Published) -> None:
        self.published, self.own, self.names = published, published.arrays, published.names
        self.step = published.received_step

    def lot_lines(self) -> Iterator[list[Any]]:
        own = self.own
        # Lots are numbered in the order of their names, so this is sorted by name as well.
        groups = np.asarray(own.named_of_lot, np.int64)
        starts, ends = own.named_row[groups].astype(np.int64), own.named_row[groups + 1]
        for low, high in _parts(ends - starts):
            rows = spread(starts[low:high], ends[low:high])
            group = np.repeat(groups[low:high], (ends - starts)[low:high])
            for begin in range(0, len(rows), AT_ONCE):
                near = slice(begin, begin + AT_ONCE)
                lot, sku = own.named_lot[group[near]], own.named_sku[group[near]]
                yield [self.names.lots.take(lot), *self._lines(rows[near], sku)]

    def shelf_lines(self) -> Iterator[list[Any]]:
        own, published = self.own, self.published
        for begin in range(published.first_boxed, published.rows, AT_ONCE):
            rows = np.arange(begin, min(begin + AT_ONCE, published.rows))
            piece = published.pieces_of(rows)
            shelf = np.searchsorted(own.shelf_piece, piece, side="right") - 1
            again = published.again_pieces_of(rows)
            yield [piece, again, *self._lines(rows, own.shelf_sku[shelf])]

    def _lines(self, rows: Ints, sku: Ints) -> list[Any]:
        import pyarrow as pa  # noqa: PLC0415

        own, names = self.own, self.names
        shipped = own.shipped[rows]
        quantity = self.published.quantities(rows, rows + 1) * self.published.quantity_step
        return [
            names.line.take(rows),
            names.order.take(rows),
            names.customers.take(own.customer[rows]),
            names.skus.take(sku),
            names.containers.take(own.container[rows]),
            names.sites.take(own.site[rows]),
            pa.array(shipped, pa.timestamp("us"), mask=shipped < BEGINNING),
            as_decimals(quantity, np.isin(rows, own.unsaid_row)),
        ]

    def pieces(self) -> Iterator[list[Any]]:
        own = self.own
        boxed = own.shelf_piece[self.published.boxed_shelves]
        for begin in range(0, len(own.piece_lots), AT_ONCE):
            piece = np.arange(begin, min(begin + AT_ONCE, len(own.piece_lots)))
            shelf = np.searchsorted(own.shelf_piece, piece, side="right") - 1
            lots = own.piece_lots[piece]
            kind = np.where(piece < boxed, "container", np.where(lots > 0, "window", "none"))
            sku = self.names.skus.take(own.shelf_sku[shelf])
            received, is_known = self.published.received(own.piece_quantity[piece])
            is_bare = self.published.is_bare(piece)
            yield [piece, shelf, kind, sku, lots, received * self.step, is_known, is_bare]

    def stays(self) -> Iterator[list[Any]]:
        own = self.own
        for begin in range(0, len(own.span_first), AT_ONCE):
            span = np.arange(begin, min(begin + AT_ONCE, len(own.span_first)))
            lot = np.searchsorted(own.span_of_lot_start, span, side="right") - 1
            first, last = own.span_first[span], own.span_last[span]
            shelf = np.searchsorted(own.shelf_piece, first, side="right") - 1
            yield [
                self.names.lots.take(lot), shelf, first, last,
                own.span_counts[span].astype(np.int64),
                np.maximum(own.span_quantity[span], 0) * self.step,
            ]  # fmt: skip

    def lot_skus(self) -> Iterator[list[Any]]:
        own = self.own
        for begin in range(0, len(own.sku_of_lot), AT_ONCE):
            pair = np.arange(begin, min(begin + AT_ONCE, len(own.sku_of_lot)))
            lot = np.searchsorted(own.sku_of_lot_start, pair, side="right") - 1
            yield [self.names.lots.take(lot), self.names.skus.take(own.sku_of_lot[pair])]

    def lot_graph(self) -> Iterator[list[Any]]:
        own = self.own
        for begin in range(0, len(own.forth_to), AT_ONCE):
            arrow = np.arange(begin, min(begin + AT_ONCE, len(own.forth_to)))
            lot = np.searchsorted(own.forth_start, arrow, side="right") - 1
            yield [self.names.lots.take(lot), self.names.lots.take(own.forth_to[arrow])]


def _parts(sizes: Ints) -> Iterator[tuple[int, int]]:
    """Cut groups so that each part has about AT_ONCE rows; one big group is a part of its own."""
    if not len(sizes):
        return
    part = np.cumsum(sizes) // AT_ONCE
    edges = [0, *(np.flatnonzero(part[1:] != part[:-1]) + 1).tolist(), len(sizes)]
    yield from pairwise(edges)
