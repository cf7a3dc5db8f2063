"""What lay in a container: at one instant, or ever, through every level."""

from __future__ import annotations

import re
from collections import defaultdict

import numpy as np

from holdfast.kit.trace.published.layout import Published
from holdfast.kit.trace.ranges import Ints
from holdfast.kit.trace.values import BEGINNING, END, NEVER_A_LOT


def stays_at(published: Published, container: int, at: int) -> Ints:
    """The stays in one container that hold at an instant."""
    own = published.arrays
    begin, end = own.stay_of_container_start[container : container + 2].tolist()
    stop = begin + int(np.searchsorted(own.stay_start[begin:end], at, side="right"))
    held: Ints = begin + np.flatnonzero(own.stay_end[begin:stop] > at)
    return held


def inside_at(published: Published, container: int, at: int) -> dict[int, tuple[int, ...]]:
    """The lots inside at an instant, each with the stays that lead to it, outermost first."""
    own = published.arrays
    found: dict[int, tuple[int, ...]] = {}
    opened = {container}
    level: list[tuple[int, tuple[int, ...]]] = [(container, ())]
    while level:
        deeper: list[tuple[int, tuple[int, ...]]] = []
        for here, way in level:
            stays = stays_at(published, here, at)
            lots, children = own.stay_lot[stays].tolist(), own.stay_child[stays].tolist()
            for stay, lot, child in zip(stays.tolist(), lots, children, strict=True):
                if lot >= 0 and lot not in found:
                    found[lot] = (*way, stay)
                if child >= 0 and child not in opened:
                    opened.add(child)
                    deeper.append((child, (*way, stay)))
        level = deeper
    return found


def unopened_at(published: Published, container: int, at: int) -> set[str]:
    """What lies inside at an instant of which nobody recorded what is in it, by name.

    That is a thing no row names as a lot, with a key no lot has, before anything was packed into
    it.
    """
    own, names = published.arrays, published.names
    found: set[str] = set()
    opened = {container}
    waiting = [container]
    while waiting:
        stays = stays_at(published, waiting.pop(), at)
        lots, children = own.stay_lot[stays].tolist(), own.stay_child[stays].tolist()
        for lot, child in zip(lots, children, strict=True):
            if child < 0:
                if _is_no_lot(names.lots[lot]) and not _is_named(published, lot):
                    found.add(names.lots[lot])
                continue
            begin, end = own.stay_of_container_start[child : child + 2].tolist()
            is_bare = begin == end or own.stay_start[begin] > at
            if lot < 0 and is_bare and _is_no_lot(names.containers[child]):
                found.add(names.containers[child])
            if child not in opened:
                opened.add(child)
                waiting.append(child)
    return found


def _is_no_lot(name: str) -> bool:
    return re.fullmatch(NEVER_A_LOT, name) is not None


def _is_named(published: Published, lot: int) -> bool:
    """Does any row name it as a lot? Otherwise it was only ever seen packed."""
    own = published.arrays
    of_lot = (
        own.receipt_of_lot_start, own.named_of_lot_start, own.forth_start, own.back_start,
    )  # fmt: skip
    return any(start[lot] < start[lot + 1] for start in of_lot)


def ever_inside(published: Published, container: int) -> set[int]:
    """The lots that were ever inside, at instants at which every level between holds."""
    own = published.arrays
    found: set[int] = set()
    told: dict[int, list[tuple[int, int]]] = defaultdict(list)
    waiting = [(container, BEGINNING - 1, END)]
    while waiting:
        here, start, end = waiting.pop()
        if any(low <= start and end <= high for low, high in told[here]):
            continue
        told[here].append((start, end))
        begin, stop = own.stay_of_container_start[here : here + 2].tolist()
        low = np.maximum(own.stay_start[begin:stop], start)
        high = np.minimum(own.stay_end[begin:stop], end)
        holds = np.flatnonzero(low < high)
        lots = own.stay_lot[begin + holds]
        found.update(lots[lots >= 0].tolist())
        children = own.stay_child[begin + holds]
        inner = np.flatnonzero(children >= 0)
        waiting += zip(
            children[inner].tolist(), low[holds[inner]].tolist(), high[holds[inner]].tolist(),
            strict=True,
        )  # fmt: skip
    return found
