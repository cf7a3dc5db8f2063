"""Facts about attached files; names and contents stay outside the journal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from holdfast.ground.journal.events import Fact


@dataclass(frozen=True)
class EvidenceAttached(Fact):
    """A file was attached; what it holds is bound by its SHA-256."""

    words: ClassVar[str] = "Evidence file no. {number} attached to {about}: {size} bytes, {sha256}"
    number: int
    about: str
    size: int
    sha256: str


@dataclass(frozen=True)
class EvidenceErased(Fact):
    """The bytes of a file were erased; that it was there, and why it went, stays."""

    words: ClassVar[str] = "Evidence file no. {number} was erased: {reason}"
    number: int
    sha256: str
    reason: str
