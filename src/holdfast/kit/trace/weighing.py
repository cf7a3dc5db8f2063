"""Which rows an affected set of lots touches: named, in a container with them, or beside them."""

from __future__ import annotations

import numpy as np

from holdfast.kit.trace.published.layout import Published, fetch
from holdfast.kit.trace.ranges import Ints, joined, lower_bound, spread, unique, without
from holdfast.kit.trace.reach import NOTHING, Ranges, Weighed, settle
from holdfast.kit.trace.values import Certainty


def skus_of(published: Published, lots: Ints, at: int | None) -> Ints:
    """The SKUs under which lots were ever received (up to a moment), sorted."""
    own = published.arrays
    near = spread(own.sku_of_lot_start[lots], own.sku_of_lot_start[lots + 1])
    if at is not None:
        near = near[own.sku_since[near] <= at]
    return unique(own.sku_of_lot[near]).astype(np.int64)


def weigh(published: Published, lots: Ints) -> Weighed:
    """Every piece with an affected candidate, and which share of its candidates is affected."""
    own = published.arrays
    near = spread(own.span_of_lot_start[lots], own.span_of_lot_start[lots + 1])
    first, last = own.span_first[near].astype(np.int64), own.span_last[near].astype(np.int64)
    # As wide as what they are added to: numpy would go through others one by one.
    counts = own.span_counts[near].astype(np.int64)
    quantity = np.maximum(own.span_quantity[near], 0).astype(np.int64)
    starts, ends = joined(first, last)
    base = np.append(0, np.cumsum(ends - starts))
    block = np.searchsorted(starts, first, side="right") - 1
    shift = base[block] - starts[block] if len(starts) else first
    if not published.is_fetched:
        fetch(own.piece_lots, starts, ends)
        fetch(own.piece_row, *joined(starts, ends + 1))
    piece = spread(starts, ends)
    hit = _piled(first + shift, last + shift, counts, len(piece))
    amount = _piled(first + shift, last + shift, quantity, len(piece))
    lots_there = own.piece_lots[piece]
    whole, known = published.received(own.piece_quantity[piece])
    by_quantity = known & (whole > 0)
    part = np.where(by_quantity, amount / np.maximum(whole, 1), hit / np.maximum(lots_there, 1))
    # The comparison with one half is made in whole numbers; only what is shown is a fraction.
    is_half = np.where(by_quantity, amount >= whole - amount, 2 * hit >= lots_there)
    part = np.where(is_half, np.maximum(part, 0.5), np.minimum(part, np.nextafter(0.5, 0)))
    is_whole = hit == lots_there
    return Weighed(piece, np.where(is_whole, 1.0, part), is_whole, by_quantity & ~is_whole)


def _piled(first: Ints, last: Ints, weight: Ints, count: int) -> Ints:
    change = np.zeros(count + 1, np.int64)
    np.add.at(change, first, weight)
    np.subtract.at(change, last, weight)
    return np.cumsum(change)[:count]


def touched(
    published: Published, lots: Ints, skus: Ints, weighed: Weighed, at: int | None
) -> dict[Certainty, Ranges]:
    """The rows of each certainty; a line of several rows counts as its strongest."""
    own = published.arrays
    groups = own.named_of_lot[
        spread(own.named_of_lot_start[lots], own.named_of_lot_start[lots + 1])
    ]
    if not published.is_fetched:
        fetch(own.named_row, groups, groups.astype(np.int64) + 2)
    named = own.named_row[groups], own.named_row[groups.astype(np.int64) + 1]
    boxed = weighed.piece < own.shelf_piece[published.boxed_shelves]
    whole, likely = weighed.is_whole, weighed.share >= 0.5
    bare = own.bare_piece[spread(own.bare_of_sku_start[skus], own.bare_of_sku_start[skus + 1])]
    sure = _rows_of(published, weighed.piece[boxed & whole])
    probable = weighed.piece[likely & ~(boxed & whole)]
    hit = np.searchsorted(weighed.piece, bare)
    if len(weighed.piece):
        bare = bare[weighed.piece[np.minimum(hit, len(weighed.piece) - 1)] != bare]
    unlikely = np.append(weighed.piece[~likely], bare)
    found = {
        Certainty.CONFIRMED: _both(named, sure),
        Certainty.PROBABLE: _rows_of(published, probable[probable < published.first_again]),
        Certainty.CANNOT_RULE_OUT: _rows_of(published, unlikely[unlikely < published.first_again]),
    }
    if len(own.again_row):
        told = joined(*(np.concatenate(ends) for ends in zip(*found.values(), strict=True)))
        for certainty, pieces in (
            (Certainty.PROBABLE, probable),
            (Certainty.CANNOT_RULE_OUT, unlikely),
        ):
            again = _rows_again(published, pieces[pieces >= published.first_again], told)
            found[certainty] = _both(found[certainty], again)
    in_all = joined(*(np.concatenate(ends) for ends in zip(*found.values(), strict=True)))
    found[Certainty.EXCLUDED] = without(*rows_of_skus(published, skus, at), *in_all)
    found = {
        certainty: joined(*up_to(published, ranges, at)) for certainty, ranges in found.items()
    }
    return settle(published, found)


def up_to(published: Published, ranges: Ranges, at: int | None) -> Ranges:
    """Ranges within one group or shelf each, cut to what was shipped by then."""
    if at is None:
        return ranges
    starts, ends = ranges
    return starts, lower_bound(published.arrays.shipped, starts, ends, np.full(len(starts), at + 1))


def _rows_of(published: Published, pieces: Ints) -> Ranges:
    row = published.arrays.piece_row
    return row[pieces], row[np.asarray(pieces, np.int64) + 1]


def _rows_again(published: Published, pieces: Ints, told: Ranges) -> Ranges:
    """Rows looked for again at their site, but for those of which their container told enough."""
    starts, ends = _rows_of(published, pieces)
    rows = published.arrays.again_row[spread(starts, ends) - published.rows].astype(np.int64)
    if len(told[0]):
        before = np.searchsorted(told[0], rows, side="right") - 1
        rows = rows[(before < 0) | (rows >= told[1][before])]
    return rows, rows + 1


def _both(one: Ranges, other: Ranges) -> Ranges:
    return np.append(one[0], other[0]), np.append(one[1], other[1])


def rows_of_skus(published: Published, skus: Ints, at: int | None) -> Ranges:
    """All rows of some SKUs; with a moment, group by group, so that `up_to` can cut each."""
    own = published.arrays
    if not len(skus):
        return NOTHING
    if at is None:
        whole = (own.named_row_of_sku, own.boxed_row_of_sku, own.sited_row_of_sku)
        ranges = [(edges[skus], edges[skus + 1]) for edges in whole]
    else:
        named = _each((own.named_of_sku_start[skus], own.named_of_sku_start[skus + 1]))
        ranges = [(own.named_row[named[0]], own.named_row[named[1]])]
        for edges in (own.boxed_of_sku_start, own.sited_of_sku_start):
            first, last = (own.shelf_piece[one] for one in _each((edges[skus], edges[skus + 1])))
            ranges.append((own.piece_row[first], own.piece_row[last]))
    starts, ends = (np.concatenate(side) for side in zip(*ranges, strict=True))
    kept = starts < ends
    return starts[kept], ends[kept]


def _each(ranges: Ranges) -> Ranges:
    every = spread(*ranges)
    return every, every + 1
