"""The moves of a whole recall: telling begins, it is closed, reopened or withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from holdfast.decision.recalls.events import (
    RecallClosed,
    RecallReopened,
    RecallWithdrawn,
    TellingBegan,
)
from holdfast.decision.recalls.lifecycle import RECALL
from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.policies import may_move
from holdfast.decision.recalls.queries.recalls import confirmed_scope
from holdfast.ground.access.permissions import require
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor


@transaction.atomic
def begin_telling(*, recall: Recall, by: Actor, now: datetime) -> Recall:
    """Called when a wave is launched; later waves change nothing here."""
    require(by, "outreach.send")
    recall = Recall.objects.select_for_update().get(pk=recall.pk)
    scope = confirmed_scope(recall)
    has_people = scope is not None and scope.lines.exists()
    state = RECALL.after(recall.state, "begin_telling", {"has_people": has_people})
    if recall.state == state:
        return recall
    recall.state, recall.told_at = state, now
    recall.save(update_fields=["state", "told_at"])
    fact = TellingBegan(scope=scope.number if scope else 0)
    record(fact, by=by, now=now, subject=recall.ref)
    return recall


@transaction.atomic
def close_recall(
    *,
    recall: Recall,
    facts: Mapping[str, bool],
    left_open: Mapping[str, object],
    reason: str = "",
    by: Actor,
    now: datetime,
) -> Recall:
    """Close our own file. `facts` are the guards as the rooms above report them.

    Units that nobody could account for may stay open with a reason; everything else may not.
    """
    may_move(by)
    recall = Recall.objects.select_for_update().get(pk=recall.pk)
    if recall.state == "closed":
        return recall
    settled = not (
        recall.scopes.filter(state="proposed").exists()
        or recall.decisions.filter(state="proposed").exists()
    )
    guards = {
        **facts,
        "nothing_proposed": settled,
        "units_known": facts.get("units_known", False) or bool(reason.strip()),
    }
    recall.state = RECALL.after(recall.state, "close", guards)
    recall.closed_at = now
    recall.save(update_fields=["state", "closed_at"])
    fact = RecallClosed(reason=reason.strip(), left_open=dict(left_open))
    record(fact, by=by, now=now, subject=recall.ref)
    return recall


@transaction.atomic
def reopen_recall(*, recall: Recall, reason: str, by: Actor, now: datetime) -> Recall:
    """Make a closed recall live again, with the reason."""
    may_move(by)
    recall = Recall.objects.select_for_update().get(pk=recall.pk)
    recall.state = RECALL.after(recall.state, "reopen", {"has_reason": bool(reason.strip())})
    recall.closed_at = None
    recall.save(update_fields=["state", "closed_at"])
    record(RecallReopened(reason=reason.strip()), by=by, now=now, subject=recall.ref)
    return recall


@transaction.atomic
def withdraw_recall(*, recall: Recall, reason: str, by: Actor, now: datetime) -> Recall:
    """End a recall before anybody was told, with the reason; afterwards it can only be closed."""
    may_move(by)
    recall = Recall.objects.select_for_update().get(pk=recall.pk)
    recall.state = RECALL.after(recall.state, "withdraw", {"has_reason": bool(reason.strip())})
    recall.closed_at = now
    recall.save(update_fields=["state", "closed_at"])
    record(RecallWithdrawn(reason=reason.strip()), by=by, now=now, subject=recall.ref)
    return recall
