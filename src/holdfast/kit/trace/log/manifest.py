"""The manifest: which immutable files make up the log; readers see a change whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from holdfast.kit.refusals import Unreadable

FORMAT = "holdfast trace 1"
NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class Segment:
    """Rows of one table that came in one import, in one Parquet file that never changes."""

    id: str
    table: str
    file: str
    rows: int
    sha256: str
    source: str
    received_at: datetime
    superseded_at: datetime | None = None

    def is_live(self, known_at: datetime | None = None) -> bool:
        """Whether it counts, or did at a moment."""
        if known_at is None:
            return self.superseded_at is None
        left = self.superseded_at is not None and self.superseded_at <= known_at
        return self.received_at <= known_at and not left


@dataclass(frozen=True, slots=True)
class Corrections:
    """Rows of earlier segments (segment, row number) that a later import replaced."""

    id: str
    table: str
    file: str
    rows: int
    sha256: str
    received_at: datetime

    def is_known(self, known_at: datetime | None) -> bool:
        return known_at is None or self.received_at <= known_at


@dataclass(frozen=True, slots=True)
class Manifest:
    """One state of the log. `generation` grows with each change of rows.

    `published` names what the engine built last; `known` has the digest of every file whose rows
    are all in the log, with their number; `untold` are changes the journal has not been told of;
    `marks` say of a replaced source what state of its own it was taken from.
    """

    generation: int = 0
    segments: tuple[Segment, ...] = ()
    corrections: tuple[Corrections, ...] = ()
    published: str | None = None
    known: Mapping[str, int] = field(default_factory=dict)
    untold: tuple[Mapping[str, Any], ...] = ()
    marks: Mapping[str, str] = field(default_factory=dict)

    def live(self, table: str | None = None, known_at: datetime | None = None) -> list[Segment]:
        """The segments that count, in the order in which they came."""
        return [
            one
            for one in self.segments
            if one.is_live(known_at) and (table is None or one.table == table)
        ]

    def corrected(
        self, table: str | None = None, known_at: datetime | None = None
    ) -> list[Corrections]:
        """The corrections that count."""
        return [
            one
            for one in self.corrections
            if one.is_known(known_at) and (table is None or one.table == table)
        ]

    def events_at(self, known_at: datetime | None = None) -> int:
        """Rows of the five tables that hold."""
        gone = sum(one.rows for one in self.corrected(None, known_at))
        return sum(one.rows for one in self.live(None, known_at)) - gone

    @property
    def events(self) -> int:
        return self.events_at()

    def input_digest_at(self, known_at: datetime | None = None) -> str:
        """SHA-256 over what counts; the same files in the same roles, the same digest."""
        lines = [f"{one.table} {one.source} {one.sha256}" for one in self.live(None, known_at)]
        lines += [f"{one.table} - {one.sha256}" for one in self.corrected(None, known_at)]
        return sha256("".join(f"{line}\n" for line in sorted(lines)).encode()).hexdigest()

    @property
    def input_digest(self) -> str:
        return self.input_digest_at()

    def digest_of(self, source: str) -> str:
        """SHA-256 over the live segments of one source."""
        lines = sorted(f"{one.table} {one.sha256}\n" for one in self.live() if one.source == source)
        return sha256("".join(lines).encode()).hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a trace folder; an empty one where there is none yet."""
    path = folder / NAME
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        if said["format"] != FORMAT:
            raise ValueError(f"its format is {said['format']!r}")
        return Manifest(
            generation=said["generation"],
            segments=tuple(Segment(**_read_times(one)) for one in said["segments"]),
            corrections=tuple(Corrections(**_read_times(one)) for one in said["corrections"]),
            published=said["published"],
            known=said["known"],
            untold=tuple(said["untold"]),
            marks=said["marks"],
        )
    except FileNotFoundError:
        return Manifest()
    except (ValueError, LookupError, TypeError, OSError) as error:
        raise Unreadable(
            "trace_manifest_damaged",
            f"The list of trace files {path} cannot be read: {error}.",
            file=str(path),
            hint="Restore the folder `trace` from a backup, or remove it and import again.",
        ) from error


def swap_manifest(folder: Path, manifest: Manifest) -> None:
    """Put a new manifest in the place of the old in one step that survives a power cut."""
    said = {
        "format": FORMAT,
        "generation": manifest.generation,
        "published": manifest.published,
        "segments": [_write_times(asdict(one)) for one in manifest.segments],
        "corrections": [_write_times(asdict(one)) for one in manifest.corrections],
        "known": dict(manifest.known),
        "untold": [dict(one) for one in manifest.untold],
        "marks": dict(manifest.marks),
    }
    put_file(folder / NAME, json.dumps(said, indent=1).encode())


def put_file(path: Path, content: bytes) -> None:
    """Write a small file whole or not at all."""
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    fresh.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_times(one: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
        for name, value in one.items()
    }


def _read_times(one: dict[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value) if name.endswith("_at") and value else value
        for name, value in one.items()
    }
