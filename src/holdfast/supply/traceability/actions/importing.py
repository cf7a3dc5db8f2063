"""Bringing in trace events as bulk tables, and telling the journal what came."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from holdfast.ground.journal.actions import record
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import Actor
from holdfast.kit.trace.bulk import Outcome, Wishes, import_folder
from holdfast.kit.trace.bulk.staging import Watch
from holdfast.supply.traceability.actions.telling import SOURCE as EPCIS
from holdfast.supply.traceability.actions.telling import _tell_documents
from holdfast.supply.traceability.events import EventsImported
from holdfast.supply.traceability.policies import may_import_events
from holdfast.supply.traceability.queries import trace_log


def import_events(
    *,
    folder: Path,
    wishes: Wishes,
    by: Actor,
    now: datetime,
    rejects_to: Path | None = None,
    is_rehearsal: bool = False,
    watch: Watch = lambda share, rows: None,
) -> Outcome:
    """Import the bulk tables of a folder: all sound rows, or nothing where a file is unreadable.

    The log is on disk, not in the database: it keeps what the journal has not been told of yet on
    a list of its own, so an import killed between the two is told by the next.
    """
    may_import_events(by)
    log = trace_log()
    with log.writing():
        outcome = import_folder(
            log=log,
            folder=folder,
            wishes=wishes,
            received_at=now,
            rejects_to=rejects_to,
            is_rehearsal=is_rehearsal,
            watch=watch,
        )
        if not is_rehearsal:
            log.tell(lambda change: _record(change, by=by, now=now))
    return outcome


@transaction.atomic
def _record(change: Mapping[str, Any], *, by: Actor, now: datetime) -> None:
    """One entry for one change of the log, unless it has one."""
    if change["source"] == EPCIS:
        _tell_documents(change, by=by, now=now)
        return
    tables = change["tables"]
    generation = int(change["generation"])
    wanted = f'"generation":{generation},'
    if Entry.objects.filter(kind=EventsImported.__name__, payload__contains=wanted).exists():
        return
    imported = {name: int(counts["imported"]) for name, counts in sorted(tables.items())}
    rows, rejected = int(change["rows"]), int(change["rejected"])
    fact = EventsImported(
        generation=generation,
        source=str(change["source"]),
        files=int(change["files"]),
        rows=rows,
        imported=sum(imported.values()),
        merged=rows - rejected - sum(imported.values()),
        rejected=rejected,
        corrected=sum(int(counts["corrected"]) for counts in tables.values()),
        tables=imported,
    )
    record(fact, by=by, now=now)
