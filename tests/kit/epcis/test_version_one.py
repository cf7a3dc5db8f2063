"""EPCIS 1.2 XML: what came later stands in extensions, and nowhere else."""

from __future__ import annotations

import pytest

from holdfast.kit.epcis.documents import read_document
from holdfast.kit.epcis.events import (
    AggregationEvent,
    AssociationEvent,
    ObjectEvent,
    TransformationEvent,
)

pytestmark = pytest.mark.once

TIMES = (
    "<eventTime>2024-01-01T00:00:00Z</eventTime><eventTimeZoneOffset>+00:00</eventTimeZoneOffset>"
)
QUANTITIES = (
    "<quantityElement><epcClass>urn:epc:class:lgtin:4012345.011111.A</epcClass>"
    "<quantity>5</quantity><uom>KGM</uom></quantityElement>"
)
DOCUMENT = (
    '<e:EPCISDocument xmlns:e="urn:epcglobal:epcis:xsd:1" xmlns:x="https://x.example/" '
    'schemaVersion="1.2" creationDate="2024-01-01T00:00:00Z">\n{head}<EPCISBody><EventList>\n'
    "{events}\n</EventList></EPCISBody></e:EPCISDocument>"
)


def document(events: str, head: str = "") -> bytes:
    return DOCUMENT.format(events=events, head=head).encode()


def objects(late: str = "", base: str = "", epcs: str = "<epcList/>", times: str = TIMES) -> str:
    return f"<ObjectEvent>{times}{base}{epcs}<action>ADD</action>{late}</ObjectEvent>"


def test_what_came_later_is_read_from_the_extensions() -> None:
    late = (
        f"<extension><quantityList>{QUANTITIES}</quantityList><ilmd><x:lotNumber>A</x:lotNumber>"
        "</ilmd><extension><more>1</more></extension></extension><x:own>é</x:own>"
    )
    base = (
        "<baseExtension><eventID>urn:uuid:1</eventID><errorDeclaration>"
        "<declarationTime>2024-01-02T00:00:00Z</declarationTime>"
        "<reason>urn:epcglobal:cbv:er:did_not_occur</reason></errorDeclaration></baseExtension>"
    )
    (captured,) = read_document(document(objects(late, base))).captured
    event = captured.event()
    assert isinstance(event, ObjectEvent)
    assert event.event_id == "urn:uuid:1"
    assert event.error_declaration is not None
    assert event.error_declaration.reason == "did_not_occur"
    assert [(one.quantity, one.uom) for one in event.quantity_list] == [(5, "KGM")]
    assert event.ilmd == {"x:lotNumber": "A"}
    assert event.extensions == {"more": "1", "x:own": "é"}


def test_every_event_type_of_version_1_is_read() -> None:
    aggregation = (
        f"<AggregationEvent>{TIMES}<parentID>urn:a:b</parentID><childEPCs/><action>DELETE</action>"
        "</AggregationEvent>"
    )
    transformation = (
        f"<extension><TransformationEvent>{TIMES}<inputQuantityList>{QUANTITIES}"
        f"</inputQuantityList><outputQuantityList>{QUANTITIES}</outputQuantityList>"
        "</TransformationEvent></extension>"
    )
    association = (
        f"<extension><extension><AssociationEvent>{TIMES}<parentID>urn:a:b</parentID>"
        "<action>DELETE</action></AssociationEvent></extension></extension>"
    )
    quantity = (
        f"<QuantityEvent>{TIMES}<epcClass>urn:epc:idpat:sgtin:4012345.066666.*</epcClass>"
        "<quantity>7</quantity><bizStep>urn:epcglobal:cbv:bizstep:stocking</bizStep>"
        "</QuantityEvent>"
    )
    found = read_document(document(aggregation + transformation + association + quantity))
    assert found.fault is None
    events = [one.event() for one in found.captured]
    assert [type(event) for event in events] == [
        AggregationEvent,
        TransformationEvent,
        AssociationEvent,
        ObjectEvent,
    ]
    observed = events[-1]
    assert isinstance(observed, ObjectEvent)
    assert (observed.action, observed.biz_step) == ("OBSERVE", "stocking")
    assert observed.quantity_list[0].quantity == 7


@pytest.mark.parametrize(
    ("events", "where", "why"),
    [
        (
            objects(f"<quantityList>{QUANTITIES}</quantityList>"),
            "ObjectEvent/quantityList",
            "belong",
        ),
        (objects(base="<eventID>urn:uuid:1</eventID>"), "ObjectEvent", "epcList"),
        (objects(epcs=""), "ObjectEvent", "epcList"),
        (objects(times=TIMES.replace("Z<", "<")), "eventTime", "zone"),
        (f"<TransformationEvent>{TIMES}</TransformationEvent>", "TransformationEvent", "belong"),
        (objects("<bizStep>urn:epcglobal:cbv:bizstep:nope</bizStep>"), "bizStep", "CBV"),
        (objects("<bizStep>nope</bizStep>"), "bizStep", "CBV"),
        (objects("<bizStep/>"), "bizStep", "CBV"),
        (objects() + "<e:ObjectEvent/>", "ObjectEvent", "namespace"),
        (objects("<readPoint><x:a/><id>urn:a:b</id></readPoint>"), "readPoint", "id"),
    ],
)
def test_what_version_1_forbids_is_refused_where_it_stands(
    events: str, where: str, why: str
) -> None:
    fault = read_document(document(events)).fault
    assert fault is not None
    assert where in fault.path.rpartition("EventList/")[2]
    assert why in fault.reason
    assert fault.line == 3


def test_words_version_2_took_away_are_still_words_of_version_1() -> None:
    old = objects("<disposition>urn:epcglobal:cbv:disp:non_sellable_expired</disposition>")
    assert read_document(document(old)).fault is None
    new = document(old).replace(b"xsd:1", b"xsd:2")
    fault = read_document(new).fault
    assert fault is not None
    assert fault.path.endswith("/disposition")


@pytest.mark.parametrize("number", ["1", "2"])
def test_query_results_are_read_and_queries_are_not(number: str) -> None:
    head = (
        f'<q:EPCISQueryDocument xmlns:q="urn:epcglobal:epcis-query:xsd:{number}" '
        f'schemaVersion="{number}.2" creationDate="2024-01-01T00:00:00Z"><EPCISBody>'
    )
    results = (
        "<q:QueryResults><queryName>SimpleEventQuery</queryName><resultsBody>{}</resultsBody>"
        "</q:QueryResults></EPCISBody></q:EPCISQueryDocument>"
    )
    event = objects()
    found = read_document((head + results.format(f"<EventList>{event}</EventList>")).encode())
    assert (found.fault, found.found) == (None, 1)
    for inside in (
        "<q:Poll><queryName>a</queryName><params/></q:Poll></EPCISBody></q:EPCISQueryDocument>",
        "<q:Subscribe><queryName>a</queryName></q:Subscribe></EPCISBody></q:EPCISQueryDocument>",
        results.format("<VocabularyList/>"),
    ):
        fault = read_document((head + inside).encode()).fault
        assert fault is not None
        assert "carries no events" in fault.reason


def test_a_bare_event_is_read() -> None:
    found = read_document(objects().encode())
    assert (found.fault, found.found) == (None, 1)


@pytest.mark.parametrize(
    "text",
    [
        '{"query": {"eventTypes": ["ObjectEvent"]}, "name": "mine"}',
        '{"dest": "https://a.example/", "schedule": {}, "reportIfEmpty": true}',
        '{"type": "Collection", "member": []}',
        "[]",
        "7",
    ],
)
def test_json_that_carries_no_events_is_refused(text: str) -> None:
    fault = read_document(text.encode()).fault
    assert fault is not None
    assert fault.path.startswith("/")
