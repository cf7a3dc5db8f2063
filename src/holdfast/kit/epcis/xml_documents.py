"""Which EPCIS XML documents carry events, where they stand, and what forbids a document."""

from __future__ import annotations

from collections.abc import Iterator

from holdfast.kit.epcis.faults import Fault
from holdfast.kit.epcis.xml_rules import fault
from holdfast.kit.epcis.xml_shapes import VERSION_1, VERSION_2, Shapes
from holdfast.kit.epcis.xmltext import Element

EVENT_NAMES = (
    "ObjectEvent AggregationEvent QuantityEvent TransactionEvent TransformationEvent "
    "AssociationEvent"
).split()
_VERSIONS: dict[str, tuple[str, Shapes]] = {
    "2": ("urn:epcglobal:epcis:xsd:2", VERSION_2),
    "1": ("urn:epcglobal:epcis:xsd:1", VERSION_1),
}
_CALLED = {
    "EPCISMasterDataDocument": "master data",
    "EPCISCaptureJob": "the state of a capture job",
    "EPCISException": "an error message",
}


def check(root: Element) -> Fault | None:
    """The fault of a document, or none when it may be read for its events."""
    kind, _, number = root.namespace.rpartition(":")
    version = _VERSIONS.get(number)
    if not root.namespace and root.name in EVENT_NAMES:
        target, shapes = _VERSIONS["2"]
        model = shapes.events.get(root.name)
        if model is None:
            return _at(root, "QuantityEvent was removed with version 2 of the standard")
        return fault(root, model, target)
    if version is None or not kind.startswith("urn:epcglobal:epcis"):
        return _at(root, f"is not an EPCIS document (namespace “{root.namespace[:80]}”)")
    target, shapes = version
    if kind == "urn:epcglobal:epcis:xsd" and root.name == "EPCISDocument":
        return fault(root, shapes.document, target)
    if kind == "urn:epcglobal:epcis-query:xsd":
        return _query(root, root.namespace, shapes)
    if root.name in _CALLED:
        return _at(root, f"carries no events: this is {_CALLED[root.name]}")
    return _at(root, f"{root.name} is no document that carries events")


def _query(root: Element, target: str, shapes: Shapes) -> Fault | None:
    results: Element | None = root
    if root.name == "EPCISQueryDocument":
        body = root.child("EPCISBody")
        first = body.children[0] if body is not None and body.children else None
        if first is not None and first.name != "QueryResults":
            return _at(first, f"carries no events: {first.name} is a query or its administration")
        if found := fault(root, shapes.query, target):
            return found
        results = first
    elif root.name != "QueryResults":
        return _at(root, f"carries no events: {root.name} is a query or its administration")
    elif found := fault(root, shapes.results, target):
        return found
    listed = results.child("resultsBody") if results is not None else None
    if listed is None or listed.child("EventList") is None:
        return _at(root, "carries no events: the query's results are master data")
    return None


def _at(element: Element, reason: str) -> Fault:
    return Fault(f"/{element.name}", reason, element.line)


def found_events(root: Element) -> Iterator[Element]:
    """The event elements of a document of any kind and version, in their order."""
    if not root.namespace and root.name in EVENT_NAMES:
        yield root
        return
    for child in root.children:
        if child.name == "EventList" and not child.namespace:
            yield from _listed(child)
        elif child.name in ("EPCISBody", "QueryResults", "resultsBody"):
            yield from found_events(child)


def _listed(holder: Element) -> Iterator[Element]:
    for child in holder.children:
        if child.namespace:
            continue
        if child.name in EVENT_NAMES:
            yield child
        elif child.name == "extension":
            yield from _listed(child)
