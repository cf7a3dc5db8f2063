"""Who may move units in the ledger."""

from __future__ import annotations

from holdfast.ground.access.permissions import require
from holdfast.kit.actors import Actor


def require_unit_work(by: Actor) -> None:
    """Recording what became of units takes the right to work on claims."""
    require(by, "claim.work")
