"""What an import leaves behind: its run, what it rejected, and its line in the journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import connection, transaction

from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Unreadable
from holdfast.supply.imports.events import FileImported, RejectedRowsSettled
from holdfast.supply.imports.models import ImportReject, ImportRun
from holdfast.supply.imports.policies import require_bring_in, require_settle
from holdfast.supply.imports.queries import known_rejects, unread_files

AT_ONCE = 200
MOST_NAMED = 200
LOCK = 0x52656A65
SETTLED = ("settled_at", "settled_by", "settled_how", "settled_why")
ASIDE, TYPED, READ = "aside", "typed", "read"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was not imported; the later fields are those of `ImportReject`."""

    line: int
    column: str
    reason: str
    raw: str
    file: str = ""
    mark: str = ""
    came_at: datetime | None = None
    is_urgent: bool = False
    waits: bool = False


@transaction.atomic
def keep_run(*, run: ImportRun, rejects: Sequence[Rejected], by: Actor, now: datetime) -> ImportRun:
    """Keep a run that is counted already, each row it rejected, and its line in the journal.

    What waited before and is rejected here again waits here alone; what somebody attended to
    before stays attended to.
    """
    require_bring_in(by)
    run.started_at, run.by = now, by.key
    run.rejected = len(rejects)
    run.save()
    rows = [ImportReject(run=run, **asdict(one)) for one in rejects]
    known = known_rejects(run, [one.mark for one in rejects if one.mark])
    for one in rows:
        before = known.get(one.mark)
        if before is not None and before.settled_at is not None:
            for name in SETTLED:
                setattr(one, name, getattr(before, name))
    repeated = [one for one in known.values() if one.settled_at is None]
    _settle(repeated, READ, f"Read again with import {run.pk}.", by=by, now=now)
    ImportReject.objects.bulk_create(rows, batch_size=AT_ONCE)
    record(
        FileImported(
            run=run.pk,
            kind=run.kind,
            source=run.source,
            format=run.format,
            file_sha256=run.file_sha256,
            rows=run.rows,
            imported=run.imported,
            merged=run.merged,
            rejected=run.rejected,
            unmatched_returns=run.unmatched_returns,
        ),
        by=by,
        now=now,
    )
    return run


@transaction.atomic
def keep_new_rejects(
    *, run: ImportRun, rejects: Sequence[Rejected], by: Actor, now: datetime
) -> list[Rejected]:
    """The rejects of a folder that is looked at again and again: those that were not known, kept.

    What is known already is merged. Where nothing is new there is no run and no entry.
    """
    require_bring_in(by)
    if connection.vendor == "postgresql":  # of two workers that look at once, one keeps it
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    known = known_rejects(run, [one.mark for one in rejects])
    unread = unread_files(run)
    new: dict[str, Rejected] = {}
    for one in rejects:
        if one.mark not in known and not (one.line == 0 and one.file in unread):
            new.setdefault(one.mark, one)
    if new:
        run.merged += len(rejects) - len(new)
        keep_run(run=run, rejects=list(new.values()), by=by, now=now)
    return list(new.values())


@transaction.atomic
def settle_rejects(
    *, rejects: Sequence[ImportReject], how: str, why: str, by: Actor, now: datetime
) -> int:
    """Somebody attended to what was rejected and waited; how many did. They stay on record.

    Raises:
        Unreadable: no reason is given, or it names somebody.
    """
    require_settle(by)
    why = " ".join(why.split())
    if not why:
        raise Unreadable("reason_needed", "This takes a reason; it is kept.", column="why")
    keys = [one.pk for one in rejects]
    rows = [
        one
        for at in range(0, len(keys), AT_ONCE)
        for one in ImportReject.objects.select_for_update()
        .filter(pk__in=keys[at : at + AT_ONCE], waits=True, settled_at=None)
        .order_by("pk")
    ]
    if not rows:
        return 0
    _settle(rows, how, why[:300], by=by, now=now)
    fact = RejectedRowsSettled(
        rows=len(rows),
        rejects=tuple(one.pk for one in rows[:MOST_NAMED]),
        how=how,
        reason=why[:300],
    )
    record(fact, by=by, now=now)
    return len(rows)


def _settle(rows: Sequence[ImportReject], how: str, why: str, *, by: Actor, now: datetime) -> None:
    for one in rows:
        one.settled_at, one.settled_by, one.settled_how, one.settled_why = now, by.key, how, why
    ImportReject.objects.bulk_update(rows, SETTLED, batch_size=AT_ONCE)
