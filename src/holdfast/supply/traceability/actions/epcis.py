"""Bringing in EPCIS documents: events are kept once, and the trace gets the rows they give."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from holdfast.kit.actors import Actor
from holdfast.kit.epcis.derive import TABLES, Rows, derive
from holdfast.kit.epcis.documents import read_document
from holdfast.kit.epcis.faults import Fault
from holdfast.kit.epcis.opening import Opened, files_in, opened
from holdfast.kit.epcis.store import Arrived, EventStore, digest, new_ones
from holdfast.kit.trace.log import Accounting, Log
from holdfast.kit.trace.tables import TABLES as TRACE_TABLES
from holdfast.kit.trace.tables import arrow_schema
from holdfast.supply.traceability.actions.importing import _record
from holdfast.supply.traceability.actions.telling import SOURCE, _tell_documents
from holdfast.supply.traceability.policies import may_import_events
from holdfast.supply.traceability.queries import epcis_store, trace_log

Watch = Callable[[float, int], None]


@dataclass
class DocumentOutcome:
    """What became of one document: its events were new, known, or refused with it."""

    file: str
    events: int = 0
    imported: int = 0
    merged: int = 0
    rejected: int = 0
    fault: Fault | None = None

    def as_json(self) -> dict[str, object]:
        """One element of `documents`."""
        return {
            "file": self.file,
            "events": self.events,
            "imported": self.imported,
            "merged": self.merged,
            "rejected": self.rejected,
            "refused": self.fault.as_json() if self.fault else None,
        }


@dataclass
class EpcisOutcome:
    """What became of all of them; rows are events, `tables` the rows of the trace they give."""

    documents: list[DocumentOutcome] = field(default_factory=list)
    tables: dict[str, dict[str, int]] = field(default_factory=dict)

    def total(self, name: str) -> int:
        """The sum over all documents."""
        return sum(int(getattr(one, name)) for one in self.documents)

    @property
    def refused(self) -> int:
        """How many documents were refused."""
        return sum(one.fault is not None for one in self.documents)

    def as_json(self) -> dict[str, Any]:
        """The row accounting: rows = imported + merged + rejected."""
        return {
            "rows": self.total("events"),
            "imported": self.total("imported"),
            "merged": self.total("merged"),
            "rejected": self.total("rejected"),
            "tables": self.tables,
            "documents": [one.as_json() for one in self.documents],
        }


def import_epcis(
    *,
    paths: Sequence[Path],
    by: Actor,
    now: datetime,
    is_rehearsal: bool = False,
    watch: Watch = lambda share, events: None,
) -> EpcisOutcome:
    """Import the events of EPCIS documents; a refused document leaves the others be.

    Every row the trace has from EPCIS is derived anew from all events kept, so that late and
    corrected events end in the same state as a rebuild.
    """
    may_import_events(by)
    files = files_in(paths)
    log, store = trace_log(), epcis_store()
    outcome = EpcisOutcome()
    with log.writing():
        known = store.identities()
        fresh: list[Arrived] = []
        for number, path in enumerate(files):
            for one in opened(path):
                told, new = _document(one, known)
                outcome.documents.append(told)
                fresh += new
            watch((number + 1) / len(files), outcome.total("events"))
        if is_rehearsal:
            return outcome
        store.add(fresh, now)
        note = _note(outcome)
        if fresh or not store.is_derived():
            accounting = _derived(log, store, note, now)
            outcome.tables = _counts(accounting)
            if fresh and not accounting.has_changed:
                _tell_documents({**note, "tables": {}, "generation": 0}, by=by, now=now)
        else:
            outcome.tables = _as_before(log)
        log.tell(lambda change: _record(change, by=by, now=now))
    return outcome


def _document(one: Opened, known: set[str]) -> tuple[DocumentOutcome, list[Arrived]]:
    if one.fault:
        return DocumentOutcome(one.name, fault=one.fault), []
    document = read_document(one.data)
    told = DocumentOutcome(one.name, events=document.found, fault=document.fault)
    if document.fault:
        told.rejected = document.found
        return told, []
    name = digest(one.data)
    arrived = [Arrived(captured, name) for captured in document.captured]
    fresh, told.merged = new_ones(arrived, known)
    told.imported = len(fresh)
    return told, fresh


def _derived(log: Log, store: EventStore, note: Mapping[str, Any], now: datetime) -> Accounting:
    rows = derive(store.captured())
    accounting = log.replace(_as_tables(rows), source=SOURCE, received_at=now, note=note)
    store.set_derived()
    return accounting


def _as_tables(rows: Rows) -> dict[str, Any]:
    """Derived rows as Arrow tables of the log's schema."""
    import pyarrow as pa  # noqa: PLC0415 - the command line wakes without Arrow

    made = {}
    for name, listed in rows.tables.items():
        schema = arrow_schema(TRACE_TABLES[name])
        columns = list(zip(*listed, strict=True)) if listed else [()] * len(schema.names)
        arrays = [
            pa.array([_plain(value) for value in column], type=field.type)
            for column, field in zip(columns, schema, strict=True)
        ]
        made[name] = pa.Table.from_arrays(arrays, schema=schema)
    return made


def _plain(value: Any) -> Any:
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


def _counts(accounting: Accounting) -> dict[str, dict[str, int]]:
    return {
        name: {
            "rows": counts.rows,
            "imported": counts.imported,
            "merged": counts.merged,
            "rejected": 0,
        }
        for name, counts in accounting.tables.items()
    }


def _as_before(log: Log) -> dict[str, dict[str, int]]:
    """Nothing new came: every row there is was there."""
    tables: dict[str, dict[str, int]] = {}
    for name in TABLES:
        rows = sum(one.rows for one in log.manifest().live(name) if one.source == SOURCE)
        tables[name] = {"rows": rows, "imported": 0, "merged": rows, "rejected": 0}
    return tables


def _note(outcome: EpcisOutcome) -> dict[str, Any]:
    return {
        "source": SOURCE,
        "files": len(outcome.documents),
        "refused": outcome.refused,
        "events": outcome.total("events"),
        "new": outcome.total("imported"),
        "rejected": outcome.total("rejected"),
    }
