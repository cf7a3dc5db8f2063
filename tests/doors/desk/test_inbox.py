"""The inbox: injuries, claims a person looks at, parcels, and refunds that leave exactly once."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from holdfast.config.worker import run_reactions
from holdfast.decision.recalls.models import Recall
from holdfast.kit.actors import PUBLIC, Actor
from holdfast.response.remedies.actions import choose_remedy, claim_publicly, report_injury
from holdfast.response.remedies.models import Claim, ClaimPhoto, Payout
from holdfast.response.remedies.queries import owned_by
from holdfast.supply.orders.models import OrderLine
from tests.doors.desk.conftest import LATER, NOW
from tests.doors.desk.test_scope_and_decision import confirm

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(desk: Client, orders: list[OrderLine], recall: Recall) -> Recall:
    """Everybody is in the scope and in the ledger."""
    confirm(desk, recall)
    desk.post(f"/recalls/{recall.ref}/scope/", {"step": "widen", "leave_out": "lots"})
    run_reactions(now=LATER)
    return Recall.objects.get()


def choose(recall: Recall, line: OrderLine, remedy: str, reference: str) -> Claim:
    """One person's own choice."""
    assert line.customer_id is not None
    (claim, *_) = choose_remedy(
        recall=recall,
        owned=owned_by(recall, line.customer_id),
        remedy=remedy,
        stopped=True,
        reference=reference,
        source="link",
        by=PUBLIC,
        now=NOW,
    )
    return claim


def test_nobody_waiting_is_said(desk: Client, owner: Actor) -> None:
    assert "Nobody is waiting." in desk.get("/inbox/").content.decode()


def test_somebody_hurt_stands_first_until_it_is_read(desk: Client, told: Recall) -> None:
    report = report_injury(
        recall=told,
        words="My hand is <b>blistered</b>.",
        contact="0800",
        reference="H-1",
        source="public",
        by=PUBLIC,
        now=NOW,
    )
    page = desk.get("/inbox/").content.decode()
    assert "Read what happened to a person" in page
    assert "My hand is &lt;b&gt;blistered&lt;/b&gt;." in page
    desk.post("/inbox/", {"step": "seen", "report": report.pk})
    assert "My hand" not in desk.get("/inbox/").content.decode()


def test_a_refund_leaves_in_one_export_and_is_paid_once(
    desk: Client, told: Recall, orders: list[OrderLine]
) -> None:
    claim = choose(told, orders[3], "refund", "LV-AAAA-11")
    first = desk.post(f"/recalls/{told.ref}/refunds").content.decode().splitlines()
    assert first[0] == "reference,order,amount,currency,due_on,export"
    assert first[1].startswith("LV-AAAA-11,LV-1003,39.00,EUR,")
    again = desk.post(f"/recalls/{told.ref}/refunds").content.decode().splitlines()
    assert len(again) == 1
    export = Payout.objects.get(claim=claim).export
    paid = {"step": "paid", "recall": told.ref, "export": export, "proof": "bank order 4711"}
    desk.post("/inbox/", paid)
    assert Payout.objects.get(claim=claim).state == "paid"
    claim.refresh_from_db()
    assert claim.state == "fulfilled"
    assert "Refunded" in desk.get(f"/recalls/{told.ref}/units/").content.decode()


def test_a_refund_is_never_exported_by_looking(desk: Client, told: Recall) -> None:
    assert desk.get(f"/recalls/{told.ref}/refunds").status_code == 405


def test_a_parcel_settles_its_claim_with_its_scan(
    desk: Client, told: Recall, orders: list[OrderLine]
) -> None:
    claim = choose(told, orders[4], "replacement", "LV-BBBB-22")
    assert "LV-BBBB-22" in desk.get("/inbox/").content.decode()
    settle = {"step": "fulfil", "claim": claim.pk, "kind": "delivery", "proof": "scan 9"}
    desk.post("/inbox/", settle)
    claim.refresh_from_db()
    assert claim.state == "fulfilled"


def test_a_claim_without_an_order_is_looked_at_by_a_person(desk: Client, told: Recall) -> None:
    claim = claim_publicly(
        recall=told,
        order="???",
        contact={"email": "flea@example.org", "words": "bought at a flea market"},
        remedy="refund",
        stopped=True,
        reference="LV-CCCC-33",
        token_sha256="0" * 64,
        language="en",
        by=PUBLIC,
        now=NOW,
    )
    page = desk.get("/inbox/").content.decode()
    assert "bought at a flea market" in page
    assert "E-mail: <bdi>flea@example.org</bdi>" in page
    answer = desk.post("/inbox/", {"step": "refuse", "claim": claim.pk, "reason": " "})
    assert answer.status_code == 400
    desk.post("/inbox/", {"step": "accept", "claim": claim.pk})
    claim.refresh_from_db()
    assert claim.state == "chosen"


def test_photos_are_counted_for_the_claims_on_the_page_and_not_for_all_there_are(
    desk: Client, orders: list[OrderLine], told: Recall, django_assert_max_num_queries: Any
) -> None:
    claim = choose(told, orders[0], "replacement", "C-1")
    for number in (1, 2):
        ClaimPhoto.objects.create(
            claim=claim, number=number, content=b"x", width=1, height=1, made_at=NOW
        )
    with django_assert_max_num_queries(40) as asked:
        page = desk.get("/inbox/").content.decode()
    assert "2 photos" in page
    counting = [one["sql"] for one in asked.captured_queries if "claimphoto" in one["sql"].lower()]
    assert len(counting) == 1
    assert " IN (" in counting[0]
