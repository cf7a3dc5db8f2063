"""Every document GS1 publishes reads, or is refused for a stated reason; the page lists which."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from holdfast.kit.epcis.documents import read_document
from holdfast.kit.epcis.jsontext import read_json
from holdfast.kit.epcis.wire import from_wire, to_wire
from holdfast.kit.epcis.xmltext import read_xml
from tests.kit.epcis import page
from tests.kit.epcis.oracle import folder, json_takes, official, xml_faults

pytestmark = pytest.mark.once


def test_the_page_says_what_is_so(real_data: Path) -> None:
    assert page.between(page.PAGE.read_text(encoding="utf-8")) == page.table(folder(real_data))


def test_what_the_schemas_take_reads_and_what_they_refuse_is_refused(real_data: Path) -> None:
    root = folder(real_data)
    told: Counter[str] = Counter()
    for path in official(root):
        document = read_document(path.read_bytes())
        name = path.relative_to(root).as_posix()
        if document.fault:
            assert document.fault.path.startswith("/")
            assert len(document.fault.reason) > 10
        if path.suffix != ".xml":
            takes = json_takes(root, json.loads(path.read_text(encoding="utf-8")))
            assert (document.fault is None) == takes, name
        elif "XSL" in path.parts:
            # Version 1: the data holds no XSD for it; these are GS1's own conversions.
            assert document.fault is None, name
        elif "carries no events" in (document.fault.reason if document.fault else ""):
            root_name = read_xml(path.read_bytes()).name
            assert root_name in ("EPCISCaptureJob", "EPCISMasterDataDocument"), name
        else:
            assert (document.fault is None) == (not xml_faults(root, str(path))), name
        told["refused" if document.fault else "reads"] += 1
    assert told["reads"] > 85
    assert told["refused"] > 45


def test_an_event_survives_the_way_into_values_and_back(real_data: Path) -> None:
    """Nothing is lost, extensions and sensor data included."""
    seen = 0
    for path in official(folder(real_data)):
        for captured in read_document(path.read_bytes()).captured:
            event = captured.event()
            wire = read_json(captured.wire.encode())
            again = to_wire(event)
            for name in wire:
                known = {"certificationInfo": [wire[name]]} if name == "certificationInfo" else {}
                assert again.get(name) in (wire[name], known.get(name)), (path.name, name)
            assert from_wire(again) == event, path.name
            seen += 1
    assert seen > 130


def test_json_and_xml_of_one_event_are_one_event(real_data: Path) -> None:
    folder_ = real_data / "epcis" / "event_hash_vectors" / "examples"
    for name in ("ReferenceEventHashAlgorithm2", "CertificationInfoAndSensorReportWithCRS"):
        one, other = (
            read_document((folder_ / f"{name}{ending}").read_bytes()).captured
            for ending in (".xml", ".jsonld")
        )
        assert [event.identity for event in one] == [event.identity for event in other]
        assert [event.event().extensions for event in one] == [{}]
