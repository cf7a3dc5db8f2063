"""EPCIS documents in a few words, for tests: `document(packing(…), shipping(…))`."""

from __future__ import annotations

import json
from typing import Any

from holdfast.kit.epcis.documents import Captured, read_document

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
LOTS = "(01)04012345111118(10)"
PLANT = "urn:epc:id:sgln:4012345.00001.0"
STORE = "urn:epc:id:sgln:4012345.00002.0"
PLANT_KEY = "4012345000016"
STORE_KEY = "4012345000023"
MAKER = "urn:epc:id:pgln:4012345.00009"
MAKER_KEY = "4012345000092"


def lgtin(lot: str) -> str:
    return f"urn:epc:class:lgtin:4012345.011111.{lot}"


def item(serial: int) -> str:
    return f"urn:epc:id:sgtin:4012345.011111.{serial}"


def sscc(number: int) -> str:
    return f"urn:epc:id:sscc:4012345.{number:010d}"


def amount(lot: str, quantity: float | None = None, uom: str = "") -> dict[str, Any]:
    made: dict[str, Any] = {"epcClass": lgtin(lot)}
    if quantity is not None:
        made["quantity"] = quantity
    if uom:
        made["uom"] = uom
    return made


def event(kind: str, at: str, **fields: Any) -> dict[str, Any]:
    """One event; `at` is a day and hour of March 2026, as "04T10"."""
    return {
        "type": kind,
        "eventTime": f"2026-03-{at}:00:00Z",
        "eventTimeZoneOffset": "+00:00",
        **fields,
    }


def packed(
    at: str, parent: str, *children: str, action: str = "ADD", **more: Any
) -> dict[str, Any]:
    if children:
        more["childEPCs"] = list(children)
    return event("AggregationEvent", at, action=action, parentID=parent, **more)


def objects(at: str, step: str, *epcs: str, site: str = PLANT, **more: Any) -> dict[str, Any]:
    action = more.pop("action", "OBSERVE")
    place = {"id": site}
    if epcs:
        more["epcList"] = list(epcs)
    return event(
        "ObjectEvent", at, action=action, bizStep=step, readPoint=place, bizLocation=place, **more
    )


def made(at: str, inputs: list[Any], outputs: list[Any], **more: Any) -> dict[str, Any]:
    """Texts are EPCs, objects are quantities."""
    for name, listed in (("input", inputs), ("output", outputs)):
        if epcs := [one for one in listed if isinstance(one, str)]:
            more[f"{name}EPCList"] = epcs
        if amounts := [one for one in listed if not isinstance(one, str)]:
            more[f"{name}QuantityList"] = amounts
    return event("TransformationEvent", at, **more)


def document(*events: dict[str, Any]) -> bytes:
    return json.dumps(
        {
            "@context": [CONTEXT, {"ex": "https://ex.example/"}],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-04-01T00:00:00Z",
            "epcisBody": {"eventList": list(events)},
        }
    ).encode()


def captured(*events: dict[str, Any]) -> list[Captured]:
    read = read_document(document(*events))
    assert read.fault is None, read.fault
    return list(read.captured)
