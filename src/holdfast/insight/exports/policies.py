"""Who may take evidence out."""

from __future__ import annotations

from holdfast.ground.access.permissions import require
from holdfast.kit.actors import Actor


def require_export(by: Actor) -> None:
    """Writing an evidence package."""
    require(by, "evidence.export")
