"""Facts of telling people: gates, waves, tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from holdfast.ground.journal.events import Fact


@dataclass(frozen=True)
class GateWaived(Fact):
    """Somebody let a wave pass a gate that was not green."""

    words: ClassVar[str] = "wave {wave}: the gate “{gate}” was waived, {reason}"
    wave: int
    gate: str
    found: str
    reason: str


@dataclass(frozen=True)
class GatesChecked(Fact):
    """The launch check was made; each gate with its state."""

    words: ClassVar[str] = "wave {wave}: launch check, {green} of {count} gates green"
    wave: int
    green: int
    count: int
    states: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class WaveLaunched(Fact):
    """People are being told."""

    words: ClassVar[str] = "wave {wave} by {channel} launched to {people}, beginning with {ramp} %"
    wave: int
    channel: str
    people: int
    ramp: int


@dataclass(frozen=True)
class WavePaused(Fact):
    """No further message of this wave is begun."""

    words: ClassVar[str] = "wave {wave} by {channel} paused: {reason}"
    wave: int
    channel: str
    reason: str


@dataclass(frozen=True)
class WaveResumed(Fact):
    """A paused wave goes on where it stopped."""

    words: ClassVar[str] = "wave {wave} by {channel} goes on: {reason}"
    wave: int
    channel: str
    reason: str


@dataclass(frozen=True)
class WaveWithdrawn(Fact):
    """What was not sent of this wave is never sent."""

    words: ClassVar[str] = "wave {wave} by {channel} withdrawn: {reason}"
    wave: int
    channel: str
    reason: str


@dataclass(frozen=True)
class TrialSent(Fact):
    """The notice went to colleagues as a test."""

    words: ClassVar[str] = "wave {wave}: test sent in {languages} to {count} colleagues"
    wave: int
    languages: str
    count: int


@dataclass(frozen=True)
class TrialOpened(Fact):
    """Somebody read the code that stood in the test."""

    words: ClassVar[str] = "wave {wave}: the test arrived and was opened"
    wave: int
