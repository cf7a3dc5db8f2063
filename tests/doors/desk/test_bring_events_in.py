"""Trace events at the desk: documents and tables, only looked at or brought in, told row by row."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from holdfast.doors.desk import broughtfiles
from holdfast.ground.access.actions import found_instance
from holdfast.ground.journal.models import Entry
from holdfast.supply.traceability.queries import trace_facts

pytestmark = pytest.mark.django_db
LINES = """line,order,customer,sku,lot,container,site,shipped_at,quantity
L1,1,C1,JAM,B17,,W1,2026-03-02T10:00:00Z,1
L2,2,C2,JAM,B17,,W1,2026-03-02T10:00:00,1
"""
DOCUMENT = {
    "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
    "type": "EPCISDocument",
    "schemaVersion": "2.0",
    "creationDate": "2026-03-02T10:00:00Z",
    "epcisBody": {
        "eventList": [
            {
                "type": "AggregationEvent",
                "eventTime": "2026-03-02T08:00:00Z",
                "eventTimeZoneOffset": "+00:00",
                "parentID": "urn:epc:id:sscc:4012345.0000000333",
                "childEPCs": ["urn:epc:id:sgtin:4012345.012345.7"],
                "action": "ADD",
            }
        ]
    },
}


@pytest.fixture
def client(settings, tmp_path: Path) -> Client:  # type: ignore[no-untyped-def]
    settings.HOME = tmp_path
    found_instance(now=datetime(2026, 4, 14, tzinfo=UTC))
    return Client(HTTP_HOST="localhost")


def sent(client: Client, *files: tuple[str, str | bytes], **more: str) -> str:
    """The words of the page after a form with these files."""
    uploads = [
        SimpleUploadedFile(name, body.encode() if isinstance(body, str) else body)
        for name, body in files
    ]
    answer = client.post("/data/events/", {"files": uploads, **more})
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))
    return f"{answer.status_code} {text}"


def test_tables_and_documents_come_in_together_and_every_row_is_told(client: Client) -> None:
    files = (("order_lines.csv", LINES), ("pallets.json", json.dumps(DOCUMENT)))
    page = sent(client, *files, only_look="1")
    assert "Nothing was stored" in page
    assert trace_facts()["events"] == 0
    page = sent(client, *files)
    assert "order_lines 2 1 0 1 0" in page
    assert "order_lines.csv:3 shipped_at a time without a zone" in page
    assert re.search(r"pallets.json 1 1 0 –", page)
    assert trace_facts()["events"] == 3, "one order line, and two rows out of one EPCIS event"
    assert Entry.objects.filter(kind="EventsImported").exists()
    page = sent(client, *files, zone="Europe/Berlin")
    assert "order_lines 2 1 1 0 0" in page, (
        "with a zone the rejected row comes in, the other is known"
    )
    assert re.search(r"pallets.json 1 0 1 –", page)


def test_what_is_refused_is_told_by_its_own_name_and_the_rest_comes_in(
    client: Client, tmp_path: Path
) -> None:
    page = sent(
        client,
        ("order_lines.parquet", b"PAR1 no, it is not"),
        ("bad.json", '{"type": "EPCISDocument"}'),
        ("../../pallets.json", json.dumps(DOCUMENT)),
    )
    assert "order_lines.parquet cannot be read as Parquet" in page
    assert "bad.json 0 0 0" in page
    assert re.search(r"pallets.json 1 1 0 –", page)
    assert str(tmp_path) not in page
    assert [one for one in (tmp_path / "uploads").iterdir() if one.is_dir()] == []


def test_no_file_two_of_one_name_and_too_much_are_refused(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sent(client).startswith("400")
    page = sent(client, ("order_lines.csv", LINES), ("order_lines.csv", LINES))
    assert page.startswith("400")
    assert "Two files have the same name: order_lines.csv." in page
    monkeypatch.setattr(broughtfiles, "MOST_BYTES", 100)
    assert "holdfast import events FOLDER" in sent(client, ("order_lines.csv", LINES))
    assert trace_facts()["events"] == 0
