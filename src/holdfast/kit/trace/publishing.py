"""Publishing: which generation answers, building the next beside it, and changing over at once.

A generation is a folder that never changes, named after the state of the log it was built from.
Readers open what the manifest names; a new one is built under another name, then the manifest is
swapped. Files that a process has mapped stay readable for it after they are removed.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.kit.trace.engine import Trace
from holdfast.kit.trace.log import Log, Manifest
from holdfast.kit.trace.published import Published, build
from holdfast.kit.trace.published.layout import FORMAT
from holdfast.kit.trace.tables import TABLES

if TYPE_CHECKING:
    import duckdb

READING = 6_000_000_000
BUILDING, AN_EVENT = 1_000_000_000, 30
SHARE = 0.6
"""What the database in between may take: so many bytes, and this part of what the machine has.

For building, a fixed part and so many bytes for each event: joins by name hold the names. Where
that is not enough it begins again with twice as much. Building needs about as much again for
itself; see `docs/trace.md`.
"""
TRIES = 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant(moment: datetime) -> int:
    """Whole microseconds since the epoch."""
    return (moment.astimezone(UTC) - EPOCH) // timedelta(microseconds=1)


def name_of(manifest: Manifest, known_at: datetime | None = None) -> str:
    """The name of the generation that holds exactly this state of the log."""
    said = f"{FORMAT} {manifest.input_digest_at(known_at)}"
    return sha256(said.encode()).hexdigest()[:20]


def is_fresh(log: Log) -> bool:
    """Does what is published hold all that is in the log?"""
    manifest = log.manifest()
    return manifest.published == name_of(manifest) and _path(log, manifest.published).exists()


def publish(log: Log) -> str:
    """Build what the log holds now, unless it is built already, and let it answer; its name."""
    with _alone(log):
        manifest = log.manifest()
        name = name_of(manifest)
        if manifest.published != name or not _opens(log, name):
            shutil.rmtree(_path(log, name), ignore_errors=True)
            _make(log, manifest, name)
            log.publish(name)
        _clear(log, {name, manifest.published})
        return name


def open_fresh(log: Log) -> Trace:
    """A trace over all that is in the log; built now where nobody has built it yet."""
    for _ in range(TRIES):
        found = open_published(log) if is_fresh(log) else None
        if found is not None:
            return found
        publish(log)
    raise OSError(f"{log.folder} changes faster than it can be read")


def open_published(log: Log) -> Trace | None:
    """A trace over what was published last, which may be behind the log; None where nothing was."""
    for _ in range(TRIES):
        name = log.manifest().published
        if not name:
            return None
        try:
            return _open(log, name)
        except (FileNotFoundError, ValueError):
            # Another process changed over between the two looks; what the manifest names now is
            # there. An unknown format was left by another version: it is built anew.
            if log.manifest().published == name:
                return None
    return None


def open_known_at(log: Log, known_at: datetime) -> Trace:
    """A trace over what had come by a moment; the published one where nothing has come since."""
    manifest = log.manifest()
    name = name_of(manifest, known_at)
    if name == name_of(manifest):
        return open_fresh(log)
    with _alone(log):
        if not _path(log, name).exists():
            _make(log, manifest, name, known_at=known_at)
        return _open(log, name, known_at=known_at)


@contextmanager
def reading(log: Log, *, known_at: datetime | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the five views of the log, for who wants to look at the rows themselves."""
    import duckdb  # noqa: PLC0415

    spill = log.folder / "published" / f".reading.{os.getpid()}"
    spill.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with duckdb.connect(config=_settings(spill, READING)) as con:
            con.execute("SET TimeZone = 'UTC'")
            log.views(con, known_at=known_at)
            yield con
    finally:
        shutil.rmtree(spill, ignore_errors=True)


def _open(log: Log, name: str, *, known_at: datetime | None = None) -> Trace:
    published = Published(_path(log, name))

    def as_of(at: int) -> Trace:
        own = f"{name}-{at}"
        with _alone(log):
            if not _path(log, own).exists():
                _make(log, log.manifest(), own, known_at=known_at, at=at)
            return Trace(Published(_path(log, own)))

    return Trace(published, as_of=as_of)


def _opens(log: Log, name: str) -> bool:
    """Is it there, whole and of our format? What a disk or a person damaged is built again."""
    try:
        Published(_path(log, name))
    except (OSError, ValueError):
        return False
    return True


def _path(log: Log, name: str) -> Path:
    return log.folder / "published" / name


def _make(
    log: Log,
    manifest: Manifest,
    name: str,
    *,
    known_at: datetime | None = None,
    at: int | None = None,
) -> None:
    """Build one generation beside the others and give it its name when it is whole."""
    import duckdb  # noqa: PLC0415 - a published trace answers without it

    building = log.folder / "published" / f".{name}.{os.getpid()}"
    memory = BUILDING + AN_EVENT * manifest.events_at(known_at)
    while True:
        shutil.rmtree(building, ignore_errors=True)
        spill, fresh = building / "spill", building / "fresh"
        spill.mkdir(parents=True, mode=0o700)
        fresh.mkdir(mode=0o700)
        try:
            _build(log, manifest, spill, fresh, memory, known_at=known_at, at=at)
            for path in fresh.iterdir():
                _sync(path)
            _sync(fresh)
            fresh.rename(_path(log, name))
            _sync(_path(log, name).parent)
            return
        except duckdb.OutOfMemoryException:
            if memory >= _whole_memory() * SHARE:
                raise
            memory *= 2
        finally:
            shutil.rmtree(building, ignore_errors=True)


def _build(
    log: Log,
    manifest: Manifest,
    spill: Path,
    fresh: Path,
    memory: int,
    *,
    known_at: datetime | None,
    at: int | None,
) -> None:
    import duckdb  # noqa: PLC0415

    settings = _settings(spill, memory)
    with duckdb.connect(str(spill / "building.duckdb"), config=settings) as con:
        con.execute("SET TimeZone = 'UTC'")
        log.views(con, known_at=known_at, manifest=manifest)
        if at is not None:
            _cut_off(con, at)
        build(
            con,
            fresh,
            {
                "input_digest": manifest.input_digest_at(known_at),
                "events": manifest.events_at(known_at),
            },
        )


def _cut_off(con: duckdb.DuckDBPyConnection, at: int) -> None:
    """Hide what happened after a moment; an event of unknown time stays."""
    for table in TABLES.values():
        con.execute(f'ALTER VIEW "{table.name}" RENAME TO "all_{table.name}"')
        con.execute(
            f'CREATE VIEW "{table.name}" AS SELECT * FROM "all_{table.name}" '  # noqa: S608
            f'WHERE "{table.start}" IS NULL OR epoch_us("{table.start}") <= {at}'
        )


def _settings(spill: Path, most: int) -> dict[str, str | bool | int | float | list[str]]:
    limit = int(min(most, _whole_memory() * SHARE)) // 1_000_000
    return {"memory_limit": f"{limit}MB", "temp_directory": str(spill)}


def _whole_memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _alone(log: Log) -> Iterator[None]:
    """One builder at a time; imports go on meanwhile."""
    folder = log.folder / "published"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "publishing.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _clear(log: Log, kept: set[str | None]) -> None:
    """Remove generations nobody opens any more; those who have them open keep them."""
    for path in (log.folder / "published").iterdir():
        if path.is_dir() and path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)
