"""A folder of trace events into the log: every file read first, then all of it added at once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from os import SEEK_END
from pathlib import Path

from holdfast.kit.refusals import Unreadable
from holdfast.kit.sheets import csv_pieces
from holdfast.kit.trace.bulk.finding import find_files
from holdfast.kit.trace.bulk.flags import count_flags
from holdfast.kit.trace.bulk.header import Wishes
from holdfast.kit.trace.bulk.staging import Staged, Staging, Watch
from holdfast.kit.trace.log import Log
from holdfast.kit.trace.log.files import digest

SOURCE = "events"
SHOWN = 100


@dataclass(slots=True)
class Rows:
    """What became of the rows of one table: rows = imported + merged + rejected."""

    rows: int = 0
    imported: int = 0
    merged: int = 0
    rejected: int = 0
    corrected: int = 0


@dataclass(slots=True)
class Outcome:
    """What an import did. `corrected` counts earlier rows that new ones replaced."""

    tables: dict[str, Rows] = field(default_factory=dict)
    files: list[dict[str, object]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    flags: dict[str, int] = field(default_factory=dict)
    rejects: list[dict[str, object]] = field(default_factory=list)
    generation: int = 0
    input_digest: str = ""
    has_changed: bool = False

    def total(self, name: str) -> int:
        """One count over all tables."""
        return sum(getattr(rows, name) for rows in self.tables.values())

    def as_json(self) -> dict[str, object]:
        """The counts, files, flags and first rejects, without how long it took."""
        names = ("rows", "imported", "merged", "rejected", "corrected")
        return {
            **{name: self.total(name) for name in names},
            "tables": {name: asdict(rows) for name, rows in self.tables.items()},
            "files": self.files,
            "left": self.left,
            "flags": self.flags,
            "rejects": self.rejects,
        }


def _no_watch(share: float, rows: int) -> None:
    return None


def import_folder(
    *,
    log: Log,
    folder: Path,
    wishes: Wishes,
    received_at: datetime,
    rejects_to: Path | None = None,
    is_rehearsal: bool = False,
    watch: Watch = _no_watch,
) -> Outcome:
    """Add the rows of every file, or nothing where one file is unreadable (`Unreadable`).

    A killed import leaves what it read, and the next one goes on from there. `watch` hears how far
    the reading is (0 to 1) and the rows so far; it may raise to stop.
    """
    wishes.ask_columns()
    found, left = find_files(folder)
    outcome = Outcome(left=left)
    with log.writing():
        known = log.manifest().known
        staging = Staging(log.staging, wishes)
        try:
            units: dict[str, list[Path]] = {}
            remember: dict[str, int] = {}
            staged: list[tuple[str, Staged]] = []
            sizes = [_size(one.path) for one in found]
            read = seen = 0
            for one, size in zip(found, sizes, strict=True):
                rows = outcome.tables.setdefault(one.table, Rows())
                key = staging.key(one, digest(one.path))
                told: dict[str, object] = {"file": one.name, "table": one.table}
                if key in known:
                    rows.rows += known[key]
                    rows.merged += known[key]
                    told |= {"rows": known[key], "rejected": 0, "known": True}
                else:

                    def heard(
                        share: float, more: int, b: int = read, z: int = size, s: int = seen
                    ) -> None:
                        watch((b + share * z) / max(sum(sizes), 1), s + more)

                    done = staging.stage(one, key, heard)
                    staged.append((one.name, done))
                    units.setdefault(one.table, []).append(done.path)
                    rows.rows += done.rows
                    rows.rejected += done.rejected
                    seen += done.rows
                    told |= {"rows": done.rows, "rejected": done.rejected, "known": False}
                    if done.ignored:
                        told["ignored_columns"] = list(done.ignored)
                    if not done.rejected:
                        remember[key] = done.rows
                outcome.files.append(told)
                read += size
            watch(1.0, -1)
            _tell_rejects(outcome, staged, rejects_to)
            outcome.flags = count_flags(log, units)
            added = log.append(
                units,
                source=SOURCE,
                received_at=received_at,
                known=remember,
                note=_note(outcome),
                is_rehearsal=is_rehearsal,
            )
            for name, counts in added.tables.items():
                outcome.tables[name].imported += counts.imported
                outcome.tables[name].merged += counts.merged
                outcome.tables[name].corrected += counts.corrected
            outcome.generation, outcome.has_changed = added.generation, added.has_changed
            outcome.input_digest = log.manifest().input_digest
        except Unreadable:
            shutil.rmtree(log.staging, ignore_errors=True)
            raise
        shutil.rmtree(log.staging, ignore_errors=True)
    return outcome


def _size(path: Path) -> int:
    """Bytes of a file that can be opened. Raises `Unreadable`."""
    try:
        with path.open("rb") as file:
            return file.seek(0, SEEK_END)
    except OSError as error:
        raise Unreadable(
            "file_not_readable",
            f"{path} cannot be opened: {error.strerror or error}.",
            file=str(path),
            hint="Check that the file is there and that you may read it.",
        ) from None


def _note(outcome: Outcome) -> dict[str, object]:
    """What the journal is told besides the counts of what was new."""
    return {
        "source": SOURCE,
        "files": len(outcome.files),
        "rows": outcome.total("rows"),
        "rejected": outcome.total("rejected"),
    }


def _tell_rejects(
    outcome: Outcome, staged: list[tuple[str, Staged]], rejects_to: Path | None
) -> None:
    """The first rejects for the answer and all of them for the file, before anything changes."""

    def every() -> Iterator[tuple[str, int, str, str, str]]:
        for name, one in staged:
            for reject in one.rejects():
                yield name, reject.line, reject.column, reject.reason, reject.row

    for row, (name, line, column, reason, _) in enumerate(every()):
        if row == SHOWN:
            break
        outcome.rejects.append({"file": name, "line": line, "column": column, "reason": reason})
    if rejects_to is None:
        return
    try:
        with rejects_to.open("wb") as file:
            file.writelines(csv_pieces(("file", "line", "column", "reason", "row"), every()))
    except OSError as error:
        raise Unreadable(
            "not_writable",
            f"The rejected rows cannot be written to {rejects_to}: {error.strerror or error}.",
            file=str(rejects_to),
            hint="Name a file in a folder you may write to.",
        ) from None
