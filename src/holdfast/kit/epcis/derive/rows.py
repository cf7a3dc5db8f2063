"""All rows the events that hold give, in one order whatever order the events came in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from holdfast.kit.epcis.corrections import events_that_hold
from holdfast.kit.epcis.derive.making import transformation_rows
from holdfast.kit.epcis.derive.moving import shipment_rows
from holdfast.kit.epcis.derive.residing import receipt_rows
from holdfast.kit.epcis.derive.stays import Stays, packing_rows
from holdfast.kit.epcis.derive.world import look_around
from holdfast.kit.epcis.documents import Captured

TABLES = ("transformations", "packings", "shipments", "receipts")


@dataclass(frozen=True)
class Rows:
    """The rows by table; order lines are no events and come from elsewhere."""

    tables: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    events: int = 0

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        return {name: len(rows) for name, rows in self.tables.items()}


def derive(captured: Iterable[Captured]) -> Rows:
    """The rows of four of the five tables."""
    held = events_that_hold(captured)
    world = look_around(held)
    stays = Stays(held)
    made: dict[str, set[Any]] = {
        "transformations": transformation_rows(held, stays, world),
        "packings": packing_rows(stays, world),
        "shipments": shipment_rows(held, world),
        "receipts": receipt_rows(held, stays, world),
    }
    return Rows({name: sorted(made[name], key=_sortable) for name in TABLES}, len(held))


def _sortable(row: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple("" if one is None else str(one) for one in row)
