"""Shelves: lines that name no lot, beside the stays of the lots they may have been taken from.

A shelf is one SKU in one container or at one site. Its rows stand in the order in which they were
shipped, so every stay of a lot is a range of rows, and where no stay begins or ends between two
rows they share all their candidates: such a run of rows is a piece. Pairs of row and candidate are
never stored; a trace compares the stays of affected lots with what each piece holds in all.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from holdfast.kit.trace.ranges import Ints, lower_bound, spread

UNKNOWN = -1
"""The quantity of a stay that nobody wrote down."""


class Stay(NamedTuple):
    """Stays of lots on shelves, in any order; `quantity` in millionths, UNKNOWN where not known."""

    shelf: Ints
    lot: Ints
    start: Ints
    end: Ints
    quantity: Ints


class Pieces(NamedTuple):
    """Runs of rows with the same candidates.

    `row` is the first row of each piece and, at its end, the number of rows; `lots` the number of
    candidates, `quantity` what all of them received, `is_known` whether every one of them says.
    """

    row: Ints
    lots: Ints
    quantity: Ints
    is_known: Ints


class Spans(NamedTuple):
    """Stays as ranges of pieces, sorted by lot. A span that `counts` makes the lot a candidate;
    of two stays that overlap only one counts, while the quantities of both do."""

    lot: Ints
    first: Ints
    last: Ints
    counts: Ints
    quantity: Ints


class Held(NamedTuple):
    """Stays, and the range of rows that left the shelf during each."""

    stays: Stay
    first: Ints
    last: Ints


def beside_their_lots(sku: Ints, shelf_row: Ints, held: Held) -> tuple[Ints, Ints, Ints, Held]:
    """Shelves of one SKU in the order of the first lot on them, so that a lot's rows lie together.

    A trace then reads a few stretches of the disk and not a page for each container. Gives the
    order of the shelves, their rows' new starts, where each row was, and the stays as they are now.
    """
    some = held.first < held.last  # a stay without rows may be of a shelf that has none left
    held = Held(Stay(*(c[some] for c in held.stays)), held.first[some], held.last[some])
    shelves, rows = len(sku), np.diff(shelf_row)
    lowest = np.full(shelves, np.iinfo(np.int64).max)
    np.minimum.at(lowest, held.stays.shelf, held.stays.lot)
    order = np.lexsort((lowest, sku))
    starts = np.append(0, np.cumsum(rows[order]))
    moved = spread(shelf_row[order], shelf_row[order + 1])
    number = np.empty(shelves, np.int64)
    number[order] = np.arange(shelves)
    shelf = number[held.stays.shelf]
    shift = starts[shelf] - shelf_row[held.stays.shelf]
    stays = held.stays._replace(shelf=shelf)
    return order, starts, moved, Held(stays, held.first + shift, held.last + shift)


def rows_held(stays: Stay, shelf_row: Ints, shipped: Ints) -> tuple[Ints, Ints]:
    """The range of rows that left its shelf during each stay."""
    begin, stop = shelf_row[stays.shelf], shelf_row[stays.shelf + 1]
    first = lower_bound(shipped, begin, stop, stays.start)
    return first, lower_bound(shipped, first, stop, stays.end)


def covered(first: Ints, last: Ints, rows: int) -> Ints:
    """For every row, by how many of the ranges it is held."""
    change = np.zeros(rows + 1, np.int64)
    change += np.bincount(first, minlength=rows + 1)
    change -= np.bincount(last, minlength=rows + 1)
    return np.cumsum(change[:-1])


def cut(stays: Stay, first: Ints, last: Ints, shelf_row: Ints) -> tuple[Pieces, Spans]:
    """Pieces and spans from stays whose rows are known; stays without rows leave no trace."""
    held = first < last
    stays = Stay(*(column[held] for column in stays))
    first, last = first[held], last[held]
    rows = int(shelf_row[-1])
    edges = np.unique(np.concatenate([shelf_row, first, last]))
    spans = _spans(stays, np.searchsorted(edges, first), np.searchsorted(edges, last))
    count = max(len(edges) - 1, 0)
    unknown = spans.quantity == UNKNOWN
    amount = np.where(unknown, 0, spans.quantity)
    lots = _piled(spans, spans.counts.astype(np.int64), count)
    quantity = _piled(spans, amount, count)
    dark = _piled(spans, unknown.astype(np.int64), count)
    row = edges if count else np.array([rows], np.int64)
    return Pieces(row, lots, quantity, dark == 0), spans


def _piled(spans: Spans, weight: Ints, count: int) -> Ints:
    change = np.zeros(count + 1, np.int64)
    np.add.at(change, spans.first, weight)
    np.subtract.at(change, spans.last, weight)
    return np.cumsum(change)[:count]


def _spans(stays: Stay, first: Ints, last: Ints) -> Spans:
    order = np.lexsort((-last, first, stays.shelf, stays.lot))
    lot, shelf, quantity = stays.lot[order], stays.shelf[order], stays.quantity[order]
    first, last = first[order], last[order]
    fresh_from = np.maximum(first, _reached_before(lot, shelf, last))
    is_whole, is_over = fresh_from == first, fresh_from >= last
    # What an overlapping stay of the same lot adds as a candidate is only its own part.
    torn = np.flatnonzero(~is_whole & ~is_over)
    found = Spans(
        np.append(lot, lot[torn]),
        np.append(first, fresh_from[torn]),
        np.append(last, last[torn]),
        np.append(is_whole, np.ones(len(torn), bool)),
        np.append(quantity, np.zeros(len(torn), np.int64)),
    )
    order = np.lexsort((found.first, found.lot))
    return Spans(*(column[order] for column in found))


def _reached_before(lot: Ints, shelf: Ints, last: Ints) -> Ints:
    """How far earlier stays of the same lot on the same shelf reach, -1 where there are none."""
    found = np.full(len(lot), -1, np.int64)
    same = (lot[1:] == lot[:-1]) & (shelf[1:] == shelf[:-1])
    if not same.any():
        return found
    group = np.append(0, np.cumsum(~same)).astype(np.int64)
    repeated = np.flatnonzero(np.append(same, False) | np.append(False, same))
    width = int(last.max()) + 2
    height = group[repeated] * width + last[repeated] + 1
    before = np.append(-1, np.maximum.accumulate(height)[:-1])
    floor = group[repeated] * width
    found[repeated] = np.where(before >= floor, before - floor - 1, -1)
    return found
