"""What is published, kept in memory for a moment, so that a rush of readers reads it once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

SECONDS = 1.0
MOST = 500
Value = TypeVar("Value")


class Kept:
    """Values by key, each loaded anew at most once a second in this process."""

    def __init__(self, seconds: float = SECONDS, most: int = MOST) -> None:
        self.seconds, self.most = seconds, most
        self._found: dict[Hashable, tuple[float, Any]] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, load: Callable[[], Value], *, at: float | None = None) -> Value:
        """The value of a key; two readers may load it at once, which is harmless."""
        moment = time.monotonic() if at is None else at
        kept = self._found.get(key)
        if kept is not None and moment < kept[0]:
            value: Value = kept[1]
            return value
        value = load()
        with self._lock:
            if len(self._found) >= self.most:
                self._found.clear()
            self._found[key] = (moment + self.seconds, value)
        return value

    def forget(self) -> None:
        """Load everything anew from now on."""
        with self._lock:
            self._found.clear()


PUBLISHED = Kept()
