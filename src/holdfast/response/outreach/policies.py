"""Who may launch and stop waves, and who may see who was told."""

from __future__ import annotations

from holdfast.ground.access.permissions import require
from holdfast.kit.actors import Actor


def require_sending(by: Actor) -> None:
    require(by, "outreach.send")


def require_viewing(by: Actor) -> None:
    require(by, "outreach.view")
