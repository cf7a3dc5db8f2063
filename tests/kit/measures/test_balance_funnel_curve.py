"""Mass balance, funnel and curve keep their arithmetic."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.kit.measures.balance import Balance
from holdfast.kit.measures.curve import REFERENCES, correction_curve
from holdfast.kit.measures.ease import RemedyTerms, grade
from holdfast.kit.measures.funnel import STAGES, build_funnel
from holdfast.kit.measures.levels import Consumer, Manufacturer, Units

STATES = st.dictionaries(
    st.sampled_from(["unknown", "refunded", "replaced", "given_away"]), st.integers(0, 10**6)
)


@given(st.integers(0, 10**6), STATES)
def test_scope_is_states_plus_gap(scope: int, states: dict[str, int]) -> None:
    found = Balance(Units(Consumer, scope), states, frozenset({"unknown"}))
    assert found.held + found.gap == scope
    assert found.accounted_for + found.unknown == found.held
    assert found.balances is (found.gap == 0)


def test_an_imbalance_is_told_in_units() -> None:
    short = Balance(Units(Manufacturer, 720), {"held": 717}, frozenset())
    assert short.gap == 3
    assert "3 of 720 have no state" in short.sentence()
    over = Balance(Units(Manufacturer, 10), {"held": 12}, frozenset())
    assert "2 more than the 10" in over.sentence()


def test_the_worked_example_of_the_fact_base_balances() -> None:
    homes = Balance(
        Units(Consumer, 7640),
        {
            "refunded": 1812,
            "replaced": 1244,
            "claim_open": 485,
            "gone": 341,
            "still_in_use": 12,
            "unknown": 3746,
        },
        frozenset({"unknown"}),
    )
    assert homes.balances
    assert homes.unknown == 3746


@given(st.lists(st.integers(0, 10**6), min_size=len(STAGES), max_size=len(STAGES)))
def test_the_losses_of_a_funnel_sum_to_what_did_not_arrive(numbers: list[int]) -> None:
    counts = dict(zip(STAGES, sorted(numbers, reverse=True), strict=True))
    funnel = build_funnel(Consumer, counts)
    assert sum(step.lost for step in funnel.steps) == counts["in_scope"] - counts["closed"]
    assert all(step.lost >= 0 for step in funnel.steps)


def test_answers_from_people_no_message_reached_show_as_a_gain() -> None:
    counts = dict.fromkeys(STAGES, 0) | {"in_scope": 10, "sent": 2, "visited": 5, "delivered": 2}
    steps = {s.name: s for s in build_funnel(Consumer, counts).steps}
    assert steps["visited"].lost == -3
    assert steps["delivered"].is_mechanism
    assert not steps["remedied"].is_mechanism


def test_a_stage_above_the_scope_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        build_funnel(Consumer, dict.fromkeys(STAGES, 5) | {"in_scope": 4})


def test_a_missing_stage_is_named() -> None:
    with pytest.raises(ValueError, match="delivered"):
        build_funnel(Consumer, {name: 1 for name in STAGES if name != "delivered"})


@given(
    st.lists(st.tuples(st.integers(-5, 40), st.integers(1, 20)), max_size=30),
)
def test_the_last_point_of_the_curve_holds_all_changes_up_to_that_day(
    rows: list[tuple[int, int]],
) -> None:
    start = date(2026, 4, 15)
    changes = [(start + timedelta(days=day), units) for day, units in rows]
    until = start + timedelta(days=20)
    points = correction_curve(
        Units(Consumer, 1000), changes, launched_on=start, until=until, denominator="in scope"
    )
    assert len(points) == 21
    assert points[-1].rate.corrected.count == sum(u for day, u in rows if day <= 20)
    totals = [p.rate.corrected.count for p in points]
    assert totals == sorted(totals)


def test_a_correction_taken_back_lowers_the_curve() -> None:
    start = date(2026, 4, 15)
    points = correction_curve(
        Units(Consumer, 10),
        [(start, 3), (start + timedelta(days=1), -1)],
        launched_on=start,
        until=start + timedelta(days=1),
        denominator="in scope",
    )
    assert [p.rate.corrected.count for p in points] == [3, 2]


def test_the_reference_lines_are_six_and_fifty_per_cent() -> None:
    assert [line.share for line in REFERENCES] == [0.06, 0.50]


@pytest.mark.parametrize(
    ("terms", "letter"),
    [
        (RemedyTerms(True, 5, True, False), "A"),
        (RemedyTerms(True, 30, True, False), "B"),
        (RemedyTerms(True, 5, False, True), "C"),
        (RemedyTerms(False, 30, True, True), "D"),
        (RemedyTerms(False, 60, False, True), "F"),
    ],
)
def test_the_ease_grade_loses_a_letter_for_every_point_not_met(
    terms: RemedyTerms, letter: str
) -> None:
    found = grade(terms)
    assert found.letter == letter
    assert found.needs_reason is (letter in "DF")
    assert len(found.points) == 4
    assert all(point.why for point in found.points)
