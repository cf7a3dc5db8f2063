"""What was really handed over, written beside the database before each byte and after each answer.

The database commits a window of attempts before the first of them touches the socket. When the
sender is killed, that window alone would make all its rows unclear. This file names the few whose
text had begun to leave, and what was answered to the others. A killed process loses nothing of it
(the kernel has it); a machine that lost power may, so after another boot only what stands in it
counts, never what is missing.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROTATE_AT = 4_000_000


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of one attempt, as any carrier tells it."""

    key: Any
    outcome: str
    code: int
    reply: str


class Flight:
    """The record of one sender; one system call for each answer and the text that follows it."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = path
        self._begun: dict[Any, bytes] = {}
        self._pending: list[bytes] = []
        self._size = 0
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_TRUNC
        self._file = os.open(path, flags, 0o600)

    def begin(self, key: Any) -> None:
        """The text of this attempt leaves with the next send."""
        line = b"B %d %d\n" % key
        self._begun[key] = line
        self._pending.append(line)

    def end(self, settled: Any) -> None:
        """This attempt is over."""
        if self._begun.pop(settled.key, None) is None:
            return
        words = settled.reply.encode("utf-8", "replace").replace(b"\n", b" ")[:400]
        self._pending.append(
            b"E %d %d %b %d %b\n" % (*settled.key, settled.outcome.encode(), settled.code, words)
        )

    def flush(self) -> None:
        """On record before the socket sees it."""
        if self._pending:
            data = b"".join(self._pending)
            self._pending.clear()
            self._size += os.write(self._file, data)

    def forget_committed(self) -> None:
        """After a commit the database knows the ends; what is still in the air is kept."""
        self.flush()
        if self._size < ROTATE_AT:
            return
        fresh = self.path.with_suffix(".new")
        file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        self._size = os.write(file, b"".join(self._begun.values()))
        os.replace(fresh, self.path)
        os.close(self._file)
        self._file = file

    def close(self) -> None:
        """Nothing is in the air any more, so nothing needs the file."""
        self.flush()
        os.close(self._file)
        if not self._begun:
            with contextlib.suppress(OSError):
                self.path.unlink()


def read_flight(path: Path) -> Mapping[tuple[int, int], Ended] | None:
    """Each attempt whose text had begun to leave, by row and attempt; None without a record.

    An attempt without an end has the outcome `unknown`. A torn last line is no end.
    """
    try:
        data = path.read_bytes()
    except OSError:
        return None
    found: dict[tuple[int, int], Ended] = {}
    for line in data.split(b"\n")[:-1]:
        parts = line.split(b" ", 5)
        try:
            key = (int(parts[1]), int(parts[2]))
            if parts[0] == b"B":
                found[key] = Ended(key, "unknown", 0, "the sender stopped before the answer")
            elif parts[0] == b"E":
                reply = parts[5].decode("utf-8", "replace") if len(parts) > 5 else ""
                found[key] = Ended(key, parts[3].decode("ascii"), int(parts[4]), reply)
        except (IndexError, ValueError):
            continue
    return found
