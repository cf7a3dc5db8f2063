"""The event hash of the CBV: one fingerprint for an event however it was written down.

The algorithm is CBV 2.0's, with the readings that its published vectors settle: fields no order is
given for (business transactions, sources, destinations, ILMD, extensions of the event) follow in
the order of their text, and certification information is part of the hash.
"""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from holdfast.kit.epcis.canonical import canonical

VERSION = "CBV2.0"
_EXACT_DIGITS = 15
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?")
_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]+)?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_OLD_WORDS = (
    ("urn:epcglobal:cbv:bizstep:", "https://ref.gs1.org/cbv/BizStep-"),
    ("urn:epcglobal:cbv:disp:", "https://ref.gs1.org/cbv/Disp-"),
    ("urn:epcglobal:cbv:btt:", "https://ref.gs1.org/cbv/BTT-"),
    ("urn:epcglobal:cbv:sdt:", "https://ref.gs1.org/cbv/SDT-"),
    ("urn:epcglobal:cbv:er:", "https://ref.gs1.org/cbv/ER-"),
)
_IGNORED = frozenset({"recordTime", "eventID", "type", "errorDeclaration"})
_PAIRED = frozenset({"bizTransactionList", "sourceList", "destinationList"})


@dataclass(eq=False)
class Node:
    """One field: its name (`{namespace}local` for extensions), its text, and fields inside."""

    name: str
    text: str = ""
    inside: list[Node] = field(default_factory=list)


@dataclass(frozen=True)
class Order:
    """Names in the order the standard gives, each with the order inside it."""

    steps: tuple[tuple[str, Order | None], ...]


def _order(*steps: str | tuple[str, Order]) -> Order:
    return Order(tuple((one, None) if isinstance(one, str) else one for one in steps))


_EPCS = _order("epc")
_QUANTITIES = _order(("quantityElement", _order("epcClass", "quantity", "uom")))
_METADATA = _order(
    *(
        "time startTime endTime deviceID deviceMetadata rawData dataProcessingMethod bizRules"
    ).split()
)
_REPORT = _order(
    *(
        "type exception deviceID deviceMetadata rawData dataProcessingMethod time microorganism "
        "chemicalSubstance value component stringValue booleanValue hexBinaryValue uriValue "
        "minValue maxValue meanValue sDev percRank percValue uom coordinateReferenceSystem"
    ).split()
)
_EVENT = _order(
    "eventTime",
    "eventTimeZoneOffset",
    "certificationInfo",
    "parentID",
    ("epcList", _EPCS),
    ("inputEPCList", _EPCS),
    ("childEPCs", _EPCS),
    ("quantityList", _QUANTITIES),
    ("childQuantityList", _QUANTITIES),
    ("inputQuantityList", _QUANTITIES),
    ("outputEPCList", _EPCS),
    ("outputQuantityList", _QUANTITIES),
    "action",
    "transformationID",
    "bizStep",
    "disposition",
    ("persistentDisposition", _order("set", "unset")),
    ("readPoint", _order("id")),
    ("bizLocation", _order("id")),
    (
        "sensorElementList",
        _order(("sensorElement", _order(("sensorMetadata", _METADATA), ("sensorReport", _REPORT)))),
    ),
)


def event_hash(event: Node) -> str:
    """The `ni:` name of an event. The node is used up: fields are taken out as they are written."""
    digest = hashlib.sha256(prehash(event).encode("utf-8")).hexdigest()
    return f"ni:///sha-256;{digest}?ver={VERSION}"


def long_numbers(event: Node) -> str:
    """The numbers of an event that double precision cannot hold, in their full length.

    Two events that differ in nothing else have the same hash; they are still two events.
    """
    text = event.text.strip()
    own = text + ";" if len(text) > _EXACT_DIGITS and _NUMBER.fullmatch(text) else ""
    return own + "".join(sorted(long_numbers(one) for one in event.inside))


def prehash(event: Node) -> str:
    """The text that is hashed."""
    written = _ordered(event.inside, _EVENT)
    rest = [one for one in event.inside if one.name not in _IGNORED]
    return f"eventType={event.name}{written}{_any_order(rest)}"


def _ordered(inside: list[Node], order: Order) -> str:
    """The fields an order names, taken out of the list unless something inside them is left."""
    extensions = _take_extensions(inside)
    named: dict[str, list[Node]] = {}
    for one in inside:
        named.setdefault(one.name, []).append(one)
    written: list[str] = []
    used: set[str] = set()
    for name, within in order.steps:
        if name in named:
            used.add(name)
            written += sorted(filter(None, (_field(one, within) for one in named[name])))
    inside[:] = [one for one in inside if one.inside or one.name not in used]
    return "".join(written) + _any_order(extensions)


def _take_extensions(inside: list[Node]) -> list[Node]:
    """Extensions inside a standard field stay with it, as the published vectors have it."""
    if len(inside) <= 1 or any("eventTime" in one.name or "action" in one.name for one in inside):
        return []
    taken = [one for one in inside if "{" in one.name and "/}" in one.name]
    inside[:] = [one for one in inside if one not in taken]
    return taken


def _field(one: Node, within: Order | None) -> str:
    deeper = _ordered(one.inside, within) if within else ""
    text = one.text.strip()
    if text:
        name = one.name.lower()
        is_time = "time" in name and "offset" not in name
        text = "=" + (_utc(text) if is_time else _value(text))
    return one.name + text + deeper if text or deeper else ""


def _any_order(inside: list[Node]) -> str:
    written = []
    for one in inside:
        text = one.text.strip()
        within = _pairs(one) if one.name in _PAIRED else _any_order(one.inside)
        written.append(one.name + (f"={_value(text)}" if text else "") + within)
    return "".join(sorted(written))


def _pairs(listed: Node) -> str:
    """Business transactions, sources and destinations: the type, then the value."""
    written = []
    for item in listed.inside:
        kind = "".join(f"type={_value(n.text.strip())}" for n in item.inside if n.name == "type")
        written.append(f"{kind}{item.name}={_value(item.text.strip())}")
    return "".join(sorted(written))


@lru_cache(maxsize=50_000)
def _value(text: str) -> str:
    for old, new in _OLD_WORDS:
        if old in text:
            text = text.replace(old, new)
    return canonical(_number(text))


def _number(text: str) -> str:
    """A number without needless zeros, in the double precision the published vectors have."""
    if len(text) > 400 or _NUMBER.fullmatch(text) is None:
        return text
    value = float(text)
    if math.isinf(value):
        return text
    return str(int(value)) if value == int(value) else repr(value)


@lru_cache(maxsize=50_000)
def _utc(text: str) -> str:
    """UTC with milliseconds, halves rounded up; what is no time stays as it is."""
    found = _TIME.fullmatch(text)
    if found is None:
        return text
    date, clock, fraction, zone = found.groups()
    try:
        moment = datetime.fromisoformat(f"{date}T{clock}{zone.upper().replace('Z', '+00:00')}")
        thousandths = Decimal("0" + (fraction or ".0")) * 1000
        rounded = int(thousandths.quantize(Decimal(1), rounding=ROUND_HALF_UP))
        moment = moment.astimezone(UTC) + timedelta(milliseconds=rounded)
    except (ValueError, OverflowError, ArithmeticError):
        return text
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
