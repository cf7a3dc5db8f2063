"""What is odd about a network, kept with a generation: flags, and times at which `at` is unsure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from holdfast.kit.trace.published.nesting import AT_ONCE, Carried, Stays
from holdfast.kit.trace.ranges import Ints, lower_bound, offsets, spread
from holdfast.kit.trace.values import BEGINNING, END

Table = Mapping[str, Ints]
NEVER_SHIPPED = BEGINNING - 1


class Skus(NamedTuple):
    """Which SKUs each lot was received as: sorted pairs, and whether a lot has any at all."""

    lot: Ints
    sku: Ints
    since: Ints
    width: int

    def fits(self, lot: Ints, sku: Ints, has_any: Ints) -> Ints:
        """Is it a lot of that SKU, or of unknown SKU?"""
        key = self.lot.astype(np.int64) * self.width + self.sku
        wanted = lot.astype(np.int64) * self.width + sku
        place = np.searchsorted(key, wanted)
        found = np.zeros(len(wanted), bool)
        inside = place < len(key)
        found[inside] = key[place[inside]] == wanted[inside]
        return found | ~has_any[lot]


def late(
    lines: Table,
    stays: Stays,
    receipts: Table,
    made: Table,
    carried: Carried,
    skus: Skus,
    count: Mapping[str, int],
) -> tuple[Ints, Ints]:
    """Spans of time within which something that is told later would have changed an answer."""
    named = _named_since(lines, receipts, made, count)
    kinds = _kinds_learnt_late(lines, stays, named, count)
    products = _skus_learnt_late(lines, carried, skus, named, count)
    return np.append(kinds[0], products[0]), np.append(kinds[1], products[1])


def unfitting(lines: Table, order: Ints, left: Ints) -> Ints:
    """Rows that name a container in which nothing fitted, by their place in the order."""
    asks = left & (lines["container"] >= 0) & (lines["shipped"] != NEVER_SHIPPED)
    return np.flatnonzero(asks[order])


def _named_since(lines: Table, receipts: Table, made: Table, count: Mapping[str, int]) -> Ints:
    """For every lot, when some row first names it as one; END where none does."""
    named = np.full(count["lots"], END, np.int64)
    has_lot = lines["lot"] >= 0
    np.minimum.at(named, lines["lot"][has_lot], lines["shipped"][has_lot])
    np.minimum.at(named, receipts["lot"], receipts["start"])
    for end in ("input", "output"):
        np.minimum.at(named, made[end], made["at"])
    return named


def _kinds_learnt_late(
    lines: Table, stays: Stays, lotted: Ints, count: Mapping[str, int]
) -> tuple[Ints, Ints]:
    """From a thing's first packing to the event that tells what it is: `at` must not know it."""
    named = np.full(count["containers"], END, np.int64)
    np.minimum.at(named, stays.container, stays.start)
    has_box = lines["container"] >= 0
    np.minimum.at(named, lines["container"][has_box], lines["shipped"][has_box])
    both = np.flatnonzero((stays.lot >= 0) & (stays.child >= 0))
    np.maximum.at(named, stays.child[both], lotted[stays.lot[both]])
    packed = np.full(count["containers"], END, np.int64)
    inner = stays.child >= 0
    np.minimum.at(packed, stays.child[inner], stays.start[inner])
    late = packed < named
    return packed[late], named[late]


def disagreeing(lines: Table, named: Ints, carried: Carried, count: Mapping[str, int]) -> Ints:
    """Rows whose container then held other lots, and not the one they name."""
    found: list[Ints] = []
    both = np.flatnonzero(lines["container"][named] >= 0)
    if not len(both) or not len(carried.lot):
        return np.empty(0, np.int64)
    by_container = np.argsort(carried.container, kind="stable")
    inside = Carried(*(column[by_container] for column in carried))
    first = offsets(inside.container, count["containers"])
    sizes = (first[1:] - first[:-1])[lines["container"][named[both]]]
    for low, high in parts_of(sizes):
        rows = both[low:high]
        container = lines["container"][named[rows]]
        near = spread(first[container], first[container + 1])
        who = np.repeat(np.arange(len(rows)), first[container + 1] - first[container])
        shipped = lines["shipped"][named[rows]][who]
        holds = (inside.start[near] <= shipped) & (shipped < inside.end[near])
        near, who = near[holds], who[holds]
        agrees = inside.lot[near] == lines["lot"][named[rows]][who]
        held, fits = np.zeros(len(rows), bool), np.zeros(len(rows), bool)
        held[who] = True
        fits[who[agrees]] = True
        found.append(rows[held & ~fits])
    return np.concatenate(found) if found else np.empty(0, np.int64)


def _skus_learnt_late(
    lines: Table, carried: Carried, skus: Skus, named: Ints, count: Mapping[str, int]
) -> tuple[Ints, Ints]:
    """From a line's shipping to the row that told that something inside is a lot, or of which SKU.

    Until it was named as a lot, it might have held anything.
    """
    latest = np.where(named == END, BEGINNING, named)
    np.maximum.at(latest, skus.lot, skus.since)
    asks = np.flatnonzero(
        (lines["lot"] < 0) & (lines["container"] >= 0) & (lines["shipped"] != NEVER_SHIPPED)
    )
    asks = asks[np.lexsort((lines["shipped"][asks], lines["container"][asks]))]
    shipped = lines["shipped"][asks]
    first = offsets(lines["container"][asks], count["containers"])
    near = np.flatnonzero(latest[carried.lot] > carried.start)
    box, until = carried.container[near], np.minimum(carried.end[near], latest[carried.lot[near]])
    begin = lower_bound(shipped, first[box], first[box + 1], carried.start[near])
    stop = lower_bound(shipped, begin, first[box + 1], until)
    hit = begin < stop
    return shipped[begin[hit]], latest[carried.lot[near[hit]]]


def unknown_sites(lines: Table, receipts: Table, shipments: Table, count: Mapping[str, int]) -> int:
    """Sites that ship to customers, and that no receipt or shipment ever named."""
    ships, known = np.zeros(count["sites"] + 1, bool), np.zeros(count["sites"] + 1, bool)
    ships[lines["site"]] = True
    known[receipts["site"]] = True
    known[shipments["site"]] = True
    return int((ships & ~known)[:-1].sum())


def packed_twice(stays: Stays) -> int:
    """Stays that begin while the same thing is still packed elsewhere."""
    key = np.where(stays.child >= 0, stays.child, -2 - stays.lot.astype(np.int64))
    order = np.lexsort((stays.start, key))
    key, start, end = key[order], stays.start[order], stays.end[order]
    same = key[1:] == key[:-1]
    return int((same & (start[1:] < end[:-1]) & (start[1:] < end[1:])).sum())


def parts_of(sizes: Ints) -> Iterator[tuple[int, int]]:
    """Cut a row of jobs so that each part holds about AT_ONCE; a part may be one big job."""
    if not len(sizes):
        return
    part = np.cumsum(np.maximum(sizes, 0)) // AT_ONCE
    bounds = [0, *(np.flatnonzero(part[1:] != part[:-1]) + 1).tolist(), len(sizes)]
    yield from pairwise(bounds)
