"""The rows of an answer as a table: Arrow in pieces, CSV that no spreadsheet runs, Parquet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from holdfast.kit.trace.paths import Paths, deciding_pieces
from holdfast.kit.trace.ranges import Ints, spread
from holdfast.kit.trace.reach import Reach, batches
from holdfast.kit.trace.rows import RowReader
from holdfast.kit.trace.values import BEGINNING, IN_SCOPE, Certainty

AT_ONCE = 100_000
COLUMNS = (
    "line", "order", "customer", "sku", "lot", "container", "site", "shipped_at", "quantity",
    "certainty", "probability", "rule", "path",
)  # fmt: skip
RULES = (
    "lot_named", "other_lot_named", "container_all", "container_some", "container_none",
    "window_all", "window_some", "window_none", "no_record", "other_product",
)  # fmt: skip
ALL = tuple(Certainty)


def tables(reach: Reach, *, certainties: Iterable[Certainty] = ALL) -> Iterator[Any]:
    """Arrow tables of COLUMNS, certainty by certainty; the certainty is that of the line.

    `probability` is 1 where it is sure, 0 where excluded, empty where no receipt says anything.
    """
    writer = _Sheet(reach)
    told = False
    for certainty in certainties:
        for places in batches(reach.places(certainty), AT_ONCE):
            told = True
            yield writer.table(places, certainty)
    if not told:
        yield writer.table(np.empty(0, np.int64), Certainty.EXCLUDED)


def head(reach: Reach, most: int) -> Any:
    """The first rows of the answer, the surest first, without working out the others."""
    import pyarrow as pa  # noqa: PLC0415 - only a table has to pay for it

    writer, pieces, left = _Sheet(reach), [], most
    for certainty in IN_SCOPE:
        starts, ends = reach.rows[certainty]
        near = int(np.searchsorted(np.cumsum(ends - starts), left)) + 1
        places = spread(starts[:near], ends[:near])[:left]
        pieces.append(writer.table(places, certainty))
        left -= len(places)
    return pa.concat_tables(pieces)


class _Sheet:
    def __init__(self, reach: Reach) -> None:
        self.reach, self.published = reach, reach.published
        self.reader, self.paths = RowReader(reach.published), Paths(reach)
        self.affected = np.zeros(len(self.published.names.lots), bool)
        self.affected[reach.lots] = True

    def table(self, places: Ints, certainty: Certainty) -> Any:
        import pyarrow as pa  # noqa: PLC0415 - only a table has to pay for it

        own, names = self.published.arrays, self.published.names
        sku, lot, rule, probability = self._verdicts(places)
        shipped = own.shipped[places]
        quantity = self.published.quantities(places, places + 1) * self.published.quantity_step
        unsaid = np.isin(places, own.unsaid_row)
        nobody = probability < 0
        columns = [
            names.line.take(places),
            names.order.take(places),
            names.customers.take(own.customer[places]),
            names.skus.take(sku),
            names.lots.take(lot),
            names.containers.take(own.container[places]),
            names.sites.take(own.site[places]),
            pa.array(shipped, pa.timestamp("us", "UTC"), mask=shipped < BEGINNING),
            _decimals(quantity, unsaid),
            pa.array([str(certainty)] * len(places), pa.string()),
            pa.array(probability, pa.float64(), mask=nobody),
            pa.array(RULES).take(pa.array(rule)),
            self._paths(places),
        ]
        return pa.table(columns, names=list(COLUMNS))

    def _paths(self, places: Ints) -> Any:
        """Paths are told once for rows that share their candidates."""
        import pyarrow as pa  # noqa: PLC0415

        own = self.published.arrays
        group = np.searchsorted(own.named_row, places, side="right")
        piece = deciding_pieces(self.reach, places) + len(own.named_row)
        shared = np.where(places < self.published.first_boxed, group, piece)
        _, first, number = np.unique(shared, return_index=True, return_inverse=True)
        words = pa.array([self.paths.of(row) for row in places[first].tolist()], pa.string())
        return words.take(pa.array(number))

    def _verdicts(self, places: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        """SKU, lot (-1 where it names none), number of the rule, probability (-1: none)."""
        own = self.published.arrays
        count = len(places)
        lot, rule, probability = np.full(count, -1), np.zeros(count, np.int64), np.zeros(count)
        sku = np.zeros(count, np.int64)
        named = places < self.published.first_boxed
        group = np.searchsorted(own.named_row, places[named], side="right") - 1
        sku[named], lot[named] = own.named_sku[group], own.named_lot[group]
        hit = self.affected[own.named_lot[group]]
        rule[named], probability[named] = np.where(hit, 0, 1), hit
        rest = ~named
        piece = deciding_pieces(self.reach, places[rest])
        sku[rest] = own.shelf_sku[np.searchsorted(own.shelf_piece, piece, side="right") - 1]
        rule[rest], probability[rest] = self._of_pieces(piece, sku[rest])
        return sku, lot, rule, probability

    def _of_pieces(self, piece: Ints, sku: Ints) -> tuple[Ints, Ints]:
        own, weighed = self.published.arrays, self.reach.weighed
        boxed = piece < own.shelf_piece[self.published.boxed_shelves]
        none = np.where(boxed, RULES.index("container_none"), RULES.index("window_none"))
        bare = self.published.is_bare(piece)
        ours = np.isin(sku, self.reach.skus)
        none[bare] = np.where(ours[bare], RULES.index("no_record"), RULES.index("other_product"))
        probability = np.where(bare & ours, -1.0, 0.0)
        if not len(weighed.piece):
            return none, probability
        place = np.minimum(np.searchsorted(weighed.piece, piece), len(weighed.piece) - 1)
        hit = weighed.piece[place] == piece
        whole = weighed.is_whole[place]
        some = np.where(boxed, RULES.index("container_all"), RULES.index("window_all")) + ~whole
        return np.where(hit, some, none), np.where(hit, weighed.share[place], probability)


def _decimals(millionths: Ints, unsaid: Ints) -> Any:
    """Quantities as decimals of six places, from whole millionths."""
    import pyarrow as pa  # noqa: PLC0415

    wide = np.empty((len(millionths), 2), np.int64)
    wide[:, 0], wide[:, 1] = millionths, millionths >> 63
    valid = pa.py_buffer(np.packbits(~unsaid, bitorder="little").tobytes())
    kind = pa.decimal128(18, 6)
    return pa.Array.from_buffers(kind, len(millionths), [valid, pa.py_buffer(wide.tobytes())])


def write_parquet(path: Path, pieces: Iterable[Any]) -> int:
    """Write tables of one shape to a Parquet file; the number of rows."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    rows = 0
    writer = None
    try:
        for piece in pieces:
            if writer is None:
                writer = pq.ParquetWriter(path, piece.schema, compression="zstd")
            writer.write_table(piece)
            rows += piece.num_rows
    finally:
        if writer is not None:
            writer.close()
    return rows


def write_csv(path: Path, pieces: Iterable[Any]) -> int:
    """Write tables as UTF-8 CSV with a header; what looks like a formula gets an apostrophe."""
    import pyarrow.csv as csv  # noqa: PLC0415

    rows = 0
    options = csv.WriteOptions(include_header=False, quoting_style="needed")
    with path.open("wb") as handle:
        for number, piece in enumerate(pieces):
            if number == 0:
                handle.write((",".join(piece.column_names) + "\n").encode())
            csv.write_csv(as_text(piece), handle, options)
            rows += piece.num_rows
    return rows


def as_text(table: Any) -> Any:
    """Every column as strings a spreadsheet shows and never runs."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    columns = []
    for column in table.columns:
        if pa.types.is_timestamp(column.type):
            whole = pc.all(pc.equal(pc.microsecond(column), 0)).as_py() is not False
            whole = whole and pc.all(pc.equal(pc.millisecond(column), 0)).as_py() is not False
            unit = pa.timestamp("s" if whole else "us", "UTC")
            text = pc.strftime(column.cast(unit), format="%Y-%m-%dT%H:%M:%SZ")
        elif pa.types.is_decimal(column.type):
            text = pc.replace_substring_regex(column.cast(pa.string()), r"\.?0+$", "")
        elif pa.types.is_string(column.type):
            text = _neutral(column)
        else:
            text = column.cast(pa.string())
        columns.append(pc.fill_null(text, ""))
    return pa.table(columns, names=table.column_names)


def _neutral(column: Any) -> Any:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    looks = pc.match_substring_regex(column, r"^[=+\-@\t\r]")
    number = pc.match_substring_regex(column, r"^-?([0-9]+\.?[0-9]*|\.[0-9]+)$")
    risky = pc.and_not(looks, number)
    guarded = pc.binary_join_element_wise(pa.scalar("'"), column, "")
    return pc.if_else(risky, guarded, column)
