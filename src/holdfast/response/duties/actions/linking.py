"""Secret addresses that give the open deadlines to a calendar."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from holdfast.decision.recalls.models import Recall
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Unreadable
from holdfast.response.duties.events import CalendarLinkMade, CalendarLinkRevoked
from holdfast.response.duties.models import CalendarLink
from holdfast.response.duties.policies import may_work_on_duties
from holdfast.response.duties.queries.feeds import token_hash

SHORTEST = 22  # characters of a token: 128 bits in base 64


@transaction.atomic
def make_calendar_link(
    *, token: str, label: str, recall: Recall | None = None, by: Actor, now: datetime
) -> CalendarLink:
    """Keep the hash of a token; the token itself is shown once by whoever made it."""
    may_work_on_duties(by)
    label = " ".join(label.split())[:120]
    if not label:
        raise Unreadable(
            "label_needed",
            "A calendar link needs a name: whose calendar is it?",
            hint="For example: calendar of the legal department.",
        )
    if len(token) < SHORTEST:
        raise ValueError("a token has at least 128 bits")
    link = CalendarLink.objects.create(
        token_sha256=token_hash(token), recall=recall, label=label, made_by=by.key, made_at=now
    )
    fact = CalendarLinkMade(link=link.pk, label=label)
    record(fact, by=by, now=now, subject=recall.ref if recall else "")
    return link


@transaction.atomic
def revoke_calendar_link(*, link: CalendarLink, by: Actor, now: datetime) -> CalendarLink:
    """From now on the address answers as if it had never been."""
    may_work_on_duties(by)
    link = CalendarLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if link.revoked_at is None:
        link.revoked_at, link.revoked_by = now, by.key
        link.save(update_fields=["revoked_at", "revoked_by"])
        subject = link.recall.ref if link.recall else ""
        record(CalendarLinkRevoked(link=link.pk), by=by, now=now, subject=subject)
    return link
