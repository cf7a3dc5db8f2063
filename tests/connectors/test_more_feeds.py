"""Each authority's form is read to the one model, and a broken answer is told, never raised."""

from __future__ import annotations

import gzip
import json
import random
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.config.sources import FEED_SOURCES
from holdfast.connectors.nhtsa.recalls import FIELDS
from holdfast.kit.announcements import Ask, FeedAnswer, Source, read_best

pytestmark = pytest.mark.once


def sources() -> Iterator[Source]:
    for path in FEED_SOURCES:
        module, _, name = path.rpartition(".")
        yield getattr(__import__(module, fromlist=[name]), name)


SOURCES = {source.key: source for source in sources()}
IRES = {
    "MESSAGE": "success", "RESULTCOUNT": 1, "STATUSCODE": 400,
    "RESULT": [{
        "PRODUCTID": "217046", "RECALLEVENTID": "97901", "PRODUCTTYPESHORT": "Food", "RID": 7,
        "RECALLINITIATIONDT": "09/09/2025", "FIRMLEGALNAM": "Oil Co", "RECALLNUM": "H-0241-2026",
        "CENTERCLASSIFICATIONTYPETXT": "2", "ENFORCEMENTREPORTDT": "12/17/2025",
        "PRODUCTDESCRIPTIONTXT": "Olive Oil, UPC 736211448316",
        "PRODUCTSHORTREASONTXT": "Clostridium botulinum",
    }],
}  # fmt: skip
FSIS = [{
    "field_title": "Farms Recalls Chicken Patties", "field_recall_number": "040-2022",
    "field_recall_date": "2022-10-29", "field_recall_reason": "Product Contamination",
    "field_product_items": "80-oz. bags, lot code “3*2223**”", "langcode": "Spanish",
    "field_summary": "<p><strong>Plastic</strong>&nbsp;pieces</p>", "field_establishment": "Farms",
    "field_recall_classification": "Class I", "field_risk_level": "High - Class I",
}]  # fmt: skip
CANADA = [{
    "NID": "82628", "Title": "Easymulti: wrongly labelled", "Organization": "CFIA", "Archived": "0",
    "Product": "Easymulti capsules", "Issue": "Labelling", "Last updated": "2026-09-16",
    "URL": "https://recalls-rappels.canada.ca/en/alert-recall/easymulti", "Recall class": "Class 1",
    "Category": "Food", "What you should do": "Do not&nbsp;eat",
}]  # fmt: skip
OPSS = {"total": 1, "start": 0, "results": [{
    "title": "Product Recall: Warmo Oil Heater HX4000 (2609-0229)", "es_score": None,
    "link": "/product-safety-alerts-reports-recalls/warmo", "description": "The heater can burn",
    "public_timestamp": "2026-10-02T10:00:00Z", "product_risk_level": "serious",
}]}  # fmt: skip
FSA = {"@context": "x", "meta": {"limit": 50}, "items": [{
    "@id": "x", "notation": "FSA-PRIN-01-2026", "title": "Hall recalls Pork",
    "type": ["https://e.org/def/Alert", "https://e.org/def/PRIN"], "created": "2026-01-18",
    "reportingBusiness": {"commonName": "Hall"}, "alertURL": "https://www.food.gov.uk/x",
    "problem": [{"riskStatement": "salmonella", "pathogenRisk": {"label": "Salmonella"}}],
    "productDetails": [{"productName": "Pulled Pork", "batchDescription": [{"batchCode": "L7"}]}],
}]}  # fmt: skip
RSS = """<rss version="2.0"><channel><title>t</title><item><title>Warmo HX4000 heater</title>
<link>https://example.org/1</link><guid>n1</guid><pubDate>Fri, 04 Feb 2011 20:20:00 GMT</pubDate>
<description>&lt;p&gt;UPC 708953602028&lt;/p&gt;
&lt;div class="field--name-field-psa-recall-hazards"&gt;
&lt;div class="field__item"&gt;Fire&lt;/div&gt;&lt;/div&gt;</description></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><id>tag:1</id>
<title>Warmo HX4000</title><link rel="self" href="https://example.org/self"/>
<link href="https://example.org/2"/><updated>2026-01-02T03:04:05Z</updated>
<summary type="html">burns</summary></entry></feed>"""
CAP = """<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>a-1</identifier>
<sender>s@example.org</sender><sent>2026-01-02T03:04:05-00:00</sent><status>{status}</status>
<msgType>Alert</msgType><scope>Public</scope><info><event>Recall</event><headline>Warmo HX4000
</headline><description>burns</description><area><areaDesc>Ohio</areaDesc></area></info></alert>"""
NHTSA = "\n".join(
    "\t".join(
        {"CAMPNO": "26V001000", "MAKETXT": "MACK", "MODELTXT": model, "YEARTXT": "9999",
         "RCDATE": "20260105", "MFGNAME": "Mack", "DESC_DEFECT": "brake"}.get(name, "")
        for name in FIELDS
    )
    for model in ("CH", "CX")
)  # fmt: skip
TABLE = (
    "Nummer;product;brand;reason;date;link\n;Ramen;Daido;Salmonellen;13.04.2022;https://e.org/1\n"
)
GOOD: dict[str, tuple[str, str]] = {  # source: what is sent, the number that is read
    "fda_ires": (json.dumps(IRES), "H-0241-2026"),
    "fsis": (json.dumps(FSIS), "040-2022 (Spanish)"),
    "health_canada": (json.dumps(CANADA), "82628"),
    "opss": (json.dumps(OPSS), "2609-0229"),
    "fsa": (json.dumps(FSA), "FSA-PRIN-01-2026"),
    "accc": (RSS, "n1"),
    "rss": (ATOM, "tag:1"),
    "cap": (CAP.format(status="Actual"), "a-1"),
    "nhtsa": (NHTSA, "26V001000"),
    "csv": (TABLE, "https://e.org/1"),
}


def read(tmp_path: Path, source: str, body: bytes) -> FeedAnswer:
    file = tmp_path / "answer"
    file.write_bytes(body)
    return read_best(file, SOURCES[source].shapes)


@pytest.mark.parametrize("source", GOOD)
def test_an_answer_is_read_whole_and_nothing_drifts(tmp_path: Path, source: str) -> None:
    sent, number = GOOD[source]
    answer = read(tmp_path, source, sent.encode())
    assert [one.sentence for one in answer.drift] == []
    recall = answer.recalls[0]
    assert recall.number == number
    assert recall.published_on is not None
    assert recall.title
    assert recall.products[0].name or source == "cap"


def test_what_matters_is_found_where_the_authority_puts_it(tmp_path: Path) -> None:
    def one(source: str, body: bytes | None = None) -> Any:
        return read(tmp_path, source, body or GOOD[source][0].encode()).recalls[0]

    assert one("fda_ires").recall_class == "Class II"
    assert one("fda_ires").published_on == date(2025, 12, 17)
    assert one("fsis").hazard.endswith("Plastic pieces")
    assert one("health_canada").authority == "CFIA"
    assert one("opss").products[0].name == "Warmo Oil Heater HX4000"
    assert one("fsa").lots == ("batchCode: L7",)
    assert "Salmonella" in one("fsa").hazard
    assert one("accc").hazard == "Fire"
    assert one("rss").url == "https://example.org/2"
    assert one("cap").countries == ("Ohio",)
    assert [product.model for product in one("nhtsa").products] == ["CH", "CX"]
    assert one("csv").products[0].brand == "Daido"
    assert one("csv").published_on == date(2022, 4, 13)


def test_an_exercise_stops_no_sale(tmp_path: Path) -> None:
    answer = read(tmp_path, "cap", CAP.format(status="Exercise").encode())
    assert answer.recalls == []
    assert [one.kind for one in answer.drift] == ["unreadable_record"]
    assert "Exercise" in answer.drift[0].sentence


def test_the_flat_file_of_the_nhtsa_is_read_out_of_its_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "answer.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("FLAT.txt", NHTSA + "\na line of something else")
    answer = read(tmp_path, "nhtsa", (tmp_path / "answer.zip").read_bytes())
    assert (len(answer.recalls), len(answer.unread)) == (1, 1)
    broken = read(tmp_path, "nhtsa", (tmp_path / "answer.zip").read_bytes()[:100])
    assert [one.kind for one in broken.drift] == ["not_data"]


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        (b"", {"empty"}),
        (b"<!doctype html><html><body>Please try later</body></html>", {"not_data"}),
        (b"<html><title>403</title></html>", {"not_data"}),
        (b'{"error": {"code": "SERVER"}}', {"not_data"}),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
         {"not_data"}),
        (gzip.compress(b"[" * 5000, mtime=0)[:40], {"not_data"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("source", sorted(set(GOOD) - {"csv"}))
def test_what_is_no_data_is_told(tmp_path: Path, source: str, body: bytes, kinds: set[str]) -> None:
    assert {one.kind for one in read(tmp_path, source, body).drift} == kinds


def test_what_would_fill_the_memory_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("holdfast.kit.announcements.answers.MOST_PARTS", 90)
    monkeypatch.setattr("holdfast.kit.announcements.answers.MOST_RECORDS", 90)
    monkeypatch.setattr("holdfast.kit.announcements.xmlitems.MOST_ELEMENTS", 90)
    parsed: list[object] = []
    for module, name in (("answers.json", "loads"), ("xmlitems", "fromstring")):
        target = f"holdfast.kit.announcements.{module}.{name}"
        monkeypatch.setattr(target, lambda *_, **__: parsed.append(1) or [])
    rows = b"number,title\n" + b"1,heater\n" * 99
    for source, body in (("fsis", b"[" + b"{}," * 99), ("rss", b"<rss>" + b"<a/>" * 400)):
        assert [one.kind for one in read(tmp_path, source, body).drift] == ["not_data"]
    assert not parsed
    assert [one.kind for one in read(tmp_path, "csv", rows).drift] == ["not_data"]


def test_a_table_of_something_else_is_no_recall(tmp_path: Path) -> None:
    for body in (b"a,b,c\n1,2,3\n", b"Sorry, we are busy\nplease, come again\n"):
        answer = read(tmp_path, "csv", body)
        assert (answer.recalls, [one.kind for one in answer.drift]) == ([], ["unreadable_record"])


@given(st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_a_mutated_answer_never_raises_and_says_so(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    chance = random.Random(seed)
    source = chance.choice(sorted(GOOD))
    body = bytearray(GOOD[source][0].encode())
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(body))
        match chance.randint(0, 3):
            case 0:
                body[at] = chance.randrange(256)
            case 1:
                del body[at : at + chance.randint(1, 40)]
            case 2:
                body[at:at] = bytes(chance.choices(b'"{}[]<>&,:\x00\xff', k=5))
            case 3:
                body = body[: max(1, at)]
    folder = tmp_path_factory.mktemp("mutated")
    answer = read(folder, source, bytes(body))
    assert answer.recalls or answer.drift


def test_a_record_with_other_kinds_of_values_never_raises(tmp_path: Path) -> None:
    odd: list[Any] = [None, 7, "x", [], {}, [None], [{}], {"a": 1}, [["x"]]]
    whole = {"fsa": FSA, "fda_ires": IRES, "opss": OPSS}
    for source in ("fsis", "health_canada", "fsa", "fda_ires", "opss"):
        shape = SOURCES[source].shapes[0]
        for value in odd:
            item = dict.fromkeys(shape.required | shape.known, value)
            sent = {**whole[source], shape.under: [item]} if source in whole else [item]
            answer = read(tmp_path, source, json.dumps(sent).encode())
            assert answer.drift, (source, value)


@pytest.mark.parametrize("source", [s for s in SOURCES.values() if s.first])
def test_questions_are_bounded_and_go_to_the_authority_alone(source: Source) -> None:
    assert source.first
    asks = source.first(date(2026, 1, 1), date(2026, 1, 31))
    assert all(ask.url.startswith("https://") for ask in asks)
    for start in asks:
        ask: Ask | None = start
        seen = set()
        for _ in range(source.most_pages):
            assert ask is not None
            assert (ask.url, ask.body) not in seen
            seen.add((ask.url, ask.body))
            ask = source.following(ask, 10**6)
            if ask is None:
                break
        assert source.following(start, 0) is None


RECORDED = [
    ("fsis", "recalls_usda_fsis/usda_fsis_recalls_2010_2021.ndjson.gz", 1280, set()),
    ("nhtsa", "recalls_nhtsa/flat_rcl_sample.txt", 3, set()),
    ("csv", "recalls_de_lebensmittelwarnung/lebensmittelwarnungen.csv", 249, set()),
    ("rss", "cap_alerts/ny_index.rss", 2, set()),
    ("rss", "cap_alerts/no_id.atom", 0, {"unreadable_record"}),
    ("rss", "cap_alerts/no_entries.atom", 0, {"empty"}),
    ("cap", "cap_alerts/australia.cap", 1, set()),
    ("cap", "cap_alerts/xee.cap", 0, {"not_data"}),
    ("cap", "cap_alerts/bushfire_invalid.edxlde", 6, {"field_missing", "unreadable_record"}),
]


@pytest.mark.parametrize(("source", "name", "recalls", "kinds"), RECORDED)
def test_recordings_are_read(
    real_data: Path, source: str, name: str, recalls: int, kinds: set[str]
) -> None:
    answer = read_best(real_data / name, SOURCES[source].shapes)
    assert len(answer.recalls) == recalls, answer.drift[:5]
    assert {one.kind for one in answer.drift} == kinds, answer.drift[:5]


def test_the_recorded_exchange_with_the_fda_is_read(real_data: Path, tmp_path: Path) -> None:
    file = real_data / "recalls_feed_recordings" / "fda_ires_recording_single_page.yaml"
    told = yaml.load(file.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    body = told["interactions"][0]["response"]["body"]["string"]
    answer = read(tmp_path, "fda_ires", body.encode())
    assert len(answer.recalls) == 168
    assert {one.kind for one in answer.drift} == set()
