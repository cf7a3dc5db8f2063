"""What a copy of the trace needs, for backups and drills: the manifest first, then what it names.

Files are never changed once they have their name, so a copy taken while others write is whole.
What the engine published is left out of backups: it is made anew from the log.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from holdfast.kit.trace.log.manifest import NAME, put_file, read_manifest


def frozen(folder: Path) -> tuple[bytes, list[str]]:
    """The manifest as it is now, and the names within the folder of all that a copy needs."""
    try:
        said = (folder / NAME).read_bytes()
    except FileNotFoundError:
        said = b""
    manifest = read_manifest(folder)
    names = [one.file for one in manifest.segments] + [one.file for one in manifest.corrections]
    # EPCIS events come after the manifest: a copy may know more of them than the log, never less.
    names += [path.relative_to(folder).as_posix() for path in folder.glob("epcis/[0-9]*.parquet")]
    return said, sorted(names)


def copy_trace(folder: Path, target: Path) -> None:
    """The same trace in another folder of this file system: links, since no file ever changes."""
    said, names = frozen(folder)
    published = read_manifest(folder).published
    if published:
        place = folder / "published" / published
        names += [one.relative_to(folder).as_posix() for one in _files(place)]
    for name in names:
        path = target / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            os.link(folder / name, path)
        except OSError:
            shutil.copyfile(folder / name, path)
    if said:
        put_file(target / NAME, said)


def _files(place: Path) -> Iterator[Path]:
    return (one for one in sorted(place.rglob("*")) if one.is_file())
