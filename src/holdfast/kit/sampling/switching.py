"""When inspection gets tighter, easier or ends: the switching rules, carried from lot to lot.

Normal to tightened, tightened to normal, reduced to normal and discontinuation as MIL-STD-105E 4.7
and 4.8 have them and ISO 2859-1 kept them. Normal to reduced goes by ISO 2859-1:1999's switching
score; that 30 is needed was read, its steps of 3 and 2 (9.3.3.2) are recalled. Nobody gets reduced
inspection by the score alone: production has to be steady and somebody has to want it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from holdfast.kit.refusals import Unreadable
from holdfast.kit.sampling.plans import Plan, one_step_tighter

ENOUGH_SCORE = 30
LOOK_BACK = 5  # lots in a row that are looked at for two that were not accepted
TOO_MANY = 2
GOOD_IN_A_ROW = 5
MOST_REJECTED = 5  # on tightened inspection, before it is discontinued
REASONS: dict[str, str] = {
    "unchanged": "Inspection stays as it is.",
    "two_of_five": "Two of five or fewer lots in a row were not accepted: inspection is tightened.",
    "five_accepted": "Five lots in a row were accepted: back to normal inspection.",
    "may_reduce": "The switching score has reached 30: reduced inspection may be agreed.",
    "reduced": "The switching score has reached 30 and it was agreed: inspection is reduced.",
    "rejected_on_reduced": "A lot was not accepted on reduced inspection: back to normal.",
    "gap_on_reduced": "The sample fell between the numbers of the reduced plan: back to normal.",
    "not_steady": "Production is not steady or reduced is no longer wanted: back to normal.",
    "discontinued": (
        "Five lots were not accepted on tightened inspection: stop accepting by sample until the "
        "supplier has put it right."
    ),
    "resumed": "The supplier has acted: inspection resumes, tightened.",
}


@dataclass(frozen=True, slots=True)
class State:
    """Where one supplier and product stand before the next lot.

    `recent`: whether the last lots (at most five) on normal inspection were accepted; `good`:
    accepted in a row on tightened; `bad`: not accepted since tightened began.
    """

    severity: str = "normal"
    score: int = 0
    recent: tuple[bool, ...] = ()
    good: int = 0
    bad: int = 0
    is_discontinued: bool = False

    @property
    def may_reduce(self) -> bool:
        return self.severity == "normal" and self.score >= ENOUGH_SCORE

    def as_json(self) -> dict[str, object]:
        return {
            "severity": self.severity,
            "score": self.score,
            "good": self.good,
            "bad": self.bad,
            "may_reduce": self.may_reduce,
            "discontinued": self.is_discontinued,
        }


@dataclass(frozen=True, slots=True)
class Change:
    """The state after a lot or a decision, and why; `reason` is a key of `REASONS`."""

    state: State
    reason: str

    @property
    def sentence(self) -> str:
        return REASONS[self.reason]


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether the plan accepts the lot; `is_between` only on reduced inspection."""

    is_accepted: bool
    is_between: bool = False


def judge(plan: Plan, looked_at: int, found: int) -> Judgement:
    """What the plan says of a sample. Refuses too small a sample that would pass.

    A sample that already holds the rejection number settles it, however small.
    """
    if looked_at < 1 or found < 0 or (found > looked_at and not plan.is_per_hundred):
        raise Unreadable("bad_sample", f"{found} of {looked_at} cannot be nonconforming.")
    if looked_at > plan.lot_size:
        raise Unreadable(
            "sample_larger_than_lot", f"{looked_at} were looked at in a lot of {plan.lot_size}."
        )
    if found >= plan.reject:
        return Judgement(False)
    if looked_at < plan.sample_size:
        raise Unreadable(
            "sample_too_small",
            f"{looked_at} looked at, but the plan takes {plan.sample_size}: too few to accept.",
            hint=f"Look at {plan.sample_size - looked_at} more.",
        )
    return Judgement(True, found > plan.accept)


def after_lot(
    state: State,
    plan: Plan,
    found: int,
    judgement: Judgement,
    *,
    is_reduced_wanted: bool = False,
) -> Change:
    """The state after one more lot on original inspection, inspected by this plan.

    A lot that was inspected at another severity than the state asks for is counted as what it was:
    only a result at the state's own severity can ease inspection.
    """
    good = judgement.is_accepted
    if state.is_discontinued:
        return Change(state, "unchanged")
    if state.severity == "tightened":
        return _on_tightened(state, good and plan.severity == "tightened", good)
    if state.severity == "reduced":
        if not good:
            # The lot that ended reduced inspection is not one of the five of normal inspection.
            return Change(State(), "rejected_on_reduced")
        if judgement.is_between:
            return Change(State(), "gap_on_reduced")
        return Change(state, "unchanged") if is_reduced_wanted else Change(State(), "not_steady")
    recent = (*state.recent, good)[-LOOK_BACK:]
    if recent.count(False) >= TOO_MANY:
        return Change(State("tightened"), "two_of_five")
    moved = replace(state, recent=recent, score=_scored(state.score, plan, found, good))
    if moved.may_reduce and is_reduced_wanted:
        return Change(State("reduced"), "reduced")
    if moved.may_reduce and not state.may_reduce:
        return Change(moved, "may_reduce")
    return Change(moved, "unchanged")


def _on_tightened(state: State, counts: bool, good: bool) -> Change:
    bad = state.bad + (not good)
    if bad >= MOST_REJECTED:
        return Change(replace(state, bad=bad, good=0, is_discontinued=True), "discontinued")
    in_a_row = state.good + 1 if counts else (state.good if good else 0)
    if in_a_row >= GOOD_IN_A_ROW:
        return Change(State(), "five_accepted")
    return Change(replace(state, good=in_a_row, bad=bad), "unchanged")


def _scored(score: int, plan: Plan, found: int, good: bool) -> int:
    """3 more for a lot good enough one AQL step tighter, 2 where Ac is 0 or 1, else from zero."""
    if plan.severity == "reduced":
        return score
    if plan.accept <= 1:
        return score + 2 if good else 0
    tighter = one_step_tighter(plan)
    if tighter is None:
        return 0
    return score + 3 if found <= tighter[0] else 0


def reduced(state: State) -> Change:
    """Reduced inspection was agreed. Refuses it before the score allows it."""
    if not state.may_reduce:
        raise Unreadable(
            "score_too_low",
            f"The switching score is {state.score} on {state.severity} inspection; "
            f"reduced inspection takes {ENOUGH_SCORE} on normal inspection.",
        )
    return Change(State("reduced"), "reduced")


def not_steady(state: State) -> Change:
    """Production became irregular, or reduced inspection is no longer wanted."""
    return (
        Change(State(), "not_steady") if state.severity == "reduced" else Change(state, "unchanged")
    )


def resumed(state: State) -> Change:
    """The supplier has put it right: inspection goes on, tightened, from its beginning."""
    if not state.is_discontinued:
        raise Unreadable("not_discontinued", "Inspection of this supplier and product goes on.")
    return Change(State("tightened"), "resumed")
