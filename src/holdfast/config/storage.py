"""Care of the embedded database: one process at a time moves the log into the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from holdfast.config import home as place

SIZES = "sizes"
"""The file of the home that says how large the database was when the planner last looked."""
SAMPLE = 400


def checkpoint() -> bool:
    """Truncate the write-ahead log if this process gets the maintainer's lock.

    Processes never checkpoint by themselves (`wal_autocheckpoint=0`), because SQLite 3.7.0 to
    3.51.2 can corrupt a log that two processes reset at once.
    """
    if connection.vendor != "sqlite":
        return False
    with place.lock("maintainer", wait=False) as mine:
        if mine and not connection.in_atomic_block:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                learn_sizes(cursor, Path(settings.HOME) / SIZES)
        return mine


def learn_sizes(cursor: Any, kept: Path) -> bool:
    """Let the planner know how the tables look, once the file has grown or shrunk by a quarter.

    Without it SQLite takes a million units in one state for ten, and an answer on a consumer's
    page walks them all. A sample is enough: it takes some hundredths of a second at any size.
    """
    cursor.execute("PRAGMA page_count")
    pages = int(cursor.fetchone()[0])
    known = kept.read_text() if kept.exists() else ""
    if known.isdigit() and abs(pages - int(known)) * 4 <= int(known):
        return False
    cursor.execute(f"PRAGMA analysis_limit={SAMPLE}")
    cursor.execute("ANALYZE")
    kept.write_text(str(pages))
    return True
