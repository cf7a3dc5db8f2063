"""People answer, choose, change their mind; money leaves once; nothing is lost on the way."""

import json
import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from holdfast.decision.recalls.models import Task
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import PUBLIC, SYSTEM, Actor
from holdfast.kit.refusals import Forbidden, NotPermitted, Unreadable
from holdfast.response.remedies.actions import (
    answer_gone,
    answer_have,
    choose_remedy,
    claim_publicly,
    escalate_late_claims,
    export_payouts,
    fulfil_claims,
    make_links,
    pay_export,
    report_injury,
    review_claim,
    see_injury,
    set_remedies,
)
from holdfast.response.remedies.models import Claim, InjuryReport, Payout, PersonalLink
from holdfast.response.remedies.queries import (
    alternative_for,
    claim_counts,
    claims_for_token,
    claims_of,
    link_for,
    owned_by,
)
from holdfast.response.remedies.rules import link_token, token_hash
from holdfast.response.units.actions import rebalance_units
from holdfast.response.units.queries import balances, units_by_state
from tests.patience import patient

KEY = b"k" * 32


def homes(small):
    return units_by_state(small.recall).get("consumer", {})


@pytest.fixture
def bought(small):
    """One person with two lines of the recall, three units, in a balanced ledger."""
    buyer = small.customer()
    lines = {small.line(1, buyer): 1, small.line(2, buyer): 2}
    rebalance_units(recall=small.recall, version=small.scope(lines), by=small.by, now=small.now)
    small.buyer = buyer
    return small


def have(small, **more):
    return answer_have(
        recall=small.recall,
        owned=owned_by(small.recall, small.buyer.pk),
        **{"reference": "LV-AAAA-0001", "source": "link", "by": PUBLIC, "now": small.now, **more},
    )


def gone(small, outcome="given_away", **more):
    return answer_gone(
        recall=small.recall,
        owned=owned_by(small.recall, small.buyer.pk),
        outcome=outcome,
        **{"reference": "LV-AAAA-0001", "source": "link", "by": PUBLIC, "now": small.now, **more},
    )


def choose(small, remedy="refund", **more):
    return choose_remedy(
        recall=small.recall,
        owned=owned_by(small.recall, small.buyer.pk),
        remedy=remedy,
        **{
            "stopped": True,
            "reference": "LV-AAAA-0001",
            "source": "link",
            "by": PUBLIC,
            "now": small.now,
            **more,
        },
    )


def export(small, name="P-1"):
    return export_payouts(recall=small.recall, export=name, by=small.by, now=small.now)


def publicly(small, **more):
    return claim_publicly(
        recall=small.recall,
        **{
            "order": "",
            "contact": {"email": "somebody@example.org"},
            "remedy": "refund",
            "stopped": True,
            "reference": "LV-PPPP-0001",
            "token_sha256": token_hash("t" * 22),
            "language": "en",
            "by": PUBLIC,
            "now": small.now,
            **more,
        },
    )


def test_yes_i_have_it_moves_the_units_and_asks_for_a_choice(bought) -> None:
    claims = have(bought)
    assert [c.reference for c in claims] == ["LV-AAAA-0001", "LV-AAAA-0001-2"]
    assert homes(bought) == {"has_it": 3}
    assert Entry.objects.filter(kind="ClaimAnswered").count() == 1


def test_answering_twice_is_answering_once(bought) -> None:
    have(bought)
    entries = Entry.objects.count()
    have(bought, reference="LV-BBBB-0002")
    assert Claim.objects.count() == 2
    assert Entry.objects.count() == entries


def test_a_refund_promises_a_day_and_owes_what_was_paid(bought) -> None:
    claims = choose(bought)
    assert {c.promised_on.isoformat() for c in claims} == {"2026-05-08"}
    assert sorted(p.amount for p in Payout.objects.all()) == [Decimal("39.00"), Decimal("78.00")]
    assert homes(bought) == {"claim_open": 3}


def test_choosing_twice_owes_once(bought) -> None:
    choose(bought)
    entries = Entry.objects.count()
    choose(bought)
    assert Payout.objects.count() == 2
    assert Entry.objects.count() == entries


def test_a_changed_mind_cancels_the_payout_and_back_again_revives_the_same_one(bought) -> None:
    choose(bought)
    choose(bought, "replacement")
    assert set(Payout.objects.values_list("state", flat=True)) == {"cancelled"}
    choose(bought)
    assert list(Payout.objects.values_list("state", flat=True)) == ["due", "due"]
    assert Payout.objects.count() == 2


def test_once_the_money_is_on_its_way_the_choice_stands(bought) -> None:
    choose(bought)
    export(bought)
    with pytest.raises(Forbidden):
        choose(bought, "replacement")
    with pytest.raises(Forbidden):
        gone(bought)
    assert homes(bought) == {"claim_open": 3}


def test_i_no_longer_have_it_is_counted_and_balances(bought) -> None:
    gone(bought, "never")
    assert homes(bought) == {"never_received": 3}
    assert all(b.balances for b in balances(bought.recall))
    assert {c.answer for c in Claim.objects.all()} == {"gone"}


def test_gone_lets_a_promised_refund_go(bought) -> None:
    choose(bought)
    gone(bought, "sold")
    assert set(Payout.objects.values_list("state", flat=True)) == {"cancelled"}
    assert export(bought) == []
    assert homes(bought) == {"sold_on": 3}


def test_found_again_after_all(bought) -> None:
    gone(bought)
    have(bought)
    assert homes(bought) == {"has_it": 3}


def test_a_payout_is_exported_once_and_paid_once(bought) -> None:
    choose(bought)
    assert len(export(bought, "P-1")) == 2
    assert export(bought, "P-2") == []
    paid = pay_export(
        recall=bought.recall, export="P-1", evidence="bank 4711", by=bought.by, now=bought.now
    )
    assert paid == 2
    again = pay_export(
        recall=bought.recall, export="P-1", evidence="bank 4711", by=bought.by, now=bought.now
    )
    assert again == 0
    assert homes(bought) == {"refunded": 3}
    assert set(Claim.objects.values_list("state", flat=True)) == {"fulfilled"}


def test_money_is_not_settled_by_a_delivery_scan(bought) -> None:
    choose(bought)
    with pytest.raises(Forbidden):
        fulfil_claims(
            recall=bought.recall,
            references=["LV-AAAA-0001"],
            kind="delivery",
            evidence="scan",
            by=bought.by,
            now=bought.now,
        )


def test_a_replacement_is_settled_by_its_delivery(bought) -> None:
    claims = choose(bought, "replacement")
    told = {
        "recall": bought.recall,
        "references": [c.reference for c in claims],
        "kind": "delivery",
        "evidence": "parcel 1Z",
        "by": bought.by,
        "now": bought.now,
    }
    assert fulfil_claims(**told) == 2
    assert fulfil_claims(**told) == 0
    assert homes(bought) == {"replaced": 3}


@pytest.mark.parametrize(("remedy", "state"), [("disposal", "destroyed"), ("repair", "repaired")])
def test_disposal_and_repair_are_settled_by_their_own_proof(bought, remedy, state) -> None:
    set_remedies(
        recall=bought.recall,
        options=["refund", "repair", "disposal"],
        by=bought.by,
        now=bought.now,
        effort_reason="the part is built for each",
    )
    claims = choose(bought, remedy)
    done = fulfil_claims(
        recall=bought.recall,
        references=[c.reference for c in claims],
        evidence="photo 12",
        by=bought.by,
        now=bought.now,
    )
    assert done == 2
    assert homes(bought) == {state: 3}


def test_a_credit_is_owed_exported_and_paid_like_money(bought) -> None:
    set_remedies(
        recall=bought.recall,
        options=["refund", "replacement", "credit"],
        by=bought.by,
        now=bought.now,
    )
    choose(bought, "credit")
    export(bought)
    pay_export(
        recall=bought.recall, export="P-1", evidence="vouchers", by=bought.by, now=bought.now
    )
    assert homes(bought) == {"credited": 3}


def test_an_export_needs_the_right_to_export(bought) -> None:
    with pytest.raises(NotPermitted):
        export_payouts(
            recall=bought.recall,
            export="P-1",
            by=Actor("person:5", "Agent", frozenset({"agent"}), 5),
            now=bought.now,
        )


def test_a_public_claim_with_order_and_postcode_is_settled_like_any_other(bought) -> None:
    claim = publicly(
        bought,
        order=" lv-1001 ",
        contact={"email": "other@example.org", "postcode": bought.buyer.postcode},
    )
    assert claim.state == "chosen"
    assert claim.line_id is not None
    assert homes(bought)["claim_open"] == 1
    assert claims_for_token("t" * 22)[0].pk == claim.pk


def test_a_public_claim_that_matches_nothing_waits_for_a_person(bought) -> None:
    matched = publicly(bought, order="LV-1001", contact={"email": bought.buyer.email})
    stray = publicly(
        bought,
        order="LV-9999",
        reference="LV-PPPP-0002",
        token_sha256=token_hash("u" * 22),
    )
    assert (matched.state, stray.state) == ("chosen", "in_review")
    # what the person is told does not show which of the two it was
    assert matched.promised_on == stray.promised_on


def test_a_second_claim_for_the_same_order_is_shown_not_merged(bought) -> None:
    choose(bought)
    second = publicly(bought, order="LV-1001", contact={"email": bought.buyer.email})
    assert second.state == "in_review"
    assert Payout.objects.count() == 2


def test_a_person_reviews_once_and_a_refusal_has_a_reason(bought) -> None:
    stray = publicly(bought, order="?")
    with pytest.raises(Unreadable):
        review_claim(claim=stray, accept=False, reason=" ", by=bought.by, now=bought.now)
    owned = owned_by(bought.recall, bought.buyer.pk)[0]
    done = review_claim(
        claim=stray, accept=True, reason="till receipt", by=bought.by, now=bought.now, owned=owned
    )
    assert (done.state, done.line_id) == ("chosen", owned.line.pk)
    assert Payout.objects.get(claim=done).amount == owned.amount
    with pytest.raises(Forbidden):
        review_claim(claim=stray, accept=False, reason="late", by=bought.by, now=bought.now)


def test_without_any_way_to_reach_the_person_the_claim_asks_for_one(bought) -> None:
    with pytest.raises(Unreadable):
        publicly(bought, contact={"postcode": "10115"})


def test_a_passed_promise_becomes_a_task_once_and_offers_the_money(bought) -> None:
    set_remedies(
        recall=bought.recall,
        options=["replacement", "repair"],
        within_days={"replacement": 5, "repair": 9},
        by=bought.by,
        now=bought.now,
    )
    choose(bought, "replacement")
    late = bought.now + timedelta(days=6)
    assert escalate_late_claims(by=SYSTEM, now=late) == 2
    assert escalate_late_claims(by=SYSTEM, now=late) == 0
    assert "2 promises have passed" in Task.objects.get().words
    claims = claims_of(bought.recall, bought.buyer.pk)
    assert alternative_for(claims, late.date(), ["replacement", "repair"]) == "refund"
    with pytest.raises(Unreadable):
        choose(bought, "refund", now=late)
    assert {c.remedy for c in choose(bought, "refund", now=late, late=True)} == {"refund"}


def test_an_injury_is_heard_without_a_claim_and_its_words_stay_out_of_the_journal(small) -> None:
    report = report_injury(
        recall=small.recall,
        words="My hand was burned",
        contact="0170 1",
        reference="H-1",
        source="public",
        by=PUBLIC,
        now=small.now,
    )
    entry = Entry.objects.get(kind="InjuryReported")
    assert "burned" not in entry.payload
    assert "0170" not in entry.payload
    see_injury(report=report, by=small.by, now=small.now)
    see_injury(report=report, by=small.by, now=small.now)
    assert Entry.objects.filter(kind="InjurySeen").count() == 1
    assert InjuryReport.objects.get().seen_by == "person:1"


def test_links_store_hashes_only_and_are_made_once(bought) -> None:
    told = {
        "recall": bought.recall,
        "customer_ids": [bought.buyer.pk],
        "key": KEY,
        "by": bought.by,
        "now": bought.now,
    }
    assert make_links(**told) == 1
    assert make_links(**told) == 0
    token = link_token(KEY, recall="R-2026-001", recipient=f"customer:{bought.buyer.pk}")
    stored = PersonalLink.objects.get()
    assert token not in str(stored.__dict__)
    assert link_for(token, now=bought.now).pk == stored.pk


def test_unknown_revoked_and_expired_links_look_alike(bought) -> None:
    make_links(
        recall=bought.recall,
        customer_ids=[bought.buyer.pk],
        key=KEY,
        by=bought.by,
        now=bought.now,
    )
    token = link_token(KEY, recall="R-2026-001", recipient=f"customer:{bought.buyer.pk}")
    assert link_for("nonsense\x00", now=bought.now) is None
    PersonalLink.objects.update(expires_at=bought.now)
    assert link_for(token, now=bought.now) is None
    PersonalLink.objects.update(expires_at=None, revoked_at=bought.now)
    assert link_for(token, now=bought.now) is None


def test_the_journal_and_the_counts_hold_no_person(bought) -> None:
    choose(bought)
    publicly(bought, order="?", contact={"email": "secret@example.org"})
    assert not Entry.objects.filter(payload__contains="example.org").exists()
    counts = claim_counts(bought.recall, bought.now.date())
    assert counts["claims"] == 3
    assert counts["by_state"] == {"answered": 0, "in_review": 1, "chosen": 2, "fulfilled": 0}
    assert counts["payouts"] == {"EUR": {"due": "117.00"}}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["choose", "export", "pay"])
def test_two_at_once_pay_once(small, what: str) -> None:
    """Both databases: two people at a barrier; the money leaves once."""
    buyers = [small.customer() for _ in range(12)]
    lines = {small.line(1, buyer): 1 for buyer in buyers}
    rebalance_units(recall=small.recall, version=small.scope(lines), by=small.by, now=small.now)
    if what != "choose":
        for number, buyer in enumerate(buyers):
            small.buyer = buyer
            choose(small, reference=f"LV-R-{number}")
    if what == "pay":
        export(small, "P-1")
    barrier, faults = threading.Barrier(4), []

    def choose_all(me: int) -> None:
        for number, buyer in enumerate(buyers):
            patient(
                lambda buyer=buyer, number=number: choose_remedy(
                    recall=small.recall,
                    owned=owned_by(small.recall, buyer.pk),
                    remedy="refund",
                    stopped=True,
                    reference=f"LV-{me}-{number}",
                    source="link",
                    by=PUBLIC,
                    now=small.now,
                )
            )

    def pay() -> None:
        pay_export(recall=small.recall, export="P-1", evidence="bank", by=small.by, now=small.now)

    def rush(me: int) -> None:
        try:
            barrier.wait()
            if what == "choose":
                choose_all(me)
            else:
                patient((lambda: export(small, f"P-{me}")) if what == "export" else pay)
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=rush, args=(me,)) for me in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert Payout.objects.count() == 12
    assert Claim.objects.count() == 12
    if what == "export":
        exports = Entry.objects.filter(kind="PayoutsExported")
        assert [json.loads(e.payload)["count"] for e in exports] == [12]
    if what == "pay":
        assert Entry.objects.filter(kind="PayoutsPaid").count() == 1
        assert homes(small) == {"refunded": 12}
    assert all(b.balances for b in balances(small.recall))
