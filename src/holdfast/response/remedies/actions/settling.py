"""Settling claims: parcels sent, money exported once and paid, promises that passed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction

from holdfast.decision.recalls.actions import add_task
from holdfast.decision.recalls.lifecycle import LIVE
from holdfast.decision.recalls.models import Recall
from holdfast.ground.access.queries import organisation
from holdfast.ground.journal.actions import record
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden, NotFound
from holdfast.response.remedies.events import (
    ClaimsEscalated,
    ClaimsFulfilled,
    PayoutsExported,
    PayoutsPaid,
)
from holdfast.response.remedies.lifecycle import CHOSEN, DUE, EXPORTED, FULFILLED, PAID
from holdfast.response.remedies.models import Claim, Payout
from holdfast.response.remedies.policies import (
    refuse_public,
    require_claim_work,
    require_payout_export,
)
from holdfast.response.remedies.queries import late_claims
from holdfast.response.remedies.rules import DISPOSAL, PAID_IN_MONEY, SETTLES_AS
from holdfast.response.units.actions import UnitLedger
from holdfast.response.units.models import UnitGroup

KEPT_IN_ONE_ENTRY = 1_000


@transaction.atomic
def export_payouts(*, recall: Recall, export: str, by: Actor, now: datetime) -> list[Payout]:
    """Hand over every payout that is due, each in exactly one export, whoever else tries now.

    One conditional UPDATE takes them: a second export that ran at the same moment gets the rest,
    which is nothing.
    """
    require_payout_export(by)
    due = Payout.objects.filter(claim__recall=recall, state=DUE, amount__gt=0)
    taken = Payout.objects.filter(pk__in=due.values("pk"), state=DUE).update(
        state=EXPORTED, export=export, exported_at=now
    )
    mine = list(
        Payout.objects.filter(claim__recall=recall, export=export)
        .select_related("claim__line")
        .order_by("claim_id")
    )
    if taken:
        totals: dict[str, Decimal] = {}
        for payout in mine:
            totals[payout.currency] = totals.get(payout.currency, Decimal(0)) + payout.amount
        record(
            PayoutsExported(export, taken, {c: f"{t:.2f}" for c, t in sorted(totals.items())}),
            by=by,
            now=now,
            subject=recall.ref,
        )
    return mine


@transaction.atomic
def pay_export(*, recall: Recall, export: str, evidence: str, by: Actor, now: datetime) -> int:
    """The payments of one export were made: claims are fulfilled, units are refunded."""
    require_payout_export(by)
    payouts = list(
        Payout.objects.select_for_update()
        .filter(claim__recall=recall, export=export, state=EXPORTED)
        .order_by("pk")
    )
    if not payouts:
        if not Payout.objects.filter(claim__recall=recall, export=export).exists():
            raise NotFound("unknown_export", f"There is no export {export}.")
        return 0
    entry = record(PayoutsPaid(export, len(payouts), evidence), by=by, now=now, subject=recall.ref)
    done = 0
    for payout in payouts:
        if Payout.objects.filter(pk=payout.pk, state=EXPORTED).update(state=PAID, paid_at=now):
            claim = Claim.objects.get(pk=payout.claim_id)
            _fulfil(claim, "payment", f"export {export}: {evidence}", entry, by, now)
            done += 1
    return done


@transaction.atomic
def fulfil_claims(
    *,
    recall: Recall,
    references: Sequence[str],
    evidence: str,
    by: Actor,
    now: datetime,
    kind: str = "",
) -> int:
    """Parcels were delivered or proof came in; money is settled by paying its export.

    Without a `kind` each claim takes the one its remedy asks for: proof for a disposal, a
    delivery for goods.
    """
    require_claim_work(by)
    claims = list(
        Claim.objects.select_for_update()
        .filter(recall=recall, reference__in=list(references), state=CHOSEN)
        .order_by("pk")
    )
    money = [c.reference for c in claims if c.remedy in PAID_IN_MONEY]
    if money:
        raise Forbidden(
            "paid_by_export",
            f"{money[0]} is owed money; it is settled by paying its export.",
            hint="Export the payouts, pay them, then record the export as paid.",
        )
    if not claims:
        return 0
    entry = record(
        ClaimsFulfilled(
            len(claims),
            [c.reference for c in claims[:KEPT_IN_ONE_ENTRY]],
            kind or "delivery or proof",
            evidence,
        ),
        by=by,
        now=now,
        subject=recall.ref,
    )
    for claim in claims:
        asked = "certificate" if claim.remedy == DISPOSAL else "delivery"
        _fulfil(claim, kind or asked, evidence, entry, by, now)
    return len(claims)


def _fulfil(claim: Claim, kind: str, evidence: str, entry: Entry, by: Actor, now: datetime) -> None:
    moved = Claim.objects.filter(pk=claim.pk, state=CHOSEN).update(
        state=FULFILLED, settled_at=now, settled_by=by.key
    )
    if not moved or claim.line_id is None:
        return
    place = f"line:{claim.line_id}"
    ledger = UnitLedger(entry, claim.recall_id, by, now)
    groups = UnitGroup.objects.filter(
        recall_id=claim.recall_id, level="consumer", place=place, state="claim_open"
    )
    for group in list(groups):
        ledger.move(
            level="consumer",
            place=place,
            lot=group.lot,
            source="claim_open",
            target=SETTLES_AS[claim.remedy],
            quantity=group.quantity,
            kind=kind,
            evidence=evidence,
        )


@transaction.atomic
def escalate_late_claims(*, by: Actor, now: datetime) -> int:
    """Every promise that passed becomes a task of its recall, once. Returns how many."""
    refuse_public(by)
    require_claim_work(by)
    late = list(
        late_claims(now.astimezone(ZoneInfo(organisation().zone)).date())
        .filter(escalated_at__isnull=True)
        .select_related("recall")
    )
    by_recall: dict[int, list[Claim]] = {}
    for claim in late:
        if Claim.objects.filter(pk=claim.pk, escalated_at__isnull=True).update(escalated_at=now):
            by_recall.setdefault(claim.recall_id, []).append(claim)
    for claims in by_recall.values():
        recall = claims[0].recall
        first = ", ".join(c.reference for c in claims[:3])
        more = f" and {len(claims) - 3} more" if len(claims) > 3 else ""
        if recall.state in LIVE:
            add_task(
                recall=recall,
                phase="remedy",
                words=f"{len(claims)} promises have passed: {first}{more}. Call, offer a refund.",
                role="lead",
                due_at=now,
                by=by,
                now=now,
            )
        record(
            ClaimsEscalated(len(claims), [c.reference for c in claims[:KEPT_IN_ONE_ENTRY]]),
            by=by,
            now=now,
            subject=recall.ref,
        )
    return sum(len(claims) for claims in by_recall.values())
