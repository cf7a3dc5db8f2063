"""When a child was inside its container: ADD opens a stay, DELETE ends it, OBSERVE witnesses it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import accumulate

from holdfast.kit.epcis.corrections import Held
from holdfast.kit.epcis.derive.world import Amount, World, amounts
from holdfast.kit.epcis.events import AggregationEvent
from holdfast.kit.epcis.things import Thing, thing

PackingRow = tuple[str, str, datetime | None, datetime | None]
_DEEP = 32
_ALWAYS = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Stay:
    """One stay, half-open; an unknown start is None and means always before."""

    child: Thing
    start: datetime | None
    end: datetime | None
    quantity: Decimal | None = None
    uom: str = ""

    def holds(self, at: datetime) -> bool:
        """Whether the child was inside at that moment."""
        return (self.start is None or self.start <= at) and (self.end is None or at < self.end)


@dataclass(frozen=True)
class _Seen:
    at: datetime
    action: str
    quantity: Decimal | None


class Stays:
    """Every stay by container, built from all events at once."""

    def __init__(self, held: Iterable[Held]) -> None:
        self.by_container: dict[str, list[Stay]] = {}
        self._indexes: dict[str, _Index] = {}
        seen: dict[str, dict[str, list[_Seen]]] = defaultdict(lambda: defaultdict(list))
        last: dict[tuple[str, str], Amount] = {}
        emptied: dict[str, set[datetime]] = defaultdict(set)
        for fact in held:
            event = fact.event
            if not isinstance(event, AggregationEvent) or not event.parent_id:
                continue
            parent = thing(event.parent_id)
            if parent.kind == "place":
                continue
            children = amounts(event.child_epcs, event.child_quantity_list)
            if not children and event.action == "DELETE":
                emptied[parent.key].add(event.at)
            for one in children:
                key = one.thing.key
                if key != parent.key:
                    seen[parent.key][key].append(_Seen(event.at, event.action, one.quantity))
                    last[parent.key, key] = one
        for parent_key in sorted(seen):
            stays: list[Stay] = []
            moments = sorted(emptied[parent_key])
            for key in sorted(seen[parent_key]):
                known = last[parent_key, key]
                told = seen[parent_key][key]
                stays += _stays(known.thing, told, moments, known.uom)
            self.by_container[parent_key] = stays

    def inside(self, container: str, at: datetime) -> list[Amount]:
        """What was inside at that moment, through all levels, containers included."""
        found: list[Amount] = []
        been, level = {container}, [container]
        for _ in range(_DEEP):
            deeper: list[str] = []
            for key in level:
                for stay in self._holding(key, at):
                    if stay.child.key not in been:
                        been.add(stay.child.key)
                        deeper.append(stay.child.key)
                        found.append(Amount(stay.child, stay.quantity, stay.uom))
            if not deeper:
                break
            level = deeper
        return found

    def _holding(self, container: str, at: datetime) -> Iterator[Stay]:
        """The stays that hold; a pallet used a hundred thousand times is not read through."""
        stays = self.by_container.get(container)
        if not stays:
            return
        index = self._indexes.get(container)
        if index is None:
            index = self._indexes[container] = _Index(stays)
        yield from index.holding(at)


class _Index:
    """Stays in the order they began, with the latest end so far: looking back stops early."""

    def __init__(self, stays: Sequence[Stay]) -> None:
        def began(stay: Stay) -> datetime:
            return stay.start or _ALWAYS

        self.open = sorted((one for one in stays if one.end is None), key=began)
        self.ended = sorted((one for one in stays if one.end is not None), key=began)
        self.open_starts = [began(one) for one in self.open]
        self.starts = [began(one) for one in self.ended]
        self.latest = list(accumulate((one.end or _ALWAYS for one in self.ended), max))

    def holding(self, at: datetime) -> Iterator[Stay]:
        yield from self.open[: bisect_right(self.open_starts, at)]
        for place in range(bisect_right(self.starts, at) - 1, -1, -1):
            if self.latest[place] <= at:
                return
            if self.ended[place].holds(at):
                yield self.ended[place]


def _stays(child: Thing, seen: Sequence[_Seen], emptied: list[datetime], unit: str) -> list[Stay]:
    is_class = child.kind in ("lot", "class")
    at_once: dict[datetime, list[_Seen]] = defaultdict(list)
    for one in seen:
        at_once[one.at].append(one)
    done: list[Stay] = []
    start: datetime | None = None
    is_open, total, balance = False, Decimal(0), Decimal(0)
    is_known = True
    last_end: datetime | None = None

    def close(at: datetime) -> None:
        nonlocal is_open, last_end
        is_open, last_end = False, at
        if start is None or start < at:
            done.append(Stay(child, start, at, total if is_known else None, unit))

    def emptied_by(limit: datetime | None) -> None:
        """End the open stay where the container was emptied before the limit."""
        place = bisect_right(emptied, start) if is_open and start else len(emptied)
        if place < len(emptied) and (limit is None or emptied[place] < limit):
            close(emptied[place])

    for moment in sorted(at_once):
        emptied_by(moment)
        acts = at_once[moment]
        added = [one for one in acts if one.action == "ADD"]
        taken = [one for one in acts if one.action == "DELETE"]
        place = bisect_left(emptied, moment)
        is_emptied = place < len(emptied) and emptied[place] == moment
        if is_open and taken and is_class and is_known:
            known = [one.quantity for one in taken if one.quantity is not None]
            # Part of a quantity that left leaves the rest inside; an unknown part is all of it.
            balance -= sum(known, Decimal(0)) if len(known) == len(taken) else balance
            if balance <= 0:
                close(moment)
        elif is_open and (taken or is_emptied):
            close(moment)
        elif taken and not added and not is_open:
            # It left, so it was inside, since a moment nobody told: the last one it was not.
            before = emptied[max(place - 1, 0) : place] + ([last_end] if last_end else [])
            start, total, is_known = (max(before) if before else None), Decimal(0), False
            close(moment)
        if is_open and is_emptied:
            close(moment)
        witnessed = [one for one in acts if one.action == "OBSERVE"] if not taken else []
        if not is_open and (added or witnessed):
            is_open, start = True, moment
            total = balance = Decimal(0)
            is_known = True
            added = added or witnessed[:1]
        if is_open and added:
            amounts_added = [one.quantity for one in added]
            if is_class and None in amounts_added:
                is_known = False
            plus = sum((one or Decimal(0) for one in amounts_added), Decimal(0))
            total, balance = total + plus, balance + plus
    emptied_by(None)
    if is_open:
        done.append(Stay(child, start, None, total if is_known else None, unit))
    return done


def packing_rows(stays: Stays, world: World) -> set[PackingRow]:
    """The rows of `packings`: items as their lots, containers as themselves."""
    rows: set[PackingRow] = set()
    for container, inside in stays.by_container.items():
        for stay in inside:
            for child in world.as_children(stay.child):
                if child != container:
                    rows.add((container, child, stay.start, stay.end))
        # A case with a lot number of its own holds that lot for as long as it exists.
        for lot in world.lots_of.get(container, ()):
            rows.add((container, lot, None, None))
    return rows
