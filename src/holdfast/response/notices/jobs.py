"""The worker's part of the print room: one file of notices, kept in the home for a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from holdfast.decision.recalls.queries import recall_named
from holdfast.ground.access.queries import actor_named
from holdfast.ground.jobs.actions import report_progress
from holdfast.ground.jobs.models import Job
from holdfast.kit.actors import SYSTEM
from holdfast.response.notices.actions import write_notice_file
from holdfast.response.notices.rules import ENDINGS

KEPT_FOR = timedelta(days=1)


def print_file(job: Job) -> dict[str, object]:
    """Write the file a job asks for; it holds names, so it is dropped after a day."""
    now = datetime.now(UTC)
    given = job.arguments
    drop_old_files(now)

    def tell(done: int, total: int) -> None:
        report_progress(job=job, done=done, total=total, by=SYSTEM, now=datetime.now(UTC))

    made = write_notice_file(
        recall=recall_named(job.subject),
        form=given["form"],
        key=settings.LINK_KEY,
        public_url=settings.PUBLIC_URL,
        paper=given["paper"],
        only_without_email=given["only_without_email"],
        law=given.get("law", ""),
        progress=tell,
        by=actor_named(job.asked_by),
        now=now,
    )
    path = file_of(job.pk, made.form)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.write_bytes(made.content)
    path.chmod(0o600)
    return {
        "form": made.form,
        "people": made.people,
        "sha256": made.sha256,
        "bytes": len(made.content),
        "remarks": list(made.remarks),
    }


def file_of(job: int, form: str) -> Path:
    """Where a job's file lies."""
    return Path(settings.HOME) / "prints" / f"{int(job)}.{ENDINGS[form]}"


def drop_old_files(now: datetime) -> None:
    """Files of yesterday; whoever needs one again writes it again."""
    folder = Path(settings.HOME) / "prints"
    for path in folder.glob("*.*") if folder.is_dir() else ():
        if datetime.fromtimestamp(path.stat().st_mtime, UTC) < now - KEPT_FOR:
            path.unlink(missing_ok=True)
