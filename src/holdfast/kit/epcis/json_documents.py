"""The shapes of EPCIS 2.0 JSON documents: document, query results, and the event types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from holdfast.kit.epcis import json_rules as rules
from holdfast.kit.epcis import words
from holdfast.kit.epcis.faults import Wrong, shown
from holdfast.kit.epcis.names import Names

NOTHING_INSIDE = "carries no events: this is {what}"

_BASE = {
    "@context": rules.context,
    "type": rules.text,
    "eventTime": rules.time,
    "recordTime": rules.time,
    "eventTimeZoneOffset": rules.offset,
    "eventID": rules.uri,
    "certificationInfo": rules.certification,
    "errorDeclaration": rules.error_declaration,
}
_SHARED = {
    "bizStep": rules.cbv(words.BIZ_STEP),
    "disposition": rules.cbv(words.DISPOSITION),
    "readPoint": rules.place,
    "bizLocation": rules.place,
    "bizTransactionList": rules.many(rules.transaction),
    "sourceList": rules.many(rules.source),
    "destinationList": rules.many(rules.destination),
    "sensorElementList": rules.many(rules.sensor_element),
}
_ACTION = {"action": rules.one_of("OBSERVE", "ADD", "DELETE")}
_TIMES = ("type", "eventTime", "eventTimeZoneOffset")
_ONE_TIME = rules.many(rules.uri, unique=True)
_URIS = rules.many(rules.uri)
_QUANTITIES = rules.many(rules.quantity)


def _filled(event: dict[str, Any], name: str) -> bool:
    return bool(event.get(name))


def _object_event(event: dict[str, Any]) -> None:
    watched = _filled(event, "sensorElementList") and "readPoint" in event
    if not ("epcList" in event or _filled(event, "quantityList") or watched):
        raise Wrong("names no object: no “epcList”, no “quantityList”, no sensor at a “readPoint”")
    if "ilmd" in event and event["action"] != "ADD":
        raise Wrong("“ilmd” belongs to action ADD only", "ilmd")


def _containing(event: dict[str, Any]) -> None:
    if not (
        _filled(event, "childEPCs")
        or _filled(event, "childQuantityList")
        or event["action"] == "DELETE"
    ):
        raise Wrong("names no children, which only action DELETE may")


def _transaction(event: dict[str, Any]) -> None:
    if not ("epcList" in event or _filled(event, "quantityList") or event["action"] == "DELETE"):
        raise Wrong("names no object, which only action DELETE may")


def _transformation(event: dict[str, Any]) -> None:
    inputs = _filled(event, "inputEPCList") or _filled(event, "inputQuantityList")
    outputs = _filled(event, "outputEPCList") or _filled(event, "outputQuantityList")
    if not (inputs and outputs) and not ("transformationID" in event and (inputs or outputs)):
        raise Wrong("needs inputs and outputs, or one of them and a “transformationID”")


_CHILDREN = {"parentID": rules.uri, "childEPCs": _URIS, "childQuantityList": _QUANTITIES}
_ILMD = {"ilmd": rules.thing({})}
EVENTS: dict[str, rules.Rule] = {
    "ObjectEvent": rules.thing(
        _BASE
        | _SHARED
        | _ACTION
        | _ILMD
        | {
            "epcList": _ONE_TIME,
            "quantityList": _QUANTITIES,
            "persistentDisposition": rules.persistent,
        },
        needs=(*_TIMES, "action"),
        also=_object_event,
    ),
    "AggregationEvent": rules.thing(
        _BASE | _SHARED | _ACTION | _CHILDREN, needs=(*_TIMES, "action"), also=_containing
    ),
    "AssociationEvent": rules.thing(
        _BASE | _SHARED | _ACTION | _CHILDREN,
        needs=(*_TIMES, "action", "parentID"),
        also=_containing,
    ),
    "TransactionEvent": rules.thing(
        _BASE
        | _SHARED
        | _ACTION
        | {
            "bizTransactionList": rules.many(rules.transaction, least=1),
            "parentID": rules.uri,
            "epcList": _URIS,
            "quantityList": _QUANTITIES,
        },
        needs=(*_TIMES, "bizTransactionList", "action"),
        also=_transaction,
    ),
    "TransformationEvent": rules.thing(
        _BASE
        | _SHARED
        | _ILMD
        | {
            "inputEPCList": _ONE_TIME,
            "inputQuantityList": _QUANTITIES,
            "outputEPCList": _ONE_TIME,
            "outputQuantityList": _QUANTITIES,
            "transformationID": rules.uri,
            "persistentDisposition": rules.persistent,
        },
        needs=_TIMES,
        also=_transformation,
    ),
}
# A type of somebody's own: a URI, with the times every event has.
_OWN = rules.thing(_BASE | {"type": rules.uri}, needs=_TIMES, others="free")


def event(value: Any, names: Names) -> None:
    """One event of any type."""
    if not isinstance(value, dict):
        raise Wrong("is not an object")
    kind = value.get("type")
    if "type" not in value:
        raise Wrong("“type” is missing")
    if not isinstance(kind, str):
        raise Wrong("is not a text", "type")
    EVENTS.get(kind, _OWN)(value, names)


_events = rules.many(event)
_document = rules.thing(
    {
        "@context": rules.context,
        "id": rules.uri,
        "type": rules.text,
        "schemaVersion": rules.version,
        "creationDate": rules.time,
        "instanceIdentifier": rules.text,
        "sender": rules.text,
        "receiver": rules.text,
        "epcisHeader": rules.header,
        "epcisBody": rules.thing({"eventList": _events}, needs=("eventList",), others="free"),
    },
    needs=("@context", "type", "schemaVersion", "creationDate", "epcisBody"),
)
_results = rules.thing(
    {"eventList": _events, "vocabularyList": rules.vocabularies}, needs=("eventList",)
)
_query = rules.thing(
    {
        "queryName": rules.text,
        "subscriptionID": rules.text,
        "resultsBody": _results,
    },
    needs=("queryName", "resultsBody"),
)
_query_document = rules.thing(
    {
        "@context": rules.context,
        "id": rules.uri,
        "type": rules.text,
        "schemaVersion": rules.version,
        "creationDate": rules.time,
        "epcisBody": rules.thing({"queryResults": _query}, needs=("queryResults",)),
    },
    needs=("@context", "type", "epcisBody"),
)
_ASKING = ("query", "queryName", "params", "schedule", "dest", "destination", "reportIfEmpty")


def check(document: Any) -> None:
    """Raise `Wrong` where the document breaks the standard or carries no events at all."""
    names = Names()
    if not isinstance(document, dict):
        raise Wrong("the document is not one JSON object")
    kind = document.get("type")
    if kind == "EPCISDocument":
        _document(document, names)
    elif kind == "EPCISQueryDocument":
        _query_document(document, names)
    elif "type" not in document:
        asks = any(name in document for name in _ASKING)
        what = "a query or a subscription" if asks else "neither a document nor an event"
        raise Wrong(NOTHING_INSIDE.format(what=what) + ", it has no “type”")
    else:
        if isinstance(kind, str) and kind not in EVENTS and "eventTime" not in document:
            raise Wrong(NOTHING_INSIDE.format(what=f"“{shown(kind)}”"), "type")
        if "@context" not in document:
            event(document, names)
            raise Wrong("“@context” is missing")
        event(document, names)


def found_events(document: dict[str, Any]) -> Iterator[tuple[dict[str, Any], Names]]:
    """Every event of a document of any kind, with the prefixes in force around it."""
    names = Names().within(document)
    body = document.get("epcisBody")
    if not isinstance(body, dict):
        if "eventTime" in document:
            yield document, Names()
        return
    results = body.get("queryResults")
    if isinstance(results, dict):
        names = names.within(results)
        body = results.get("resultsBody", {})
        names = names.within(body)
    listed = body.get("eventList", [body["event"]] if "event" in body else [])
    for one in listed:
        yield one, names
