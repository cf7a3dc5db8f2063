"""O6: scenarios in steps, presumption, the two classes, and the trees with their paths."""

from __future__ import annotations

import pytest
from babel.messages.pofile import read_po
from django.test import Client

from holdfast.decision.recalls.models import AuthorityClass, FirmClass, Recall
from holdfast.ground.journal.models import Entry
from holdfast.kit.risk import cpsc_priority
from holdfast.kit.risk.methods import methods
from holdfast.kit.risk.presumption import QUESTIONS
from holdfast.kit.risk.tree import SHELVES, tree, tree_names
from holdfast.supply.orders.models import OrderLine
from tests.doors.desk.test_scope_and_decision import DECIDED, confirm
from tests.doors.desk.test_words_are_translated import LOCALE

pytestmark = pytest.mark.django_db
STEPS = {
    "s1_w1": "A cell fails",
    "s1_p1": "1/200",
    "s1_b1": "3 of 600",
    "s1_w2": "Somebody is near",
    "s1_p2": "1/4",
    "s1_w3": "Smoke threatens a life",
    "s1_p3": "1/10",
}
SECOND = {
    "s2_words": "Dropped on a foot",
    "s2_severity": "1",
    **{f"s2_w{n}": f"step {n}" for n in (1, 2, 3)},
    **{f"s2_p{n}": "1/10" for n in (1, 2, 3)},
}


@pytest.fixture
def address(desk: Client, recall: Recall, orders: list[OrderLine]) -> str:
    confirm(desk, recall)
    return f"/recalls/{recall.ref}/decision/"


def test_scenarios_in_steps_are_multiplied_and_the_worst_decides(
    desk: Client, recall: Recall, address: str
) -> None:
    # What stands in the field for the whole is the old product; the steps count.
    assert (
        desk.post(address, {**DECIDED, "probability": "1/9", **STEPS, **SECOND}).status_code == 302
    )
    risk = recall.evaluations.get()
    assert (risk.level, risk.probability, risk.severity) == ("serious", "1/8000", 4)
    page = desk.get(address).content.decode()
    assert "One band less likely in step 1 (1/2000 instead of 1/200) would make it high." in page
    assert "Scenario 1 of 2" in page
    assert "the highest; it decides" in page
    assert 'value="3 of 600"' in page
    assert 'value="Dropped on a foot"' in page


def test_a_ground_of_the_law_makes_it_serious_without_an_assessment(
    desk: Client, recall: Recall, address: str
) -> None:
    given = {**DECIDED, "severity": "", "probability": "", "presume": ["electrical_defect"]}
    assert desk.post(address, given).status_code == 302
    risk = recall.evaluations.get()
    assert (risk.level, risk.severity) == ("serious", None)
    page = desk.get(address).content.decode()
    assert "a defective electrical part that can cause shock or fire" in page
    assert "The assessment may then be left out." in page


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"severity": "", "probability": ""}, "Nothing is given to judge the risk by"),
        ({"probability": ""}, "not a probability"),
        ({"s1_w1": "only one", "s1_p1": "1/2"}, "three to five steps"),
        ({"s2_words": "no severity"}, "A scenario names its severity"),
        ({"method": "uk_opss_prism"}, "cells of the PRISM grid"),
        ({"presume": ["bad_luck"]}, "No ground"),
    ],
)
def test_a_judgement_that_is_none_is_refused_and_stays_typed(
    desk: Client, recall: Recall, address: str, change: dict[str, object], what: str
) -> None:
    answer = desk.post(address, {**DECIDED, "scenario": "kept words", **change})
    assert answer.status_code in (400, 409)
    page = answer.content.decode()
    assert what in page
    assert "kept words" in page
    assert not recall.evaluations.exists()


def test_our_class_is_worked_out_and_the_authoritys_stands_beside_it(
    desk: Client, recall: Recall, address: str
) -> None:
    facts = {"left_control": "yes", "violation": "yes", "serious_probable": "yes"}
    ours = {"step": "classify", "method": "fda_recall_class"}
    ours |= {f"fact_{name}": value for name, value in facts.items()}
    assert desk.post(address, ours).status_code == 302
    its = {
        "step": "authority",
        "set_class": "fda_recall_class:class_2",
        "decided_on": "2026-04-13",
        "reference": "Z-0142-2026",
    }
    assert desk.post(address, its).status_code == 302
    page = desk.get(address).content.decode()
    assert FirmClass.objects.get().recall_class == "class_1"
    assert AuthorityClass.objects.get().authority == "FDA"
    for words in ("Class I<", "Class II<", "Z-0142-2026", "differs"):
        assert words in page, words


def test_a_missing_fact_of_a_class_is_asked_for_and_what_was_typed_stays(
    desk: Client, recall: Recall, orders: list[OrderLine]
) -> None:
    OrderLine.objects.update(market="US")
    confirm(desk, recall)
    address = f"/recalls/{recall.ref}/decision/"
    given = {"step": "classify", "method": "fda_recall_class", "fact_left_control": "yes"}
    answer = desk.post(address, given)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "Needed: violation" in page
    assert '<option value="yes" selected>Yes</option>' in page
    bad = {"step": "authority", "set_class": "fda_recall_class:class_2", "decided_on": "soon"}
    assert "on which day" in desk.post(address, {**bad, "reference": "x"}).content.decode()
    assert not FirmClass.objects.exists()


def test_a_tree_asks_one_question_after_another_and_keeps_nothing(
    desk: Client, recall: Recall, address: str
) -> None:
    desk.post(address, DECIDED)
    before = Entry.objects.count()
    first = desk.get(f"{address}recall_or_not/").content.decode()
    # The scope and the assessment are on record, so only what no record says is asked.
    assert "as recorded" in first
    assert "This is still asked:" in first
    assert "Would a part, an update or a repair make every unit safe where it is?" in first
    done = desk.get(f"{address}recall_or_not/?safe_in_place=no").content.decode()
    assert "Stop the sale, tell every owner to stop using it" in done
    assert "21 CFR 7.3(h)" in done
    unknown = desk.get(f"{address}recall_or_not/?safe_in_place=unknown").content.decode()
    assert "It stays open as long as nobody knows this:" in unknown
    assert desk.get(f"{address}recall_or_not/?safe_in_place=mars").status_code == 400
    assert desk.get(f"{address}no_such_tree/").status_code == 404
    assert Entry.objects.count() == before


def test_every_tree_has_its_page_and_a_line_on_the_decision(
    desk: Client, recall: Recall, address: str
) -> None:
    page = desk.get(address).content.decode()
    for name in tree_names():
        assert f'href="{address}{name}/"' in page
        assert tree(name).title in desk.get(f"{address}{name}/").content.decode()


def test_a_severity_with_a_percent_sign_is_translated_too(desk: Client, address: str) -> None:
    page = desk.get(address, headers={"accept-language": "de"}).content.decode()
    assert "lebensbedrohlich" in page
    assert "Death, or loss" not in page


@pytest.mark.django_db(False)
def test_german_has_every_sentence_of_the_methods_and_trees() -> None:
    said = {word for question in QUESTIONS for word in (question.asks, question.because)}
    for shelf in SHELVES:
        for found in (tree(name, shelf) for name in tree_names(shelf)):
            said.add(found.title)
            for fact in found.facts.values():
                said |= {fact.asks, *fact.answers.values()}
            for outcome in found.outcomes.values():
                said |= {outcome.title, outcome.words}
    for method in methods().values():
        said |= {method.title, method.goods, *method.classes.values()}
    said |= {*cpsc_priority.SEVERITIES.values(), *cpsc_priority.LIKELIHOODS.values()}
    with (LOCALE / "de" / "LC_MESSAGES" / "django.po").open("rb") as file:
        known = {m.id for m in read_po(file, locale="de") if m.string}
    assert not {words for words in said if len(words) > 1} - known
