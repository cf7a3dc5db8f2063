"""Bringing a file in: rows staged, stored in one transaction, counted, and told to the journal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from holdfast.ground.access.queries import organisation
from holdfast.kit.actors import Actor
from holdfast.supply.imports.actions.asking import save_mapping
from holdfast.supply.imports.actions.keeping import Rejected, keep_run
from holdfast.supply.imports.actions.orders import OrderTables
from holdfast.supply.imports.actions.staging import Staging
from holdfast.supply.imports.actions.things import ThingTables
from holdfast.supply.imports.keepers import keepers
from holdfast.supply.imports.lines import Found, order_lines
from holdfast.supply.imports.models import ImportRun
from holdfast.supply.imports.policies import require_bring_in
from holdfast.supply.imports.queries import remembered_wishes
from holdfast.supply.imports.reading import Reading, Wishes, open_reading
from holdfast.supply.imports.things import thing_rows

# Called with the share of the file read (0 to 1) and the rows so far; may raise to stop it all.
Watch = Callable[[float, int], None]
WATCH_EVERY = 5_000
RAW_LETTERS = 2_000
LOCK = 0x496D7074  # one import at a time on PostgreSQL; SQLite has one writer anyway


@dataclass
class Outcome:
    """What an import did; `run` is 0 for a rehearsal, which stores nothing."""

    reading: dict[str, object]
    rows: int = 0
    imported: int = 0
    merged: int = 0
    unmatched_returns: int = 0
    seconds: float = 0.0
    run: int = 0
    rejects: list[Rejected] = field(default_factory=list)

    @property
    def rejected(self) -> int:
        return len(self.rejects)

    def as_json(self) -> dict[str, object]:
        """The object `import … --json` prints."""
        return {
            "rows": self.rows,
            "imported": self.imported,
            "merged": self.merged,
            "rejected": self.rejected,
            "seconds": round(self.seconds, 3),
            "unmatched_returns": self.unmatched_returns,
            **self.reading,
        }


class _Rehearsed(Exception):
    """Ends a rehearsal: everything was tried, nothing is kept."""


def _no_watch(share: float, rows: int) -> None:
    return None


def bring_in(
    *,
    path: str,
    kind: str,
    wishes: Wishes,
    by: Actor,
    now: datetime,
    name: str = "",
    is_rehearsal: bool = False,
    watch: Watch = _no_watch,
) -> Outcome:
    """Import a file: all of its sound rows, or nothing. Raises `Unreadable` for a bad file.

    `watch` hears how far it is and may raise to stop. A rehearsal does everything and keeps
    nothing. Rows are staged outside the transaction, so that others wait for the storing only.
    """
    require_bring_in(by)
    started = time.perf_counter()
    reading = open_reading(
        path, kind, wishes, zone=organisation().zone, name=name, remembered=remembered_wishes
    )
    outcome = Outcome(reading=reading.described())
    with Staging() as staging:
        store = _stage(staging, reading, outcome, watch, by=by, now=now)
        try:
            with transaction.atomic():
                if staging.is_postgresql:
                    staging.ask_once("SELECT pg_advisory_xact_lock(%s)", [LOCK])
                staged, outcome.imported, outcome.unmatched_returns = store()
                outcome.merged = staged - outcome.imported
                outcome.rows = staged + outcome.rejected
                if is_rehearsal:
                    raise _Rehearsed
                outcome.seconds = time.perf_counter() - started
                _keep(reading, outcome, by=by, now=now)
                if wishes.maps or wishes.sets:
                    save_mapping(
                        kind=kind, columns=reading.table.columns, wishes=wishes, by=by, now=now
                    )
        except _Rehearsed:
            pass
    outcome.seconds = time.perf_counter() - started
    return outcome


def _stage(
    staging: Staging,
    reading: Reading,
    outcome: Outcome,
    watch: Watch,
    *,
    by: Actor,
    now: datetime,
) -> Callable[[], tuple[int, int, int]]:
    """Read the whole file; returns what stores it as `(staged, imported, unmatched)`."""

    def reject(line: int, column: str, reason: str, row: list[str]) -> None:
        raw = reading.table.record([cell.replace("\0", "\u2400") for cell in row])
        outcome.rejects.append(Rejected(line, column[:200], reason[:300], raw[:RAW_LETTERS]))

    if reading.kind == "orders":
        found = Found()
        tables = OrderTables(staging, reading.source)
        lines = _watched(order_lines(reading, found, reject), reading, outcome, watch)
        count = tables.stage(lines)
        return lambda: (count, *tables.store(found))
    keeper = keepers().get(reading.kind)
    if keeper is not None:
        rows = keeper.rows(reading, reject, now=now)
        kept = list(_watched(rows, reading, outcome, watch))
        return lambda: (len(kept), keeper.store(kept, by=by, now=now), 0)
    things = list(_watched(thing_rows(reading, reject), reading, outcome, watch))

    def store() -> tuple[int, int, int]:
        return (*ThingTables(staging).store(reading.kind, things), 0)

    return store


def _watched(
    rows: Iterable[tuple[object, ...]], reading: Reading, outcome: Outcome, watch: Watch
) -> Iterator[tuple[object, ...]]:
    for count, row in enumerate(rows):
        if count % WATCH_EVERY == 0:
            watch(reading.table.read_share, count + outcome.rejected)
        yield row
    watch(1.0, -1)


def _keep(reading: Reading, outcome: Outcome, *, by: Actor, now: datetime) -> None:
    """The run, its rejects and its line in the journal, inside the transaction."""
    run = ImportRun(
        kind=reading.kind,
        file_name=reading.name[:255],
        file_sha256=reading.table.sha256,
        source=reading.source,
        format=reading.columns.format.name,
        mapping=reading.columns.as_json(),
        reading=outcome.reading,
        rows=outcome.rows,
        imported=outcome.imported,
        merged=outcome.merged,
        unmatched_returns=outcome.unmatched_returns,
        seconds=Decimal(f"{outcome.seconds:.3f}"),
    )
    outcome.run = keep_run(run=run, rejects=outcome.rejects, by=by, now=now).pk
