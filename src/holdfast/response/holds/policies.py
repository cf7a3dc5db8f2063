"""Who may work on stops."""

from __future__ import annotations

from holdfast.ground.access.permissions import require
from holdfast.kit.actors import Actor


def may_work_on_holds(by: Actor) -> None:
    """Add a place, give it an owner, attach proof."""
    require(by, "hold.work")
