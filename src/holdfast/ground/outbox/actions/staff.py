"""Messages to the house's own people: planned with what they tell of, claimed, and settled."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from holdfast.ground.journal.actions import record
from holdfast.ground.journal.rules import masked
from holdfast.ground.outbox.events import StaffMailSettled
from holdfast.ground.outbox.models import StaffMail
from holdfast.kit.actors import Actor

LEASE = timedelta(minutes=5)
PATIENCE = timedelta(hours=24)
"""How long one message is tried; by then a page has told it many times."""


def plan_staff_mail(
    *, key: str, recall: str, person: str, subject: str, text: str, by: Actor, now: datetime
) -> StaffMail:
    """One row for each key, in the transaction of what it tells of; again changes nothing."""
    del by
    words = {"recall": recall, "person": person, "subject": subject[:300], "text": text}
    row, _ = StaffMail.objects.get_or_create(key=key, defaults={**words, "planned_at": now})
    return row


def claim_staff_mail(*, by: Actor, now: datetime) -> StaffMail | None:
    """Take the oldest that waits, or whose sender died; the claim is there before a socket is."""
    del by
    waiting = Q(state="queued") & (Q(leased_until=None) | Q(leased_until__lt=now))
    left = Q(state="attempting", leased_until__lt=now)
    for row in StaffMail.objects.filter(waiting | left).order_by("pk")[:20]:
        ours = StaffMail.objects.filter(pk=row.pk, state=row.state, attempts=row.attempts).update(
            state="attempting", attempts=F("attempts") + 1, leased_until=now + LEASE
        )
        if ours:
            row.refresh_from_db()
            return row
    return None


@transaction.atomic
def settle_staff_mail(
    *, mail: StaffMail, state: str, why: str, by: Actor, now: datetime
) -> StaffMail:
    """What became of a claimed one: accepted, failed, unsent; queued again while there is time."""
    is_over = state != "queued" or now - mail.planned_at > PATIENCE
    state = "failed" if is_over and state == "queued" else state
    ours = StaffMail.objects.filter(pk=mail.pk, state="attempting", attempts=mail.attempts).update(
        state=state,
        reply=why[:300],
        ended_at=now if is_over else None,
        leased_until=None if is_over else now + LEASE,
    )
    if ours and is_over:
        fact = StaffMailSettled(
            to=mail.person, about=mail.subject, outcome=state, why=masked(why[:300])
        )
        record(fact, by=by, now=now, subject=mail.recall)
    mail.refresh_from_db()
    return mail
