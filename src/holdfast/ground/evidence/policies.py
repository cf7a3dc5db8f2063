"""Who may attach, erase and take out evidence."""

from __future__ import annotations

from holdfast.ground.access.permissions import require
from holdfast.kit.actors import Actor


def require_attach(by: Actor) -> None:
    """Attaching files."""
    require(by, "evidence.add")


def require_erase(by: Actor) -> None:
    """Erasing the bytes of a file is as grave as changing settings."""
    require(by, "settings.change")
