"""Whatever anybody tries in whatever order, a recall moves only as its table allows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from holdfast.decision.recalls.actions import (
    begin_telling,
    close_recall,
    confirm_scope,
    evaluate_hazard,
    propose_decision,
    propose_scope,
    reopen_recall,
    sign_decision,
    withdraw_recall,
)
from holdfast.decision.recalls.lifecycle import LIVE, RECALL
from holdfast.decision.recalls.models import Recall
from holdfast.ground.access.models import Organisation
from holdfast.ground.journal.models import Entry
from holdfast.kit.refusals import Refusal
from holdfast.kit.trace.criteria import Criteria
from tests.decision.conftest import ALONE, APPROVER, LEAD, NOW, Shop
from tests.plugins.chance import examples

PEOPLE = st.sampled_from([LEAD, APPROVER, ALONE])
DONE = dict.fromkeys(("holds_settled", "everyone_told", "claims_settled", "units_known"), True)
REASONS = st.sampled_from(["", "because"])


def test_the_table_reaches_everything_and_strands_nobody():
    assert RECALL.unreachable() == ()
    assert RECALL.stuck() == ()
    assert set(LIVE) | set(RECALL.ends) == set(RECALL.states)
    assert "telling --> closed" in RECALL.diagram()


def test_closing_names_the_first_thing_that_is_open(shop):
    shop.line("VL-10K")
    recall = shop.scoped()
    evaluate_hazard(recall=recall, severity=4, probability="1/1000", by=ALONE, now=NOW)
    decision = propose_decision(
        recall=recall, measures=["recall"], reason="Fires", by=ALONE, now=NOW
    )
    sign_decision(decision=decision, sha256=decision.sha256, by=ALONE, now=NOW)
    begin_telling(recall=recall, by=ALONE, now=NOW)
    for guard in DONE:
        with pytest.raises(Refusal) as refused:
            close_recall(
                recall=recall, facts={**DONE, guard: False}, left_open={}, by=ALONE, now=NOW
            )
        assert refused.value.code == guard
        assert refused.value.exit_code == 3
    closed = close_recall(
        recall=recall,
        facts={**DONE, "units_known": False},
        left_open={"units": "3"},
        reason="Three units answered nothing in 120 days",
        by=ALONE,
        now=NOW,
    )
    assert closed.state == "closed"
    assert reopen_recall(recall=recall, reason="fire no. 5", by=ALONE, now=NOW).state == "telling"


class Room(RuleBasedStateMachine):
    """Random people try random moves on one recall; a model says what may have happened."""

    def __init__(self):
        super().__init__()
        Organisation.objects.get_or_create(pk=1)
        shop = Shop()
        shop.line("VL-10K")
        shop.line("VL-20K", person="ben")
        self.recall = shop.recall()
        self.state, self.day = "open", 0

    def try_move(self, act, *, name: str) -> None:
        """A move either leads where its table row says, or is refused and changes nothing."""
        self.day += 1
        entries = Entry.objects.count()
        before = self.recall.state
        allowed = {row.target for row in RECALL.rows(name) if before in row.sources}
        try:
            act(NOW + timedelta(days=self.day))
        except Refusal:
            assert Entry.objects.count() == entries, "a refusal leaves no trace"
            self.recall.refresh_from_db()
            assert self.recall.state == before
            return
        self.recall.refresh_from_db()
        assert self.recall.state in allowed | {before}

    @rule(by=PEOPLE, wide=st.booleans(), reason=REASONS)
    def propose_scope(self, by, wide, reason):
        products = ("VL-10K", "VL-20K") if wide else ("VL-10K",)
        self.try_move(
            lambda now: propose_scope(
                recall=self.recall,
                criteria=Criteria(products=products),
                rationale=reason,
                by=by,
                now=now,
            ),
            name="propose_scope",
        )

    @rule(by=PEOPLE)
    def confirm_scope(self, by):
        version = self.recall.scopes.order_by("-number").first()
        if version:
            self.try_move(
                lambda now: confirm_scope(version=version, by=by, now=now), name="confirm_scope"
            )

    @rule(by=PEOPLE, reason=REASONS)
    def propose_decision(self, by, reason):
        def act(now):
            evaluate_hazard(recall=self.recall, severity=4, probability="1/9", by=by, now=now)

        self.try_move(act, name="propose_decision")
        self.try_move(
            lambda now: propose_decision(
                recall=self.recall, measures=["recall"], reason=reason, by=by, now=now
            ),
            name="propose_decision",
        )

    @rule(by=PEOPLE)
    def sign_decision(self, by):
        decision = self.recall.decisions.order_by("-number").first()
        if decision:
            self.try_move(
                lambda now: sign_decision(
                    decision=decision, sha256=decision.sha256, by=by, now=now
                ),
                name="sign_decision",
            )

    @rule(by=PEOPLE)
    def begin_telling(self, by):
        self.try_move(
            lambda now: begin_telling(recall=self.recall, by=by, now=now), name="begin_telling"
        )

    @rule(by=PEOPLE, facts=st.dictionaries(st.sampled_from(list(DONE)), st.booleans()))
    def close(self, by, facts):
        self.try_move(
            lambda now: close_recall(
                recall=self.recall, facts={**DONE, **facts}, left_open={}, by=by, now=now
            ),
            name="close",
        )

    @rule(by=PEOPLE, reason=REASONS)
    def reopen(self, by, reason):
        self.try_move(
            lambda now: reopen_recall(recall=self.recall, reason=reason, by=by, now=now),
            name="reopen",
        )

    @rule(by=PEOPLE, reason=st.sampled_from(["", "", "", "a false alarm"]))
    def withdraw(self, by, reason):
        self.try_move(
            lambda now: withdraw_recall(recall=self.recall, reason=reason, by=by, now=now),
            name="withdraw",
        )

    @invariant()
    def what_counts_is_settled_by_the_right_people(self):
        recall = Recall.objects.get(pk=self.recall.pk)
        assert recall.scopes.filter(state="confirmed").count() <= 1
        assert recall.decisions.filter(state="signed").count() <= 1
        for version in recall.scopes.filter(state="confirmed", is_narrowing=True):
            assert version.rationale
            assert version.is_alone or version.settled_by != version.proposed_by
        for decision in recall.decisions.exclude(signed_at=None):
            for signature in decision.signatures.filter(stance="sign"):
                assert signature.sha256 == decision.sha256
                assert signature.is_alone or signature.person != decision.proposed_by
        if recall.state in ("decided", "telling", "closed"):
            assert recall.decisions.filter(state="signed").exists()
        if recall.state in ("scoped", "decided", "telling", "closed"):
            assert recall.scopes.filter(state="confirmed").exists()
        assert (recall.told_at is not None) == (recall.state in ("telling", "closed"))


@pytest.mark.django_db
def test_no_order_of_moves_breaks_a_recall():
    from django.db import transaction
    from hypothesis.stateful import run_state_machine_as_test

    class Isolated(Room):
        def __init__(self):
            self.undo = transaction.atomic()
            self.undo.__enter__()
            super().__init__()

        def teardown(self):
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    run_state_machine_as_test(
        Isolated,
        settings=settings(max_examples=examples(25), stateful_step_count=25, deadline=None),
    )
