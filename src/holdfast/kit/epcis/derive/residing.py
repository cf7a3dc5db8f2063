"""Which lot lay where from when to when: receipts, with the contents of containers opened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from holdfast.kit.epcis.corrections import Held
from holdfast.kit.epcis.derive.moving import party, site_of, step_of
from holdfast.kit.epcis.derive.stays import Stays
from holdfast.kit.epcis.derive.world import SIX_PLACES, Amount, World, amounts, lots_named
from holdfast.kit.epcis.events import (
    AggregationEvent,
    EpcisEvent,
    ObjectEvent,
    TransactionEvent,
    TransformationEvent,
)
from holdfast.kit.epcis.things import thing

ReceiptRow = tuple[str, str, str, datetime | None, datetime | None, Decimal | None, str]
BRINGING = frozenset({"receiving", "commissioning", "creating_class_instance"})
WITNESSING = frozenset({"accepting", "storing", "stocking"})
TAKING = frozenset({"shipping", "retail_selling", "dispensing", "destroying", "decommissioning"})


@dataclass(frozen=True, order=True)
class _Change:
    """One thing of a lot came (rank 0), was seen (1) or went (2)."""

    at: datetime
    rank: int
    piece: str
    quantity: Decimal | None = field(compare=False)
    uom: str = field(compare=False)
    supplier: str = field(compare=False)


def receipt_rows(held: Iterable[Held], stays: Stays, world: World) -> set[ReceiptRow]:
    """The rows of `receipts`, and one without a place for every lot no event puts anywhere."""
    held = list(held)
    changes: dict[tuple[str, str], list[_Change]] = defaultdict(list)
    for fact in held:
        for site, amount, rank, supplier in _changes(fact.event, stays, world):
            for lot in world.as_lots(amount.thing):
                if world.gtins.get(lot):
                    piece = amount.thing.key if amount.thing.kind == "item" else ""
                    change = _Change(
                        fact.event.at, rank, piece, amount.quantity, amount.uom, supplier
                    )
                    changes[lot, site].append(change)
    rows: set[ReceiptRow] = set()
    for (lot, site), made in changes.items():
        rows |= _windows(lot, world.gtins[lot], site, made)
    placed = {row[0] for row in rows}
    for lot, gtin in world.gtins.items():
        is_lot = lot not in world.lots_of or lot in world.lots_of[lot]
        if gtin and lot not in placed and is_lot:
            rows.add((lot, gtin, "", None, None, None, ""))
    return rows


def _changes(
    event: EpcisEvent, stays: Stays, world: World
) -> Iterator[tuple[str, Amount, int, str]]:
    step = step_of(event)
    if isinstance(event, TransformationEvent):
        if site := site_of(event):
            for one in amounts(event.input_epc_list, event.input_quantity_list):
                yield site, one, 2, ""
            lots = lots_named(event.ilmd)
            for one in amounts(event.output_epc_list, event.output_quantity_list, lots):
                yield site, one, 0, ""
        return
    supplier = ""
    if step in BRINGING:
        rank, site = 0, site_of(event)
        if step == "receiving":
            supplier = party(event.source_list, "owning_party", "possessing_party")
    elif step in WITNESSING:
        rank, site = 1, site_of(event)
    elif step in TAKING:
        place = event.read_point or event.biz_location
        rank = 2
        site = party(event.source_list, "location") or (thing(place.id).key if place else "")
    else:
        return
    if site:
        for one in _goods(event, stays):
            yield site, one, rank, supplier


def _goods(event: EpcisEvent, stays: Stays) -> Iterator[Amount]:
    """The things of an event, and what lies in the containers among them."""
    named: list[Amount] = []
    if isinstance(event, ObjectEvent):
        lots = lots_named(event.ilmd) if event.action == "ADD" else []
        named = amounts(event.epc_list, event.quantity_list, lots)
    elif isinstance(event, TransactionEvent):
        parent = [event.parent_id] if event.parent_id else []
        named = amounts([*parent, *event.epc_list], event.quantity_list)
    elif isinstance(event, AggregationEvent):
        parent = [event.parent_id] if event.parent_id else []
        named = amounts([*parent, *event.child_epcs], event.child_quantity_list)
    told: set[str] = set()
    for one in named:
        told.add(one.thing.key)
        yield one
    for one in named:
        for part in stays.inside(one.thing.key, event.at):
            if part.thing.key not in told:
                told.add(part.thing.key)
                yield part


def _windows(lot: str, gtin: str, site: str, changes: list[_Change]) -> set[ReceiptRow]:
    rows: set[ReceiptRow] = set()
    pieces: set[str] = set()
    came, left = Decimal(0), Decimal(0)
    start: datetime | None = None
    is_open, is_known = False, True
    suppliers: set[str] = set()
    units: set[str] = set()

    def row(end: datetime | None) -> ReceiptRow:
        total = came.quantize(SIX_PLACES) if is_known and len(units) <= 1 and came else None
        return lot, gtin, site, start, end, total, min(suppliers, default="")

    for change in sorted(changes, key=_in_order):
        if change.rank < 2:
            if not is_open:
                is_open, start, came, left = True, change.at, Decimal(0), Decimal(0)
                is_known, pieces, suppliers, units = True, set(), set(), set()
            if change.supplier:
                suppliers.add(change.supplier)
            is_new = not change.piece or change.piece not in pieces
            if change.piece:
                pieces.add(change.piece)
            if change.rank == 0 and is_new:
                units.add(change.uom)
                is_known = is_known and change.quantity is not None
                came += change.quantity or 0
            elif change.rank == 1 and is_new:
                # Seen, but nobody said how much came: what leaves cannot empty the place.
                is_known = is_known and bool(came)
        elif is_open:
            if change.piece and change.piece not in pieces:
                continue
            pieces.discard(change.piece)
            is_known = is_known and change.quantity is not None and {change.uom} == units
            left += change.quantity or 0
            if is_known and left >= came > 0:
                rows.add(row(change.at))
                is_open = False
    if is_open:
        rows.add(row(None))
    return rows


def _in_order(change: _Change) -> tuple[object, ...]:
    quantity = Decimal(-1) if change.quantity is None else change.quantity
    return change.at, change.rank, change.piece, quantity, change.uom, change.supplier
