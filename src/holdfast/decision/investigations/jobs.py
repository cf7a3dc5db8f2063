"""The worker's part: the whole catalogue is scored again once a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from holdfast.decision.intake.models import Complaint
from holdfast.decision.investigations.actions import score_catalogue
from holdfast.decision.investigations.models import AlarmSetting
from holdfast.kit.actors import Actor

EVERY = timedelta(hours=24)


def score_when_due(*, by: Actor) -> int:
    """Score everything if a day has passed since; the number of new alarms."""
    now = datetime.now(UTC)
    last = AlarmSetting.objects.filter(pk=1).values_list("scored_at", flat=True).first()
    if (last and now - last < EVERY) or not Complaint.objects.exists():
        return 0
    return len(score_catalogue(by=by, now=now).alarms)
