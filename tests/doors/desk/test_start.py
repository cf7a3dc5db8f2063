"""O1: what was pasted is read, corrected and opened; nothing typed is ever lost."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from holdfast.decision.intake.models import SafetySignal
from holdfast.decision.recalls.models import Recall
from holdfast.supply.orders.models import OrderLine
from tests.doors.desk.conftest import MAIL

pytestmark = pytest.mark.django_db


def test_the_first_page_is_the_three_doors(desk: Client) -> None:
    assert desk.get("/").headers["Location"] == "/start"
    page = desk.get("/start").content.decode()
    assert "What happened?" in page


def test_a_stranger_is_led_to_the_door(desk: Client) -> None:
    far = Client(HTTP_HOST="localhost", REMOTE_ADDR="203.0.113.9")
    assert far.get("/").headers["Location"] == "/account/login/"
    assert far.get("/start").status_code == 404


def test_reading_a_mail_opens_nothing_and_fills_the_fields(desk: Client) -> None:
    answer = desk.post("/start", {"step": "read", "text": MAIL})
    page = answer.content.decode()
    assert 'value="VL-10K"' in page
    assert 'value="B17"' in page
    assert "<mark>" in page
    assert not Recall.objects.exists()
    assert not SafetySignal.objects.exists()


def test_without_the_outcome_nothing_opens_and_everything_typed_stays(desk: Client) -> None:
    typed = {"step": "open", "text": MAIL, "product": "MINE", "lot": "X9", "title": "My own words"}
    answer = desk.post("/start", typed)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Nobody has said what can happen to a person" in page
    for words in ("MINE", "X9", "My own words", "overheat while charging"):
        assert words in page
    assert not Recall.objects.exists()


def test_opening_lists_the_places_and_leads_to_stopping_them(
    desk: Client, orders: list[OrderLine]
) -> None:
    answer = desk.post(
        "/start",
        {"step": "open", "text": MAIL, "product": "VL-10K", "lot": "B17", "outcome": "fire"},
    )
    recall = Recall.objects.get()
    assert answer.headers["Location"] == f"/recalls/{recall.ref}/stop/"
    assert {(h.kind, h.name) for h in recall.holds.all()} == {
        ("channel", "web shop"),
        ("warehouse", "Lyon"),
    }
    assert recall.signal is not None
    assert "overheat" in recall.signal.text


def test_a_mail_that_says_nothing_asks_three_questions_and_still_opens(desk: Client) -> None:
    page = desk.post("/start", {"step": "read", "text": "hello there"}).content.decode()
    for question in ("Which product?", "Which lot?", "What goes wrong"):
        assert question in page
    desk.post("/start", {"step": "open", "text": "hello there", "outcome": "burn"})
    assert Recall.objects.get().outcome == "burn"


def test_a_dropped_file_is_read_like_a_pasted_text(desk: Client) -> None:
    file = SimpleUploadedFile("alarm.eml", MAIL.encode(), "message/rfc822")
    page = desk.post("/start", {"step": "read", "file": file}).content.decode()
    assert 'value="B17"' in page


def test_a_time_that_is_none_is_refused_in_words(desk: Client) -> None:
    answer = desk.post(
        "/start", {"step": "open", "text": MAIL, "outcome": "fire", "known_at": "soon"}
    )
    assert answer.status_code == 400
    assert "is no day and time" in answer.content.decode()
    assert not Recall.objects.exists()


def test_markup_in_a_mail_stays_text(desk: Client) -> None:
    page = desk.post(
        "/start", {"step": "read", "text": "VL-10K lot B17 <script>alert(1)</script> overheats"}
    ).content.decode()
    assert "<script>alert" not in page
