"""Having a scope worked out by the worker, where the shop is too large to wait for it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from holdfast.decision.recalls.events import ScopeAsked, ScopeStopped
from holdfast.decision.recalls.lifecycle import RECALL
from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.policies import may_propose_scope
from holdfast.decision.recalls.queries.estimating import lines_to_judge
from holdfast.decision.recalls.queries.waiting import scope_under_way
from holdfast.decision.recalls.rules import SCOPE_JOB
from holdfast.ground.jobs.actions import ask_job, cancel_job
from holdfast.ground.jobs.models import Job
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden, Unreadable
from holdfast.kit.trace.criteria import Criteria


@transaction.atomic
def ask_scope(
    *,
    recall: Recall,
    criteria: Criteria,
    rationale: str = "",
    settle: bool = False,
    by: Actor,
    now: datetime,
) -> Job:
    """Have the worker propose a scope; `settle` also confirms it, where it leaves nobody out.

    The same question asked twice is one job; another question has to wait for the first, since
    whichever ended last would silently take the place of the other.
    """
    may_propose_scope(by)
    recall = Recall.objects.select_for_update().get(pk=recall.pk)
    RECALL.after(recall.state, "propose_scope")
    if not criteria:
        raise Unreadable(
            "no_criteria",
            "A scope needs something to look for.",
            hint="Name a product, a lot, a supplier, ship dates or a market.",
        )
    arguments: dict[str, object] = {
        "criteria": criteria.as_json(),
        "rationale": rationale.strip(),
        "settle": settle,
        "lines": lines_to_judge(criteria),
    }
    running = scope_under_way(recall)
    if running is not None:
        if running.arguments["criteria"] == arguments["criteria"] and not running.is_cancel_asked:
            return running
        raise Forbidden(
            "scope_under_way",
            f"Another scope of {recall.ref} is being worked out at this moment.",
            hint="Wait until it is there, or stop it; then ask again.",
            extra={"job": running.pk},
        )
    words = f"Scope of {recall.ref}"
    job = ask_job(
        kind=SCOPE_JOB, arguments=arguments, subject=recall.ref, words=words, by=by, now=now
    )
    fact = ScopeAsked(job=job.pk, criteria=criteria.as_json(), rationale=rationale.strip())
    record(fact, by=by, now=now, subject=recall.ref)
    return job


@transaction.atomic
def stop_scope(*, recall: Recall, job: Job, by: Actor, now: datetime) -> Job:
    """Stop a scope that is being worked out; nothing of it is kept."""
    may_propose_scope(by)
    found = cancel_job(job=job, by=by, now=now)
    record(ScopeStopped(job=job.pk), by=by, now=now, subject=recall.ref)
    return found
