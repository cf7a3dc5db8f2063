"""The five event types of EPCIS 2.0 as values, with the terms GS1 gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

Action = Literal["ADD", "OBSERVE", "DELETE"]
Extensions = Mapping[str, Any]
"""Fields of other namespaces, by the name they have on the wire, kept as they came."""


@dataclass(frozen=True)
class QuantityElement:
    """So much of a class of things; no unit means pieces, no quantity means unknown."""

    epc_class: str
    quantity: Decimal | None = None
    uom: str = ""


@dataclass(frozen=True)
class BusinessTransaction:
    """An order, invoice or other paper an event belongs to."""

    biz_transaction: str
    type: str = ""


@dataclass(frozen=True)
class Source:
    """Where or from whom a transfer starts."""

    source: str
    type: str = ""


@dataclass(frozen=True)
class Destination:
    """Where or to whom a transfer goes."""

    destination: str
    type: str = ""


@dataclass(frozen=True)
class Place:
    """A read point or business location."""

    id: str
    extensions: Extensions = field(default_factory=dict)


@dataclass(frozen=True)
class PersistentDisposition:
    """Dispositions that hold until they are taken back."""

    set: tuple[str, ...] = ()
    unset: tuple[str, ...] = ()


@dataclass(frozen=True)
class ErrorDeclaration:
    """The event it stands in was wrong; what was right may stand in other events."""

    declaration_time: str
    reason: str = ""
    corrective_event_ids: tuple[str, ...] = ()
    extensions: Extensions = field(default_factory=dict)


@dataclass(frozen=True)
class SensorMetadata:
    """Facts about a whole sensor element."""

    time: str = ""
    start_time: str = ""
    end_time: str = ""
    device_id: str = ""
    device_metadata: str = ""
    raw_data: str = ""
    data_processing_method: str = ""
    biz_rules: str = ""
    extensions: Extensions = field(default_factory=dict)


@dataclass(frozen=True)
class SensorReport:
    """One observed value."""

    type: str = ""
    exception: str = ""
    device_id: str = ""
    device_metadata: str = ""
    raw_data: str = ""
    data_processing_method: str = ""
    biz_rules: str = ""
    time: str = ""
    microorganism: str = ""
    chemical_substance: str = ""
    coordinate_reference_system: str = ""
    value: Decimal | None = None
    component: str = ""
    string_value: str | None = None
    boolean_value: bool | None = None
    hex_binary_value: str = ""
    uri_value: str = ""
    min_value: Decimal | None = None
    max_value: Decimal | None = None
    mean_value: Decimal | None = None
    s_dev: Decimal | None = None
    perc_rank: Decimal | None = None
    perc_value: Decimal | None = None
    uom: str = ""
    extensions: Extensions = field(default_factory=dict)


@dataclass(frozen=True)
class SensorElement:
    """What sensors said."""

    sensor_report: tuple[SensorReport, ...] = ()
    sensor_metadata: SensorMetadata | None = None
    extensions: Extensions = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class EpcisEvent:
    """What every event has. Times are kept as they were written; `at` is the moment."""

    event_time: str
    event_time_zone_offset: str
    record_time: str = ""
    event_id: str = ""
    certification_info: tuple[str, ...] = ()
    error_declaration: ErrorDeclaration | None = None
    biz_step: str = ""
    disposition: str = ""
    persistent_disposition: PersistentDisposition | None = None
    read_point: Place | None = None
    biz_location: Place | None = None
    biz_transaction_list: tuple[BusinessTransaction, ...] = ()
    source_list: tuple[Source, ...] = ()
    destination_list: tuple[Destination, ...] = ()
    sensor_element_list: tuple[SensorElement, ...] = ()
    extensions: Extensions = field(default_factory=dict)
    context: Any = None

    @property
    def at(self) -> datetime:
        """When it happened, in UTC."""
        return moment(self.event_time)


@dataclass(frozen=True, kw_only=True)
class ObjectEvent(EpcisEvent):
    """Something happened to things."""

    action: Action
    epc_list: tuple[str, ...] = ()
    quantity_list: tuple[QuantityElement, ...] = ()
    ilmd: Extensions = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AggregationEvent(EpcisEvent):
    """Things went into, were in, or left a container."""

    action: Action
    parent_id: str = ""
    child_epcs: tuple[str, ...] = ()
    child_quantity_list: tuple[QuantityElement, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AssociationEvent(AggregationEvent):
    """The same for what stays together: a sensor on an asset, a part in a machine."""


@dataclass(frozen=True, kw_only=True)
class TransactionEvent(EpcisEvent):
    """Things were tied to papers."""

    action: Action
    parent_id: str = ""
    epc_list: tuple[str, ...] = ()
    quantity_list: tuple[QuantityElement, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TransformationEvent(EpcisEvent):
    """Inputs were used up, outputs came of them."""

    input_epc_list: tuple[str, ...] = ()
    input_quantity_list: tuple[QuantityElement, ...] = ()
    output_epc_list: tuple[str, ...] = ()
    output_quantity_list: tuple[QuantityElement, ...] = ()
    transformation_id: str = ""
    ilmd: Extensions = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ExtendedEvent(EpcisEvent):
    """An event of somebody's own type: kept, and read for nothing."""

    type: str


@lru_cache(maxsize=50_000)
def moment(text: str) -> datetime:
    """A wire time as a moment in UTC, to the microsecond."""
    text = text.strip().upper().replace("Z", "+00:00")
    head, point, tail = text.partition(".")
    if point:
        cut = min((at for at in (tail.find("+"), tail.find("-")) if at >= 0), default=len(tail))
        text = f"{head}.{tail[:cut][:6].ljust(6, '0')}{tail[cut:]}"
    found = datetime.fromisoformat(text)
    try:
        return found.astimezone(UTC)
    except OverflowError:
        return found.replace(tzinfo=UTC)
