"""Telling the journal which EPCIS documents came, also for an import killed before it could."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from holdfast.ground.journal.actions import record
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import Actor
from holdfast.supply.traceability.events import DocumentsImported

SOURCE = "epcis"


@transaction.atomic
def _tell_documents(change: Mapping[str, Any], *, by: Actor, now: datetime) -> None:
    """One entry for one import, unless it has one; generation 0 made no difference to the trace."""
    generation = int(change["generation"])
    wanted = f'"generation":{generation},'
    kind = DocumentsImported.__name__
    if generation and Entry.objects.filter(kind=kind, payload__contains=wanted).exists():
        return
    new, rejected, events = int(change["new"]), int(change["rejected"]), int(change["events"])
    fact = DocumentsImported(
        generation=generation,
        documents=int(change["files"]),
        refused=int(change["refused"]),
        events=events,
        imported=new,
        merged=events - new - rejected,
        rejected=rejected,
        tables={name: int(one["rows"]) for name, one in sorted(change["tables"].items())},
    )
    record(fact, by=by, now=now)
