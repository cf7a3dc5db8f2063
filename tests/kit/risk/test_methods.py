"""Priorities, effectiveness checks, sampling, and what stays unknown, against the shared facts."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, comb

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from holdfast.kit.refusals import Unreadable
from holdfast.kit.risk import cpsc_priority
from holdfast.kit.risk.detection_sampling import detection
from holdfast.kit.risk.fda_effectiveness import LEVELS, checks, consignees_at
from holdfast.kit.risk.methods import Asked, for_markets, method_named, methods
from holdfast.kit.risk.source import CONFIDENCES
from tests.kit.risk.test_eu_grid import FACTS


@pytest.fixture(scope="module")
def facts():
    return {one["id"]: one for one in yaml.safe_load(FACTS.read_text("utf-8"))["methods"]}


def test_every_method_of_the_facts_is_there(facts):
    assert set(facts) <= set(methods())


def test_no_confidence_is_higher_than_the_facts_unless_the_text_was_read(facts):
    rank = {"unknown": 0, "recalled": 1, "computed": 1, "verified": 2}
    for name, fact in facts.items():
        source = methods()[name].source
        assert source.confidence in CONFIDENCES
        assert rank[source.confidence] <= rank[fact["confidence"]], name
        assert source.legal_basis
        assert source.addresses or source.confidence == "computed"


def test_every_cell_of_the_cpsc_table_is_that_of_the_facts_and_the_missing_one_is_missing(facts):
    cells = cpsc_priority.CELLS
    for row in facts["cpsc_hazard_priority"]["table"]:
        severity = {"death or grievous": "grievous"}.get(row["severity"], row["severity"])
        for likelihood in cpsc_priority.LIKELIHOODS:
            assert cells[severity, likelihood] == row[likelihood]
    assert [cell for cell, letter in cells.items() if letter is None] == [("moderate", "likely")]
    unknown = cpsc_priority.priority("moderate", "likely")
    assert unknown.as_json()["answer"] is None
    assert "unknown" in unknown.sentence


@given(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2), st.integers(0, 2))
def test_a_worse_or_likelier_hazard_never_has_a_lesser_priority(s1, l1, s2, l2):
    severities, likelihoods = list(cpsc_priority.SEVERITIES), list(cpsc_priority.LIKELIHOODS)
    one = cpsc_priority.CELLS[severities[min(s1, s2)], likelihoods[min(l1, l2)]]
    other = cpsc_priority.CELLS[severities[max(s1, s2)], likelihoods[max(l1, l2)]]
    assert one is None or other is None or one <= other


@pytest.mark.parametrize(
    ("level", "consignees", "share", "want"),
    [
        ("A", 488, None, 488),
        ("B", 101, "1/4", 26),
        ("C", 488, None, 49),
        ("C", 490, None, 49),
        ("C", 3, None, 1),
        ("D", 488, None, 10),
        ("D", 50, None, 1),
        ("D", 51, None, 2),
        ("D", 1, None, 1),
        ("C", 0, None, 0),
        ("E", 488, None, 0),
    ],
)
def test_a_level_rounds_up_and_checks_at_least_one(level, consignees, share, want):
    assert checks(level, consignees, Fraction(share) if share else None).checks == want


@given(st.sampled_from("ACDE"), st.integers(0, 10**6))
def test_a_level_never_checks_more_than_there_are_nor_less_than_its_share(level, consignees):
    found = checks(level, consignees)
    assert consignees * found.share <= found.checks <= consignees
    if level in "CD" and consignees:
        assert found.checks >= 1


@pytest.mark.parametrize("share", ["1/10", "1", "0", "2"])
def test_level_b_takes_a_share_between_its_bounds_only(share):
    with pytest.raises(Unreadable, match="more than 10"):
        checks("B", 100, Fraction(share))


def test_level_b_needs_its_share_and_the_others_refuse_one():
    with pytest.raises(Unreadable, match="set case by case"):
        checks("B", 100)
    with pytest.raises(Unreadable, match="fixed share"):
        checks("C", 100, Fraction(1, 4))
    assert set(LEVELS) == set("ABCDE")


def test_the_depth_decides_which_consignees_count():
    counts = {"wholesale": 12, "retail": 488, "consumer": 7000}
    assert [consignees_at(d, counts) for d in ("wholesale", "retail", "consumer")] == [
        12,
        500,
        7500,
    ]
    with pytest.raises(Unreadable, match="at retail is missing"):
        consignees_at("retail", {"wholesale": 12})


def test_detection_sampling_is_the_table_of_the_facts(facts):
    told = facts["computed_detection_sampling"]
    for row in told["table"]:
        for key, share in (("p_01", "1/100"), ("p_05", "1/20"), ("p_10", "1/10")):
            assert detection(row["consignees"], Fraction(share)).checks == row[key], row
    for key, share in (("p_01", "1/100"), ("p_05", "1/20"), ("p_10", "1/10")):
        assert detection(None, Fraction(share)).checks == told["infinite_population"][key]


@given(st.integers(1, 400), st.fractions(Fraction(1, 200), 1, max_denominator=200))
def test_one_check_less_would_miss_the_certainty_asked_for(consignees, share):
    missed = ceil(consignees * share)
    n = detection(consignees, share).checks

    def chance_of_none(checks: int) -> Fraction:
        return Fraction(comb(consignees - missed, checks), comb(consignees, checks))

    assert chance_of_none(n) <= Fraction(1, 20)
    assert n == 0 or chance_of_none(n - 1) > Fraction(1, 20)


@pytest.mark.parametrize(
    ("consignees", "share", "sure"),
    [
        (10, "0", "19/20"),
        (10, "1/20", "1"),
        (0, "1/20", "19/20"),
        (10**12, "1/20", "19/20"),
        (10**9, "1/100000", "19/20"),
        (None, "1/20", "99999999/100000000"),
    ],
)
def test_a_sample_that_cannot_be_worked_out_is_refused(consignees, share, sure):
    with pytest.raises(Unreadable):
        detection(consignees, Fraction(share), Fraction(sure))


def test_the_largest_sample_is_worked_out_at_once():
    assert detection(10**9, Fraction(1, 1000), Fraction(999999, 1000000)).checks == 13809


@pytest.mark.parametrize("name", ["uk_opss_prism", "fsis_effectiveness_checks"])
def test_what_we_do_not_have_is_unknown_and_no_number(name):
    told = method_named(name).answer(Asked())
    assert told["answer"] is None
    assert str(told["sentence"]).startswith("Unknown")
    assert told["to_be_confirmed"]


def test_the_hazard_evaluation_names_the_factors_that_are_still_open():
    method = method_named("fda_health_hazard_evaluation")
    told = method.answer(Asked(facts={"occurred": "4 fires", "likelihood": "1/8000"}))
    assert told["open"] == ["conditions", "groups", "seriousness", "consequences"]
    assert told["answer"] is None
    keys = [one["factor"] for one in told["factors"]]
    assert method.answer(Asked(facts=dict.fromkeys(keys, "said")))["answer"] == "complete"


def test_a_market_has_its_methods_and_an_unknown_one_has_none():
    found = for_markets(["de", "US", "ZZ"])
    assert next(one.name for one in found["DE"]) == "eu_safety_gate_risk_grid"
    assert "cpsc_hazard_priority" in [one.name for one in found["US"]]
    assert found["ZZ"] == ()


def test_the_rapex_method_refuses_a_presumption_it_does_not_know():
    with pytest.raises(Unreadable, match="not known here"):
        method_named("eu_rapex_2019_417").answer(Asked(presumed=["small_parts"]))
