"""Backward: which lots may be behind a line, an order, a container, and what they were made of.

A lot is as certain for a line as the line would be if that lot were the one recalled.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from holdfast.kit.trace.published.layout import Published
from holdfast.kit.trace.published.texts import Texts
from holdfast.kit.trace.ranges import Ints, spread
from holdfast.kit.trace.rows import Candidates
from holdfast.kit.trace.values import Certainty

STRENGTH = (
    Certainty.EXCLUDED, Certainty.CANNOT_RULE_OUT, Certainty.PROBABLE, Certainty.CONFIRMED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Origin:
    """One lot behind what was asked about, with the chain down to the nearest lot of it."""

    lot: str
    certainty: Certainty
    generations: int
    path: str
    sites: tuple[str, ...]
    suppliers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Origins:
    """The answer of a backward trace; `rows` of a line or order that nothing tells about."""

    origins: list[Origin]
    unexplained: int

    @property
    def candidates(self) -> int:
        """Lots it may have been, before what these were made of."""
        return sum(one.generations == 0 for one in self.origins)


def origins(
    published: Published, found: list[Candidates], *, at: int | None, steps: int | None
) -> Origins:
    """All candidates of some rows, and all their ancestors, nearest first."""
    lots = sorted({lot for one in found for lot in one.every_lot})
    back = published.graph.walk(published.graph.back, lots, at=at, steps=steps)
    reached = _reached_from(published, lots, back.lots, at)
    before = dict(zip(back.lots.tolist(), back.came_from.tolist(), strict=True))
    names = dict(
        zip(back.lots.tolist(), published.names.lots.take(back.lots).to_pylist(), strict=True)
    )
    sites, suppliers = _places(published, back.lots, at)
    judged: dict[int, Certainty] = {}
    answer = []
    weights = [_Weights(one, lots) for one in found]
    for lot, generation in zip(back.lots.tolist(), back.generations.tolist(), strict=True):
        mask = reached[lot]
        if mask not in judged:
            judged[mask] = max((one.judge(mask) for one in weights), key=STRENGTH.index)
        path = " → ".join(names[one] for one in _way(before, lot))
        own = names[lot], judged[mask], generation, path
        answer.append(Origin(*own, sites.get(lot, ()), suppliers.get(lot, ())))
    answer.sort(key=lambda one: (one.generations, -STRENGTH.index(one.certainty), one.lot))
    return Origins(answer, sum(not one.lots for one in found))


def as_sure(lots: Iterable[int]) -> list[Candidates]:
    """Lots that were named or recorded, one by one: each is sure."""
    return [Candidates("lot_named", {lot: None}, {}, {}) for lot in lots]


class _Weights:
    """One row's candidates as bits, to be weighed for many ancestors."""

    def __init__(self, found: Candidates, lots: list[int]) -> None:
        place = {lot: number for number, lot in enumerate(lots)}
        self.rule = found.rule
        self.bits = {1 << place[lot]: quantity for lot, quantity in found.lots.items()}
        self.every = sum(self.bits)
        known = [quantity for quantity in found.lots.values() if quantity is not None]
        self.whole = sum(known) if len(known) == len(found.lots) else 0
        self.otherwise = _Weights(found.otherwise, lots) if found.otherwise else None

    def judge(self, mask: int) -> Certainty:
        hit = mask & self.every
        if not hit:
            return self.otherwise.judge(mask) if self.otherwise else Certainty.EXCLUDED
        if hit == self.every:
            sure = self.rule in ("lot_named", "container")
            return Certainty.CONFIRMED if sure else Certainty.PROBABLE
        if self.whole > 0:
            part = sum(quantity or 0 for bit, quantity in self.bits.items() if bit & hit)
            is_half = 2 * part >= self.whole
        else:
            is_half = 2 * hit.bit_count() >= self.every.bit_count()
        return Certainty.PROBABLE if is_half else Certainty.CANNOT_RULE_OUT


def _reached_from(
    published: Published, lots: list[int], every: Ints, at: int | None
) -> dict[int, int]:
    """For every ancestor, which of the candidates were made from it, as bits."""
    back = published.graph.back
    reached = dict.fromkeys(every.tolist(), 0)
    for number, lot in enumerate(lots):
        reached[lot] |= 1 << number
    waiting = list(lots)
    while waiting:
        lot = waiting.pop()
        begin, end = int(back.start[lot]), int(back.start[lot + 1])
        parents = back.to[begin:end]
        if at is not None:
            parents = parents[back.at[begin:end] <= at]
        for parent in set(parents.tolist()):
            more = reached.get(parent)
            # A parent beyond the asked steps is not in the answer.
            if more is not None and reached[lot] & ~more:
                reached[parent] = more | reached[lot]
                waiting.append(parent)
    return reached


def _way(before: dict[int, int], lot: int) -> list[int]:
    way = [lot]
    while before[way[-1]] != way[-1]:
        way.append(before[way[-1]])
    return way


def _places(
    published: Published, lots: Ints, at: int | None
) -> tuple[dict[int, tuple[str, ...]], dict[int, tuple[str, ...]]]:
    """Where each lot was received, and from whom."""
    own, names = published.arrays, published.names
    starts, ends = own.receipt_of_lot_start[lots], own.receipt_of_lot_start[lots + 1]
    near, owner = spread(starts, ends), np.repeat(lots, ends - starts)
    if at is not None:
        kept = own.receipt_start[near] <= at
        near, owner = near[kept], owner[kept]
    return (
        _named(owner, own.receipt_site[near], names.sites),
        _named(owner, own.receipt_supplier[near], names.suppliers),
    )


def _named(owner: Ints, place: Ints, names: Texts) -> dict[int, tuple[str, ...]]:
    known = {one: names[one] for one in set(place.tolist()) if one >= 0}
    found: dict[int, set[int]] = {}
    for lot, one in zip(owner.tolist(), place.tolist(), strict=True):
        if one >= 0:
            found.setdefault(lot, set()).add(one)
    return {lot: tuple(known[one] for one in sorted(ids)) for lot, ids in found.items()}
