"""Who may bring data in."""

from __future__ import annotations

from holdfast.ground.access.permissions import require
from holdfast.kit.actors import Actor


def require_bring_in(by: Actor) -> None:
    """Raise `NotPermitted` unless the actor may import files."""
    require(by, "import.run")


def require_forget(by: Actor) -> None:
    """Raise `NotPermitted` unless the actor may forget a person who told us something."""
    require(by, "complaint.work")


def require_settle(by: Actor) -> None:
    """Raise `NotPermitted` unless the actor may attend to what was rejected and waits."""
    require(by, "complaint.work")
