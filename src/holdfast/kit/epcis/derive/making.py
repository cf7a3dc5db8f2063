"""Which lots went into which: TransformationEvents, also those told in several parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from holdfast.kit.epcis.corrections import Held
from holdfast.kit.epcis.derive.stays import Stays
from holdfast.kit.epcis.derive.world import SIX_PLACES, Amount, World, amounts, lots_named
from holdfast.kit.epcis.events import TransformationEvent

TransformationRow = tuple[str, str, datetime, Decimal | None, str]
_INSTANT = timedelta(microseconds=1)
# Beyond this many pairs one process stands between inputs and outputs.
_MANY = 200_000


class _Process:
    """Inputs and outputs of one transformation, with the moments they were told."""

    def __init__(self) -> None:
        self.inputs: dict[str, list[tuple[datetime, Decimal | None, str]]] = defaultdict(list)
        self.outputs: dict[str, list[datetime]] = defaultdict(list)


def transformation_rows(held: Iterable[Held], stays: Stays, world: World) -> set[TransformationRow]:
    """The rows of `transformations`."""
    processes: dict[str, _Process] = defaultdict(_Process)
    for fact in held:
        event = fact.event
        if not isinstance(event, TransformationEvent):
            continue
        process = processes[event.transformation_id or fact.content]
        for one in amounts(event.input_epc_list, event.input_quantity_list):
            for part in _opened(one, stays, event.at):
                lots = world.as_lots(part.thing)
                for lot in lots:
                    quantity = part.quantity if len(lots) == 1 else None
                    process.inputs[lot].append((event.at, quantity, part.uom))
        named = lots_named(event.ilmd)
        for one in amounts(event.output_epc_list, event.output_quantity_list, named):
            for lot in world.as_lots(one.thing):
                process.outputs[lot].append(event.at)
    rows: set[TransformationRow] = set()
    for name in sorted(processes):
        rows |= _rows(name, processes[name])
    return rows


def _opened(one: Amount, stays: Stays, at: datetime) -> list[Amount]:
    """A container that went in as a whole stands for what was inside it."""
    if one.thing.kind != "container":
        return [one]
    for moment in (at, at - _INSTANT):
        inside = [part for part in stays.inside(one.thing.key, moment) if _is_goods(part)]
        if inside:
            return inside
    return [one]


def _is_goods(part: Amount) -> bool:
    return part.thing.kind not in ("container", "place", "class")


def _rows(name: str, process: _Process) -> set[TransformationRow]:
    inputs, outputs = process.inputs, process.outputs
    if len(inputs) * len(outputs) > _MANY:
        middle = f"process:{name}"
        first = {_row(lot, middle, inputs[lot], [], len(outputs) == 1) for lot in inputs}
        latest = max(at for given in inputs.values() for at, _, _ in given)
        return first | {(middle, lot, max([latest, *outputs[lot]]), None, "") for lot in outputs}
    alone = len(outputs) == 1
    return {
        _row(lot, made, inputs[lot], outputs[made], alone)
        for lot in inputs
        for made in outputs
        if lot != made
    }


def _row(
    lot: str,
    made: str,
    given: list[tuple[datetime, Decimal | None, str]],
    told: list[datetime],
    alone: bool,
) -> TransformationRow:
    at = max([moment for moment, _, _ in given] + told)
    units = {unit for _, _, unit in given}
    known = [quantity for _, quantity, _ in given if quantity is not None]
    if alone and len(known) == len(given) and len(units) == 1:
        return lot, made, at, sum(known, Decimal(0)).quantize(SIX_PLACES), units.pop()
    return lot, made, at, None, ""
