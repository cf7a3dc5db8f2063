"""The lot graph: what was made out of what, walked both ways in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from holdfast.kit.trace.ranges import Ints, firsts, offsets, spread, unique
from holdfast.kit.trace.values import BEGINNING

FEW = 24
"""Below so many lots in a generation plain Python walks faster than whole arrays."""


@dataclass(frozen=True, slots=True)
class Arrows:
    """One direction: the lots next to lot i stand at `to[start[i]:start[i + 1]]`.

    `at` is the microsecond of each transformation, BEGINNING where it was never written down.
    """

    start: Ints
    to: Ints
    at: Ints

    @classmethod
    def sorted_from(cls, count: int, here: Ints, there: Ints, at: Ints) -> Arrows:
        """The arrows of `count` lots from pairs in any order."""
        order = np.argsort(here, kind="stable")
        return cls(offsets(here, count), there[order].astype(np.int32), at[order].astype(np.int64))


@dataclass(frozen=True, slots=True)
class Reached:
    """Lots and their distance: `generations[i]` steps at least lead from the seeds to `lots[i]`.

    `lots` is sorted; a seed has generation 0. `came_from[i]` is one lot before it on a shortest
    way, the lot itself for a seed.
    """

    lots: Ints
    generations: Ints
    came_from: Ints


class LotGraph:
    """Transformations as two sorted arrays. Circles are harmless: no lot is entered twice.

    Lots are whole numbers 0 <= lot < count; arrays may be memory-mapped.
    """

    __slots__ = ("back", "count", "forth")

    def __init__(self, count: int, forth: Arrows, back: Arrows) -> None:
        self.count, self.forth, self.back = count, forth, back

    @classmethod
    def of(cls, count: int, inputs: Ints, outputs: Ints, at: Ints | None = None) -> LotGraph:
        """A graph from input and output lots of each transformation, in any order."""
        inputs, outputs = np.asarray(inputs), np.asarray(outputs)
        when = np.full(len(inputs), BEGINNING, np.int64) if at is None else np.asarray(at)
        return cls(
            count,
            Arrows.sorted_from(count, inputs, outputs, when),
            Arrows.sorted_from(count, outputs, inputs, when),
        )

    def descendants(
        self, lots: Ints | Sequence[int], *, at: int | None = None, steps: int | None = None
    ) -> Ints:
        """These lots and all made from them, sorted; `at` keeps transformations up to then."""
        return self.walk(self.forth, lots, at=at, steps=steps).lots

    def ancestors(
        self, lots: Ints | Sequence[int], *, at: int | None = None, steps: int | None = None
    ) -> Ints:
        """These lots and all they were made from, sorted."""
        return self.walk(self.back, lots, at=at, steps=steps).lots

    def walk(
        self,
        arrows: Arrows,
        lots: Ints | Sequence[int],
        *,
        at: int | None = None,
        steps: int | None = None,
    ) -> Reached:
        """Breadth first along one direction, each lot entered once."""
        frontier = unique(np.asarray(lots, dtype=np.int64))
        seen = np.zeros(self.count, bool)
        seen[frontier] = True
        found, sources, depths = [frontier], [frontier], [np.zeros(len(frontier), np.int32)]
        depth = 0
        while len(frontier) and (steps is None or depth < steps):
            depth += 1
            frontier, source = _next(arrows, frontier, seen, at)
            found.append(frontier)
            sources.append(source)
            depths.append(np.full(len(frontier), depth, np.int32))
        reached = np.concatenate(found)
        order = np.argsort(reached)
        return Reached(
            reached[order], np.concatenate(depths)[order], np.concatenate(sources)[order]
        )

    def caught_in_circles(self) -> Ints:
        """Lots on a circle of transformations, or on the way from one circle to another."""
        return np.flatnonzero(
            _left_after_peeling(self.count, self.forth, self.back)
            & _left_after_peeling(self.count, self.back, self.forth)
        )


def _next(
    arrows: Arrows, frontier: Ints, seen: npt.NDArray[np.bool_], at: int | None
) -> tuple[Ints, Ints]:
    if len(frontier) <= FEW:
        return _next_few(arrows, frontier, seen, at)
    starts, ends = arrows.start[frontier], arrows.start[frontier + 1]
    places = spread(starts, ends)
    source = np.repeat(frontier, ends - starts)
    if at is not None:
        kept = arrows.at[places] <= at
        places, source = places[kept], source[kept]
    to = arrows.to[places].astype(np.int64)
    fresh = ~seen[to]
    lots, first = firsts(to[fresh])
    seen[lots] = True
    return lots, source[fresh][first]


def _next_few(
    arrows: Arrows, frontier: Ints, seen: npt.NDArray[np.bool_], at: int | None
) -> tuple[Ints, Ints]:
    lots: list[int] = []
    source: list[int] = []
    for lot in frontier.tolist():
        begin, end = int(arrows.start[lot]), int(arrows.start[lot + 1])
        near = arrows.to[begin:end]
        if at is not None:
            near = near[arrows.at[begin:end] <= at]
        if len(near) > FEW:
            near = near[~seen[near]]
        for other in near.tolist():
            if not seen[other]:
                seen[other] = True
                lots.append(other)
                source.append(lot)
    return np.array(lots, np.int64), np.array(source, np.int64)


def _left_after_peeling(count: int, away: Arrows, into: Arrows) -> npt.NDArray[np.bool_]:
    """Lots that remain when those that nothing leads into are taken away, again and again."""
    owed = np.diff(into.start).astype(np.int64)
    left = np.ones(count, bool)
    ripe = np.flatnonzero(owed == 0)
    while len(ripe):
        left[ripe] = False
        if len(ripe) <= FEW:
            fallen = []
            for lot in ripe.tolist():
                for other in away.to[away.start[lot] : away.start[lot + 1]].tolist():
                    owed[other] -= 1
                    if owed[other] == 0:
                        fallen.append(other)
            ripe = np.array(fallen, np.int64)
            continue
        to = away.to[spread(away.start[ripe], away.start[ripe + 1])]
        others, times = np.unique(to, return_counts=True)
        owed[others] -= times
        ripe = others[owed[others] == 0].astype(np.int64)
    return left
