"""The worker's part of an import: one upload, one action, progress on the way."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from holdfast.ground.access.queries import actor_named
from holdfast.ground.jobs.actions import report_progress
from holdfast.ground.jobs.models import Job
from holdfast.kit.actors import SYSTEM
from holdfast.supply.imports.actions import bring_in
from holdfast.supply.imports.reading import Wishes
from holdfast.supply.imports.uploads import drop_upload, upload_path

TELL_EVERY = 0.5
SHARES = 1_000  # progress is told in thousandths of the file; the rows stand in its words


def bring_in_upload(job: Job) -> dict[str, object]:
    """Import the uploaded file of a job; the file is dropped once its rows are stored."""
    given = job.arguments
    outcome = bring_in(
        path=str(upload_path(given["upload"])),
        kind=given["kind"],
        wishes=Wishes(**given["wishes"]),
        name=given["name"],
        by=actor_named(job.asked_by),
        now=datetime.now(UTC),
        watch=_teller(job),
    )
    drop_upload(given["upload"])
    return {**outcome.as_json(), "run": outcome.run}


def _teller(job: Job) -> Callable[[float, int], None]:
    told = 0.0

    def tell(share: float, rows: int) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told < TELL_EVERY and rows >= 0:
            return
        told = now
        report_progress(
            job=job,
            done=int(share * SHARES),
            total=SHARES,
            words=str(rows),
            by=SYSTEM,
            now=datetime.now(UTC),
        )

    return tell
