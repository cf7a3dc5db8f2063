"""Who may write, approve and print notices."""

from __future__ import annotations

from holdfast.ground.access.permissions import require
from holdfast.kit.actors import Actor


def require_notice_editing(by: Actor) -> None:
    """Draft and change words."""
    require(by, "notice.edit")


def require_notice_approval(by: Actor) -> None:
    """Approve words and take an approval back."""
    require(by, "notice.approve")


def require_notice_printing(by: Actor) -> None:
    """Letters and lists hold names and addresses."""
    require(by, "outreach.send")
