"""The wire form (EPCIS 2.0 JSON) to event values and back: the one place that knows camelCase."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields
from decimal import Decimal
from typing import Any

from holdfast.kit.epcis import events
from holdfast.kit.epcis.names import CONTEXT

Reader = Callable[[Any], Any]

_SPECIAL = {
    "eventID": "event_id",
    "parentID": "parent_id",
    "transformationID": "transformation_id",
    "deviceID": "device_id",
    "childEPCs": "child_epcs",
    "epcList": "epc_list",
    "inputEPCList": "input_epc_list",
    "outputEPCList": "output_epc_list",
    "correctiveEventIDs": "corrective_event_ids",
}
_CLASSES: dict[str, type[Any]] = {
    "ObjectEvent": events.ObjectEvent,
    "AggregationEvent": events.AggregationEvent,
    "AssociationEvent": events.AssociationEvent,
    "TransactionEvent": events.TransactionEvent,
    "TransformationEvent": events.TransformationEvent,
}


_WIRE_NAMES = {value: key for key, value in _SPECIAL.items()}


def camel(name: str) -> str:
    """`biz_transaction_list` → `bizTransactionList`."""
    if name in _WIRE_NAMES:
        return _WIRE_NAMES[name]
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def from_wire(value: dict[str, Any]) -> events.EpcisEvent:
    """An event value from its wire form, which must have passed the rules."""
    kind = str(value["type"])
    found = _CLASSES.get(kind)
    if found is None:
        event = _made(events.ExtendedEvent, {k: v for k, v in value.items() if k != "type"})
        return events.ExtendedEvent(**event, type=kind)
    made = found(**_made(found, {k: v for k, v in value.items() if k != "type"}))
    assert isinstance(made, events.EpcisEvent)
    return made


def to_wire(event: events.EpcisEvent) -> dict[str, Any]:
    """The wire form of an event value: a bare event document, ready to be read again."""
    kind = event.type if isinstance(event, events.ExtendedEvent) else type(event).__name__
    written = _written(event, {"type": kind})
    written["@context"] = CONTEXT if event.context is None else event.context
    return written


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list) else (value,)


def _number(value: Any) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _one(kind: type[Any]) -> Reader:
    def read(value: Any) -> Any:
        return kind(**_made(kind, value))

    return read


def _many(kind: type[Any]) -> Reader:
    def read(value: Any) -> tuple[Any, ...]:
        return tuple(kind(**_made(kind, one)) for one in value)

    return read


def _kept(value: Any) -> Any:
    return value


_NUMBERS = "quantity value min_value max_value mean_value s_dev perc_rank perc_value".split()
_TEXTS = (
    "certification_info epc_list child_epcs input_epc_list output_epc_list "
    "corrective_event_ids set unset"
).split()
_QUANTITIES = "quantity_list child_quantity_list input_quantity_list output_quantity_list".split()
_READERS: dict[str, Reader] = {
    **dict.fromkeys(_NUMBERS, _number),
    **dict.fromkeys(_TEXTS, _texts),
    **dict.fromkeys(_QUANTITIES, _many(events.QuantityElement)),
    "read_point": _one(events.Place),
    "biz_location": _one(events.Place),
    "persistent_disposition": _one(events.PersistentDisposition),
    "error_declaration": _one(events.ErrorDeclaration),
    "biz_transaction_list": _many(events.BusinessTransaction),
    "source_list": _many(events.Source),
    "destination_list": _many(events.Destination),
    "sensor_element_list": _many(events.SensorElement),
    "sensor_metadata": _one(events.SensorMetadata),
    "sensor_report": _many(events.SensorReport),
}


_KNOWN: dict[type[Any], dict[str, str]] = {}


def _attributes(kind: type[Any]) -> dict[str, str]:
    """The attributes of a value by their wire names."""
    if kind not in _KNOWN:
        names = [one.name for one in fields(kind) if one.name not in ("extensions", "context")]
        _KNOWN[kind] = {camel(name): name for name in names}
    return _KNOWN[kind]


def _made(kind: type[Any], value: dict[str, Any]) -> dict[str, Any]:
    known = _attributes(kind)
    made: dict[str, Any] = {}
    others: dict[str, Any] = {}
    for name, one in value.items():
        attribute = known.get(name)
        if attribute is not None:
            made[attribute] = _READERS.get(attribute, _kept)(one)
        elif name == "@context":
            made["context"] = one
        else:
            others[name] = one
    if others:
        made["extensions"] = others
    return made


def _written(value: Any, start: dict[str, Any]) -> dict[str, Any]:
    written = dict(start)
    for one in fields(value):
        found = getattr(value, one.name)
        if one.name in ("extensions", "context") or (one.name == "type" and "type" in start):
            continue
        empty = one.default if one.default is not MISSING else None
        is_empty = found is None or found == empty or found in ((), "") or found == {}
        # An empty epcList is said: the standard takes it for an event about no single thing.
        if is_empty and one.name != "epc_list":
            continue
        written[camel(one.name)] = _value(found, one.name)
    written.update(getattr(value, "extensions", {}))
    return written


def _value(value: Any, name: str) -> Any:
    if isinstance(value, tuple):
        if name == "certification_info" and len(value) == 1:
            return value[0]
        return [_value(one, "") for one in value]
    if hasattr(value, "__dataclass_fields__"):
        return _written(value, {})
    return value
