"""The captured events of an instance on disk: added, never changed, each one once.

Files lie in `trace/epcis`, one an import, written whole and then named; what has no final name
was left by a killed import and counts for nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from holdfast.kit.epcis.documents import Captured

_COLUMNS = "identity content hash event_type event_time event_id wire document".split()
_DERIVED = "derived.json"


@dataclass(frozen=True)
class Arrived:
    """A captured event and the document it came in."""

    captured: Captured
    document: str


class EventStore:
    """The captured events in a folder. One writer at a time: the trace log's lock is held."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def files(self) -> list[Path]:
        """The files that count, in the order they came."""
        return sorted(self.folder.glob("[0-9]*.parquet"))

    def identities(self) -> set[str]:
        """The identity of every event there is."""
        import pyarrow.parquet as pq  # noqa: PLC0415 - the command line wakes without Arrow

        known: set[str] = set()
        for path in self.files():
            known.update(pq.read_table(path, columns=["identity"])["identity"].to_pylist())
        return known

    def add(self, arrived: Sequence[Arrived], received_at: datetime) -> None:
        """Keep events that are not there yet."""
        import pyarrow as pa  # noqa: PLC0415 - the command line wakes without Arrow
        import pyarrow.parquet as pq  # noqa: PLC0415

        if not arrived:
            return
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        events = [one.captured.event() for one in arrived]
        columns: dict[str, list[Any]] = {
            "identity": [one.captured.identity for one in arrived],
            "content": [one.captured.content for one in arrived],
            "hash": [one.captured.hash for one in arrived],
            "event_type": [type(event).__name__ for event in events],
            "event_time": [event.at.replace(tzinfo=None) for event in events],
            "event_id": [event.event_id for event in events],
            "wire": [one.captured.wire for one in arrived],
            "document": [one.document for one in arrived],
        }
        schema = pa.schema(
            [
                (name, pa.timestamp("us") if name == "event_time" else pa.string())
                for name in _COLUMNS
            ]
            + [("received_at", pa.timestamp("us", tz="UTC"))]
        )
        columns["received_at"] = [received_at] * len(arrived)
        number = int(self.files()[-1].stem) + 1 if self.files() else 1
        made = self.folder / f"{number:06d}.parquet"
        draft = made.with_suffix(".draft")
        pq.write_table(pa.table(columns, schema=schema), draft, compression="zstd")
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.replace(made)

    def captured(self) -> Iterator[Captured]:
        """Every event there is."""
        import pyarrow.parquet as pq  # noqa: PLC0415 - the command line wakes without Arrow

        for path in self.files():
            names = ["identity", "content", "hash", "wire"]
            for batch in pq.ParquetFile(path).iter_batches(columns=names):
                for row in batch.to_pylist():
                    yield Captured(**row)

    def is_derived(self) -> bool:
        """Whether the rows in the log are those of exactly these files and this way to derive."""
        try:
            return (self.folder / _DERIVED).read_text(encoding="utf-8") == self._state()
        except FileNotFoundError:
            return False

    def set_derived(self) -> None:
        """Note that the log has the rows of these files."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.folder / "derived.draft"
        draft.write_text(self._state(), encoding="utf-8")
        draft.replace(self.folder / _DERIVED)

    def _state(self) -> str:
        named = [(path.name, path.stat().st_size) for path in self.files()]
        return json.dumps({"files": named, "way": WAY})


WAY = 1
"""Raised when the mapping changes: then rows are derived again from the events kept."""


def digest(data: bytes) -> str:
    """The name of a document's bytes."""
    return hashlib.sha256(data).hexdigest()


def new_ones(arrived: Iterable[Arrived], known: set[str]) -> tuple[list[Arrived], int]:
    """Those not known yet, and how many were; `known` learns them."""
    fresh: list[Arrived] = []
    merged = 0
    for one in arrived:
        if one.captured.identity in known:
            merged += 1
        else:
            known.add(one.captured.identity)
            fresh.append(one)
    return fresh, merged
