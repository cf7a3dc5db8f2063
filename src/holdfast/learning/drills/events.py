"""What happened to drills."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from holdfast.ground.journal.events import Fact


@dataclass(frozen=True)
class DrillStarted(Fact):
    """A copy of the state was made to practise on; nothing can leave it."""

    words: ClassVar[str] = "Drill {ref} started: {scenario}."
    ref: str
    scenario: str


@dataclass(frozen=True)
class DrillEnded(Fact):
    """A drill ended with this score; its gaps are tasks in the copy."""

    words: ClassVar[str] = "Drill {ref} ended after {minutes} minutes with {gaps} gaps."
    ref: str
    minutes: int
    gaps: int
    score: dict[str, object]
