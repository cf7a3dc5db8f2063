"""The worker: claims reactions and jobs by conditional update, and does them."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import close_old_connections, connection
from django.utils.module_loading import import_string

from holdfast.config.reacting import run_reactions
from holdfast.config.storage import checkpoint
from holdfast.decision.announcements.jobs import look_at_feeds, look_at_photographs
from holdfast.decision.intake.postbox import watch as watch_complaints
from holdfast.decision.investigations.jobs import score_when_due
from holdfast.ground.jobs.actions import Cancelled, claim_job, finish_job
from holdfast.ground.jobs.models import Job
from holdfast.ground.outbox.staffpost import send_staff_mail
from holdfast.insight.measures.actions import refresh_stale
from holdfast.kit.actors import SYSTEM
from holdfast.kit.refusals import Refusal
from holdfast.response.answers.jobs import look_at_street
from holdfast.response.duties.jobs import look_at_deadlines
from holdfast.response.filings.actions import open_progress_reports
from holdfast.response.outreach.jobs import id_host, letterhead, send_due_waves
from holdfast.response.outreach.postbox import watch
from holdfast.response.remedies.actions import escalate_late_claims

log = logging.getLogger("holdfast.worker")
PAUSE = 1.0
ROUND_EVERY = 60.0
HEAR_EVERY = 20.0


def worker_name() -> str:
    """Host, process and thread: who holds a claim."""
    return f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"


def run_jobs(*, most: int = 100) -> int:
    """Claim and do waiting jobs, oldest first."""
    done = 0
    while done < most:
        job = claim_job(worker=worker_name(), now=datetime.now(UTC), by=SYSTEM)
        if job is None:
            break
        kinds = import_string(settings.JOB_KINDS)
        try:
            result = import_string(kinds[job.kind])(job)
        except (Cancelled, Refusal) as no:  # somebody stopped it, or it may not be: no fault
            log.info("job %s %s: %s", job.pk, job.kind, no)
            hint = no.hint if isinstance(no, Refusal) else ""
            _ended(job, error=f"{no} {hint}".strip())
        except Exception as error:  # kept on the row and shown
            log.exception("job %s %s", job.pk, job.kind)
            _ended(job, error=str(error) or repr(error))
        else:
            _ended(job, result=result)
        done += 1
    return done


def _ended(job: Job, *, result: dict[str, object] | None = None, error: str = "") -> None:
    finish_job(job=job, result=result or {}, error=error[:2000], by=SYSTEM, now=datetime.now(UTC))


def work(stop: threading.Event) -> None:
    """Work until told to stop; an error of the database is waited out, not died of."""
    last_round = time.monotonic()
    while not stop.is_set():
        try:
            close_old_connections()
            busy = run_reactions(now=datetime.now(UTC)) + run_jobs()
        except Exception:
            log.exception("worker")
            busy = 0
        if time.monotonic() - last_round > ROUND_EVERY:
            make_round()
            last_round = time.monotonic()
        if not busy:
            stop.wait(PAUSE)
    connection.close()


def make_round() -> None:
    """What has its time and not its event; what fails is told and holds up none of the others."""
    for step in (
        checkpoint,
        look_at_figures,
        look_at_claims,
        look_at_clocks,
        post_to_staff,
        look_at_progress,
        look_for_bounces,
        look_for_complaints,
        look_at_scores,
    ):
        try:
            close_old_connections()
            step()
        except Exception:
            log.exception("worker: %s", step.__name__)


def look_at_figures() -> None:
    """Work out the figures that are out of date."""
    refresh_stale(by=SYSTEM, now=datetime.now(UTC))


def look_at_claims() -> None:
    """Raise the claims that waited too long."""
    escalate_late_claims(by=SYSTEM, now=datetime.now(UTC))


def look_at_clocks() -> None:
    """Tell the steps of legal clocks whose time has come."""
    look_at_deadlines(by=SYSTEM)


def look_at_progress() -> None:
    """Open the progress reports that are due."""
    open_progress_reports(by=SYSTEM, now=datetime.now(UTC))


def look_at_scores() -> None:
    """Score the whole catalogue once a day."""
    score_when_due(by=SYSTEM)


def post_to_staff() -> None:
    """Mail our own people what they have to act on; where there is no way, that is noted."""
    send_staff_mail(
        home=settings.HOME,
        letterhead=letterhead(),
        host=id_host(),
        by=SYSTEM,
        now=datetime.now(UTC),
    )


def look_for_bounces() -> None:
    """Take in reports of mail servers from the folder this instance was told to watch."""
    if settings.BOUNCES and not settings.DRILL:
        watch(Path(settings.BOUNCES), home=settings.HOME, by=SYSTEM, now=datetime.now(UTC))


def look_for_complaints() -> None:
    """Take in mails of customers from the folder this instance was told to watch."""
    if settings.COMPLAINT_MAILS and not settings.DRILL:
        watch_complaints(
            Path(settings.COMPLAINT_MAILS), home=settings.HOME, by=SYSTEM, now=datetime.now(UTC)
        )


def ask_authorities() -> None:
    """Fetch the feeds that are on and due; in a drill there is no way out."""
    if settings.FEED_TRANSPORT and not settings.DRILL:
        look_at_feeds(transport=import_string(settings.FEED_TRANSPORT), by=SYSTEM)


def look_at_pictures() -> None:
    """Read photographs; those that a feed names are fetched first, but in a drill."""
    way = settings.FEED_TRANSPORT if not settings.DRILL else ""
    look_at_photographs(transport=import_string(way) if way else None, by=SYSTEM)


def listen_to_the_street() -> None:
    """Read the feeds of press and shop that somebody switched on; in a drill none."""
    if settings.FEED_TRANSPORT and not settings.DRILL:
        look_at_street(transport=import_string(settings.FEED_TRANSPORT), by=SYSTEM)


def hear(stop: threading.Event) -> None:
    """Ask authorities, press and shops; apart from `work`, so that a slow one holds up nothing."""
    while not stop.is_set():
        for step in (ask_authorities, look_at_pictures, listen_to_the_street):
            try:
                close_old_connections()
                step()
            except Exception:
                log.exception("feeds: %s", step.__name__)
        stop.wait(HEAR_EVERY)
    connection.close()


def send(stop: threading.Event) -> None:
    """Join every wave that is being sent; apart from `work`, since a wave takes its time."""
    while not stop.is_set():
        try:
            close_old_connections()
            send_due_waves(stop=stop, by=SYSTEM)
        except Exception:
            log.exception("sender")
        stop.wait(PAUSE)
    connection.close()


def start_thread() -> threading.Event:
    """A worker, a sender and a listener beside the pages, in the same process."""
    stop = threading.Event()
    threading.Thread(target=work, args=(stop,), name="holdfast-worker", daemon=True).start()
    threading.Thread(target=send, args=(stop,), name="holdfast-sender", daemon=True).start()
    threading.Thread(target=hear, args=(stop,), name="holdfast-feeds", daemon=True).start()
    return stop


def main(ready: Callable[[], None]) -> None:
    """A worker as a process of its own; SIGTERM and SIGINT end it after the work in hand.

    From `ready` on they do: before, they end it as they end any program.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    ready()
    sender = threading.Thread(target=send, args=(stop,), name="holdfast-sender", daemon=True)
    sender.start()
    threading.Thread(target=hear, args=(stop,), name="holdfast-feeds", daemon=True).start()
    work(stop)
    sender.join(30)  # what is in the air is heard out and settled
