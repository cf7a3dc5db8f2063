"""What happened to affected units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from holdfast.ground.journal.events import Fact


@dataclass(frozen=True)
class UnitsRebalanced(Fact):
    """The ledger was brought to the numbers of a confirmed scope version."""

    words: ClassVar[str] = (
        "Scope version {version}: {entered} units entered the ledger and {left} left it; "
        "it now holds {units}."
    )
    version: int
    level: str
    entered: str
    left: str
    units: str


@dataclass(frozen=True)
class UnitsEntered(Fact):
    """Units of a place outside the order lines entered: stock on hand, a delivery to a firm."""

    words: ClassVar[str] = "{quantity} units entered at {place} ({level}): {evidence}."
    level: str
    place: str
    quantity: str
    evidence: str


@dataclass(frozen=True)
class UnitsMoved(Fact):
    """Units went from one state to another on the evidence named."""

    words: ClassVar[str] = (
        "{quantity} units at {place} went from {from_state} to {to_state} on {kind}: {evidence}."
    )
    level: str
    place: str
    from_state: str
    to_state: str
    quantity: str
    kind: str
    evidence: str


@dataclass(frozen=True)
class StockCounted(Fact):
    """Somebody counted, and the ledger said something else or the same."""

    words: ClassVar[str] = "{place} was counted: {counted}; the ledger said {ledger}, gap {gap}."
    level: str
    place: str
    counted: str
    ledger: str
    gap: str
