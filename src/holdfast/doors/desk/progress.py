"""How far a job of the worker is, as its page says it; the page looks again without a script."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpResponse

from holdfast.ground.jobs.models import Job

AGAIN, SOON = 2, 1
"""Seconds until a page of a running job looks again; sooner while it may be a short one."""
YOUNG = timedelta(seconds=4)
PATIENCE = timedelta(seconds=15)
"""How long a job may wait before the page asks whether any worker runs at all."""
SURE = 0.02
"""Below this share nobody can say how long the rest takes."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A job at one moment; `left` is in seconds, None while nobody can say."""

    share: float
    spent: float
    left: int | None
    is_busy: bool
    is_storing: bool  # everything is read; what is left is one transaction
    again: int  # seconds until the page should look again
    is_unclaimed: bool  # no worker took it for a while, or the one that did went silent

    @property
    def percent(self) -> int:
        """Whole per cent, never more than done."""
        return int(self.share * 100)


def progress_of(job: Job, *, now: datetime) -> Progress:
    """Where a job stands."""
    spent = (now - job.started_at).total_seconds() if job.started_at else 0.0
    share = min(job.done / job.total, 1.0) if job.total else 0.0
    is_busy = job.state in ("waiting", "working")
    is_silent = job.claimed_until is not None and job.claimed_until < now
    return Progress(
        share=share,
        spent=spent,
        left=int(spent / share - spent) + 1 if SURE < share < 1 else None,
        is_busy=is_busy,
        is_storing=is_busy and share >= 1,
        again=SOON if now - job.asked_at < YOUNG else AGAIN,
        is_unclaimed=(job.state == "waiting" and now - job.asked_at > PATIENCE)
        or (job.state == "working" and is_silent),
    )


def looks_again(answer: HttpResponse, progress: Progress) -> HttpResponse:
    """Works without a script; who needs time to read can have the page stand still instead."""
    answer.headers["Refresh"] = str(progress.again)
    return answer
