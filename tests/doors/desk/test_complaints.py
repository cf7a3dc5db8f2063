"""The pages of complaints: list, filters, one complaint, a recall out of it, the export."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from holdfast.config.worker import run_reactions
from holdfast.decision.intake.actions import count_rushes_of_entry, take_in_all
from holdfast.decision.intake.models import Complaint
from holdfast.decision.intake.rules.told import Told
from holdfast.decision.investigations.actions import score_catalogue
from holdfast.decision.investigations.models import Alarm
from holdfast.decision.recalls.models import Recall
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import PUBLIC, Actor
from holdfast.response.remedies.actions import report_injury
from tests.doors.desk.conftest import LATER, NOW

pytestmark = pytest.mark.django_db
TOLD = {
    "text": "=It caught <b>fire</b> while charging. The battery melted and burned my hand.",
    "kind": "complaint",
    "product": "VL-10K",
    "name": "Ana",
    "email": "ana@example.org",
}


def test_a_call_is_taken_in_read_linked_and_becomes_a_recall(
    desk: Client, owner: Actor, orders: list[object]
) -> None:
    empty = desk.get("/complaints/").content.decode()
    assert "Nobody has told you anything yet" in empty
    german = {"Accept-Language": "de"}
    refused = desk.post("/complaints/", {**TOLD, "text": "  "}, headers=german).content.decode()
    assert refused.count("Bitte schreiben Sie in ein paar Worten, was geschehen ist.") == 2
    assert 'aria-describedby="text_bad"' in refused, "beside the field, where the form is"
    assert 'value="ana@example.org"' in refused
    long = desk.post("/complaints/", {**TOLD, "lot": "B17 " * 60}, headers=german).content.decode()
    assert "ist länger als 200 Zeichen" in long, "what does not fit is said, not cut"
    assert not Complaint.objects.exists()
    desk.post("/complaints/", TOLD)
    one = Complaint.objects.get()
    assert one.product is not None
    listed = desk.get("/complaints/").content.decode()
    assert "urgent" in listed
    assert one.ref in listed
    assert one.ref in desk.get("/inbox/").content.decode()
    assert "Nothing fits" in desk.get("/complaints/?words=zebra&hazard=choking").content.decode()
    shown = desk.get(f"/complaints/{one.ref}/").content.decode()
    assert "&lt;b&gt;" in shown
    assert '<mark title="Fire' in shown
    assert "ana@example.org" in shown
    assert "<b>Part that failed</b>: battery" in shown
    assert "<b>Part of the body</b>: hand or finger" in shown
    told = desk.get(f"/complaints/{one.ref}/", headers=german).content.decode()
    assert '<mark title="Feuer' in told
    assert "<b>Feuer, Rauch, Überhitzung</b>" in told
    assert "Genannt wird die Artikelnummer VL-10K." in told
    assert "(hier eingegangen)" in told
    csv = b"".join(desk.get("/complaints.csv?show=all").streaming_content).decode()
    assert "'=It caught" in csv
    assert "ana@example.org" not in csv
    desk.post(f"/complaints/{one.ref}/", {"step": "recall", "outcome": "fire"})
    recall = Recall.objects.get()
    assert (recall.product_code, recall.known_at) == ("VL-10K", one.known_at)
    assert recall.ref in desk.get(f"/complaints/{one.ref}/").content.decode()
    desk.post(f"/complaints/{one.ref}/", {"step": "forget"})
    assert "ana@example.org" not in desk.get(f"/complaints/{one.ref}/").content.decode()
    assert desk.post(f"/complaints/{one.ref}/", {"step": "dance"}).status_code == 404
    assert desk.get("/complaints/C-99999/").status_code == 404


def test_a_page_says_of_what_kind_the_goods_are_or_that_nobody_knows(
    desk: Client, owner: Actor
) -> None:
    for text, told in (
        ("The torch sparks.", "<b>Kind of goods</b>: electrical goods"),
        ("There was a stone in it.", "<b>Kind of goods</b>: not known"),
    ):
        desk.post("/complaints/", {**TOLD, "text": text, "product": ""})
        one = Complaint.objects.latest("pk")
        assert told in desk.get(f"/complaints/{one.ref}/").content.decode()


def test_an_injury_told_inside_a_recall_is_a_complaint_too(desk: Client, recall: Recall) -> None:
    report_injury(
        recall=recall, words="My hand is burned.", contact="0800 123", reference="H-9",
        source="public", by=PUBLIC, now=NOW,
    )  # fmt: skip
    run_reactions(now=LATER)
    run_reactions(now=LATER)
    one = Complaint.objects.get()
    assert (one.kind, one.urgency, one.signal) == ("injury", 0, recall.signal)


def test_many_at_once_and_a_language_that_is_not_read_are_shown(
    desk: Client, owner: Actor, orders: list[object]
) -> None:
    spoken = ("Czajnik zapalił się w kuchni i mój syn poparzył sobie rękę.",)
    said = tuple(f"It caught fire, says neighbour number {n}." for n in range(21))
    at = datetime.now(UTC)
    tolds = [
        Told(text=text, product="VL-10K", email=f"p{n}@example.org", received_at=at)
        for n, text in enumerate(said + spoken)
    ]
    take_in_all(tolds=tolds, by=owner, now=at)
    score_catalogue(by=owner, now=at)
    entry = Entry.objects.latest("index")
    count_rushes_of_entry(entry=entry, by=owner, now=at)  # as the worker does after a file
    listed = desk.get("/complaints/").content.decode()
    assert "22 people told of" in listed
    assert listed.count("one of many at once") == 22
    foreign = desk.get("/complaints/?show=foreign").content.decode()
    assert foreign.count("language not read") == 1
    alarm = Alarm.objects.get()
    shown = desk.get(f"/alarms/{alarm.ref}/").content.decode()
    assert "0 of 22 reports come from customers" in shown
    assert "1 name no hazard" in shown
