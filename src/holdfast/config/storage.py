"""Care of the embedded database: one process at a time moves the log into the file."""

from __future__ import annotations

from django.db import connection

from holdfast.config import home as place


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
        return mine
