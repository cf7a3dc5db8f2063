"""Lot after lot: when inspection is tightened, eased, reduced and discontinued."""

from __future__ import annotations

import pytest

from holdfast.kit.refusals import Unreadable
from holdfast.kit.sampling.plans import sampling_plan
from holdfast.kit.sampling.switching import (
    REASONS,
    State,
    after_lot,
    judge,
    not_steady,
    reduced,
    resumed,
)


def run(founds, *, aql="2.5", lot=1000, state=None, wanted=False):
    """The reasons and the last state of lots with so many found, each by the plan it is due."""
    state, reasons = state or State(), []
    for found in founds:
        plan = sampling_plan(lot, aql, severity=state.severity)
        change = after_lot(
            state,
            plan,
            found,
            judge(plan, plan.sample_size, found),
            is_reduced_wanted=wanted,
        )
        state = change.state
        reasons.append(change.reason)
    return reasons, state


def test_two_of_five_lots_in_a_row_tighten_and_two_of_six_do_not():
    assert run([6, 0, 0, 0, 6])[0][-1] == "two_of_five"
    assert run([6, 6])[0] == ["unchanged", "two_of_five"]
    assert run([6, 0, 0, 0, 0, 6])[1].severity == "normal"


def test_five_good_lots_in_a_row_lead_back_to_normal_and_a_bad_one_starts_the_row_anew():
    reasons, state = run([6, 6, 0, 0, 0, 0, 0])
    assert (reasons[-1], state) == ("five_accepted", State())
    assert run([6, 6, 0, 0, 0, 0, 4, 0, 0, 0, 0])[1].severity == "tightened"


def test_five_bad_lots_on_tightened_end_it_until_the_supplier_has_acted():
    reasons, state = run([6, 6, 4, 0, 4, 4, 0, 4, 4])
    assert reasons[-1] == "discontinued"
    assert state.is_discontinued
    assert run([0] * 9, state=state)[1] == state  # no lot talks it back
    assert resumed(state).state == State("tightened")
    with pytest.raises(Unreadable):
        resumed(State())


def test_the_score_counts_three_for_a_lot_a_step_tighter_would_take_and_starts_again_otherwise():
    assert run([3])[1].score == 3  # 5/6 at AQL 2.5, 3/4 a step tighter
    assert run([0, 0, 4])[1].score == 0
    assert run([1, 1], aql="0.65")[1].score == 4  # Ac 1: two a lot
    assert run([0, 2], aql="0.65")[1].score == 0


def test_reduced_takes_the_score_and_somebody_who_wants_it():
    reasons, state = run([0] * 10)
    assert reasons[-1] == "may_reduce"
    assert state.severity == "normal"
    assert reduced(state).state.severity == "reduced"
    assert run([0] * 10, wanted=True)[1].severity == "reduced"
    with pytest.raises(Unreadable):
        reduced(State(score=29))


def test_reduced_ends_with_a_bad_lot_with_one_in_the_gap_and_when_production_is_unsteady():
    on = State("reduced")
    assert run([0, 0], state=on, wanted=True)[1].severity == "reduced"
    assert run([5], state=on, wanted=True)[0] == ["rejected_on_reduced"]
    assert run([3], state=on, wanted=True)[0] == ["gap_on_reduced"]  # 2/5: accepted all the same
    assert run([0], state=on)[0] == ["not_steady"]
    assert not_steady(on).state == State()
    assert not_steady(State("tightened")).state == State("tightened")


def test_a_lot_inspected_more_easily_than_was_due_does_not_ease_inspection():
    plan = sampling_plan(1000, "2.5", severity="normal")
    state = State("tightened", good=4)
    change = after_lot(state, plan, 0, judge(plan, 80, 0))
    assert change.state == state


def test_a_sample_too_small_to_accept_is_refused_but_enough_bad_ones_settle_it():
    plan = sampling_plan(1000, "2.5")
    with pytest.raises(Unreadable) as refused:
        judge(plan, 79, 5)
    assert refused.value.code == "sample_too_small"
    assert not judge(plan, 12, 6).is_accepted
    for looked_at, found in ((80, 81), (1001, 0), (0, 0), (80, -1)):
        with pytest.raises(Unreadable):
            judge(plan, looked_at, found)


def test_every_reason_is_a_sentence():
    assert all(words.endswith(".") for words in REASONS.values())
