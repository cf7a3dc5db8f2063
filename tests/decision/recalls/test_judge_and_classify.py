"""Scenarios, presumption, and the two classes: ours by the facts, the authority's by its word."""

from __future__ import annotations

from datetime import date

import pytest

from holdfast.decision.recalls.actions import (
    classify_recall,
    evaluate_hazard,
    propose_decision,
    record_authority_class,
)
from holdfast.decision.recalls.models import AuthorityClass, FirmClass
from holdfast.decision.recalls.queries import classes_of
from holdfast.decision.recalls.rules import class_named, content_sha256
from holdfast.ground.journal.models import Entry
from holdfast.kit.refusals import Forbidden, NotPermitted, Unreadable
from holdfast.kit.risk.methods import method_named
from holdfast.kit.risk.scenario import read_scenario
from tests.decision.conftest import LEAD, NOW, VIEWER

FIRE = read_scenario("Charged | severity: 4 | 1/200: fails | 1/4: near | 1/10: smoke")
BRUISE = read_scenario("Dropped | severity: 1 | 1/10: dropped | 1/2: on a foot | 1/2: hurts")
SERIOUS = {"left_control": "yes", "violation": "yes", "serious_probable": "yes"}
SET = {
    "method": "fda_recall_class",
    "recall_class": "Class II",
    "decided_on": date(2026, 4, 13),
    "reference": "Z-0142-2026",
    "by": LEAD,
    "now": NOW,
}


@pytest.fixture
def recall(shop):
    shop.line("VL-10K")
    return shop.scoped(LEAD, products=("VL-10K",))


def kinds(recall):
    return list(Entry.objects.filter(subject=recall.ref).values_list("kind", flat=True))


def test_of_several_scenarios_the_worst_is_the_judgement_and_all_are_kept(recall):
    made = evaluate_hazard(recall=recall, scenarios=[BRUISE, FIRE], by=LEAD, now=NOW)
    assert (made.level, made.severity, made.probability) == ("serious", 4, "1/8000")
    assert made.scenario == "Charged"
    assert [one["decides"] for one in made.result["scenarios"]] == [False, True]
    again = evaluate_hazard(recall=recall, scenarios=[BRUISE, FIRE], by=LEAD, now=NOW)
    assert again.pk == made.pk
    other = evaluate_hazard(recall=recall, scenarios=[FIRE], by=LEAD, now=NOW)
    assert other.pk != made.pk


def test_a_presumed_risk_is_serious_without_an_assessment_and_says_on_which_ground(recall):
    made = evaluate_hazard(recall=recall, presumed=["electrical_defect"], by=LEAD, now=NOW)
    assert (made.level, made.severity, made.probability) == ("serious", None, "")
    assert made.result["assessment_may_be_left_out"]
    assert kinds(recall)[-1] == "RiskPresumed"


def test_a_decision_is_bound_to_the_whole_assessment(recall):
    first = evaluate_hazard(recall=recall, scenarios=[FIRE], by=LEAD, now=NOW)
    words = {"measures": ["recall"], "reason": "Fires", "by": LEAD, "now": NOW}
    one = propose_decision(recall=recall, **words)
    assert one.content["risk"]["assessment_sha256"] == content_sha256(first.result)
    evaluate_hazard(recall=recall, scenarios=[FIRE, BRUISE], by=LEAD, now=NOW)
    assert propose_decision(recall=recall, **words).sha256 != one.sha256


def test_a_grid_whose_cells_are_unknown_gives_no_level(recall):
    with pytest.raises(Forbidden, match="cells of the PRISM grid"):
        evaluate_hazard(recall=recall, scenarios=[FIRE], method="uk_opss_prism", by=LEAD, now=NOW)
    with pytest.raises(Unreadable, match="gives no level"):
        evaluate_hazard(
            recall=recall, scenarios=[FIRE], method="fda_recall_class", by=LEAD, now=NOW
        )
    rapex = {"recall": recall, "method": "eu_rapex_2019_417", "by": LEAD, "now": NOW}
    with pytest.raises(Unreadable, match="not known here"):
        evaluate_hazard(presumed=["small_parts"], **rapex)
    assert evaluate_hazard(scenarios=[FIRE], **rapex).result["confidence"] == "recalled"


def test_our_class_and_the_authoritys_stand_side_by_side(recall):
    classify_recall(recall=recall, method="fda_recall_class", facts=SERIOUS, by=LEAD, now=NOW)
    record_authority_class(recall=recall, **SET)
    found = classes_of(recall)
    assert [one["title"] for one in found["firm"]] == ["Class I"]
    (its,) = found["authority"]
    assert (its["title"], its["authority"], its["decided_on"], its["reference"]) == (
        "Class II",
        "FDA",
        "2026-04-13",
        "Z-0142-2026",
    )
    assert kinds(recall)[-2:] == ["FirmClassSet", "AuthorityClassRecorded"]


def test_the_newest_class_counts_and_the_same_again_is_the_same(recall):
    for _ in range(2):
        record_authority_class(recall=recall, **SET)
        classify_recall(recall=recall, method="fda_recall_class", facts=SERIOUS, by=LEAD, now=NOW)
    assert (AuthorityClass.objects.count(), FirmClass.objects.count()) == (1, 1)
    record_authority_class(recall=recall, **{**SET, "recall_class": "I"})
    assert AuthorityClass.objects.count() == 2
    assert [one["title"] for one in classes_of(recall)["authority"]] == ["Class I"]


def test_a_class_is_not_kept_while_a_fact_is_missing_and_the_fact_is_named(recall):
    with pytest.raises(Unreadable) as refused:
        classify_recall(
            recall=recall,
            method="fda_recall_class",
            facts={"left_control": "yes", "violation": "yes"},
            by=LEAD,
            now=NOW,
        )
    assert refused.value.code == "fact_needed"
    assert refused.value.extra["missing"]["fact"] == "serious_probable"
    unknown = {"severity": "moderate", "likelihood": "likely"}
    with pytest.raises(Unreadable, match="unknown"):
        classify_recall(
            recall=recall, method="cpsc_hazard_priority", facts=unknown, by=LEAD, now=NOW
        )
    assert not FirmClass.objects.exists()


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"reference": " "}, "reference is missing"),
        ({"reference": "Z" * 121}, "longer than 120"),
        ({"decided_on": date(2026, 4, 15)}, "has not come yet"),
        ({"recall_class": "Class IV"}, "no class of"),
        ({"method": "computed_detection_sampling"}, "no authority sets a class"),
    ],
)
def test_an_authoritys_class_without_day_reference_or_scale_is_refused(recall, change, what):
    with pytest.raises(Unreadable, match=what):
        record_authority_class(recall=recall, **{**SET, **change})


def test_a_viewer_classifies_nothing(recall):
    with pytest.raises(NotPermitted):
        record_authority_class(recall=recall, **{**SET, "by": VIEWER})
    with pytest.raises(NotPermitted):
        classify_recall(recall=recall, method="fda_recall_class", facts=SERIOUS, by=VIEWER, now=NOW)


@pytest.mark.parametrize("word", ["II", "class ii", "Class II", "class_2", "CLASS-2"])
def test_a_class_is_known_by_its_key_its_title_and_its_numeral(word):
    assert class_named(method_named("fda_recall_class"), word) == "class_2"
