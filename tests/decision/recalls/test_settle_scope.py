"""Scope versions: the same answer is the same version, widening is easy, narrowing is not."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from holdfast.decision.recalls.actions import confirm_scope, propose_scope, refuse_scope
from holdfast.decision.recalls.models import ScopeVersion
from holdfast.decision.recalls.queries import asked_criteria, confirmed_scope
from holdfast.ground.journal.models import Entry
from holdfast.kit.refusals import Forbidden, NotPermitted
from holdfast.kit.trace.criteria import Criteria
from tests.decision.conftest import ALONE, APPROVER, LEAD, NOW, VIEWER

WIDE = {"products": ("VL-10K", "VL-20K")}
NARROW = {"products": ("VL-10K",)}


@pytest.fixture
def sold(shop):
    shop.line("VL-10K", person="anna", quantity=2)
    shop.line("VL-20K", person="ben", quantity=3)
    shop.line("VL-20K", person="anna")
    return shop


def test_the_same_criteria_give_the_same_version(sold):
    recall = sold.recall()
    first = sold.scope(recall)
    assert sold.scope(recall).pk == first.pk
    confirm_scope(version=first, by=ALONE, now=NOW)
    assert sold.scope(recall).pk == first.pk
    assert ScopeVersion.objects.count() == 1
    assert Entry.objects.filter(kind="ScopeProposed").count() == 1
    sold.line("VL-10K", person="cem")
    assert sold.scope(recall).number == 2, "new data, new answer, new version"


def test_a_new_proposal_takes_the_place_of_the_old_one(sold):
    recall = sold.recall()
    sold.scope(recall, **NARROW)
    sold.scope(recall, **WIDE)
    assert list(recall.scopes.order_by("number").values_list("state", flat=True)) == [
        "superseded",
        "proposed",
    ]


def test_widening_takes_one_person_and_is_told_in_people_units_and_sentences(sold):
    recall = sold.scoped(LEAD, **NARROW)
    wide = sold.scope(recall, LEAD, **WIDE)
    assert not wide.is_narrowing
    assert wide.difference["units"] == 4
    assert (wide.difference["people_in"], wide.difference["people_out"]) == (1, 0)
    assert "+4 units; 1 people join, 0 leave." in wide.difference["sentences"]
    confirm_scope(version=wide, by=LEAD, now=NOW)
    assert confirmed_scope(recall).number == 2


def test_narrowing_needs_a_reason(sold):
    recall = sold.scoped(LEAD, **WIDE)
    with pytest.raises(Forbidden, match="leaves out 2 lines"):
        propose_scope(recall=recall, criteria=Criteria(**NARROW), by=LEAD, now=NOW)
    assert recall.scopes.count() == 1


def test_narrowing_needs_a_second_person_where_there_is_one(sold):
    recall = sold.scoped(LEAD, **WIDE)
    narrow = sold.scope(recall, LEAD, **NARROW)
    assert narrow.is_narrowing
    with pytest.raises(Forbidden, match="somebody else"):
        confirm_scope(version=narrow, by=LEAD, now=NOW)
    assert confirmed_scope(recall).number == 1
    settled = confirm_scope(version=narrow, by=APPROVER, now=NOW)
    assert (settled.settled_by, settled.is_alone) == (APPROVER.key, False)


def test_narrowing_alone_is_recorded_as_such(sold):
    recall = sold.scoped(ALONE, **WIDE)
    narrow = confirm_scope(version=sold.scope(recall, ALONE, **NARROW), by=ALONE, now=NOW)
    assert narrow.is_alone
    assert '"alone":true' in Entry.objects.filter(kind="ScopeConfirmed").latest("index").payload


def test_the_database_refuses_a_narrowing_confirmed_by_its_proposer(sold):
    recall = sold.scoped(LEAD, **WIDE)
    narrow = sold.scope(recall, LEAD, **NARROW)
    with pytest.raises(IntegrityError), transaction.atomic():
        ScopeVersion.objects.filter(pk=narrow.pk).update(
            state="confirmed", settled_by=narrow.proposed_by
        )


def test_a_confirmation_is_bound_to_what_was_read(sold):
    recall = sold.recall()
    version = sold.scope(recall)
    with pytest.raises(Forbidden, match="not the one that was read"):
        confirm_scope(version=version, digest="0" * 64, by=ALONE, now=NOW)
    confirm_scope(version=version, digest=version.digest, by=ALONE, now=NOW)
    recall.refresh_from_db()
    assert recall.state == "scoped"
    assert recall.summary["counts"]["confirmed"]["units"] == 2


def test_a_refused_version_cannot_be_confirmed(sold):
    recall = sold.recall()
    version = refuse_scope(version=sold.scope(recall), reason="wrong lot", by=ALONE, now=NOW)
    with pytest.raises(Forbidden, match="refused"):
        confirm_scope(version=version, by=ALONE, now=NOW)
    assert sold.scope(recall).number == 2


def test_a_viewer_proposes_and_confirms_nothing(sold):
    recall = sold.recall()
    with pytest.raises(NotPermitted):
        sold.scope(recall, VIEWER)
    version = sold.scope(recall)
    with pytest.raises(NotPermitted):
        confirm_scope(version=version, by=VIEWER, now=NOW)


def test_without_words_the_opening_is_asked_and_then_the_last_version(sold):
    recall = sold.recall(products=("VL-20K",), lots=("B17", "B18"))
    assert asked_criteria(recall) == Criteria(products=("VL-20K",), lots=("B17", "B18"))
    sold.scope(recall, **WIDE)
    assert asked_criteria(recall) == Criteria(**WIDE)


def test_stored_lines_are_those_of_the_first_three_certainties(sold):
    version = sold.scope(sold.recall(), **NARROW)
    line = version.lines.get()
    assert (line.certainty, line.units, line.rule) == ("confirmed", 2, "criteria")
    assert line.reason.endswith("every such unit is affected.")
