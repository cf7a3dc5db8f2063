"""Claiming and settling what follows from an entry; kept apart from recording."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from holdfast.ground.journal.models import Reaction

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 8


def claim_reaction(*, now: datetime) -> Reaction | None:
    """Take one reaction that is due or whose worker died; two workers never get the same."""
    due = Q(state="waiting", not_before__lte=now) | Q(state="claimed", claimed_until__lt=now)
    for candidate in Reaction.objects.filter(due).order_by("entry_index", "pk")[:20]:
        taken = Reaction.objects.filter(due, pk=candidate.pk, attempts=candidate.attempts).update(
            state="claimed", attempts=candidate.attempts + 1, claimed_until=now + LEASE
        )
        if taken:
            candidate.refresh_from_db()
            return candidate
    return None


def settle_reaction(reaction: Reaction, *, error: str, now: datetime) -> None:
    """Done, or back to waiting with a growing pause; after many attempts it stays failed."""
    state = "done"
    if error:
        state = "failed" if reaction.attempts >= MOST_ATTEMPTS else "waiting"
    Reaction.objects.filter(pk=reaction.pk, attempts=reaction.attempts).update(
        state=state,
        error=error,
        claimed_until=None,
        not_before=now + timedelta(seconds=2**reaction.attempts if error else 0),
    )
