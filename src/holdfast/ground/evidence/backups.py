"""Backup and restore of an embedded instance: one file with the database, files, trace and keys.

The database is copied through SQLite's backup interface while people work; copying its file would
give a broken one. What says that a home may send (`instance.json`) is left out, so a restored copy
sends nothing until a person confirms it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from holdfast.kit.refusals import Forbidden, Unreadable
from holdfast.kit.trace.log.copying import frozen

FORMAT = "holdfast backup 1"
DATABASE = "holdfast.db"
LIST = "backup.json"
TRACE = "trace/manifest.json"
NAME = re.compile(
    r"holdfast\.db|DRILL|[a-z_]{1,40}\.key|files/[0-9a-f]{64}|trace/manifest\.json"
    r"|trace/log/[a-z_]{1,40}/[0-9]{6,12}-(?:[0-9]{4,9}|corrections)\.parquet"
    r"|trace/epcis/[0-9]{6,12}\.parquet"
)
CHUNK = 1 << 20
#: The mark of a home that no database knows: also a backup of an instance that never sent anything
#: restores to one that asks a person first.
RESTORED = json.dumps({"mark": "restored", "inode": 0, "machine": "", "entries": 0, "root": ""})


def back_up(*, home: Path, live: sqlite3.Connection, out: Path) -> dict[str, Any]:
    """Write a backup of the home with the live database to `out`; it is whole or not there."""
    with tempfile.TemporaryDirectory(dir=home, prefix=".backup-") as folder:
        copy = Path(folder) / DATABASE
        target = sqlite3.connect(copy)
        try:
            live.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
            entries, root = _head(target)
        finally:
            target.close()
        fresh = _beside(out)
        try:
            with fresh.open("wb") as handle:
                files = _pack(handle, home, copy, entries, root)
                handle.flush()
                os.fsync(handle.fileno())
            fresh.replace(out)
        finally:
            fresh.unlink(missing_ok=True)
    return {
        "out": str(out),
        "bytes": out.stat().st_size,
        "files": len(files),
        "journal": {"entries": entries, "root": root},
    }


def restore(*, backup: Path, to: Path) -> dict[str, Any]:
    """Unpack a backup into a home that is empty or not there yet; nothing is left half-done."""
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise Forbidden(
            "home_not_empty",
            f"{to} is not an empty folder; a backup is never restored over anything.",
            hint="Name a new folder with --to.",
            file=str(to),
        )
    to.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=to.parent, prefix=f".{to.name}-"))
    try:
        said = _unpack(backup, fresh)
        _ask_sound(fresh / DATABASE, said, backup)
        (fresh / "instance.json").write_text(RESTORED)
        fresh.replace(to)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return {"home": str(to), "files": len(said["files"]), "journal": said["journal"]}


def _members(home: Path, database: Path) -> Iterator[tuple[str, Path]]:
    yield DATABASE, database
    manifest, names = frozen(home / "trace")
    if manifest:
        said = database.with_name("manifest.json")
        said.write_bytes(manifest)
        yield TRACE, said
    yield from ((f"trace/{name}", home / "trace" / name) for name in names)
    for path in sorted([*home.glob("*.key"), *home.glob("DRILL"), *home.glob("files/*")]):
        name = path.relative_to(home).as_posix()
        if NAME.fullmatch(name) and path.is_file() and not path.is_symlink():
            yield name, path


def _pack(
    handle: BinaryIO, home: Path, database: Path, entries: int, root: str
) -> dict[str, dict[str, Any]]:
    files: dict[str, dict[str, Any]] = {}
    with zipfile.ZipFile(handle, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, path in _members(home, database):
            digest, size = sha256(), 0
            is_huge = path.stat().st_size > 1 << 30
            is_packed = name.endswith(".parquet")
            archive.compression = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
            with path.open("rb") as source, archive.open(name, "w", force_zip64=is_huge) as target:
                while piece := source.read(CHUNK):
                    digest.update(piece)
                    size += len(piece)
                    target.write(piece)
            files[name] = {"bytes": size, "sha256": digest.hexdigest()}
        journal = {"entries": entries, "root": root}
        said = {"format": FORMAT, "journal": journal, "files": files}
        archive.writestr(LIST, json.dumps(said, indent=1, sort_keys=True))
    return files


def _unpack(backup: Path, folder: Path) -> dict[str, Any]:
    """Write every listed file, each under its size and digest; anything else is refused."""
    try:
        with zipfile.ZipFile(backup) as archive:
            said: dict[str, Any] = json.loads(archive.read(LIST))
            if said["format"] != FORMAT or DATABASE not in said["files"]:
                raise ValueError("it is not made as backups are")
            for name, told in said["files"].items():
                if not NAME.fullmatch(name):
                    raise ValueError(f"{name!r} is no file of a backup")
                _unpack_one(archive, name, told, folder / name)
    except FileNotFoundError as error:
        raise _bad(backup, "it is not there") from error
    except (
        OSError, ValueError, LookupError, TypeError, RuntimeError, EOFError, NotImplementedError,
        zipfile.BadZipFile, zlib.error,
    ) as error:  # fmt: skip
        raise _bad(backup, str(error)) from error
    return said


def _unpack_one(archive: zipfile.ZipFile, name: str, told: dict[str, Any], path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = sha256(), 0
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as target, archive.open(name) as source:
        while piece := source.read(CHUNK):
            size += len(piece)
            if size > told["bytes"]:
                break
            digest.update(piece)
            target.write(piece)
        target.flush()
        os.fsync(target.fileno())
    if size != told["bytes"] or digest.hexdigest() != told["sha256"]:
        raise ValueError(f"{name} is not what was backed up")


def _ask_sound(database: Path, said: dict[str, Any], backup: Path) -> None:
    """The database is whole, and its journal ends where the backup says."""
    connection = sqlite3.connect(database)
    try:
        if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise _bad(backup, "the database in it is damaged")
        entries, root = _head(connection)
    except sqlite3.DatabaseError as error:
        raise _bad(backup, str(error)) from error
    finally:
        connection.close()
    if {"entries": entries, "root": root} != said["journal"]:
        raise _bad(backup, "its journal does not end where it says")


def _head(connection: sqlite3.Connection) -> tuple[int, str]:
    row = connection.execute(
        'SELECT "index", root FROM journal_entry ORDER BY "index" DESC LIMIT 1'
    ).fetchone()
    return (int(row[0]), str(row[1])) if row else (0, "")


def _bad(backup: Path, why: str) -> Unreadable:
    return Unreadable(
        "bad_backup",
        f"{backup} cannot be restored: {why}.",
        hint="Nothing was written. Use another backup.",
        file=str(backup),
    )


def _beside(out: Path) -> Path:
    try:
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    except OSError as error:
        raise Unreadable(
            "cannot_write",
            f"The backup cannot be written to {out}: {error.strerror or error}.",
            file=str(out),
        ) from error
    os.close(handle)
    return Path(name)
