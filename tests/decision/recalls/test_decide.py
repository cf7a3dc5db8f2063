"""A decision is bound to the hash of what was signed; nobody signs their own in a crowd."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from holdfast.decision.recalls.actions import (
    confirm_scope,
    evaluate_hazard,
    propose_decision,
    record_dissent,
    sign_decision,
)
from holdfast.decision.recalls.models import Signature
from holdfast.decision.recalls.rules import content_sha256
from holdfast.kit.refusals import Forbidden, Unreadable
from tests.decision.conftest import ALONE, APPROVER, LEAD, NOW


@pytest.fixture
def recall(shop):
    shop.line("VL-10K")
    return shop.scoped(LEAD, products=("VL-10K",))


def judged(recall, by=LEAD):
    return evaluate_hazard(recall=recall, severity=4, probability="1/1000", by=by, now=NOW)


def proposed(recall, by=LEAD, **more):
    judged(recall, by)
    words = {"measures": ["recall", "stop_use"], "remedies": ["refund"], "reason": "Fires", **more}
    return propose_decision(recall=recall, by=by, now=NOW, **words)


def test_the_risk_keeps_its_exact_probability_and_source(recall):
    found = judged(recall)
    assert (found.level, found.probability) == ("serious", "1/1000")
    assert found.result["legal_basis"].startswith("Delegated Regulation (EU) 2024/3173")
    assert judged(recall).pk == found.pk


def test_a_decision_needs_scope_risk_measure_and_reason(shop):
    shop.line("VL-10K")
    fresh = shop.recall(LEAD)
    with pytest.raises(Forbidden, match="needs it to be scoped"):
        judged(fresh)
    scoped = shop.scoped(LEAD)
    with pytest.raises(Forbidden, match="risk has not been judged"):
        propose_decision(recall=scoped, measures=["recall"], reason="x", by=LEAD, now=NOW)
    judged(scoped)
    for words in ({"measures": []}, {"reason": " "}, {"measures": ["pray"]}):
        with pytest.raises(Unreadable):
            proposed(scoped, **words)


def test_the_proposer_cannot_sign_and_another_can(recall):
    decision = proposed(recall)
    with pytest.raises(Forbidden, match="somebody else"):
        sign_decision(decision=decision, sha256=decision.sha256, by=LEAD, now=NOW)
    signed = sign_decision(decision=decision, sha256=decision.sha256, by=APPROVER, now=NOW)
    recall.refresh_from_db()
    assert (signed.state, recall.state) == ("signed", "decided")
    again = sign_decision(decision=decision, sha256=decision.sha256, by=APPROVER, now=NOW)
    assert again.signatures.count() == 1


def test_one_person_alone_signs_their_own_and_it_says_so(shop):
    shop.line("VL-10K")
    decision = proposed(shop.scoped(ALONE), ALONE)
    sign_decision(decision=decision, sha256=decision.sha256, by=ALONE, now=NOW)
    assert decision.signatures.get().is_alone


def test_the_database_refuses_a_signature_of_the_proposer(recall):
    decision = proposed(recall)
    with pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.create(
            decision=decision,
            sha256=decision.sha256,
            person=LEAD.key,
            proposer=LEAD.key,
            at=NOW,
        )


def test_a_signature_is_bound_to_the_content(recall):
    decision = proposed(recall)
    assert decision.sha256 == content_sha256(decision.content)
    with pytest.raises(Forbidden, match="not the one that was read"):
        sign_decision(decision=decision, sha256="0" * 64, by=APPROVER, now=NOW)


def test_the_same_words_are_the_same_decision_and_others_supersede_it(recall):
    first = proposed(recall)
    assert proposed(recall).pk == first.pk
    second = proposed(recall, reason="Fires, four of them")
    first.refresh_from_db()
    assert (first.state, second.number) == ("superseded", 2)
    with pytest.raises(Forbidden, match="superseded"):
        sign_decision(decision=first, sha256=first.sha256, by=APPROVER, now=NOW)


def test_a_decision_on_another_scope_cannot_be_signed(shop, recall):
    decision = proposed(recall)
    shop.line("VL-20K")
    wide = shop.scope(recall, LEAD, products=("VL-10K", "VL-20K"))
    confirm_scope(version=wide, by=LEAD, now=NOW)
    with pytest.raises(Forbidden, match="another scope"):
        sign_decision(decision=decision, sha256=decision.sha256, by=APPROVER, now=NOW)


def test_dissent_is_kept_word_for_word_and_blocks_nothing(recall):
    decision = proposed(recall)
    words = "The public warning should not wait."
    dissent = record_dissent(
        decision=decision, sha256=decision.sha256, words=words, by=LEAD, now=NOW
    )
    assert dissent.words == words
    sign_decision(decision=decision, sha256=decision.sha256, by=APPROVER, now=NOW)
    with pytest.raises(Forbidden, match="has signed"):
        record_dissent(decision=decision, sha256=decision.sha256, words="no", by=APPROVER, now=NOW)
