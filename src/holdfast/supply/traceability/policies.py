"""Who may say what arrived when."""

from __future__ import annotations

from holdfast.ground.access.permissions import require
from holdfast.kit.actors import Actor


def may_record_receipt(by: Actor) -> None:
    """Write down a receipt."""
    require(by, "import.run")


def may_import_events(by: Actor) -> None:
    """Bring in trace events."""
    require(by, "import.run")


def may_feed_shop(by: Actor) -> None:
    """Let the trace know what the shop knows: part of asking it, for everyone who may see it."""
    require(by, "recall.view")
