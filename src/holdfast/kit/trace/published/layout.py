"""The published layout: which files there are, and opening them without reading them.

Rows are the order lines in an order of their own: first those that name a lot, by SKU, lot and
time; then those a container tells about, by SKU, lot, container and time; then the rest, by SKU,
site and time. A row's number is its place in that order; an affected set is a few ranges of it.

A row of a container that also held something unopened is looked for again at its site where none of
the lots inside is affected: `again_row` has these by SKU, site and time, and the last shelves and
pieces are theirs. To pieces, the i-th of them is row `rows + i`.
"""

from __future__ import annotations

import json
import mmap
import os
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from holdfast.kit.trace.graph import Arrows, LotGraph
from holdfast.kit.trace.published.texts import Texts
from holdfast.kit.trace.ranges import Ints, joined

FORMAT = "holdfast published 9"

BLOCK_BITS = 12
"""Rows of a block: running quantities are counted from its start, so that they fit half a word."""

WOVEN = {
    "row": ("customer", "quantity_in_block"),
    "piece": ("piece_lots", "piece_quantity"),
    "split": ("split_row", "split_other"),
    "went": ("own_stays", "own_containers", "shared_stay_start", "shared_container_start"),
}
"""Arrays that lie in one file, entry beside entry: who asks for one asks for the others too.

A library that wants an array without gaps (`searchsorted`) would copy them whole.
"""

PAGE = mmap.PAGESIZE
NEAR = 4
"""Pages between two ranges up to which they are asked for as one."""
MOST_ASKED = 64 * PAGE
"""Bytes asked for at a time: of more than its read-ahead Linux fetches the beginning only."""
FEW = 16
"""Pages up to which it costs more to ask for them than to wait for each."""


@dataclass(frozen=True, slots=True)
class Arrays:
    """Every array of a generation, memory-mapped: an `.npy` file each, but for those of WOVEN.

    Ids are places in Texts.

    `quantity_of_block[i]` is what the rows before block i have in all, `quantity_in_block[i]` what
    those before row i in its block have (see `Published.quantities`); `unsaid_row` those that say
    no quantity. *_start arrays have one entry more than what they are of: the range of i is from
    [i] to [i + 1]. `piece_quantity` is what the lots of a piece received, ~q where not all say.
    Woven with one that does, `customer`, `own_stays` and `own_containers` have one too, which means
    nothing.
    """

    # the lot graph
    forth_start: Ints
    forth_to: Ints
    forth_at: Ints
    back_start: Ints
    back_to: Ints
    back_at: Ints
    # rows
    customer: Ints
    site: Ints
    container: Ints
    shipped: Ints
    quantity_of_block: Ints
    quantity_in_block: Ints
    unsaid_row: Ints
    # rows that name a lot: one group for each SKU and lot
    named_sku: Ints
    named_lot: Ints
    named_row: Ints
    named_of_lot_start: Ints
    named_of_lot: Ints
    named_of_sku_start: Ints
    # rows of each SKU in the three sections: all that lie between two of these
    named_row_of_sku: Ints
    boxed_row_of_sku: Ints
    sited_row_of_sku: Ints
    # shelves in containers, then shelves at sites, then those at sites of `again_row`
    shelf_sku: Ints
    shelf_place: Ints
    shelf_piece: Ints
    boxed_of_sku_start: Ints
    sited_of_sku_start: Ints
    piece_row: Ints
    piece_lots: Ints
    piece_quantity: Ints
    bare_of_sku_start: Ints
    bare_piece: Ints
    again_row: Ints
    # which pieces a lot may have gone to
    span_of_lot_start: Ints
    span_first: Ints
    span_last: Ints
    span_counts: Ints
    span_quantity: Ints
    # rows of lines that are several rows
    split_of_block_start: Ints
    split_row: Ints
    split_other: Ints
    long_line_start: Ints
    long_line_row: Ints
    # from a line's or an order's name to rows
    line_bucket: Ints
    line_row: Ints
    order_bucket: Ints
    order_row: Ints
    # receipts by lot, and which SKUs a lot is known as since when
    receipt_of_lot_start: Ints
    receipt_sku: Ints
    receipt_site: Ints
    receipt_supplier: Ints
    receipt_start: Ints
    receipt_end: Ints
    receipt_quantity: Ints
    sku_of_lot_start: Ints
    sku_of_lot: Ints
    sku_since: Ints
    # packings by container
    stay_of_container_start: Ints
    stay_lot: Ints
    stay_child: Ints
    stay_start: Ints
    stay_end: Ints
    # stays each lot went through
    session_of_lot_start: Ints
    session_stay: Ints
    session_container: Ints
    session_since: Ints
    # of these, what only this lot went through, in numbers, and what others did too
    own_stays: Ints
    own_containers: Ints
    shared_stay_start: Ints
    shared_container_start: Ints
    shared_stay: Ints
    shared_container: Ints
    # oddities, for flags
    caught_lot: Ints
    early_lot: Ints
    disagreeing_row: Ints
    unfitting_row: Ints
    # spans of time within which `at` needs a search of its own
    unsettled_start: Ints
    unsettled_end: Ints


@dataclass(frozen=True, slots=True)
class Names:
    """The strings behind the ids, and those of every row."""

    lots: Texts
    containers: Texts
    skus: Texts
    sites: Texts
    suppliers: Texts
    customers: Texts
    line: Texts
    order: Texts


class Published:
    """One generation, open for reading by any number of processes at once.

    Opening reads `meta.json` and nothing else: it says how long each file is and what is in it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.meta: dict[str, Any] = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        if self.meta.get("format") != FORMAT:
            raise ValueError(f"{folder} is of the format {self.meta.get('format')!r}")
        counts = self.meta["counts"]
        files = {
            name: _mapped(folder / f"{name}.npy", kind, count)
            for name, (kind, count) in self.meta["arrays"].items()
        }
        for name, woven in WOVEN.items():
            whole = files.pop(name)
            files |= {one: whole[one] for one in woven}
        self.arrays = Arrays(**files)
        self.rows = int(self.meta["rows"])
        self.quantity_step = int(self.meta["quantity_step"])
        """What every quantity of a row is a multiple of, in millionths of a unit."""
        self.received_step = int(self.meta["received_step"])
        """What every quantity of a piece or span is counted in, in millionths of a unit."""
        self.names = Names(
            **{
                one.name: _named(
                    folder / f"{one.name}.arrow", counts.get(one.name, self.rows), size
                )
                for one in fields(Names)
                for size in (self.meta["bytes"][one.name],)
            }
        )
        own = self.arrays
        self.graph = LotGraph(
            len(self.names.lots),
            Arrows(own.forth_start, own.forth_to, own.forth_at),
            Arrows(own.back_start, own.back_to, own.back_at),
        )
        self.is_fetched = False
        """Has a large answer been read? The next one finds most of its pages in memory."""
        self.first_boxed = int(own.named_row[-1])
        boxed = int(own.boxed_of_sku_start[-1])
        self.boxed_shelves = boxed
        self.first_sited = int(own.piece_row[own.shelf_piece[boxed]])
        self.first_again = int(own.shelf_piece[own.sited_of_sku_start[-1]])
        """The first of the pieces of rows that are looked for again."""

    def quantities(self, starts: Ints, ends: Ints) -> Ints:
        """What the rows of each range have together, in `quantity_step`s.

        In steps the rows of any generation add up within 64 bits, in millionths they might not.
        """
        return self._steps_before(ends) - self._steps_before(starts)

    def _steps_before(self, places: Ints) -> Ints:
        own = self.arrays
        before: Ints = own.quantity_of_block[places >> BLOCK_BITS] + own.quantity_in_block[places]
        return before

    @staticmethod
    def received(quantity: Ints) -> tuple[Ints, Ints]:
        """What pieces hold in all, in `received_step`s, and whether every lot of them says it."""
        known = quantity >= 0
        wide = quantity.astype(np.int64)
        return np.where(known, wide, ~wide), known

    @cached_property
    def again(self) -> tuple[Ints, Ints]:
        """The rows that are looked for again, sorted, and which of `again_row` each is."""
        row = np.asarray(self.arrays.again_row, np.int64)
        order = np.argsort(row)
        return row[order], order

    def again_pieces_of(self, rows: Ints) -> Ints:
        """The piece of each of some rows at its site, where it is looked for again; else -1."""
        every, order = self.again
        found = np.full(len(rows), -1)
        place = np.searchsorted(every, rows)
        inside = np.flatnonzero(place < len(every))
        inside = inside[every[place[inside]] == rows[inside]]
        found[inside] = self.pieces_of(order[place[inside]] + self.rows)
        return found

    @cached_property
    def _bare(self) -> Ints:
        return np.sort(self.arrays.bare_piece)

    def is_bare(self, pieces: Ints) -> Ints:
        """Of which of some pieces is nothing told that could clear them?"""
        place = np.searchsorted(self._bare, pieces)
        found = np.zeros(len(pieces), bool)
        inside = np.flatnonzero(place < len(self._bare))
        found[inside] = self._bare[place[inside]] == pieces[inside]
        return found

    def pieces_of(self, rows: Ints) -> Ints:
        """The piece of each of some rows that name no lot."""
        first = self.arrays.piece_row
        # Compared as they are stored: a wider number would have all of them copied first.
        found: Ints = np.searchsorted(first, rows.astype(first.dtype), side="right") - 1
        return found

    def read_on(self) -> None:
        """From now on much is read: let the system fetch pages ahead again."""
        if self.is_fetched:
            return
        self.is_fetched = True
        for one in fields(Arrays):
            mapped, _ = _mapping(getattr(self.arrays, one.name))
            if mapped is not None:
                mapped.madvise(mmap.MADV_NORMAL)


def let_go(values: Ints) -> None:
    """Unmap the pages of an array that were read; the next look maps them again."""
    mapped, _ = _mapping(values)
    if mapped is not None:
        mapped.madvise(mmap.MADV_DONTNEED)


def fetch(values: Ints, starts: Ints, ends: Ints) -> None:
    """Ask the disk for ranges of an array all at once, before they are read one after the other."""
    mapped, begin = _mapping(values)
    if mapped is None or not len(starts):
        return
    starts, ends = starts.astype(np.int64), ends.astype(np.int64)
    width = values.strides[0]
    if len(starts) + int((ends - starts).sum()) * width // PAGE <= FEW:
        return
    first = (begin + starts * width) // PAGE
    last = (begin + ends * width) // PAGE + 1
    first, last = joined(first, last + NEAR)
    size = len(mapped)
    for low, high in zip((first * PAGE).tolist(), ((last - NEAR) * PAGE).tolist(), strict=True):
        for begin in range(low, min(high, size), MOST_ASKED):
            mapped.madvise(mmap.MADV_WILLNEED, begin, min(begin + MOST_ASKED, high, size) - begin)


def fetch_whole(*arrays: Ints) -> None:
    """Ask the disk for whole arrays that will be read from end to end."""
    for values in arrays:
        fetch(values, np.array([0]), np.array([len(values)]))


def _mapping(values: Ints) -> tuple[mmap.mmap | None, int]:
    """The mapped file a whole array lies in, and at which byte its entries begin."""
    if isinstance(values.base, np.ndarray):
        values = values.base  # one of several that are woven
    view: Any = values.base
    mapped = view.obj if isinstance(view, memoryview) else None
    if not isinstance(mapped, mmap.mmap):
        return None, 0
    return mapped, len(mapped) - values.nbytes


def _mapped(path: Path, said: str | list[list[str]], count: int) -> Ints:
    """The array at the end of a file. Raises ValueError where the file is too short for it."""
    kind = np.dtype(said if isinstance(said, str) else [(name, one) for name, one in said])
    width = kind.itemsize
    with path.open("rb") as handle:
        size = os.fstat(handle.fileno()).st_size
        if size < count * width:
            raise ValueError(f"{path} is damaged: {size} bytes for {count} numbers")
        if not count:
            return np.empty(0, kind)
        mapped = mmap.mmap(handle.fileno(), 0, prot=mmap.PROT_READ)
    # A question looks at a page here and there; what it needs more of, it asks for by `fetch`.
    mapped.madvise(mmap.MADV_RANDOM)
    return np.frombuffer(mapped, kind, count, size - count * width)


def _named(path: Path, count: int, size: int) -> Texts:
    """A column of strings. Raises ValueError where its file is not as long as it was."""
    if path.stat().st_size != size:
        raise ValueError(f"{path} is damaged: it was written with {size} bytes")
    return Texts(path, count)


def woven(**columns: Ints) -> Ints:
    """Arrays of one length as one, entry beside entry."""
    kind = np.dtype([(name, values.dtype) for name, values in columns.items()])
    found = np.empty(max(map(len, columns.values())), kind)
    for name, values in columns.items():
        found[name] = values
    return found


def save_array(folder: Path, name: str, values: Ints) -> tuple[Any, int]:
    """Write one array of the layout; its type and length, for `meta.json`."""
    np.save(folder / f"{name}.npy", np.ascontiguousarray(values), allow_pickle=False)
    return np.lib.format.dtype_to_descr(values.dtype), len(values)


def save_parts(
    folder: Path, name: str, kind: Any, count: int, parts: Iterable[Ints]
) -> tuple[Any, int]:
    """Write one array of `count` entries that is never whole in memory; its type and length."""
    wide = np.dtype(kind)
    descr = np.lib.format.dtype_to_descr(wide)
    header = {"descr": descr, "fortran_order": False, "shape": (count,)}
    with (folder / f"{name}.npy").open("wb") as handle:
        np.lib.format.write_array_header_1_0(handle, header)
        for part in parts:
            np.ascontiguousarray(part, wide).tofile(handle)
    return descr, count
