"""A folder into which mails fall: its files, which lie still, and which were read before."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from errno import ENOENT
from pathlib import Path
from typing import TypeVar

from holdfast.kit.refusals import Unreadable

log = logging.getLogger("holdfast.postbox")
Told = TypeVar("Told")
SETTLES_WITHIN = 2.0  # seconds a file must lie still: it may be written at this moment


def files(path: Path) -> list[Path]:
    """One file, or those of a folder and of a Maildir in it, by name. Raises `OSError`."""
    if not path.is_dir():
        if path.exists() and not path.is_file():
            raise OSError(0, "it is neither a file nor a folder", str(path))
        return [path]
    folders = [one for one in (path, path / "new", path / "cur") if one.is_dir()]
    return [
        Path(entry.path)
        for folder in folders
        for entry in sorted(os.scandir(folder), key=lambda one: one.name)
        if entry.is_file(follow_symlinks=False) and not entry.name.startswith(".")
    ]


def not_readable(path: Path, error: OSError) -> Unreadable:
    """What to say of a file of mails that cannot be read."""
    return Unreadable(
        "unreadable",
        f"It cannot be read: {error.strerror or error}.",
        hint="Name a saved mail (.eml), a mailbox (mbox) or a folder of them.",
        file=str(error.filename or path),
    )


def marks(folder: Path, now: datetime) -> Iterator[tuple[Path, str]]:
    """Each file that lies still, with what would be different if it had changed."""
    for path in files(folder) if folder.is_dir() else []:
        try:
            known = path.stat()
        except OSError:
            continue
        if now.timestamp() - known.st_mtime >= SETTLES_WITHIN:
            yield path, f"{known.st_size}.{known.st_mtime_ns}"


def tell_unread(path: Path, error: OSError) -> None:
    """Say in the log that a file or the folder could not be read."""
    log.warning("%s cannot be read: %s", path, error.strerror or error)


def fresh(
    folder: Path,
    now: datetime,
    *,
    seen: dict[str, str],
    there: dict[str, str],
    read: Callable[[Path], Iterable[Told]],
    unread: Callable[[Path, OSError], None] = tell_unread,
) -> Iterator[Told]:
    """What `read` finds in the files that were not `seen`; their marks go into `there`.

    A file that cannot be read is told to `unread` and tried again the next time; the others are
    read. So is the folder where it is none.
    """
    try:
        if not folder.is_dir():
            raise FileNotFoundError(ENOENT, "there is no such folder", str(folder))
        waiting = list(marks(folder, now))
    except OSError as error:
        unread(folder, error)
        there.update(seen)
        return
    for path, mark in waiting:
        name = str(path.relative_to(folder))
        try:
            if seen.get(name) != mark:
                yield from read(path)
        except OSError as error:
            unread(path, error)
            continue
        there[name] = mark


def read_seen(path: Path) -> dict[str, str]:
    """The marks kept at `path`; none where there is no such file."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(mark) for name, mark in found.items()} if isinstance(found, dict) else {}


def write_seen(path: Path, seen: dict[str, str]) -> None:
    """Keep the marks, whole or not at all."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(seen), "utf-8")
    part.replace(path)
