"""What this instance is made of, in numbers: journal, tables, and known weaknesses."""

from __future__ import annotations

import sqlite3
import sys
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection

from holdfast import __version__
from holdfast.ground.journal.checking import faults
from holdfast.ground.journal.models import Reaction
from holdfast.ground.journal.queries import head
from holdfast.response.duties.queries import changed_law
from holdfast.supply.traceability.queries import orders_both_ways, trace_facts, trace_faults

LEFT_OUT = {
    "django_session",
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "limits_allowance",
}
SAFE_SQLITE = (3, 51, 3)
MOST_ENTRIES = 200_000


def table_rows() -> dict[str, int]:
    """Rows per table, sign-in sessions and Django's own counters left out."""
    rows: dict[str, int] = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            name = model._meta.db_table
            if name in LEFT_OUT or name in rows:
                continue
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(name)}")  # noqa: S608
            rows[name] = cursor.fetchone()[0]
    return dict(sorted(rows.items()))


def examine(*, now: datetime | None = None) -> dict[str, Any]:
    """The doctor's report: `journal`, `tables`, `checks` (each with ok, code, words).

    With `now` it also says which open recalls a change of the law's data touches.
    """
    entries, root = head()
    return {
        "version": __version__,
        "python": sys.version.split()[0],
        "database": connection.vendor,
        "sqlite": sqlite3.sqlite_version,
        "home": str(settings.HOME),
        "drill": settings.DRILL,
        "journal": {"entries": entries, "root": root},
        "tables": table_rows(),
        "trace": trace_facts(),
        "checks": [
            *_database_checks(),
            *_journal_checks(entries),
            *_work_checks(),
            *_trace_checks(),
            *_order_checks(),
            *(_law_checks(now) if now else ()),
        ],
    }


def _database_checks() -> list[dict[str, Any]]:
    if connection.vendor != "sqlite":
        return [{"code": "database", "ok": True, "words": "PostgreSQL answers"}]
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check")
        sound = cursor.fetchone()[0] == "ok"
        cursor.execute("PRAGMA synchronous")
        durable = cursor.fetchone()[0] >= 2
    old = sqlite3.sqlite_version_info < SAFE_SQLITE
    note = " (older than 3.51.3: one process at a time checkpoints)" if old else ""
    return [
        {"code": "integrity", "ok": sound, "words": "the database file is sound"},
        {"code": "durable", "ok": durable, "words": "every commit reaches the disk"},
        {
            "code": "sqlite_version",
            "ok": True,
            "guarded": old,
            "words": f"SQLite {sqlite3.sqlite_version}{note}",
        },
    ]


def _journal_checks(entries: int) -> list[dict[str, Any]]:
    """Every entry against its hash and the tree; a very long journal is left to the export."""
    if entries > MOST_ENTRIES:
        words = f"{entries} entries; `holdfast evidence export` holds each against the tree"
        return [{"code": "journal", "ok": True, "words": words}]
    found = faults()
    words = f"the journal's {entries} entries agree with their tree"
    if found:
        named = ", ".join(str(fault["entry"]) for fault in found[:20])
        words = f"{len(found)} entries of the journal were changed: {named}"
    return [{"code": "journal", "ok": not found, "faults": found[:1000], "words": words}]


def _trace_checks() -> list[dict[str, Any]]:
    """Every file of the log of trace events is there, with the rows it should have."""
    lost = trace_faults()
    words = "every file of the trace is there"
    if lost:
        words = f"{len(lost)} files of the trace are lost or damaged: {', '.join(lost[:20])}"
    return [{"code": "trace", "ok": not lost, "words": words}]


def _order_checks() -> list[dict[str, Any]]:
    """No order is here both as a shop's export and as events, as far as its number tells."""
    found = orders_both_ways()
    if not found.event_lines or not found.shop_lines:
        return []
    words = (
        f"order lines came as exports and as events ({found.event_lines:,}); no order number is in "
        "both, which does not prove that no order is"
    )
    if found.shared:
        words = (
            f"{found.shared:,} orders came both as an export and as events (for example "
            f"{found.example}): their units count twice. Bring order lines in one way"
        )
    return [
        {"code": "orders_twice", "ok": not found.shared, "orders": found.shared, "words": words}
    ]


def _law_checks(now: datetime) -> list[dict[str, Any]]:
    """No open recall was counted by a law that the data tells differently now."""
    found = changed_law(now=now)
    touched = [
        {
            "recall": one.clock.recall.ref,
            "duty": f"{one.clock.regime}.{one.clock.obligation}",
            "country": one.clock.country,
            "why": one.why,
        }
        for one in found
    ]
    words = "every open duty is counted by the law as the data has it"
    if touched:
        recalls = ", ".join(dict.fromkeys(str(one["recall"]) for one in touched))
        words = (
            f"the law's data changed for {len(touched)} open duties in {recalls}: look at them "
            "under Deadlines and have them worked out anew"
        )
    return [{"code": "law", "ok": not touched, "touched": touched, "words": words}]


def _work_checks() -> list[dict[str, Any]]:
    failed = Reaction.objects.filter(state="failed").count()
    return [
        {
            "code": "reactions",
            "ok": failed == 0,
            "words": f"{failed} things that should follow from the journal have failed"
            if failed
            else "everything that follows from the journal was done",
        }
    ]
