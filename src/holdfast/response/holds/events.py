"""Facts about goods that must stop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from holdfast.ground.journal.events import Fact


@dataclass(frozen=True)
class PlacesListed(Fact):
    """Places where the product is sold or lies were found in the data."""

    words: ClassVar[str] = "{count} places to stop found in the data"
    count: int
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class HoldAdded(Fact):
    """Somebody named a place where goods must stop."""

    words: ClassVar[str] = "Stop asked: {kind} {name}"
    hold: int
    kind: str
    name: str


@dataclass(frozen=True)
class HoldAssigned(Fact):
    """A stop has an owner."""

    words: ClassVar[str] = "Stop of {kind} {name} is with {owner}"
    hold: int
    kind: str
    name: str
    owner: str


@dataclass(frozen=True)
class HoldStopped(Fact):
    """Goods stopped there, and this shows it."""

    words: ClassVar[str] = "Stopped: {kind} {name}. {proof}"
    hold: int
    kind: str
    name: str
    proof: str
    proof_sha256: str


@dataclass(frozen=True)
class HoldFailed(Fact):
    """Goods could not be stopped there, or are moving again."""

    words: ClassVar[str] = "Not stopped: {kind} {name}. {reason}"
    hold: int
    kind: str
    name: str
    reason: str


@dataclass(frozen=True)
class HoldNotNeeded(Fact):
    """Nothing affected is there."""

    words: ClassVar[str] = "No stop needed: {kind} {name}. {reason}"
    hold: int
    kind: str
    name: str
    reason: str
