"""What an import leaves in the journal: counts and digests, no personal data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from holdfast.ground.journal.events import Fact


@dataclass(frozen=True)
class FileImported(Fact):
    """A file was brought in; its rows are imported, merged or rejected."""

    words: ClassVar[str] = (
        "{rows} rows of {kind} were brought in from {source}: {imported} new, {merged} known, "
        "{rejected} rejected"
    )

    run: int
    kind: str
    source: str
    format: str
    file_sha256: str
    rows: int
    imported: int
    merged: int
    rejected: int
    unmatched_returns: int


@dataclass(frozen=True)
class MappingSaved(Fact):
    """Somebody confirmed which column means what."""

    words: ClassVar[str] = "The column mapping {mapping} for {kind} was saved"

    mapping: int
    kind: str


@dataclass(frozen=True)
class RejectedRowsErased(Fact):
    """Somebody asked to be forgotten: what rejected rows said went, their place and reason stay."""

    words: ClassVar[str] = "What {rows} rejected rows of {kind} said was erased"

    kind: str
    rows: int


@dataclass(frozen=True)
class RejectedRowsSettled(Fact):
    """Somebody attended to what was rejected: set it aside, or took it in by hand."""

    words: ClassVar[str] = "{rows} rejected rows were attended to: {reason}"

    rows: int
    rejects: tuple[int, ...]
    how: str
    reason: str


@dataclass(frozen=True)
class ImportAsked(Fact):
    """Somebody asked for a file to be brought in by the worker."""

    words: ClassVar[str] = "Bringing in a file of {kind} was asked for (job {job})"

    job: int
    kind: str


@dataclass(frozen=True)
class HistorySimulated(Fact):
    """Lots, receipts and addresses were invented for trying things out, and marked so."""

    words: ClassVar[str] = (
        "Simulated on top of the real orders, from seed {seed}: {receipts} receipts of {lots} lots "
        "and addresses of {customers} customers"
    )

    seed: int
    receipts: int
    lots: int
    customers: int
