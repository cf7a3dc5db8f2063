"""Asking the worker to bring an uploaded file in, and remembering which column means what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from holdfast.ground.jobs.actions import ask_job
from holdfast.ground.jobs.models import Job
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.supply.imports.events import ImportAsked, MappingSaved
from holdfast.supply.imports.models import SavedMapping
from holdfast.supply.imports.policies import require_bring_in
from holdfast.supply.imports.queries import header_digest
from holdfast.supply.imports.reading import Wishes

JOB_KIND = "import"


@transaction.atomic
def ask_import(
    *, upload: str, name: str, kind: str, wishes: Wishes, by: Actor, now: datetime
) -> Job:
    """Queue the import of an uploaded file."""
    require_bring_in(by)
    job = ask_job(
        kind=JOB_KIND,
        arguments={"upload": upload, "name": name, "kind": kind, "wishes": wishes.as_json()},
        subject=f"import:{upload}",
        words=name[:300],
        by=by,
        now=now,
    )
    record(ImportAsked(job=job.pk, kind=kind), by=by, now=now)
    return job


@transaction.atomic
def save_mapping(
    *, kind: str, columns: Sequence[str], wishes: Wishes, by: Actor, now: datetime
) -> SavedMapping:
    """Remember what a person said about files with this header; the same again records nothing."""
    require_bring_in(by)
    mapping = {**wishes.maps, **{name: {"value": value} for name, value in wishes.sets.items()}}
    settings = {
        name: value for name, value in wishes.as_json().items() if name not in ("maps", "sets")
    }
    digest = header_digest(kind, columns)
    known = SavedMapping.objects.filter(header_sha256=digest).first()
    if known and known.mapping == mapping and known.settings == settings:
        return known
    saved, _ = SavedMapping.objects.update_or_create(
        header_sha256=digest,
        defaults={"kind": kind, "mapping": mapping, "settings": settings, "saved_at": now},
    )
    record(MappingSaved(mapping=saved.pk, kind=kind), by=by, now=now)
    return saved
