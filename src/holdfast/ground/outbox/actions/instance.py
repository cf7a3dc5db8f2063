"""Which home folder may send from this database."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction

from holdfast.ground.journal.actions import record
from holdfast.ground.outbox.events import InstanceConfirmed
from holdfast.ground.outbox.models import InstanceMark
from holdfast.ground.outbox.place import read_marker, write_marker
from holdfast.kit.actors import Actor


def found_mark(*, home: Path, mark: str, by: Actor, now: datetime) -> None:
    """Give a new instance its mark; a database or a home that has one already keeps it."""
    with transaction.atomic():
        if InstanceMark.objects.exists() or read_marker(home) is not None:
            return
        InstanceMark.objects.create(mark=mark, confirmed_at=now, confirmed_by=by.key)
        write_marker(home, mark)


def confirm_instance(*, home: Path, mark: str, reason: str, by: Actor, now: datetime) -> None:
    """A person says that this home, and no other copy of it, sends from now on."""
    with transaction.atomic():
        InstanceMark.objects.create(mark=mark, confirmed_at=now, confirmed_by=by.key)
        record(InstanceConfirmed(mark=mark[:12], reason=reason[:300]), by=by, now=now)
        write_marker(home, mark)
