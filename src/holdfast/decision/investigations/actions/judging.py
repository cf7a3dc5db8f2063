"""What a person says of an alarm, and how many false ones the team is ready to read."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from holdfast.decision.investigations.events import (
    AlarmBudgetSet,
    AlarmDismissalWithdrawn,
    AlarmDismissed,
)
from holdfast.decision.investigations.lifecycle import ALARM
from holdfast.decision.investigations.models import Alarm, AlarmSetting
from holdfast.decision.investigations.policies import may_judge, may_set_budget
from holdfast.decision.investigations.queries.scores import threshold_in_force
from holdfast.decision.investigations.rules import QUIET_DAYS
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Unreadable


@transaction.atomic
def dismiss_alarm(*, alarm: Alarm, reason: str, by: Actor, now: datetime) -> Alarm:
    """No hazard, for a reason that is kept; quiet for a year unless it grows."""
    may_judge(by)
    alarm = Alarm.objects.select_for_update().get(pk=alarm.pk)
    reason = " ".join(reason.split())[:500]
    alarm.state = ALARM.after(alarm.state, "dismiss", {"has_reason": bool(reason)})
    alarm.judged_at, alarm.judged_by, alarm.reason = now, by.key, reason
    alarm.quiet_until = now.date() + timedelta(days=QUIET_DAYS)
    alarm.save(update_fields=["state", "judged_at", "judged_by", "reason", "quiet_until"])
    told = AlarmDismissed(alarm=alarm.ref, reason=reason, quiet_until=alarm.quiet_until.isoformat())
    record(told, by=by, now=now)
    return alarm


@transaction.atomic
def take_back_dismissal(*, alarm: Alarm, reason: str, by: Actor, now: datetime) -> Alarm:
    """It was dismissed by mistake: it waits again."""
    may_judge(by)
    alarm = Alarm.objects.select_for_update().get(pk=alarm.pk)
    reason = " ".join(reason.split())[:500]
    alarm.state = ALARM.after(alarm.state, "take_back", {"has_reason": bool(reason)})
    alarm.judged_at, alarm.judged_by, alarm.reason, alarm.quiet_until = None, "", "", None
    alarm.save(update_fields=["state", "judged_at", "judged_by", "reason", "quiet_until"])
    record(AlarmDismissalWithdrawn(alarm=alarm.ref, reason=reason), by=by, now=now)
    return alarm


@transaction.atomic
def set_alarm_budget(*, false_a_week: float | None, by: Actor, now: datetime) -> AlarmSetting:
    """How many false alarms a week will be read; none: the published threshold."""
    may_set_budget(by)
    if false_a_week is not None and not 0 < false_a_week <= 1000:
        raise Unreadable(
            "bad_budget",
            f"{false_a_week:g} is no number of false alarms a week.",
            hint="Say more than 0 and at most 1000; or nothing, for the published threshold.",
        )
    setting, _ = AlarmSetting.objects.select_for_update().get_or_create(pk=1)
    setting.false_a_week, setting.set_by, setting.set_at = false_a_week, by.key, now
    setting.save(update_fields=["false_a_week", "set_by", "set_at"])
    told = AlarmBudgetSet(
        false_a_week=f"{false_a_week:g}" if false_a_week is not None else "not said",
        threshold=f"{threshold_in_force():g}",
    )
    record(told, by=by, now=now)
    return setting
