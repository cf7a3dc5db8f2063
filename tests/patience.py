"""Waiting for a lock where the database of the tests does not: SQLite in memory, unlike a file."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError

T = TypeVar("T")


def patient(work: Callable[[], T]) -> T:
    """What `work` gives; begun again while a table is locked. A real database waits 30 s itself."""
    for _ in range(2000):
        try:
            return work()
        except OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(0.002)
    raise AssertionError("locked for too long")
