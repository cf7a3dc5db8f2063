"""Taking in what mail servers report later about messages they took."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from holdfast.ground.outbox.actions import note_bounces
from holdfast.kit.actors import Actor
from holdfast.kit.bounces.report import Report
from holdfast.response.outreach.policies import require_sending


def take_in_bounces(*, reports: Sequence[Report], by: Actor, now: datetime) -> list[str]:
    """What each report did, in order; what it does not change, it says why."""
    require_sending(by)
    return note_bounces(reports=reports, by=by, now=now)
