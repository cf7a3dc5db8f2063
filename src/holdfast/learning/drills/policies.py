"""Who may start and end a drill."""

from __future__ import annotations

from holdfast.ground.access.permissions import require
from holdfast.kit.actors import Actor


def require_drilling(by: Actor) -> None:
    require(by, "drill.run")
