"""Facts about what somebody told us."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from holdfast.ground.journal.events import Fact


@dataclass(frozen=True)
class SignalRecorded(Fact):
    """A text came in; it stays outside the journal, its hash and what was read are kept."""

    words: ClassVar[str] = "A message came in and was read: {read}"
    signal: int
    text_sha256: str
    read: tuple[str, ...]
    known_at: str
