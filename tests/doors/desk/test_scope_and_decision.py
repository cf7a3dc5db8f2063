"""O5 and O6: propose, confirm, widen in one click, narrow with a reason; judge, decide, sign."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from holdfast.config.worker import run_reactions
from holdfast.decision.recalls.actions import propose_decision, propose_scope
from holdfast.decision.recalls.models import Recall
from holdfast.kit.actors import Actor
from holdfast.kit.trace.criteria import Criteria
from holdfast.supply.orders.models import OrderLine
from tests.doors.desk.conftest import LATER, NOW

pytestmark = pytest.mark.django_db
RULE = {"step": "propose", "products": "VL-10K", "lots": "B17"}
DECIDED = {
    "step": "propose",
    "severity": "4",
    "probability": "1/8000",
    "reason": "3 of 600 cells burned",
    "measures": ["stop_sale", "recall"],
    "remedies": ["refund", "replacement"],
    "days_refund": "4",
    "days_replacement": "9",
    "sign": "1",
}


def confirm(desk: Client, recall: Recall) -> None:
    """Propose by lot and confirm what is shown."""
    desk.post(f"/recalls/{recall.ref}/scope/", RULE)
    version = recall.scopes.get(state="proposed")
    desk.post(
        f"/recalls/{recall.ref}/scope/",
        {"step": "confirm", "version": version.number, "digest": version.digest},
    )


def test_a_scope_is_proposed_shown_with_reasons_and_confirmed(
    desk: Client, recall: Recall, orders: list[OrderLine]
) -> None:
    address = f"/recalls/{recall.ref}/scope/"
    assert desk.post(address, RULE).status_code == 302
    page = desk.get(address).content.decode()
    assert "Confirm scope v1" in page
    assert "only lot B17 was in stock then" in page
    confirm(desk, recall)
    recall.refresh_from_db()
    assert recall.state == "scoped"
    assert recall.scopes.get(number=1).state == "confirmed"


def test_what_is_confirmed_is_what_was_read(
    desk: Client, recall: Recall, orders: list[OrderLine]
) -> None:
    desk.post(f"/recalls/{recall.ref}/scope/", RULE)
    answer = desk.post(
        f"/recalls/{recall.ref}/scope/", {"step": "confirm", "version": 1, "digest": "0" * 64}
    )
    assert answer.status_code == 409
    assert "is not the one that was read" in answer.content.decode()
    assert not recall.scopes.filter(state="confirmed").exists()


def test_widening_takes_one_click(desk: Client, recall: Recall, orders: list[OrderLine]) -> None:
    confirm(desk, recall)
    desk.post(f"/recalls/{recall.ref}/scope/", {"step": "widen", "leave_out": "lots"})
    wider = recall.scopes.get(state="confirmed")
    assert wider.number == 2
    assert wider.counts["in_scope"]["lines"] == 12


def test_narrowing_without_a_reason_is_refused_and_the_rule_stays_typed(
    desk: Client, recall: Recall, orders: list[OrderLine]
) -> None:
    confirm(desk, recall)
    narrower = {**RULE, "markets": "DE"}
    answer = desk.post(f"/recalls/{recall.ref}/scope/", narrower)
    assert answer.status_code == 409
    assert "needs a reason" in answer.content.decode()
    assert 'value="DE"' in answer.content.decode()
    desk.post(f"/recalls/{recall.ref}/scope/", {**narrower, "rationale": "France had no stock"})
    assert recall.scopes.get(number=2).is_narrowing


def test_where_others_work_nobody_confirms_their_own_narrowing(
    desk: Client,
    recall: Recall,
    orders: list[OrderLine],
    owner: Actor,
    member: Callable[..., Actor],
) -> None:
    confirm(desk, recall)
    member("Vera", "approver")
    alone_no_more = Actor(owner.key, owner.name, owner.roles, owner.person_id, alone=False)
    version = propose_scope(
        recall=recall,
        criteria=Criteria(products=("VL-10K",), lots=("B17",), markets=("DE",)),
        rationale="France had no stock",
        by=alone_no_more,
        now=NOW,
    )
    # two people are here now, so this browser has to sign in: the same request is a stranger's
    answer = desk.post(
        f"/recalls/{recall.ref}/scope/",
        {"step": "confirm", "version": version.number, "digest": version.digest},
    )
    assert answer.status_code == 404
    version.refresh_from_db()
    assert version.state == "proposed"


def test_a_lot_nobody_recorded_is_said_with_three_ways_out(
    desk: Client, recall: Recall, orders: list[OrderLine]
) -> None:
    desk.post(f"/recalls/{recall.ref}/scope/", {**RULE, "lots": "ZZ99"})
    page = desk.get(f"/recalls/{recall.ref}/scope/").content.decode()
    assert "No order and no receipt names lot ZZ99" in page
    assert "Three ways" in page


def test_refusing_takes_a_reason(desk: Client, recall: Recall, orders: list[OrderLine]) -> None:
    address = f"/recalls/{recall.ref}/scope/"
    desk.post(address, RULE)
    assert desk.post(address, {"step": "refuse", "version": 1, "reason": " "}).status_code == 400
    desk.post(address, {"step": "refuse", "version": 1, "reason": "wrong product"})
    assert recall.scopes.get().state == "refused"


def test_people_without_contact_and_orders_without_people_are_counted_on_the_strip(
    desk: Client, recall: Recall, orders: list[OrderLine]
) -> None:
    confirm(desk, recall)
    run_reactions(now=LATER)
    desk.post(f"/recalls/{recall.ref}/scope/", {"step": "widen", "leave_out": "lots"})
    page = desk.get(f"/recalls/{recall.ref}/").content.decode()
    # ten known people of whom one has no contact, and two orders that name nobody
    assert '<p class="v">9 <small>of 12</small>' in page
    assert "3 cannot be written to" in page


def test_lines_download_with_their_reason_and_no_formula(
    desk: Client, recall: Recall, orders: list[OrderLine]
) -> None:
    OrderLine.objects.filter(pk=orders[-1].pk).update(order_number="=1+1")
    confirm(desk, recall)
    answer = desk.get(f"/recalls/{recall.ref}/scope/1.csv")
    text = b"".join(answer.streaming_content).decode()
    assert text.splitlines()[0].startswith("line,order,customer,sku,lot,quantity,certainty,reason")
    assert len(text.splitlines()) == 1 + OrderLine.objects.count()
    assert ",'=1+1," in text


def test_alone_one_button_judges_decides_and_signs(
    desk: Client, recall: Recall, orders: list[OrderLine]
) -> None:
    confirm(desk, recall)
    answer = desk.post(f"/recalls/{recall.ref}/decision/", DECIDED)
    assert answer.status_code == 302
    decided = recall.decisions.get()
    assert decided.state == "signed"
    assert decided.signatures.get().is_alone
    page = desk.get(f"/recalls/{recall.ref}/decision/").content.decode()
    assert "own proposal, one person alone" in page
    assert "Serious" in page


def test_a_decision_that_fails_half_way_leaves_nothing_behind(
    desk: Client, recall: Recall, orders: list[OrderLine]
) -> None:
    confirm(desk, recall)
    answer = desk.post(
        f"/recalls/{recall.ref}/decision/", {**DECIDED, "remedies": ["refund"], "reason": "kept"}
    )
    assert answer.status_code == 409
    assert "two of refund, replacement and repair" in answer.content.decode()
    assert ">kept</textarea>" in answer.content.decode()
    assert not recall.evaluations.exists()
    assert not recall.decisions.exists()


def test_a_signature_is_bound_to_what_was_read(
    desk: Client, recall: Recall, orders: list[OrderLine], owner: Actor
) -> None:
    confirm(desk, recall)
    desk.post(f"/recalls/{recall.ref}/decision/", {**DECIDED, "sign": ""})
    first = recall.decisions.get()
    propose_decision(recall=recall, measures=["recall"], reason="anew", by=owner, now=NOW)
    answer = desk.post(
        f"/recalls/{recall.ref}/decision/",
        {"step": "sign", "decision": first.pk, "sha256": first.sha256},
    )
    assert answer.status_code == 409
    assert "superseded" in answer.content.decode()


def test_disagreement_is_kept_word_for_word(
    desk: Client, recall: Recall, orders: list[OrderLine]
) -> None:
    confirm(desk, recall)
    desk.post(f"/recalls/{recall.ref}/decision/", {**DECIDED, "sign": ""})
    made = recall.decisions.get()
    words = "Press in France would reach the others."
    desk.post(
        f"/recalls/{recall.ref}/decision/",
        {"step": "dissent", "decision": made.pk, "sha256": made.sha256, "words": words},
    )
    assert words in desk.get(f"/recalls/{recall.ref}/decision/").content.decode()
    assert made.signatures.get().stance == "dissent"
