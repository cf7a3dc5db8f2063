"""Ranges of positions in sorted arrays: written out, searched, and cut, a whole array at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[Any]
"""Whole numbers of any width; positions, ids, microseconds."""


def spread(starts: Ints, ends: Ints) -> Ints:
    """Every position of every range [start, end), in the order of the ranges.

    >>> spread(np.array([3, 9]), np.array([5, 10])).tolist()
    [3, 4, 9]
    """
    lengths = np.maximum(ends.astype(np.int64) - starts, 0)
    total = int(lengths.sum())
    if total == 0:
        return np.empty(0, np.int64)
    filled = np.repeat(starts - (np.cumsum(lengths) - lengths), lengths)
    filled += np.arange(total, dtype=np.int64)
    return filled


def owners(starts: Ints, ends: Ints) -> Ints:
    """For every position of `spread`, the number of the range it comes from."""
    lengths = np.maximum(ends.astype(np.int64) - starts, 0)
    return np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)


def lower_bound(values: Ints, starts: Ints, ends: Ints, wanted: Ints) -> Ints:
    """Per range [start, end) of `values`, sorted within it: the first position that is >= wanted.

    All ranges are searched at once, halving together, so the cost is that of the longest.
    """
    low, high = starts.astype(np.int64), np.maximum(ends, starts).astype(np.int64)
    if not len(values):
        return low
    open_ = low < high
    while open_.any():
        middle = (low + high) >> 1
        below = open_ & (values[np.minimum(middle, len(values) - 1)] < wanted)
        low = np.where(below, middle + 1, low)
        high = np.where(open_ & ~below, middle, high)
        open_ = low < high
    return low


def offsets(owner: Ints, count: int) -> Ints:
    """The start of each owner's range in an array sorted by owner, and the end of the last."""
    found = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(owner, minlength=count), out=found[1:])
    return found


def distinct(values: Ints) -> int:
    """How many different numbers there are; sorting beats numpy's hashing below a million.

    >>> distinct(np.array([3, 1, 3]))
    2
    """
    if not len(values):
        return 0
    ordered = np.sort(values)
    return 1 + int(np.count_nonzero(ordered[1:] != ordered[:-1]))


def unique(values: Ints) -> Ints:
    """The different numbers, sorted; numpy's own loads its masked arrays the first time.

    >>> unique(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    ordered = np.sort(values, axis=None)
    kept = np.ones(len(ordered), bool)
    kept[1:] = ordered[1:] != ordered[:-1]
    return ordered[kept]


def firsts(values: Ints) -> tuple[Ints, Ints]:
    """The different numbers, sorted, and where each stands first."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    kept = np.ones(len(ordered), bool)
    kept[1:] = ordered[1:] != ordered[:-1]
    return ordered[kept], order[kept]


def joined(starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """The same positions as ranges that neither touch nor overlap, in order, empty ones dropped."""
    kept = ends > starts
    starts, ends = starts[kept], ends[kept]
    if not len(starts):
        return starts.astype(np.int64), ends.astype(np.int64)
    order = np.argsort(starts, kind="stable")
    starts, ends = starts[order].astype(np.int64), np.maximum.accumulate(ends[order])
    fresh = np.ones(len(starts), bool)
    fresh[1:] = starts[1:] > ends[:-1]
    last = np.append(np.flatnonzero(fresh)[1:] - 1, len(starts) - 1)
    return starts[fresh], ends[last].astype(np.int64)


def without(starts: Ints, ends: Ints, less_starts: Ints, less_ends: Ints) -> tuple[Ints, Ints]:
    """What is left of some ranges beside others; within each set ranges do not overlap.

    >>> [part.tolist() for part in without(*map(np.array, ([0], [9], [2, 5], [3, 7])))]
    [[0, 3, 7], [2, 5, 9]]
    """
    edges = np.concatenate([starts, ends, less_starts, less_ends]).astype(np.int64)
    weight = np.repeat([1, -1, -2, 2], [len(starts), len(ends), len(less_starts), len(less_ends)])
    order = np.argsort(edges, kind="stable")
    edges, cover = edges[order], np.cumsum(weight[order])
    kept = np.flatnonzero((cover[:-1] == 1) & (edges[:-1] < edges[1:]))
    return edges[kept], edges[kept + 1]
