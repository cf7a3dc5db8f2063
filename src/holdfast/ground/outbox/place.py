"""The half of the instance's identity that lives outside the database: a file in the home folder.

It names the mark that the database must know, its own place on disk (which a copied folder does not
share), and how far the journal had come when something was last sent (which a restored database
has not reached).
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

FILE = "instance.json"


@dataclass(frozen=True, slots=True)
class Marker:
    """What the file says."""

    mark: str
    inode: int = 0
    machine: str = ""
    entries: int = 0
    root: str = ""


def read_marker(home: Path) -> Marker | None:
    """The marker, or None where there is none that can be read."""
    try:
        found = json.loads((home / FILE).read_text("utf-8"))
        return Marker(
            str(found["mark"]),
            int(found["inode"]),
            str(found["machine"]),
            int(found["entries"]),
            str(found["root"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_marker(home: Path, mark: str) -> Marker:
    """A new marker for this very folder."""
    path = home / FILE
    with contextlib.suppress(OSError):
        path.unlink()
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        marker = Marker(mark, os.fstat(file).st_ino, _machine())
        _overwrite(file, marker)
        os.fsync(file)
    finally:
        os.close(file)
    return marker


def note_progress(home: Path, entries: int, root: str) -> None:
    """Remember how far the journal is; written in place, since the inode is part of the marker."""
    marker = read_marker(home)
    if marker is None or marker.entries >= entries:
        return
    file = os.open(home / FILE, os.O_RDWR)
    try:
        _overwrite(file, replace(marker, entries=entries, root=root))
    finally:
        os.close(file)


def is_in_its_place(home: Path, marker: Marker) -> bool:
    """Whether the file still is the one that was written, on the machine it was written on."""
    try:
        inode = (home / FILE).stat().st_ino
    except OSError:
        return False
    return inode == marker.inode and _machine() == marker.machine


def _overwrite(file: int, marker: Marker) -> None:
    # One write of a fixed length: a reader, or a crash, sees the old words or the new ones.
    words = json.dumps(asdict(marker)).encode()
    os.pwrite(file, words.ljust(400) + b"\n", 0)


def _machine() -> str:
    with contextlib.suppress(OSError):
        return Path("/etc/machine-id").read_text("ascii").strip()
    return ""
