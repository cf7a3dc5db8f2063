"""What was inside what, when: stays of packed things, and every level above a lot.

A stay is one `packings` row. Nesting holds at the instants at which all levels hold, so a lot is
carried upwards together with the interval in which it is truly inside.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from holdfast.kit.trace.graph import LotGraph
from holdfast.kit.trace.published.lookup import narrow
from holdfast.kit.trace.ranges import Ints, lower_bound, offsets, spread
from holdfast.kit.trace.values import END

AT_ONCE = 4_000_000
"""Pairs worked on at a time, so that a crowded container costs time and not memory."""
PART = 1_000_000
"""The same where they are sorted, which takes more memory for each."""


class Stays(NamedTuple):
    """Packings sorted by container, then start. A child that is no lot has lot -1, and so on.

    `is_named`: some row names the child as a lot, or its key may be a lot's.
    """

    container: Ints
    lot: Ints
    child: Ints
    start: Ints
    end: Ints
    is_named: Ints


class Carried(NamedTuple):
    """Lot `lot` was in `container`, at whatever level, from `start` to `end`."""

    lot: Ints
    container: Ints
    start: Ints
    end: Ints


class Sessions(NamedTuple):
    """Sorted by lot: the stays through which each lot went, and since when the lot was in it."""

    lot: Ints
    stay: Ints
    since: Ints


@dataclass(frozen=True, slots=True)
class _Above:
    """The stays of each container inside others, sorted by child and start."""

    first: Ints
    stay: Ints
    start: Ints
    end: Ints
    latest: Ints
    """The latest end so far among the stays of the same child: sorted, so it can be searched."""

    @classmethod
    def of(cls, stays: Stays, containers: int) -> _Above:
        packed = narrow(np.flatnonzero((stays.child >= 0) & (stays.start < stays.end)))
        order = packed[np.lexsort((stays.start[packed], stays.child[packed]))]
        child, end = stays.child[order], stays.end[order]
        first = offsets(child, containers)
        latest = end.copy()
        falls = np.flatnonzero((child[1:] == child[:-1]) & (end[1:] < end[:-1]))
        for one in np.unique(child[falls]).tolist():
            place = slice(int(first[one]), int(first[one + 1]))
            latest[place] = np.maximum.accumulate(end[place])
        return cls(first, order, stays.start[order], end, latest)


def carry(stays: Stays, containers: int) -> tuple[Carried, Sessions]:
    """Every container that ever held a lot, and when; and the stays through which it did."""
    first = narrow(np.flatnonzero((stays.lot >= 0) & (stays.start < stays.end)))
    level = Carried(stays.lot[first], stays.container[first], stays.start[first], stays.end[first])
    return _carry(level, first, stays, containers)


def unopened(stays: Stays, containers: int) -> Carried:
    """When each container held something of which nobody wrote down what is in it.

    That is a thing no row names as a lot, with a key no lot has, until the first thing is packed
    into it. `lot` only tells such things apart.
    """
    first_packed = np.full(containers, END, np.int64)
    np.minimum.at(first_packed, stays.container, stays.start)
    # A child that is no container has the last place, where nothing is ever packed.
    until = np.minimum(stays.end, np.append(first_packed, END)[stays.child])
    first = narrow(np.flatnonzero(~stays.is_named & (stays.start < until)))
    if not len(first):
        return Carried(first, first, first, first)
    thing = np.where(stays.child < 0, containers + stays.lot.astype(np.int64), stays.child)[first]
    level = Carried(thing, stays.container[first], stays.start[first], until[first])
    return _carry(level, first, stays, containers)[0]


def _carry(level: Carried, first: Ints, stays: Stays, containers: int) -> tuple[Carried, Sessions]:
    """The same from a first level that is given, with its stays."""
    above = _Above.of(stays, containers)
    inner = np.flatnonzero((stays.child >= 0) & (stays.start < stays.end))
    circles = LotGraph.of(containers, stays.child[inner], stays.container[inner])
    caught = np.zeros(containers, bool)
    caught[circles.caught_in_circles()] = True
    levels = [level]
    sessions = [Sessions(level.lot, first, level.start)]
    known = _of(level, np.flatnonzero(caught[level.container]))
    while len(level.lot):
        level, passed = _up(level, stays, above)
        sessions.append(passed)
        level = _widest(level)
        if caught.any():
            level, known = _news(level, known, caught)
        levels.append(level)
    return Carried(*map(np.concatenate, zip(*levels, strict=True))), _once(sessions, len(stays.lot))


def _up(level: Carried, stays: Stays, above: _Above) -> tuple[Carried, Sessions]:
    goes_on = above.first[level.container] < above.first[level.container + 1]
    level = _of(level, np.flatnonzero(goes_on))
    begin, stop = above.first[level.container], above.first[level.container + 1]
    begin = lower_bound(above.latest, begin, stop, level.start + 1)
    stop = lower_bound(above.start, begin, stop, level.end)
    pairs = np.maximum(stop - begin, 0)
    parts: list[tuple[Carried, Sessions]] = []
    for low, high in _portions(pairs):
        place = spread(begin[low:high], stop[low:high])
        who = np.repeat(np.arange(low, high), pairs[low:high])
        start = np.maximum(level.start[who], above.start[place])
        end = np.minimum(level.end[who], above.end[place])
        holds = start < end
        stay, who = above.stay[place[holds]], who[holds]
        start, end = start[holds], end[holds]
        lot = level.lot[who]
        parts.append((Carried(lot, stays.container[stay], start, end), Sessions(lot, stay, start)))
    if not parts:
        none = np.empty(0, np.int64)
        return Carried(none, none, none, none), Sessions(none, none, none)
    return (
        Carried(*map(np.concatenate, zip(*(part[0] for part in parts), strict=True))),
        Sessions(*map(np.concatenate, zip(*(part[1] for part in parts), strict=True))),
    )


def _portions(sizes: Ints) -> list[tuple[int, int]]:
    """Cut a row of jobs so that each part holds about AT_ONCE; a part may be one big job."""
    if not len(sizes):
        return []
    part = np.cumsum(sizes.astype(np.int64)) // AT_ONCE
    edges = np.flatnonzero(part[1:] != part[:-1]) + 1
    bounds = [0, *edges.tolist(), len(sizes)]
    return [pair for pair in pairwise(bounds) if pair[0] < pair[1]]


def _widest(level: Carried) -> Carried:
    """Without intervals that lie within another of the same lot and container."""
    if len(level.lot) < 2:
        return level
    order = np.lexsort((-level.end, level.start, level.container, level.lot))
    level = _of(level, order)
    return _of(level, np.flatnonzero(~_is_within_earlier(level)))


def _is_within_earlier(level: Carried) -> Ints:
    """Sorted by lot, container, start: does an earlier interval of the same two reach as far?"""
    same = (level.lot[1:] == level.lot[:-1]) & (level.container[1:] == level.container[:-1])
    within = np.zeros(len(level.lot), bool)
    if not same.any():
        return within
    # A running maximum that starts anew with each pair: only rows of repeated pairs are touched.
    group = np.append(0, np.cumsum(~same))
    repeated = np.flatnonzero(np.append(same, False) | np.append(False, same))
    ends = np.unique(level.end[repeated])
    rank = np.searchsorted(ends, level.end[repeated])
    height = group[repeated].astype(np.int64) * (len(ends) + 1) + rank
    reached = np.maximum.accumulate(height)
    before = np.append(-1, reached[:-1])
    floor = group[repeated].astype(np.int64) * (len(ends) + 1)
    within[repeated] = (before >= floor) & (before >= height)
    return within


def _news(level: Carried, known: Carried, caught: Ints) -> tuple[Carried, Carried]:
    """What a circle of containers has not told before; without this it would go round for ever."""
    turning = caught[level.container]
    fresh = _of(level, np.flatnonzero(turning))
    if not len(fresh.lot):
        return level, known
    both = Carried(*(np.concatenate(pair) for pair in zip(known, fresh, strict=True)))
    is_new = np.append(np.zeros(len(known.lot), bool), np.ones(len(fresh.lot), bool))
    order = np.lexsort((is_new, -both.end, both.start, both.container, both.lot))
    both, is_new = _of(both, order), is_new[order]
    kept = ~_is_within_earlier(both)
    fresh = _of(both, np.flatnonzero(kept & is_new))
    straight = _of(level, np.flatnonzero(~turning))
    level = Carried(*(np.concatenate(pair) for pair in zip(straight, fresh, strict=True)))
    return level, _of(both, np.flatnonzero(kept))


def _once(parts: list[Sessions], stays: int) -> Sessions:
    lot, stay, since = map(np.concatenate, zip(*parts, strict=True))
    parts.clear()
    if not len(lot):
        return Sessions(lot, stay, since)
    # Some lots at a time: what sorting takes would otherwise be most of all that building takes.
    edges = np.linspace(0, int(lot.max()) + 1, 2 + len(lot) // AT_ONCE).astype(np.int64)
    found: list[Sessions] = []
    for low, high in pairwise(edges.tolist()):
        near = np.flatnonzero((lot >= low) & (lot < high))
        key = lot[near].astype(np.int64) * max(stays, 1) + stay[near]
        near = near[np.argsort(key, kind="stable")]
        if len(near):
            key.sort()
            heads = np.flatnonzero(np.append(True, key[1:] != key[:-1]))
            earliest = np.minimum.reduceat(since[near], heads)
            found.append(Sessions(lot[near[heads]], stay[near[heads]], earliest))
    return Sessions(*map(np.concatenate, zip(*found, strict=True)))


def apart(lot: Ints, thing: Ints, lots: int, things: int) -> tuple[Ints, Ints, Ints]:
    """What no other lot went through, as a number for each lot; and what others did too, by lot.

    `lot` is sorted, a thing may stand beside a lot more than once. Gives that number, the start of
    each lot's range among the shared things, and these, each once for each lot.
    """
    last = np.full(things, -1, lot.dtype)
    last[thing] = lot
    is_shared = np.zeros(things, bool)
    for low in range(0, len(lot), PART):
        near = thing[low : low + PART]
        is_shared[near[last[near] != lot[low : low + PART]]] = True
    own = np.bincount(last[(last >= 0) & ~is_shared], minlength=lots)
    owners, shared = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    edges = np.linspace(0, lots, 2 + len(lot) // PART).astype(lot.dtype)
    for low, high in pairwise(np.searchsorted(lot, edges).tolist()):
        near = np.flatnonzero(is_shared[thing[low:high]]) + low
        key = np.unique(lot[near].astype(np.int64) * max(things, 1) + thing[near])
        owners.append(key // max(things, 1))
        shared.append(key % max(things, 1))
    return own, offsets(np.concatenate(owners), lots), narrow(np.concatenate(shared))


def _of(level: Carried, places: Ints) -> Carried:
    return Carried(*(column[places] for column in level))
