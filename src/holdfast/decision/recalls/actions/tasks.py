"""Lines people add to the checklist, beside the ones the recall works out itself."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from holdfast.decision.recalls.events import TaskAdded, TaskFinished
from holdfast.decision.recalls.lifecycle import LIVE
from holdfast.decision.recalls.models import Recall, Task
from holdfast.decision.recalls.policies import may_work_on_tasks
from holdfast.decision.recalls.rules import PHASES, ROLES
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden, Unreadable


@transaction.atomic
def add_task(
    *,
    recall: Recall,
    phase: str,
    words: str,
    role: str = "",
    due_at: datetime | None = None,
    by: Actor,
    now: datetime,
) -> Task:
    """Add a line to one phase of the checklist."""
    may_work_on_tasks(by)
    words = " ".join(words.split())
    if recall.state not in LIVE:
        raise Forbidden("lifecycle", f"A recall that is {recall.state} takes no new tasks.")
    if phase not in PHASES or not words or (role and role not in ROLES):
        raise Unreadable(
            "bad_task",
            "A task has words, a phase and perhaps a role.",
            hint=f"Phases: {', '.join(PHASES)}. Roles: {', '.join(ROLES)}.",
        )
    task = Task.objects.create(
        recall=recall, phase=phase, words=words[:300], role=role, due_at=due_at
    )
    record(TaskAdded(phase=phase, task=task.words), by=by, now=now, subject=recall.ref)
    return task


@transaction.atomic
def finish_task(*, task: Task, by: Actor, now: datetime) -> Task:
    """Tick a line; ticking it again changes nothing."""
    may_work_on_tasks(by)
    task = Task.objects.select_for_update().get(pk=task.pk)
    if task.done_at:
        return task
    task.done_at, task.done_by = now, by.key
    task.save(update_fields=["done_at", "done_by"])
    record(TaskFinished(task=task.words), by=by, now=now, subject=task.recall.ref)
    return task
