"""What the people of the sample answered, and how their claims were settled."""

from __future__ import annotations

from datetime import datetime, timedelta

from holdfast.decision.recalls.models import Recall
from holdfast.doors.cli.sample.teller import Teller
from holdfast.doors.cli.sample.telling import Reminders
from holdfast.kit.actors import PUBLIC
from holdfast.response.remedies.actions import (
    answer_gone,
    answer_have,
    choose_remedy,
    claim_publicly,
    export_payouts,
    fulfil_claims,
    pay_export,
)
from holdfast.response.remedies.models import Claim, PersonalLink
from holdfast.response.remedies.queries import owned_by
from holdfast.response.remedies.rules import token_hash
from holdfast.response.units.queries import confirmed_scope


def let_people_answer(teller: Teller, recall: Recall, reminders: Reminders) -> None:
    """Most answers come in the first days; the curve bends, and a third never answers."""
    days, chance = teller.days, teller.chance
    events: list[tuple[datetime, int, str]] = []
    for person in people_in_scope(recall):
        if chance.random() > 0.58:
            continue
        age = min(chance.expovariate(1 / 5.5), 18.6)
        at = days.told + timedelta(days=age, hours=chance.uniform(0.2, 8))
        what = chance.choices(
            ("refund", "replacement", "given_away", "discarded", "never", "have"),
            (46, 30, 5, 8, 2, 9),
        )[0]
        events.append((min(at, days.now - timedelta(minutes=20)), person, what))
    events.sort()
    half = days.told + timedelta(days=9)
    paid = False
    for at, person, what in events:
        reminders.send_until(at)
        if not paid and at > half:
            settle_claims(teller, recall, half, everyone=True)
            paid = True
        if what in ("refund", "replacement"):
            choose(teller, recall, person, at, what)
        elif what == "have":
            has_it(teller, recall, person, at)
        else:
            no_longer_has_it(teller, recall, person, at, what)
    reminders.send_until(days.now - timedelta(minutes=20))
    settle_claims(teller, recall, days.ago(2, 16), everyone=False)
    for order, mail in (("LV-90012", "till.receipt@example.org"), ("", "flea.market@example.org")):
        claim_publicly(
            recall=recall,
            order=order,
            contact={"email": mail},
            remedy="refund",
            stopped=True,
            reference=teller.reference(),
            token_sha256=token_hash(chance.randbytes(16).hex()),
            language="en",
            by=PUBLIC,
            now=days.ago(3, 18),
        )


def settle_claims(teller: Teller, recall: Recall, at: datetime, *, everyone: bool) -> None:
    """Money is exported and paid; parcels are delivered. The newest wait their turn."""
    export = f"P-{at:%Y%m%d}"
    if export_payouts(recall=recall, export=export, by=teller.by, now=at):
        pay_export(
            recall=recall, export=export, evidence=f"bank list {at:%d.%m.}", by=teller.by,
            now=at + timedelta(hours=3),
        )  # fmt: skip
    open_ones = Claim.objects.filter(recall=recall, state="chosen", remedy="replacement")
    if not everyone:
        open_ones = open_ones.filter(made_at__lt=at - timedelta(days=5))
    fulfil_claims(
        recall=recall,
        references=list(open_ones.values_list("reference", flat=True)),
        kind="delivery",
        evidence="carrier's list of delivered parcels",
        by=teller.by,
        now=at + timedelta(hours=4),
    )


def people_in_scope(recall: Recall) -> list[int]:
    """Everybody with a known name in the scope, in a fixed order."""
    version = confirmed_scope(recall)
    if version is None:
        return []
    found = version.lines.filter(line__customer__isnull=False, units__gt=0)
    return sorted(set(found.values_list("line__customer_id", flat=True)))


def _shared(teller: Teller, recall: Recall, person: int, at: datetime) -> dict[str, object]:
    return {
        "recall": recall,
        "owned": owned_by(recall, person),
        "reference": teller.reference(),
        "link": PersonalLink.objects.filter(recall=recall, customer_id=person).first(),
        "source": "link",
        "by": PUBLIC,
        "now": at,
    }


def has_it(teller: Teller, recall: Recall, person: int, at: datetime) -> None:
    """This person still has theirs, and asks for nothing."""
    answer_have(**_shared(teller, recall, person, at))  # type: ignore[arg-type]


def choose(teller: Teller, recall: Recall, person: int, at: datetime, remedy: str) -> None:
    """This person stopped using it and wants this remedy."""
    shared = _shared(teller, recall, person, at)
    choose_remedy(remedy=remedy, stopped=True, **shared)  # type: ignore[arg-type]


def no_longer_has_it(
    teller: Teller, recall: Recall, person: int, at: datetime, outcome: str = "discarded"
) -> None:
    """This person threw theirs away, gave it away, or never had it."""
    answer_gone(outcome=outcome, **_shared(teller, recall, person, at))  # type: ignore[arg-type]
