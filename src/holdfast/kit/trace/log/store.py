"""The log of trace events in a folder: files are added and superseded, never changed.

Any number of processes read while one writes. A writer makes its files first and swaps the
manifest last, so that a process killed at any moment leaves the log as it was.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from holdfast.kit.refusals import Forbidden
from holdfast.kit.trace.log import files
from holdfast.kit.trace.log.engine import connected
from holdfast.kit.trace.log.manifest import (
    Corrections,
    Manifest,
    Segment,
    read_manifest,
    swap_manifest,
    sync_folder,
)
from holdfast.kit.trace.log.merging import Merging, Stored
from holdfast.kit.trace.log.views import view_statements
from holdfast.kit.trace.tables import TABLES, arrow_schema

if TYPE_CHECKING:
    import duckdb


@dataclass(slots=True)
class Counts:
    """Rows of one table in one import: rows = imported + merged."""

    rows: int = 0
    imported: int = 0
    merged: int = 0
    corrected: int = 0


@dataclass(slots=True)
class Accounting:
    """What an import did to the log; `tables` has only the tables it named."""

    tables: dict[str, Counts] = field(default_factory=dict)
    generation: int = 0
    has_changed: bool = False

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.tables.values())

    @property
    def imported(self) -> int:
        return sum(one.imported for one in self.tables.values())

    @property
    def merged(self) -> int:
        return sum(one.merged for one in self.tables.values())

    @property
    def corrected(self) -> int:
        return sum(one.corrected for one in self.tables.values())


class Log:
    """The trace folder of a home. Rows given to it have the schema of `tables.arrow_schema`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._depth = 0

    def manifest(self) -> Manifest:
        """What the log is made of now; cheap."""
        return read_manifest(self.folder)

    @property
    def staging(self) -> Path:
        return self.folder / "staging"

    def views(
        self,
        con: duckdb.DuckDBPyConnection,
        *,
        known_at: datetime | None = None,
        manifest: Manifest | None = None,
    ) -> None:
        """Create the five views: all that holds now, or held with what had come by `known_at`."""
        for statement in view_statements(self.folder, manifest or self.manifest(), known_at):
            con.execute(statement)

    @contextmanager
    def writing(self, *, wait: bool = True) -> Iterator[None]:
        """Hold the writer's place; within, what a killed writer left in the log is cleared."""
        if self._depth:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
            return
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.folder / "writing.lock").open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                raise Forbidden(
                    "trace_being_written",
                    "Another import of trace events is under way.",
                    hint="Wait until it has ended and try again.",
                ) from None
            self._depth = 1
            try:
                self._clear_rubbish()
                yield
            finally:
                self._depth = 0

    def append(
        self,
        tables: Mapping[str, Path | Any | Sequence[Path | Any]],
        *,
        source: str,
        received_at: datetime,
        known: Mapping[str, int] | None = None,
        note: Mapping[str, Any] | None = None,
        is_rehearsal: bool = False,
    ) -> Accounting:
        """Add what is new of these files and Arrow tables; known rows are merged.

        Several files of a table may overlap: the end is as if they had come one after another.
        `known` are digests of files whose rows are all in there, to be remembered. With a `note`,
        a change stays on the manifest's list `untold`, as the note with the counts, until `tell`
        takes it off. A rehearsal counts and keeps nothing.
        """
        with self.writing(), connected(self._spill()) as con:
            before = self.manifest()
            number = before.generation + 1
            told = Accounting(generation=before.generation)
            segments, corrections = list(before.segments), list(before.corrections)
            for name, given in tables.items():
                table = TABLES[name]
                units = self._as_files(name, given)
                counts = told.tables[name] = Counts()
                stored = [
                    Stored(one.id, self.folder / one.file)
                    for one in before.live(name)
                    if one.source == source
                ]
                gone = [self.folder / one.file for one in before.corrected(name)]
                merged = Merging(con, table, units, stored).merge(gone)
                for unit, known_rows in zip(units, merged.known, strict=True):
                    rows = files.row_count(unit)
                    counts.rows += rows
                    counts.merged += len(known_rows)
                    counts.imported += rows - len(known_rows)
                    if rows == len(known_rows) or is_rehearsal:
                        continue
                    place = f"{number:06d}-{len(segments) + 1:04d}"
                    path = self.folder / "log" / name / f"{place}.parquet"
                    if len(known_rows):
                        schema = arrow_schema(table)
                        files.write_rows(path, schema, files.rows_without(unit, known_rows))
                    else:
                        _link(unit, path)
                    segments.append(
                        Segment(
                            id=place,
                            table=name,
                            file=path.relative_to(self.folder).as_posix(),
                            rows=rows - len(known_rows),
                            sha256=files.digest(path),
                            source=source,
                            received_at=received_at,
                        )
                    )
                if is_rehearsal:
                    counts.corrected = sum(len(rows) for _, rows in merged.corrected)
                elif merged.corrected:
                    one = self._correct(number, name, merged.corrected, received_at)
                    counts.corrected = one.rows
                    corrections.append(one)
            told.has_changed = len(segments) > len(before.segments)
            if told.has_changed:
                told.generation = number
            fresh = {**before.known, **(known or {})}
            if told.has_changed or (fresh != before.known and not is_rehearsal):
                self._swap(
                    replace(
                        before,
                        generation=told.generation,
                        segments=tuple(segments),
                        corrections=tuple(corrections),
                        known=fresh,
                        untold=before.untold + _untold(told, note),
                    )
                )
            self._clear_own()
            return told

    def replace(
        self,
        tables: Mapping[str, Path | Any | Sequence[Path | Any]],
        *,
        source: str,
        received_at: datetime,
        note: Mapping[str, Any] | None = None,
        mark: str = "",
    ) -> Accounting:
        """Put these rows in the place of all live rows of a source; the same rows change nothing.

        A table in which nothing changed counts as merged, another as imported. `mark` is kept as
        the manifest's `marks[source]`, by which the caller sees whether it has to come again.
        """
        with self.writing():
            before = self.manifest()
            number = before.generation + 1
            told = Accounting(generation=before.generation)
            old = [one for one in before.live() if one.source == source]
            segments = list(before.segments)
            for name in TABLES:
                units = self._as_files(name, tables.get(name, ()))
                units = [unit for unit in units if files.row_count(unit)]
                mine = [one for one in old if one.table == name]
                digests = [files.digest(unit) for unit in units]
                rows = sum(files.row_count(unit) for unit in units)
                if name in tables:
                    told.tables[name] = Counts(rows=rows)
                if sorted(digests) == sorted(one.sha256 for one in mine):
                    if name in tables:
                        told.tables[name].merged = rows
                    continue
                told.has_changed = True
                if name in tables:
                    told.tables[name].imported = rows
                segments = [
                    replace(one, superseded_at=received_at) if one in mine else one
                    for one in segments
                ]
                for unit, sha in zip(units, digests, strict=True):
                    place = f"{number:06d}-{len(segments) + 1:04d}"
                    path = self.folder / "log" / name / f"{place}.parquet"
                    _link(unit, path)
                    segments.append(
                        Segment(
                            id=place,
                            table=name,
                            file=path.relative_to(self.folder).as_posix(),
                            rows=files.row_count(unit),
                            sha256=sha,
                            source=source,
                            received_at=received_at,
                        )
                    )
            if told.has_changed:
                told.generation = number
            if told.has_changed or (mark and before.marks.get(source) != mark):
                marks = {**before.marks, source: mark} if mark else before.marks
                self._swap(
                    replace(
                        before,
                        generation=told.generation,
                        segments=tuple(segments),
                        untold=before.untold + _untold(told, note),
                        marks=marks,
                    )
                )
            self._clear_own()
            return told

    def tell(self, tell: Callable[[Mapping[str, Any]], None]) -> None:
        """Call `tell` for each change nobody was told of, oldest first, and take it off the list.

        A process killed in between tells it again: `tell` looks whether it has been told.
        """
        with self.writing():
            while untold := self.manifest().untold:
                tell(untold[0])
                swap_manifest(self.folder, replace(self.manifest(), untold=untold[1:]))

    def publish(self, name: str | None) -> None:
        """Say which of the engine's published folders answers from now on."""
        with self.writing():
            swap_manifest(self.folder, replace(self.manifest(), published=name))

    def _as_files(self, name: str, given: Path | Any | Sequence[Path | Any]) -> list[Path]:
        """Every part as a Parquet file of the table's schema; Arrow tables are written down."""
        table = TABLES[name]
        parts: list[Any] = list(given) if isinstance(given, list | tuple) else [given]
        paths = []
        for number, part in enumerate(parts):
            if isinstance(part, Path):
                files.ask_schema(part, table)
                paths.append(part)
                continue
            path = self.staging / "own" / f"{name}-{number}.parquet"
            schema = arrow_schema(table)
            paths.append(files.write_rows(path, schema, [part.select(schema.names).cast(schema)]))
        return paths

    def _correct(
        self, number: int, name: str, found: list[tuple[str, Any]], received_at: datetime
    ) -> Corrections:
        import pyarrow as pa  # noqa: PLC0415 - the command line wakes without Arrow

        schema = pa.schema([("segment", pa.string()), ("row", pa.int64())])
        pieces = [
            pa.table({"segment": [segment] * len(rows), "row": rows}, schema=schema)
            for segment, rows in found
        ]
        path = self.folder / "log" / name / f"{number:06d}-corrections.parquet"
        files.write_rows(path, schema, pieces)
        return Corrections(
            id=f"{number:06d}",
            table=name,
            file=path.relative_to(self.folder).as_posix(),
            rows=sum(len(rows) for _, rows in found),
            sha256=files.digest(path),
            received_at=received_at,
        )

    def _swap(self, manifest: Manifest) -> None:
        for folder in (self.folder / "log").glob("*"):
            sync_folder(folder)
        swap_manifest(self.folder, manifest)

    def _spill(self) -> Path:
        path = self.staging / "spill"
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path

    def _clear_own(self) -> None:
        for name in ("own", "spill"):
            shutil.rmtree(self.staging / name, ignore_errors=True)

    def _clear_rubbish(self) -> None:
        """Files that no manifest names: a writer was killed before it swapped."""
        self._clear_own()
        named = self.manifest()
        kept = {one.file for one in named.segments} | {one.file for one in named.corrections}
        for path in (self.folder / "log").glob("*/*"):
            if path.relative_to(self.folder).as_posix() not in kept:
                path.unlink()


def _untold(told: Accounting, note: Mapping[str, Any] | None) -> tuple[Mapping[str, Any], ...]:
    if note is None or not told.has_changed:
        return ()
    tables = {name: asdict(counts) for name, counts in told.tables.items()}
    return ({**note, "generation": told.generation, "tables": tables},)


def _link(unit: Path, path: Path) -> None:
    """The same content under another name; a copy where the file system knows no links."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.link(unit, path)
    except OSError:
        shutil.copyfile(unit, path)
        files.sync_file(path)
