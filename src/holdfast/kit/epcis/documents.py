"""Bytes of any EPCIS document in: its events, each with hash and wire form, or one fault."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from json.encoder import encode_basestring as _quoted
from typing import Any

from holdfast.kit.epcis import json_documents, nodes, xml_documents
from holdfast.kit.epcis.events import EpcisEvent, moment
from holdfast.kit.epcis.faults import Fault, Wrong
from holdfast.kit.epcis.jsontext import read_json
from holdfast.kit.epcis.limits import DEFAULT, Limits
from holdfast.kit.epcis.names import CONTEXT, Names
from holdfast.kit.epcis.prehash import Node, event_hash, long_numbers
from holdfast.kit.epcis.wire import from_wire
from holdfast.kit.epcis.xml_events import XmlEvents
from holdfast.kit.epcis.xmltext import Element, read_xml


@dataclass(frozen=True)
class Captured:
    """One event as it was captured: its wire form as JSON text, its hash, its identity.

    `identity` tells two captures apart: equal ones are the same event received again. `content`
    leaves out the event's name and error declaration, as the hash does.
    """

    identity: str
    content: str
    hash: str
    wire: str

    def event(self) -> EpcisEvent:
        """The event as a value."""
        return from_wire(json.loads(self.wire, parse_float=Decimal))


@dataclass(frozen=True)
class Document:
    """What a document held: its events in their order, or the fault that refuses all of them."""

    format: str
    captured: tuple[Captured, ...] = ()
    fault: Fault | None = None
    found: int = 0


def read_document(data: bytes, limits: Limits = DEFAULT) -> Document:
    """Read JSON or XML, whichever it is; one bad event refuses its document."""
    if _looks_like_xml(data):
        return _read_xml(data, limits)
    return _read_json(data, limits)


def event_hashes(data: bytes, limits: Limits = DEFAULT) -> list[str]:
    """The hashes of all events of a document, which need not keep the standard's rules.

    Raises `Wrong` where the bytes are no JSON or XML.
    """
    if _looks_like_xml(data):
        root = read_xml(data, limits)
        left_out = nodes.ignored_in_xml(root)
        found = xml_documents.found_events(root)
        return [event_hash(nodes.node_of_xml(one, left_out)) for one in found]
    document = read_json(data, limits)
    names = Names().within(document)
    left_out = nodes.ignored_in_json(document, names)
    return [
        event_hash(nodes.node_of_json(one, inner, left_out))
        for one, inner in json_documents.found_events(document)
    ]


def _looks_like_xml(data: bytes) -> bool:
    head = data[:64].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00")
    return head.startswith(b"<")


def _read_json(data: bytes, limits: Limits) -> Document:
    document: Any = None
    try:
        document = read_json(data, limits)
        json_documents.check(document)
        names = Names().within(document)
        left_out = nodes.ignored_in_json(document, names)
        captured = tuple(
            _captured(_self_contained(one, document), nodes.node_of_json(one, inner, left_out))
            for one, inner in json_documents.found_events(document)
        )
    except Wrong as wrong:
        return Document("json", fault=wrong.pointer(), found=_count_json(document))
    return Document("json", captured, found=len(captured))


def _read_xml(data: bytes, limits: Limits) -> Document:
    try:
        root = read_xml(data, limits)
    except Wrong as wrong:
        return Document("xml", fault=wrong.xpath())
    found = list(xml_documents.found_events(root))
    if fault := xml_documents.check(root):
        return Document("xml", fault=fault, found=len(found))
    left_out = nodes.ignored_in_xml(root)
    translator = XmlEvents(root)
    captured = tuple(_captured_xml(one, translator, left_out) for one in found)
    return Document("xml", captured, found=len(captured))


def _captured_xml(event: Element, translator: XmlEvents, left_out: frozenset[str]) -> Captured:
    return _captured(translator.wire(event), nodes.node_of_xml(event, left_out))


def _captured(wire: dict[str, Any], node: Node) -> Captured:
    moment(str(wire["eventTime"]))
    exact = long_numbers(node)
    hashed = event_hash(node)
    declared = json.dumps(wire.get("errorDeclaration"), sort_keys=True, default=str)
    content = f"{hashed}+{hashlib.sha256(exact.encode()).hexdigest()}" if exact else hashed
    parts = (content, str(wire.get("eventID", "")), declared)
    identity = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return Captured(identity, content, hashed, as_json(wire))


def _self_contained(event: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """The event with the context of its document, so that it can stand alone."""
    outer, own = document.get("@context", CONTEXT), event.get("@context")
    if event is document or own is None:
        return event if event is document else {**event, "@context": outer}
    both = [
        *(outer if isinstance(outer, list) else [outer]),
        *(own if isinstance(own, list) else [own]),
    ]
    kept: list[Any] = []
    for one in both:
        if one not in kept:
            kept.append(one)
    return {**event, "@context": kept}


def as_json(value: Any) -> str:
    """Wire form as JSON text; decimals keep every digit, which no encoder of Python's does."""
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, dict):
        inside = ",".join(f"{_quoted(str(name))}:{as_json(one)}" for name, one in value.items())
        return "{" + inside + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(as_json(one) for one in value) + "]"
    if isinstance(value, Decimal):
        return str(value) if value.is_finite() else json.dumps(str(value))
    return json.dumps(value, allow_nan=False)


def _count_json(document: Any) -> int:
    if not isinstance(document, dict):
        return 0
    body = document.get("epcisBody")
    results = body.get("queryResults") if isinstance(body, dict) else None
    inner = results.get("resultsBody") if isinstance(results, dict) else body
    listed = inner.get("eventList") if isinstance(inner, dict) else None
    if isinstance(listed, list):
        return len(listed)
    return 1 if "eventTime" in document else 0
