"""Adding to the journal, inside the transaction of the change it tells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from holdfast.ground.journal.events import Fact
from holdfast.ground.journal.models import Entry, Reaction
from holdfast.ground.journal.queries import frontier
from holdfast.ground.journal.rules import refuse_personal_data
from holdfast.kit.actors import Actor
from holdfast.kit.ledger import canonical_json, leaf_hash
from holdfast.kit.ledger.entry import entry_line

LOCK = 0x486F6C64  # one writer at a time on PostgreSQL; SQLite has one writer anyway
AT_ONCE = 500
COLUMNS = [field.attname for field in Entry._meta.concrete_fields]
NAMES = ", ".join(f'"{name}"' for name in COLUMNS)
SLOTS = ", ".join(["%s"] * len(COLUMNS))
INSERT = f"INSERT INTO {Entry._meta.db_table} ({NAMES}) VALUES ({SLOTS})"  # noqa: S608 - constants


def record(fact: Fact, *, by: Actor, now: datetime, subject: str = "") -> Entry:
    """Append a fact; call it inside the action's transaction, after the change.

    `subject` is the short id of the recall it belongs to ("R-2026-001"), or empty. Raises
    `NotCanonical` for a float or another value without one form, and refuses personal data.
    On PostgreSQL everybody else who records waits until this transaction ends, so lock rows first
    and record last.
    """
    return record_all([fact], by=by, now=now, subject=subject)[0]


def record_all(
    facts: Iterable[Fact], *, by: Actor, now: datetime, subject: str = ""
) -> Sequence[Entry]:
    """Append several facts of one change, in their order, with one look at the tree's end."""
    if not connection.in_atomic_block:
        raise RuntimeError("record() is called inside the transaction of the change it tells")
    if now.tzinfo is None:
        raise ValueError("a time without a zone is no time of the journal")
    ready = [(type(fact).__name__, _payload(fact)) for fact in facts]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    tree = frontier()
    at = now.astimezone(UTC).isoformat(timespec="microseconds")
    entries = []
    for kind, payload in ready:
        leaf = leaf_hash(entry_line(tree.size + 1, at, kind, by.key, subject, payload))
        tree.append(leaf)
        entries.append(
            Entry(
                index=tree.size,
                at=at,
                kind=kind,
                by=by.key,
                subject=subject,
                payload=payload.decode(),
                leaf=leaf.hex(),
                peak=tree.nodes[-1].hex(),
                root=tree.root().hex(),
            )
        )
    _insert(entries)
    _announce(entries, now)
    return entries


def _payload(fact: Fact) -> bytes:
    payload = fact.payload()
    refuse_personal_data(payload)
    return canonical_json(payload)


def _insert(entries: Sequence[Entry]) -> None:
    """In plain SQL, since this is part of every action; the columns are those of the model."""
    rows = [[getattr(entry, name) for name in COLUMNS] for entry in entries]
    with connection.cursor() as cursor:
        cursor.executemany(INSERT, rows)
    for entry in entries:
        entry._state.adding, entry._state.db = False, connection.alias


def _announce(entries: Sequence[Entry], now: datetime) -> None:
    """A row for each action that must follow, in the same transaction."""
    reactions = import_string(settings.REACTIONS)
    rows = [
        Reaction(entry_index=entry.index, action=action, not_before=now)
        for entry in entries
        for action in reactions.get(entry.kind, ())
    ]
    if rows:
        Reaction.objects.bulk_create(rows, batch_size=AT_ONCE)
