"""Who may work with what people say in public."""

from __future__ import annotations

from holdfast.ground.access.permissions import require
from holdfast.kit.actors import Actor


def may_work_on_mentions(by: Actor) -> None:
    """Take posts in, answer and set them aside."""
    require(by, "mention.work")


def may_change_sources(by: Actor) -> None:
    """Add sources and switch them; a feed that is on asks another machine."""
    require(by, "settings.change")


def may_write_corrections(by: Actor) -> None:
    """Draft a correction."""
    require(by, "notice.edit")


def may_approve_corrections(by: Actor) -> None:
    """Make a correction public, and take it back."""
    require(by, "notice.approve")
