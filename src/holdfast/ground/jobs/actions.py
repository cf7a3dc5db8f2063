"""Writes on jobs: ask for one, claim, report progress, cancel, finish, retry."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from holdfast.ground.jobs.models import Job
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden

LEASE = timedelta(minutes=2)


class Cancelled(Exception):
    """Raised inside a job when somebody asked to stop it; the job leaves nothing half-done."""


def ask_job(
    *,
    kind: str,
    arguments: dict[str, object],
    subject: str = "",
    words: str = "",
    by: Actor,
    now: datetime,
) -> Job:
    """Queue a job. The caller's action has checked that the actor may."""
    return Job.objects.create(
        kind=kind, arguments=arguments, subject=subject, words=words, asked_by=by.key, asked_at=now
    )


def claim_job(*, worker: str, by: Actor, now: datetime) -> Job | None:
    """Take the oldest waiting job, or one whose worker died."""
    due = Q(state="waiting") | Q(state="working", claimed_until__lt=now)
    for job in Job.objects.filter(due).order_by("id")[:20]:
        taken = Job.objects.filter(due, pk=job.pk, attempts=job.attempts).update(
            state="working",
            worker=worker,
            attempts=job.attempts + 1,
            claimed_until=now + LEASE,
            started_at=now,
        )
        if taken:
            job.refresh_from_db()
            return job
    return None


def report_progress(
    *, job: Job, done: int, total: int, words: str = "", by: Actor, now: datetime
) -> None:
    """Store progress, prolong the claim, and raise `Cancelled` if somebody asked to stop.

    Also if somebody else took the job over meanwhile: two would do the same work, and only the
    one that holds the claim may end it.
    """
    ours = Job.objects.filter(pk=job.pk, attempts=job.attempts).update(
        done=done, total=total, words=words[:300], claimed_until=now + LEASE
    )
    if not ours:
        raise Cancelled("Another worker took this over.")
    if Job.objects.filter(pk=job.pk, is_cancel_asked=True).exists():
        # The words matter: the worker ends a job without an error as done.
        raise Cancelled("Stopped, because somebody asked for it.")


def cancel_job(*, job: Job, by: Actor, now: datetime) -> Job:
    """Stop a job: at once while it waits, at its next report while it works."""
    if job.state not in {"waiting", "working"}:
        raise Forbidden("job_ended", f"This job is {job.state}; there is nothing to stop.")
    Job.objects.filter(pk=job.pk).update(is_cancel_asked=True)
    Job.objects.filter(pk=job.pk, state="waiting").update(state="cancelled", ended_at=now)
    job.refresh_from_db()
    return job


def finish_job(
    *, job: Job, result: dict[str, object], error: str, by: Actor, now: datetime
) -> None:
    """End a job; a worker that lost its claim ends nothing."""
    state = "failed" if error else "done"
    if error and Job.objects.filter(pk=job.pk, is_cancel_asked=True).exists():
        state = "cancelled"
    Job.objects.filter(pk=job.pk, attempts=job.attempts, state="working").update(
        state=state, result=result, error=error, ended_at=now, claimed_until=None
    )


def retry_job(*, job: Job, by: Actor, now: datetime) -> Job:
    """Let a failed or cancelled job run again."""
    if job.state not in {"failed", "cancelled"}:
        raise Forbidden("job_not_ended", f"This job is {job.state}; only ended jobs run again.")
    Job.objects.filter(pk=job.pk).update(
        state="waiting", is_cancel_asked=False, error="", asked_at=now, ended_at=None
    )
    job.refresh_from_db()
    return job
