"""Opening a recall: only what can happen to a person is required."""

from __future__ import annotations

import pytest

from holdfast.decision.recalls.actions import assign_role, open_recall
from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.queries import recall_named, timeline
from holdfast.ground.journal.models import Entry
from holdfast.kit.refusals import NotFound, NotPermitted, Unreadable
from tests.decision.conftest import ALONE, NOW, VIEWER


def test_recalls_are_numbered_within_their_year(shop):
    assert [shop.recall().ref for _ in range(2)] == ["R-2026-001", "R-2026-002"]
    later = open_recall(outcome="cut", by=ALONE, now=NOW.replace(year=2027))
    assert later.ref == "R-2027-001"


def test_what_can_happen_to_a_person_is_required(shop):
    for word in ("", "  ", "overheats"):
        with pytest.raises(Unreadable, match="what can happen to a person") as refused:
            shop.recall(outcome=word)
        assert "fire" in refused.value.hint
    assert Recall.objects.count() == 0


def test_something_else_needs_words(shop):
    with pytest.raises(Unreadable):
        shop.recall(outcome="other")
    made = shop.recall(outcome="other", outcome_words="The glass can burst in the hand")
    assert made.outcome_words


def test_the_opener_leads_and_the_timeline_begins_with_what_was_known(shop):
    recall = shop.recall()
    assert recall.roles.get().person == ALONE.key
    assign_role(recall=recall, role="legal", person="person:2", by=ALONE, now=NOW)
    told = timeline(recall)
    assert [row["kind"] for row in told] == ["Known", "RecallOpened", "RoleAssigned"]
    assert "VL-10K, lot B17" in told[1]["words"]


def test_a_viewer_opens_nothing(shop):
    with pytest.raises(NotPermitted):
        shop.recall(VIEWER)
    assert not Recall.objects.exists()
    assert not Entry.objects.filter(kind="RecallOpened").exists()


def test_an_unknown_recall_is_said_with_the_ones_there_are(shop):
    shop.recall()
    assert recall_named(" r-2026-001 ").ref == "R-2026-001"
    with pytest.raises(NotFound) as refused:
        recall_named("R-1")
    assert "R-2026-001" in refused.value.hint
