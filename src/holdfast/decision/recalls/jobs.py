"""The worker's part of a large scope: work it out with progress on the way, then propose it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from holdfast.decision.recalls.actions import confirm_scope, gather_scope, propose_scope
from holdfast.decision.recalls.queries import recall_named
from holdfast.ground.access.queries import actor_named
from holdfast.ground.jobs.actions import report_progress
from holdfast.ground.jobs.models import Job
from holdfast.kit.actors import SYSTEM
from holdfast.kit.trace.criteria import Criteria

TELL_EVERY = 0.5


def work_out_scope(job: Job) -> dict[str, object]:
    """Propose what was asked for, as the person who asked; confirm it where they asked for that.

    Storing cannot be stopped half-way: it is one transaction, and the only short part.
    """
    given, by = job.arguments, actor_named(job.asked_by)
    criteria = Criteria.from_json(given["criteria"])
    total = int(given["lines"]) * (2 if criteria.by_lot else 1)  # lots: read first, then judged
    found = gather_scope(criteria=criteria, watch=_teller(job, total), by=by, now=datetime.now(UTC))
    _tell(job, total, total)
    version = propose_scope(
        recall=recall_named(job.subject),
        criteria=criteria,
        rationale=given["rationale"],
        found=found,
        by=by,
        now=datetime.now(UTC),
    )
    if given["settle"] and not version.is_narrowing:
        version = confirm_scope(version=version, by=by, now=datetime.now(UTC))
    return {"version": version.number, "digest": version.digest, "warnings": found.warnings}


def _teller(job: Job, total: int) -> Callable[[int], None]:
    told = 0.0

    def tell(lines: int) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told >= TELL_EVERY:
            told = now
            _tell(job, min(lines, total - 1), total)

    return tell


def _tell(job: Job, done: int, total: int) -> None:
    report_progress(
        job=job,
        done=max(done, 0),
        total=max(total, 1),
        words=job.words,
        by=SYSTEM,
        now=datetime.now(UTC),
    )
