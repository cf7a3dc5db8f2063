"""Every tree and class scheme: walked whole, no dead branch, unknown stays unknown."""

from __future__ import annotations

import json
import tomllib
from itertools import pairwise

import pytest
from jsonschema import Draft202012Validator

from holdfast.kit.refusals import NotFound, Unreadable
from holdfast.kit.risk.tree import (
    FOLDER,
    SHELVES,
    faults_of,
    paths,
    read_tree,
    tree,
    tree_names,
)

ALL = [(shelf, name) for shelf in SHELVES for name in tree_names(shelf)]
SCHEMA = json.loads((FOLDER / "trees" / "schema.json").read_text("utf-8"))


def test_the_six_decisions_have_a_tree():
    assert set(tree_names()) == {
        *("recall_or_not", "mandatory_or_voluntary", "depth"),
        *("scope", "duration", "termination"),
    }


@pytest.mark.parametrize(("shelf", "name"), ALL)
def test_a_tree_has_the_published_form(shelf, name):
    told = tomllib.loads((SHELVES[shelf] / f"{name}.toml").read_text("utf-8"))
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(told)


@pytest.mark.parametrize(("shelf", "name"), ALL)
def test_every_path_of_a_tree_is_walked_by_facts_and_no_branch_is_dead(shelf, name):
    found = tree(name, shelf)
    ends = set()
    for path in paths(found):
        facts, told = {}, []
        for place, after in pairwise(path):
            node = found.nodes[place]
            answer = next(
                key
                for key, target in node.leads.items()
                if target == after and (place, key) not in told
            )
            facts[node.fact] = answer
            told.append((place, answer))
        reached = found.answer(facts)
        assert reached.outcome is not None
        assert reached.outcome.name == path[-1]
        assert [step.fact for step in reached.path] == [found.nodes[p].fact for p in path[:-1]]
        assert all(step.law or step.confidence == "own_rule" for step in reached.path)
        ends.add(path[-1])
    assert ends == set(found.outcomes)


@pytest.mark.parametrize(("shelf", "name"), ALL)
def test_with_nothing_known_the_first_fact_is_asked_for_and_everything_is_possible(shelf, name):
    found = tree(name, shelf)
    reached = found.answer({})
    assert reached.outcome is None
    assert reached.missing == found.facts[found.nodes[found.start].fact]
    assert set(reached.possible) == set(found.outcomes.values())
    assert reached.missing.name in reached.sentence


def test_unknown_stays_unknown_and_names_what_could_be():
    reached = tree("fda_recall_class", "class").answer(
        {"left_control": "yes", "violation": "yes", "serious_probable": "unknown"}
    )
    assert (reached.outcome, reached.is_unknown) == (None, True)
    assert {one.name for one in reached.possible} == {"class_1", "class_2", "class_3"}


def test_a_later_fact_narrows_what_is_possible_but_never_stands_in_for_the_missing_one():
    reached = tree("fda_recall_class", "class").answer(
        {"left_control": "yes", "violation": "yes", "serious_remote": "yes"}
    )
    assert reached.outcome is None
    assert [one.name for one in reached.possible] == ["class_1", "class_2"]
    assert reached.missing.name == "serious_probable"


def test_a_missing_fact_that_cannot_matter_is_not_asked_for():
    facts = dict.fromkeys(("death", "carbon_monoxide", "treated_thirty_days"), "no")
    found = tree("recall_or_not")
    assert found.answer({"left_control": "no"}).outcome.name == "stock_recovery"
    japan = tree("japan_serious_accident_threshold", "class")
    fire = japan.answer({**facts, "after_effects": "unknown", "fire": "yes"})
    assert fire.outcome.name == "serious_accident"
    assert [step.given for step in fire.path] == ["no", "no", "no", "any", "yes"]
    assert japan.answer({**facts, "after_effects": "unknown", "fire": "no"}).outcome is None
    assert japan.answer({**facts, "after_effects": "yes"}).outcome.name == "serious_accident"


@pytest.mark.parametrize(
    ("name", "facts", "outcome"),
    [
        ("fda_recall_class", "left_control=no", "stock_recovery"),
        ("fda_recall_class", "left_control=yes violation=no", "market_withdrawal"),
        ("fda_recall_class", "left_control=yes violation=yes serious_probable=yes", "class_1"),
        (
            "fda_recall_class",
            "left_control=yes violation=yes serious_probable=no serious_remote=yes",
            "class_2",
        ),
        (
            "fda_recall_class",
            "left_control=yes violation=yes serious_probable=no serious_remote=no "
            "temporary_possible=yes",
            "class_2",
        ),
        (
            "fda_recall_class",
            "left_control=yes violation=yes serious_probable=no serious_remote=no "
            "temporary_possible=no",
            "class_3",
        ),
        ("fsis_recall_class", "serious_probable=yes", "class_1"),
        ("fsis_recall_class", "serious_probable=no harm_remote=yes", "class_2"),
        ("fsis_recall_class", "serious_probable=no harm_remote=no", "class_3"),
        ("health_canada_recall_type", "serious_probable=yes", "type_1"),
        ("health_canada_recall_type", "serious_probable=no serious_remote=yes", "type_2"),
        ("cfia_recall_class", "serious_high=yes", "class_1"),
        ("cfia_recall_class", "serious_high=no short_term=yes", "class_2"),
        ("cfia_recall_class", "serious_high=no short_term=no", "class_3"),
        ("india_food_class", "direct_risk=no moderate_risk=no", "class_3"),
        ("canada_consumer_incident_threshold", "occurrence=no defect=yes", "incident"),
        (
            "canada_consumer_incident_threshold",
            "occurrence=no defect=no labelling=no recalled_abroad=no",
            "no_incident",
        ),
        ("japan_serious_accident_threshold", "death=no carbon_monoxide=yes", "serious_accident"),
    ],
)
def test_a_class_follows_from_the_authoritys_definitions(name, facts, outcome):
    given = dict(word.split("=") for word in facts.split())
    assert tree(name, "class").answer(given).outcome.name == outcome


def test_facts_no_tree_asks_for_and_answers_it_does_not_know_are_refused():
    with pytest.raises(Unreadable, match="asks for no fact"):
        tree("depth").answer({"weather": "fine"})
    with pytest.raises(Unreadable, match="no answer to") as refused:
        tree("depth").answer({"farthest": "mars"})
    assert "wholesale" in refused.value.hint
    with pytest.raises(NotFound):
        tree("../classes/fda_recall_class")


SOUND = """
id = "x"
title = "X or not?"
legal_basis = "own rule"
sources = []
confidence = "own_rule"
start = "a"
[facts.f]
asks = "F?"
[facts.g]
asks = "G?"
[nodes.a]
fact = "f"
confidence = "own_rule"
leads = { yes = "b", no = "end" }
[nodes.b]
fact = "g"
confidence = "own_rule"
leads = { yes = "end", no = "other" }
[outcomes.end]
title = "End"
words = "It ends."
confidence = "own_rule"
[outcomes.other]
title = "Other"
words = "It does not."
confidence = "own_rule"
"""


@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        ('fact = "g"', 'fact = "f"', "asks for a fact twice"),
        ('no = "other"', 'no = "a"', "asks for a fact twice"),
        ('no = "other"', 'no = "end"', "“other” is never reached"),
        ('no = "other"', 'no = "nowhere"', "which is nowhere"),
        (
            'leads = { yes = "end", no = "other" }',
            'leads = { yes = "other" }',
            "exactly the answers",
        ),
        ('start = "a"', 'start = "z"', "which is nowhere"),
        ('fact = "g"', 'fact = "h"', "which is no fact"),
        (
            'words = "It ends."\nconfidence = "own_rule"',
            'words = "It ends."\nconfidence = "verified"',
            "cites nothing",
        ),
        (
            'words = "It ends."\nconfidence = "own_rule"',
            'words = "It ends."\nconfidence = "sure"',
            "has the confidence",
        ),
    ],
)
def test_a_dead_branch_a_loop_and_an_unsaid_ground_are_found(was, becomes, fault):
    assert not faults_of(read_tree(SOUND))
    assert was in SOUND
    faults = faults_of(read_tree(SOUND.replace(was, becomes)))
    assert any(fault in one for one in faults), faults
