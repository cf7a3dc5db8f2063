"""Who may bring data in."""

from __future__ import annotations

from holdfast.ground.access.permissions import may, require
from holdfast.kit.actors import Actor


def may_bring_in(by: Actor) -> bool:
    """Whether the actor may import files."""
    return may(by, "import.run")


def require_bring_in(by: Actor) -> None:
    """Raise `NotPermitted` unless the actor may import files."""
    require(by, "import.run")
