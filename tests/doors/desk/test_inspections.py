"""Inspections at the desk: from the plan to the lot, the next lot's severity, and the stop."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from holdfast.decision.intake.models import Inspection, TestResult
from holdfast.supply.catalog.models import Product
from holdfast.supply.parties.models import Supplier
from holdfast.supply.traceability.models import Receipt

pytestmark = pytest.mark.django_db


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_the_calculator_answers_and_stores_nothing(desk: Client) -> None:
    page = text(desk, "/inspections/plan?lot_size=1000&aql=2.5&level=II&severity=tightened")
    assert "Take 80 of 1000 items at random" in page
    assert "reject it if 4 or more do" in page
    assert "up to 43 in the lot may still be bad" in page
    assert "lot_size=1000&amp;aql=2.5" in page
    assert "Take" not in text(desk, "/inspections/plan?lot_size=1&aql=2.5&level=II&severity=normal")
    assert not Inspection.objects.exists()


def test_a_lot_from_the_plan_to_the_stop(desk: Client) -> None:
    product = Product.objects.create(code="VL-10K", code_key="vl-10k")
    supplier = Supplier.objects.create(code="S-07", name="Cells Ltd")
    for lot in ("B17", "B18", "B19"):
        Receipt.objects.create(
            lot=lot,
            product=product,
            supplier=supplier,
            quantity=1000,
            received_at=datetime(2026, 2, 1, tzinfo=UTC),
        )
    page = text(desk, "/inspections/new?product=vl-10k&lot=B17&aql=2.5")
    assert "Accept the lot if at most 5 fail" in page
    given = {"product": "VL-10K", "lot_size": 1000, "aql": "2.5", "level": "II", "found": 6}
    few = desk.post("/inspections/new", {**given, "lot": "B17", "looked_at": 12, "found": 0})
    assert few.status_code == 400
    assert "too few to accept" in few.content.decode()
    for lot in ("B17", "B18"):
        photo = SimpleUploadedFile("cell.jpg", b"swollen")
        answer = desk.post(
            "/inspections/new",
            {**given, "lot": lot, "looked_at": 80, "defects": "cell swollen", "file": photo},
        )
        assert answer.status_code == 302, answer.content.decode()
    shown = text(desk, answer.headers["Location"])
    assert "lot rejected" in shown
    assert "Two of five lots not accepted: the next is tightened." in shown
    assert "The next lot: tightened inspection" not in shown  # first stop the sale of this one
    assert "/start?product=VL-10K&amp;lot=B18&amp;mechanism=cell+swollen" in shown
    assert "cell.jpg" in shown
    assert "cell swollen" in text(desk, "/start?product=VL-10K&lot=B18&mechanism=cell+swollen")
    assert "at most 3 fail" in text(desk, "/inspections/new?product=VL-10K&lot=B19&aql=2.5")
    early = desk.post(answer.headers["Location"], {"step": "reduce", "reason": "steady"})
    assert early.status_code == 400
    assert Inspection.objects.get(lot="B18").series.supplier == supplier
    listed = text(desk, "/inspections/?supplier=cells&lot=B1")
    assert listed.count("lot rejected") == 2
    assert text(desk, "/inspections/?supplier=nobody").count("lot rejected") == 0


def test_a_test_that_fails_offers_the_stop_and_a_contradiction_is_not_taken(desk: Client) -> None:
    Product.objects.create(code="VL-10K", code_key="vl-10k")
    given = {"product": "VL-10K", "lot": "B17", "what": "lead", "limit": "90", "unit": "mg/kg"}
    wrong = desk.post("/inspections/tests/new", {**given, "value": "120", "passed": "yes"})
    assert wrong.status_code == 400
    assert not TestResult.objects.exists()
    assert desk.post("/inspections/tests/new", {**given, "value": "120"}).status_code == 302
    page = text(desk, "/inspections/?lot=B17")
    assert "did not pass" in page
    assert "/start?product=VL-10K&amp;lot=B17&amp;mechanism=lead+120+mg%2Fkg" in page
