"""Codes at the desk: typed, scanned by hand, or photographed, and one answer."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from holdfast.decision.recalls.models import Recall
from tests.drawing import picture

pytestmark = pytest.mark.django_db
GTIN = "07612345678900"


@pytest.fixture
def recall(desk, orders) -> Recall:
    """A recall of one lot."""
    form = {"step": "open", "product": "VL-10K", "lot": "B17", "outcome": "fire"}
    assert desk.post("/start", form).status_code == 302
    return Recall.objects.get()


@pytest.fixture
def scanned(desk, recall):
    """The address, as somebody of the company sees it."""
    return lambda **given: desk.post("/scan", given)


def test_a_typed_lot_is_answered_with_its_recall(scanned, recall) -> None:
    page = scanned(code="b17").content.decode()
    assert "Affected" in page
    assert f"/recalls/{recall.ref}/" in page


def test_an_address_with_the_code_answers_without_a_form(desk, recall) -> None:
    assert b"Affected" in desk.get("/scan", {"code": "B17"}).content


def test_a_gs1_code_is_taken_apart(scanned) -> None:
    page = scanned(code=f"(01){GTIN}(10)B17(21)77").content.decode()
    for part in (GTIN, "B17", "77"):
        assert f'<b dir="ltr">{part}</b>' in page


def test_a_pallet_is_no_product_and_cannot_be_told(scanned) -> None:
    page = scanned(code="340123451111111111").content.decode()
    assert "Cannot tell" in page
    assert "logistic unit" in page


def test_every_code_of_a_photo_is_listed(scanned) -> None:
    data = picture(("EAN13", GTIN[1:]), ("DataMatrix", f"(01){GTIN}(10)B17"))
    page = scanned(code="", photo=SimpleUploadedFile("a.png", data, "image/png")).content.decode()
    assert page.count('<th scope="row">') == 2
    assert "Affected" in page


def test_a_photo_that_is_none_is_refused_with_what_to_do(scanned) -> None:
    answer = scanned(photo=SimpleUploadedFile("a.png", b"GIF89a", "image/png"))
    assert answer.status_code == 400
    assert b"not a picture" in answer.content


def test_a_scanner_in_the_search_field_is_offered_the_answer(desk, recall) -> None:
    sent = f"]C101{GTIN}10B17"
    hits = desk.get("/go", {"q": sent}, headers={"accept": "application/json"}).json()["hits"]
    assert hits[0]["url"].startswith("/scan?code=")
    assert b"Affected" in desk.get(hits[0]["url"]).content


def test_a_word_in_the_search_field_is_no_code(desk, recall) -> None:
    hits = desk.get("/go", {"q": "B17"}, headers={"accept": "application/json"}).json()["hits"]
    assert not [hit for hit in hits if hit["url"].startswith("/scan")]
