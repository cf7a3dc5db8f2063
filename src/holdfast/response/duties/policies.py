"""Who may work on duties."""

from __future__ import annotations

from holdfast.ground.access.permissions import require
from holdfast.kit.actors import Actor


def may_work_on_duties(by: Actor) -> None:
    """Settle duties, give them owners and own limits, make calendar links."""
    require(by, "duty.work")


def may_rework(by: Actor) -> None:
    """Have the clocks worked out anew from the facts."""
    require(by, "clock.record")


def may_confirm_law(by: Actor) -> None:
    """Record what counsel confirmed."""
    require(by, "law.confirm")
