"""A recall of the sample up to its signed decision, and the places that stop selling."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime
from fractions import Fraction

from holdfast.decision.intake.actions import record_signal
from holdfast.decision.intake.queries import read_message
from holdfast.decision.recalls.actions import (
    confirm_scope,
    evaluate_hazard,
    open_recall,
    propose_decision,
    propose_scope,
    sign_decision,
)
from holdfast.decision.recalls.models import Recall
from holdfast.doors.cli.sample.teller import Teller
from holdfast.kit.risk.probability import parse_probability
from holdfast.kit.risk.scenario import Scenario, Step
from holdfast.kit.trace.criteria import Criteria
from holdfast.response.holds.actions import list_places, stop_hold
from holdfast.response.holds.models import Hold
from holdfast.response.units.actions import rebalance_units


def open_from(teller: Teller, letter: bytes, at: datetime, **about: object) -> Recall:
    """The supplier's letter arrives and a recall is opened from it."""
    raw = letter % format_datetime(at).encode()
    opened, reading = read_message(raw, now=at)
    signal = record_signal(letter=opened, reading=reading, by=teller.by, now=at)
    return open_recall(signal=signal, by=teller.by, now=at, **about)  # type: ignore[arg-type]


def _unwatched(probability: str) -> Scenario:
    """The course that decides; its steps multiply to the probability given."""
    last = parse_probability(probability) / (Fraction(1, 10) * Fraction(1, 5))
    return Scenario(
        "The product fails in a home while nobody watches it.",
        severity=4,
        hazard="heat and current where nobody expects them",
        user="people of any age, asleep or in the next room",
        use="left plugged in overnight",
        consumer="vulnerable",
        steps=(
            Step("It fails in the life of the unit", Fraction(1, 10), "2 of 20 retained samples"),
            Step("Somebody is near or asleep", Fraction(1, 5), "judged"),
            Step("The harm threatens a life", last, "judged"),
        ),
    )


def _touched() -> Scenario:
    return Scenario(
        "Somebody touches it, feels it and lets go.",
        severity=1,
        hazard="heat and current where nobody expects them",
        user="an adult who is awake",
        use="in the hand",
        steps=(
            Step("It fails in the life of the unit", Fraction(1, 10), "2 of 20 retained samples"),
            Step("It is touched while it does", Fraction(1, 2), "judged"),
            Step("The touch hurts", Fraction(1, 5), "judged"),
        ),
    )


def decide_and_sign(
    teller: Teller, recall: Recall, criteria: Criteria, at: datetime, *, probability: str
) -> None:
    """Scope, judgement and signature, an hour or so after each other."""
    version = propose_scope(
        recall=recall,
        criteria=criteria,
        rationale="The lot named in the supplier's e-mail.",
        by=teller.by,
        now=at,
    )
    confirm_scope(version=version, digest=version.digest, by=teller.by, now=at)
    rebalance_units(recall=recall, version=version, by=teller.by, now=at)
    list_places(recall=recall, by=teller.by, now=at)
    evaluate_hazard(
        recall=recall, scenarios=[_unwatched(probability), _touched()], by=teller.by, now=at
    )
    decision = propose_decision(
        recall=recall,
        measures=["stop_sale", "stop_use", "recall"],
        remedies=["refund", "replacement"],
        reason="Two of twenty retained samples failed.",
        by=teller.by,
        now=at,
    )
    sign_decision(decision=decision, sha256=decision.sha256, by=teller.by, now=at)
    recall.refresh_from_db()


def stop_places(teller: Teller, recall: Recall, at: datetime, *, leave: int) -> None:
    """Every place but the last few says that it stopped."""
    holds = list(Hold.objects.filter(recall=recall, state="open").order_by("pk"))
    for number, hold in enumerate(holds[: len(holds) - leave]):
        stop_hold(
            hold=hold,
            proof="Listing is off, checked from outside.",
            by=teller.by,
            now=at + timedelta(minutes=7 * number),
        )
