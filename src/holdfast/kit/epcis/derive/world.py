"""What the events say about things as such: which items are of which lot, which are containers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from holdfast.kit.epcis.corrections import Held
from holdfast.kit.epcis.events import (
    AggregationEvent,
    ObjectEvent,
    QuantityElement,
    TransformationEvent,
)
from holdfast.kit.epcis.things import LOT_NAMES, Thing, lot_key, thing

LARGEST = Decimal("999999999999")
SIX_PLACES = Decimal("0.000001")


@dataclass(frozen=True)
class Amount:
    """So much of one thing: an item is one piece, a class as much as its element says."""

    thing: Thing
    quantity: Decimal | None = None
    uom: str = ""


@dataclass
class World:
    """Lots by item, keys used as containers, and trade items by lot."""

    lots_of: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    containers: set[str] = field(default_factory=set)
    gtins: dict[str, str] = field(default_factory=dict)

    def as_lots(self, one: Thing) -> list[str]:
        """The lots a thing counts for; an item of an unknown lot is a lot of its own.

        A class without a lot is none that could be followed.
        """
        if one.kind == "class":
            return []
        return sorted(self.lots_of[one.key]) if self.lots_of.get(one.key) else [one.key]

    def as_children(self, one: Thing) -> list[str]:
        """What lies in a container when this thing does: itself if it is one, and its lots.

        A class without a lot may be of any lot: as itself it keeps the others from clearing it.
        """
        if one.kind in ("container", "place", "class"):
            return [one.key]
        if one.key in self.containers:
            return sorted({one.key, *self.lots_of.get(one.key, ())})
        return self.as_lots(one)

    def learn(self, one: Thing) -> None:
        """Note the trade item and lots a thing's own name tells."""
        for lot in one.lots:
            self.lots_of[one.key].add(lot)
            self.gtins[lot] = one.gtin
        if one.kind == "item" and one.gtin:
            self.gtins.setdefault(one.key, one.gtin)


def look_around(held: Iterable[Held]) -> World:
    """Learn what all events together say about things."""
    world = World()
    for fact in held:
        event = fact.event
        if isinstance(event, ObjectEvent):
            lots = lots_named(event.ilmd) if event.action == "ADD" else []
            _learn(world, event.epc_list, event.quantity_list, lots)
        elif isinstance(event, AggregationEvent):
            if event.parent_id:
                world.containers.add(thing(event.parent_id).key)
                world.learn(thing(event.parent_id))
            _learn(world, event.child_epcs, event.child_quantity_list, [])
        elif isinstance(event, TransformationEvent):
            _learn(world, event.input_epc_list, event.input_quantity_list, [])
            lots = lots_named(event.ilmd)
            _learn(world, event.output_epc_list, event.output_quantity_list, lots)
    return world


def _learn(
    world: World, epcs: Sequence[str], classes: Sequence[QuantityElement], lots: Sequence[str]
) -> None:
    for uri in epcs:
        one = thing(uri)
        world.learn(one)
        if one.kind == "item" and one.gtin:
            for lot in lots:
                key = lot_key(one.gtin, lot)
                world.lots_of[one.key].add(key)
                world.gtins[key] = one.gtin
    for element in classes:
        one = thing(element.epc_class)
        world.learn(one)
        if one.kind == "class" and one.gtin:
            for lot in lots:
                world.gtins[lot_key(one.gtin, lot)] = one.gtin


def amounts(
    epcs: Sequence[str], classes: Sequence[QuantityElement], lots: Sequence[str] = ()
) -> list[Amount]:
    """The things of two lists; `lots` of the ILMD give a class without a lot its lot."""
    found = [Amount(thing(uri), Decimal(1)) for uri in epcs if uri.strip()]
    for element in classes:
        if not element.epc_class.strip():
            continue
        one = thing(element.epc_class)
        quantity = sound(element.quantity)
        if one.kind == "class" and one.gtin and len(lots) == 1:
            one = thing(lot_key(one.gtin, lots[0]))
        found.append(Amount(one, quantity, element.uom))
    return found


def sound(quantity: Decimal | None) -> Decimal | None:
    """A quantity as the tables hold it; one that cannot be held, or is below zero, is unknown."""
    if quantity is None or not quantity.is_finite() or not 0 <= quantity <= LARGEST:
        return None
    return quantity.quantize(SIX_PLACES)


def lots_named(ilmd: Mapping[str, Any]) -> list[str]:
    """The lot numbers an ILMD gives, whatever prefix its namespace has."""
    found: set[str] = set()
    for name, value in ilmd.items():
        if name.rpartition(":")[2].rpartition("/")[2] not in LOT_NAMES:
            continue
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                one = one.get("@value", one.get("#text", ""))
            if isinstance(one, str | int) and str(one).strip():
                found.add(str(one).strip())
    return sorted(found)
