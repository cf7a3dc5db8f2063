"""Simulated warehouses of several habits, with the true lot of every line, to judge inference by.

They are for judging only: no constant in `kit/trace` may be chosen by looking at these.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from holdfast.kit.trace.hidden import Warehouse
from holdfast.kit.trace.values import END, Shipped, Window


class Chance(Protocol):
    """The part of a seeded `random.Random` the simulation draws from."""

    def random(self) -> float: ...
    def randint(self, a: int, b: int) -> int: ...
    def uniform(self, a: float, b: float) -> float: ...


@dataclass
class _Lot:
    name: str
    came: int
    units: int
    left: int
    last: int = 0


@dataclass
class _Shelf:
    """What lies there now, oldest first, and the lots nobody has put away yet."""

    coming: list[_Lot]
    present: list[_Lot] = field(default_factory=list)
    bins: list[_Lot] = field(default_factory=list)


Habit = Callable[[_Shelf, Chance], _Lot]


def oldest(shelf: _Shelf, rng: Chance) -> _Lot:
    """Strictly first in, first out."""
    return shelf.present[0]


def nearest(shelf: _Shelf, rng: Chance) -> _Lot:
    """The pallet in front: the newest, but one time in five the one behind it."""
    behind = 2 if len(shelf.present) > 1 and rng.random() < 0.2 else 1
    return shelf.present[-behind]


def anything(shelf: _Shelf, rng: Chance) -> _Lot:
    """Whatever the hand falls on: as likely as there are units of it."""
    draw = rng.random() * sum(lot.left for lot in shelf.present)
    for lot in shelf.present:
        draw -= lot.left
        if draw < 0:
            return lot
    return shelf.present[-1]


def two_faces(shelf: _Shelf, rng: Chance) -> _Lot:
    """Two picking faces, each served from one lot until it is empty, then from the oldest."""
    shelf.bins = [lot for lot in shelf.bins if lot.left]
    for lot in shelf.present:
        if len(shelf.bins) == 2:
            break
        if lot not in shelf.bins:
            shelf.bins.append(lot)
    return shelf.bins[rng.randint(0, len(shelf.bins) - 1)]


def changing_shifts(shelf: _Shelf, rng: Chance) -> _Lot:
    """The early shift takes the oldest, the late shift the newest; two lines in three are early."""
    return shelf.present[0] if rng.random() < 2 / 3 else shelf.present[-1]


HABITS: dict[str, Habit] = {
    "first in, first out": oldest,
    "newest in front": nearest,
    "anything": anything,
    "two picking faces": two_faces,
    "changing shifts": changing_shifts,
}


def run_warehouse(
    rng: Chance, habit: Habit, *, lots: int = 8, closed: bool = False, sku: str = "X"
) -> Warehouse:
    """Lots of very different size arrive while older ones still lie there, and leave by habit.

    `closed` writes down when each lot was used up; otherwise the windows stay open, as in shops
    that record only what arrives.
    """
    shelf = _Shelf([])
    at = 0
    for number in range(lots):
        units = rng.randint(10, 250)
        shelf.coming.append(_Lot(f"L{number}", at, units, units))
        at += max(3, int(units * rng.uniform(0.3, 1.0)))
    every = list(shelf.coming)
    lines: list[Shipped] = []
    clock = 0
    while shelf.coming or shelf.present:
        clock += rng.randint(0, 2)
        if not shelf.present:
            clock = max(clock, shelf.coming[0].came)
        while shelf.coming and shelf.coming[0].came <= clock:
            shelf.present.append(shelf.coming.pop(0))
        lot = habit(shelf, rng)
        units = min(lot.left, rng.randint(1, 3))
        lot.left -= units
        lot.last = clock
        lines.append(Shipped(len(lines), sku, "Lyon", lot=lot.name, at=clock, quantity=units))
        shelf.present = [one for one in shelf.present if one.left]
    windows = tuple(
        Window(lot.name, sku, "Lyon", lot.came, lot.last + 1 if closed else END, lot.units)
        for lot in every
    )
    return Warehouse(windows, tuple(lines))
