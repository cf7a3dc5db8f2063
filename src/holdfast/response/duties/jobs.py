"""The worker's look at the deadlines; thin, since all of it is one action."""

from __future__ import annotations

from datetime import UTC, datetime

from holdfast.kit.actors import Actor
from holdfast.response.duties.actions import escalate_duties


def look_at_deadlines(*, by: Actor) -> int:
    """Tell what comes near or is over; gives how many."""
    return len(escalate_duties(by=by, now=datetime.now(UTC)))
