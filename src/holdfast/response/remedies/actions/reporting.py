"""Somebody was hurt: heard without a claim, without a link, and read by a person."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from holdfast.decision.intake.actions import carry_complaints, take_in_complaint
from holdfast.decision.intake.rules.told import Told
from holdfast.decision.recalls.models import Recall
from holdfast.ground.journal.actions import record
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Unreadable
from holdfast.response.remedies.events import InjuryReported, InjurySeen
from holdfast.response.remedies.models import InjuryReport, PersonalLink
from holdfast.response.remedies.policies import require_answering, require_claim_work

LONGEST = 4_000


@transaction.atomic
def report_injury(
    *,
    recall: Recall | None,
    words: str,
    contact: str,
    reference: str,
    source: str,
    by: Actor,
    now: datetime,
    link: PersonalLink | None = None,
) -> InjuryReport:
    """Keep what happened; the journal knows only that there is a report."""
    require_answering(by)
    if not words.strip():
        raise Unreadable(
            "what_happened", "Please write a few words about what happened.", hint="Any language."
        )
    report = InjuryReport.objects.create(
        recall=recall,
        reference=reference,
        words=words.strip()[:LONGEST],
        contact=contact.strip()[:300],
        customer_id=link.customer_id if link else None,
        told_at=now,
    )
    record(
        InjuryReported(reference, source),
        by=by,
        now=now,
        subject=recall.ref if recall else "",
    )
    return report


@transaction.atomic
def keep_injury_as_complaint(*, entry: Entry, by: Actor, now: datetime) -> None:
    """An injury told inside a recall is a complaint like any other: read, counted, compared."""
    report = InjuryReport.objects.filter(reference=entry.fields["reference"]).first()
    if report is None:
        return
    who = report.contact.strip()
    told = Told(
        text=report.words,
        kind="injury",
        channel="portal",
        source="recall",
        source_id=report.reference,
        received_at=report.told_at,
        product=report.recall.product_code if report.recall else "",
        email=who if "@" in who else "",
        phone=who if "@" not in who else "",
    )
    kept = take_in_complaint(told=told, by=by, now=now)
    if report.recall and report.recall.signal:
        carry_complaints(complaints=[kept], signal=report.recall.signal, by=by, now=now)


@transaction.atomic
def see_injury(*, report: InjuryReport, by: Actor, now: datetime) -> None:
    """Mark an injury report as read; the first reader stays on record."""
    require_claim_work(by)
    first = InjuryReport.objects.filter(pk=report.pk, seen_at__isnull=True).update(
        seen_at=now, seen_by=by.key
    )
    if first:
        record(
            InjurySeen(report.reference),
            by=by,
            now=now,
            subject=report.recall.ref if report.recall else "",
        )
