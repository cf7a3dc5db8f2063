"""Which process sends, and whether another that sent before it is still alive."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Worker:
    """A process for ever: host, boot, process number and the moment it started."""

    host: str
    boot: str
    pid: int
    started: str
    tag: str = ""

    def __str__(self) -> str:
        return f"{self.host}/{self.boot}/{self.pid}/{self.started}/{self.tag}"

    @property
    def file_name(self) -> str:
        """The name of its flight record."""
        return f"{self.pid}-{self.started}-{self.tag or 0}.flight"


def this_worker(tag: str = "") -> Worker:
    """The process that asks; `tag` tells several senders of one process apart."""
    pid = os.getpid()
    host = socket.gethostname().replace("/", "_")[:40]
    return Worker(host, _boot(), pid, _started(pid) or "0", tag[:8])


def read_worker(text: str) -> Worker | None:
    """A worker from the column of a row; None for words that are none."""
    parts = text.split("/")
    if len(parts) != 5 or not parts[2].isdigit():
        return None
    return Worker(parts[0], parts[1], int(parts[2]), parts[3], parts[4])


def is_same_boot(other: Worker, me: Worker) -> bool:
    """Whether it ran on this machine since it was started, so that its files are whole."""
    return (other.host, other.boot) == (me.host, me.boot)


def is_dead(other: Worker, me: Worker) -> bool:
    """Whether it can be shown, from this machine, that the process is gone."""
    if other.host != me.host:
        return False
    if other.boot != me.boot:
        return True
    started = _started(other.pid)
    if started is None:
        return not _exists(other.pid)
    return started != other.started


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()[:8]
    except OSError:
        return "-"


def _started(pid: int) -> str | None:
    """The start of a process in ticks since the boot; a zombie has ended and has none."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return None
    return "" if words[0] in ("Z", "X") else words[19]


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


@contextmanager
def only_sender(home: Path, *, wait: bool) -> Iterator[bool]:
    """The right to send from an embedded database: one process at a time, freed by its death."""
    with (home / "sender.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
