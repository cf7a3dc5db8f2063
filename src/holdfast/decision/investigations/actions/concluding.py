"""How an investigation ends: no hazard, keep watching, or a recall; and that it may go on."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from holdfast.decision.investigations.events import InvestigationConcluded, InvestigationReopened
from holdfast.decision.investigations.lifecycle import ALARM, INVESTIGATION
from holdfast.decision.investigations.models import Alarm, Investigation
from holdfast.decision.investigations.policies import may_conclude
from holdfast.decision.investigations.rules import QUIET_DAYS
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor

MOVES = {"no_hazard": "find_no_hazard", "watching": "keep_watching", "recall_opened": "open_recall"}


def conclude_investigation(
    *, investigation: Investigation, outcome: str, reason: str, by: Actor, now: datetime
) -> Investigation:
    """End it without a recall: `no_hazard` or `watching`, with the reason."""
    return _end(investigation, outcome, reason, "", by, now)


def link_recall(
    *, investigation: Investigation, recall: str, by: Actor, now: datetime
) -> Investigation:
    """End it by the recall that was opened from it (its short id); called by who opens that."""
    return _end(investigation, "recall_opened", "", recall, by, now)


@transaction.atomic
def reopen_investigation(
    *, investigation: Investigation, reason: str, by: Actor, now: datetime
) -> Investigation:
    """It goes on, with a reason; its alarms are being investigated again."""
    may_conclude(by)
    found = Investigation.objects.select_for_update().get(pk=investigation.pk)
    reason = " ".join(reason.split())[:500]
    found.state = INVESTIGATION.after(found.state, "reopen", {"has_reason": bool(reason)})
    found.reason, found.ended_at, found.ended_by = "", None, ""
    found.save(update_fields=["state", "reason", "ended_at", "ended_by"])
    for alarm in Alarm.objects.select_for_update().filter(investigation=found, state="settled"):
        alarm.state, alarm.quiet_until = ALARM.after(alarm.state, "resume"), None
        alarm.save(update_fields=["state", "quiet_until"])
    record(InvestigationReopened(investigation=found.ref, reason=reason), by=by, now=now)
    return found


@transaction.atomic
def _end(
    investigation: Investigation, outcome: str, reason: str, recall: str, by: Actor, now: datetime
) -> Investigation:
    may_conclude(by)
    found = Investigation.objects.select_for_update().get(pk=investigation.pk)
    reason = " ".join(reason.split())[:500]
    found.state = INVESTIGATION.after(found.state, MOVES[outcome], {"has_reason": bool(reason)})
    found.reason, found.recall_ref, found.ended_at, found.ended_by = reason, recall, now, by.key
    found.save(update_fields=["state", "reason", "recall_ref", "ended_at", "ended_by"])
    waiting = Alarm.objects.select_for_update().filter(investigation=found, state="investigating")
    for alarm in waiting:
        alarm.state = ALARM.after(alarm.state, "settle")
        alarm.quiet_until = now.date() + timedelta(days=QUIET_DAYS)
        alarm.save(update_fields=["state", "quiet_until"])
    told = InvestigationConcluded(
        investigation=found.ref, outcome=outcome, recall=recall, reason=reason
    )
    record(told, by=by, now=now)
    return found
