"""Which unit went from where to where: shipping and departing, receiving and arriving."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from holdfast.kit.epcis.corrections import Held
from holdfast.kit.epcis.derive.world import World, amounts
from holdfast.kit.epcis.events import (
    AggregationEvent,
    Destination,
    EpcisEvent,
    ObjectEvent,
    Source,
    TransactionEvent,
)
from holdfast.kit.epcis.things import thing
from holdfast.kit.epcis.words import BIZ_STEP, PARTY

ShipmentRow = tuple[str, str, str, datetime, datetime | None]
LEAVING = frozenset({"shipping", "departing"})
ARRIVING = frozenset({"receiving", "arriving", "accepting"})
_TAKEN_BACK = "void_shipping"
_PREFERRED = ("location", "possessing_party", "owning_party")


@dataclass(frozen=True, order=True)
class _Move:
    at: datetime
    # At one moment a unit arrives before it leaves again.
    rank: int
    step: str
    from_site: str
    to_site: str


def step_of(event: EpcisEvent) -> str:
    """The business step as its bare word."""
    return BIZ_STEP.bare(event.biz_step)


def site_of(event: EpcisEvent) -> str:
    """Where the things are after the event; else where it was seen."""
    place = event.biz_location or event.read_point
    return thing(place.id).key if place else ""


def party(listed: Iterable[Source | Destination], *preferred: str) -> str:
    """The key of the party or place of the first of the preferred types that is given."""
    by_type: dict[str, list[str]] = defaultdict(list)
    for one in listed:
        uri = one.source if isinstance(one, Source) else one.destination
        by_type[PARTY.bare(one.type)].append(thing(uri).key)
    for kind in preferred:
        if by_type.get(kind):
            return min(by_type[kind])
    return ""


def units_of(event: EpcisEvent, world: World) -> Iterator[str]:
    """What moved: the container of an aggregation, else the things themselves."""
    if isinstance(event, AggregationEvent | TransactionEvent) and event.parent_id:
        yield from world.as_children(thing(event.parent_id))
    elif isinstance(event, ObjectEvent | TransactionEvent):
        for one in amounts(event.epc_list, event.quantity_list):
            yield from world.as_children(one.thing)
    elif isinstance(event, AggregationEvent):
        for one in amounts(event.child_epcs, event.child_quantity_list):
            yield from world.as_children(one.thing)


def shipment_rows(held: Iterable[Held], world: World) -> set[ShipmentRow]:
    """The rows of `shipments`."""
    moves: dict[str, set[_Move]] = defaultdict(set)
    for fact in held:
        event, step = fact.event, step_of(fact.event)
        if step in LEAVING or step == _TAKEN_BACK:
            seen = event.read_point or event.biz_location
            start = party(event.source_list, *_PREFERRED) or (thing(seen.id).key if seen else "")
            end = party(event.destination_list, *_PREFERRED)
            move = _Move(event.at, 2 if step == _TAKEN_BACK else 1, step, start, end)
        elif step in ARRIVING:
            start = party(event.source_list, *_PREFERRED)
            end = party(event.destination_list, *_PREFERRED) or site_of(event)
            move = _Move(event.at, 0, step, start, end)
        else:
            continue
        for unit in set(units_of(event, world)):
            moves[unit].add(move)
    rows: set[ShipmentRow] = set()
    for unit, made in moves.items():
        rows |= _journeys(unit, sorted(made))
    return rows


def _journeys(unit: str, moves: list[_Move]) -> set[ShipmentRow]:
    rows: set[ShipmentRow] = set()
    away: _Move | None = None
    for move in moves:
        if move.step in ARRIVING:
            if away is not None and away.at <= move.at:
                end = away.to_site or move.to_site
                rows.add((unit, away.from_site or move.from_site, end, away.at, move.at))
                away = None
        elif move.step == _TAKEN_BACK:
            away = None
        elif away is not None and (away.from_site == move.from_site or not move.from_site):
            # Shipping, then departing: one journey told twice.
            away = _Move(away.at, 1, away.step, away.from_site, away.to_site or move.to_site)
        else:
            if away is not None:
                rows.add((unit, away.from_site, away.to_site, away.at, None))
            away = move
    if away is not None:
        rows.add((unit, away.from_site, away.to_site, away.at, None))
    return rows
