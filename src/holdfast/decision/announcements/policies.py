"""Who may work on authorities' recalls and their feeds."""

from __future__ import annotations

from holdfast.ground.access.permissions import require
from holdfast.kit.actors import Actor


def may_import_announcements(by: Actor) -> None:
    """Bring in what an authority announced; fetch a feed now."""
    require(by, "import.run")


def may_switch_feeds(by: Actor) -> None:
    """Add a feed, switch it on or off."""
    require(by, "feed.switch")


def may_add_photographs(by: Actor) -> None:
    """Add a photograph by which things are known again, or take one out."""
    require(by, "watch.decide")


def may_decide_matches(by: Actor) -> None:
    """Say whether a match is ours; part announcements that are two recalls."""
    require(by, "watch.decide")
