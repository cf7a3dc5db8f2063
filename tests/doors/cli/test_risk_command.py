"""`holdfast risk`: published methods and trees without a database; exit 1 where it is unknown."""

from __future__ import annotations

import json

import pytest

from holdfast.doors.cli.run import run

SCENARIO = (
    "Charged overnight | severity: 4 | 1/200: a cell fails | 1/4: somebody is near | "
    "1/10: smoke threatens a life"
)


@pytest.fixture
def told(capsys):
    def ask(*words: str, code: int = 0) -> dict:
        def asleep() -> None:
            raise AssertionError("the house was woken")

        assert run(["risk", *words, "--json"], start=asleep) == code
        return json.loads(capsys.readouterr().out)

    return ask


def test_scenarios_give_the_highest_level_and_what_would_change_it(told, tmp_path):
    more = tmp_path / "more.json"
    steps = [{"probability": "1/100", "words": "x"}] * 3
    more.write_text(json.dumps([{"words": "dropped", "severity": 1, "steps": steps}]))
    found = told("eu_safety_gate_risk_grid", "--scenario", SCENARIO, "--scenarios", str(more))
    assert found["answer"] == "serious"
    assert [one["decides"] for one in found["scenarios"]] == [True, False]
    assert "less likely in step 2" in found["changes"][1]["sentence"]
    assert found["probability"] == "1/8000"


def test_one_severity_and_probability_still_do(told):
    found = told("eu_safety_gate_risk_grid", "--severity", "1", "--probability", "1/5000")
    assert found["answer"] == "low"


def test_a_tree_asks_for_the_missing_fact_by_name(told):
    found = told("tree", "recall_or_not", "--fact", "left_control=yes", code=1)
    assert found["answer"] is None
    assert found["missing"]["fact"] == "risk"
    assert found["path"][0]["citation"] == "21 CFR 7.3(k)"
    done = told("tree", "recall_or_not", "--fact", "left_control=no")
    assert done["answer"] == "stock_recovery"


def test_what_is_unknown_exits_with_one_and_says_so(told):
    facts = ["--fact", "severity=moderate", "--fact", "likelihood=likely"]
    assert told("cpsc_hazard_priority", *facts, code=1)["answer"] is None
    assert told("uk_opss_prism", code=1)["answer"] is None


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["tree", "nonsense"],
        ["eu_safety_gate_risk_grid"],
        ["eu_safety_gate_risk_grid", "--severity", "4"],
        ["eu_safety_gate_risk_grid", "--presume", "bad luck"],
        ["eu_safety_gate_risk_grid", "--scenarios", "/nowhere.json"],
        ["tree", "depth", "--fact", "farthest"],
        ["tree", "depth", "--fact", "farthest=users", "--fact", "farthest=retail"],
        ["tree", "depth", "--fact", "farthest=mars"],
        ["fda_effectiveness_levels", "--level", "C"],
        ["computed_detection_sampling", "--consignees", "10"],
        ["fda_recall_class", "extra"],
    ],
)
def test_wrong_words_are_refused_with_a_hint(told, words):
    error = told(*words, code=2)["error"]
    assert error["message"]


def test_the_list_names_methods_of_a_market_and_says_where_none_is_known(told):
    found = told("list", "--market", "DE", "--market", "BR")
    assert found["markets"]["BR"] == []
    assert "eu_safety_gate_risk_grid" in found["markets"]["DE"]
    assert {one["tree"] for one in found["trees"]} >= {"recall_or_not", "termination"}
