"""Scopes the worker was asked for and that are not there yet."""

from __future__ import annotations

from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.rules import SCOPE_JOB
from holdfast.ground.jobs.models import Job
from holdfast.kit.refusals import NotFound


def scope_under_way(recall: Recall) -> Job | None:
    """The job that works out a scope of this recall, waiting or at work; there is one at most."""
    jobs = Job.objects.filter(kind=SCOPE_JOB, subject=recall.ref, state__in=("waiting", "working"))
    return jobs.order_by("pk").first()


def scope_job(recall: Recall, number: int) -> Job:
    """A scope job of this recall, whatever became of it."""
    found = Job.objects.filter(kind=SCOPE_JOB, subject=recall.ref, pk=number).first()
    if found is None:
        raise NotFound("no_job", f"{recall.ref} has no such job.")
    return found
