"""A product is as risky as its worst scenario, and which single assumption would change that."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.kit.refusals import Unreadable
from holdfast.kit.risk.eu_grid import BANDS, LEVELS, assess, band_of
from holdfast.kit.risk.eu_rapex import assess_by_rapex
from holdfast.kit.risk.presumption import QUESTIONS, presumed
from holdfast.kit.risk.product import assess_product
from holdfast.kit.risk.scenario import EXAMPLE, Scenario, Step, read_scenario, scenario_from
from holdfast.kit.risk.sensitivity import a_band_aside, worst

CHANCES = st.fractions(0, 1, max_denominator=10**7)
SCENARIOS = st.builds(
    lambda severity, chances: Scenario("x", severity, tuple(Step("s", p) for p in chances)),
    st.integers(1, 4),
    st.lists(CHANCES, min_size=3, max_size=5),
)


def one(severity: int, *chances: str) -> Scenario:
    return Scenario("x", severity, tuple(Step("s", Fraction(chance)) for chance in chances))


def test_the_published_example_of_the_folding_chair_is_low():
    # A finger trapped in a folding chair: about 1/5000, severity 1 (2010/15, appendix).
    assert assess(1, Fraction(1, 5000)).risk == "low"
    chair = Scenario("finger trapped while folding", 1, whole=Fraction(1, 5000))
    assert assess_by_rapex([chair]).level == "low"
    assert assess_product([chair]).level == "low"


def test_every_edge_of_every_band_with_every_severity():
    edges = {Fraction(1, 2): BANDS[0]}
    edges |= {band.over: BANDS[at + 1] for at, band in enumerate(BANDS[1:-1], start=1)}
    assert edges[Fraction(1, 10**6)].name == "extremely_rare"
    least = Fraction(1, 10**12)
    for edge, band in edges.items():
        for severity in range(1, 5):
            assert assess(severity, edge).risk == band.risks[severity - 1]
            above = BANDS[BANDS.index(band) - 1] if edge != Fraction(1, 2) else BANDS[0]
            assert assess(severity, edge + least).risk == above.risks[severity - 1]
            below = BANDS[1] if edge == Fraction(1, 2) else band
            assert assess(severity, edge - least).risk == below.risks[severity - 1]


def test_a_third_three_times_is_exactly_a_twenty_seventh():
    assert one(1, "1/3", "1/3", "1/3").probability == Fraction(1, 27)
    # As floats 0.1 * 0.1 * 0.1 lies above a thousandth and would be one band higher.
    assert band_of(one(2, "1/10", "1/10", "1/10").probability).name == "unlikely"
    assert 0.1 * 0.1 * 0.1 > 0.001


@given(st.lists(SCENARIOS, min_size=1, max_size=4), SCENARIOS)
def test_another_scenario_never_lowers_the_level(scenarios, more):
    before, after = assess_product(scenarios), assess_product([*scenarios, more])
    assert LEVELS.index(after.level) >= LEVELS.index(before.level)
    assert after.level == worst(
        [assess(s.severity, s.probability).risk for s in [*scenarios, more]]
    )


@given(SCENARIOS, st.data())
def test_a_likelier_step_or_a_worse_harm_never_lowers_the_level(scenario, data):
    at = data.draw(st.integers(0, len(scenario.steps) - 1))
    higher = data.draw(st.fractions(scenario.steps[at].probability, 1, max_denominator=10**7))
    steps = list(scenario.steps)
    steps[at] = Step("s", max(higher, steps[at].probability))
    severity = data.draw(st.integers(scenario.severity, 4))
    before = assess_product([scenario])
    after = assess_product([Scenario("x", severity, tuple(steps))])
    assert LEVELS.index(after.level) >= LEVELS.index(before.level)


@given(CHANCES, st.booleans())
def test_a_step_moved_by_one_band_lies_in_the_neighbouring_band(chance, likelier):
    moved = a_band_aside(chance, likelier=likelier)
    at = BANDS.index(band_of(chance)) + (-1 if likelier else 1)
    if moved is None:
        assert at in (-1, len(BANDS))
    else:
        assert band_of(moved) == BANDS[at]
        assert moved > chance if likelier else moved < chance or chance == 0


@pytest.mark.parametrize("edge", ["1", "1/2", "499/1000", "1/10", "1/20", "1/1000000", "0"])
def test_the_awkward_edges_move_by_exactly_one_band(edge):
    chance = Fraction(edge)
    for likelier in (True, False):
        moved = a_band_aside(chance, likelier=likelier)
        if moved is not None:
            step = -1 if likelier else 1
            assert BANDS.index(band_of(moved)) == BANDS.index(band_of(chance)) + step


def test_sensitivity_says_which_step_would_change_the_level():
    found = assess_product([read_scenario(EXAMPLE)])
    assert found.level == "serious"
    assert [(c.step, c.moved, c.level) for c in found.changes] == [
        (1, "less_likely", "high"),
        (2, "less_likely", "high"),
        (3, "less_likely", "high"),
        (0, "milder", "high"),
    ]
    assert "one band less likely in step 2 (1/40 instead of 1/4) would make it high" in (
        found.sentence
    )


def test_two_equally_bad_scenarios_cannot_be_talked_down_by_one_assumption():
    twice = [read_scenario(EXAMPLE)] * 2
    assert not assess_product(twice).changes
    assert "no single assumption" in assess_product(twice).sentence


def test_a_milder_scenario_counts_in_what_would_raise_the_level():
    found = assess_product([one(1, "1/2", "1/2", "1/2"), one(2, "1/100", "1/10", "1/2")])
    assert found.level == "medium"
    assert {(c.scenario, c.moved, c.level) for c in found.changes} >= {(2, "worse", "high")}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.key)
def test_each_ground_makes_the_risk_serious_and_says_so(question):
    found = assess_product([one(1, "1/100", "1/100", "1/100")], presumed([question.key]))
    told = found.as_json()
    assert (found.level, told["assessment_may_be_left_out"]) == ("serious", True)
    assert question.because in found.sentence
    assert "assessment may then be left out" in found.sentence
    assert told["presumed"][0]["citation"].endswith("Annex II, point 4.1")
    assert assess_product([], presumed([question.key])).level == "serious"


def test_without_scenario_and_ground_nothing_is_assessed():
    with pytest.raises(Unreadable, match="Nothing is given"):
        assess_product([])
    with pytest.raises(Unreadable, match="No ground"):
        presumed(["small_part"])


def test_a_scenario_is_read_from_one_line_with_user_use_and_basis():
    found = read_scenario(
        "Charged overnight | hazard: fire | user: adult asleep | use: charging | "
        "consumer: vulnerable | severity: 4 | 1/200: a cell fails [ageing test, 3 of 600] | "
        "1/4: near | 1/10: smoke"
    )
    assert (found.user, found.consumer, found.steps[0].basis) == (
        "adult asleep",
        "vulnerable",
        "ageing test, 3 of 600",
    )
    assert found.undocumented() == ("step_2_basis", "step_3_basis")
    again = scenario_from({k: v for k, v in found.as_json().items() if k in KEPT})
    assert again == found


KEPT = {"words", "hazard", "user", "use", "consumer", "severity", "deviation", "steps"}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("x | severity: 4 | 1/2: a | 1/2: b", "three to five"),
        ("x | severity: 4", "three to five"),
        ("x | severity: 5 | 1/2: a | 1/2: b | 1/2: c", "not on the scale"),
        ("x | 1/2: a | 1/2: b | 1/2: c", "names its severity"),
        ("x | severity: 4 | often: a | 1/2: b | 1/2: c", "not a probability"),
        ("x | severity: 4 | nonsense", "no part of a scenario"),
        ("x | severity: 4 | consumer: robot | 1/2: a | 1/2: b | 1/2: c", "no type of consumer"),
        ("x | severity: 4 | probability: 1/3 | 1/2: a | 1/2: b | 1/2: c", "for the whole"),
        (f"x | severity: 4 | probability: 0.{'1' * 40}", "finer than anybody"),
        ("x | severity: ² | probability: 1/3", "no severity"),
    ],
)
def test_a_bad_scenario_is_refused_with_its_reason(text, what):
    with pytest.raises(Unreadable, match=what):
        read_scenario(text)


def test_rapex_is_the_same_grid_with_its_own_standing():
    mine, theirs = (
        assess_by_rapex([read_scenario(EXAMPLE)]),
        assess_product([read_scenario(EXAMPLE)]),
    )
    assert mine.level == theirs.level
    assert mine.as_json()["confidence"] == "recalled"
    assert "superseded" in str(mine.as_json()["status"])
