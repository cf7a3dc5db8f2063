"""Who may state facts, prepare, release and file."""

from __future__ import annotations

from holdfast.ground.access.permissions import require
from holdfast.kit.actors import Actor


def may_work_on_filings(by: Actor) -> None:
    """State facts, draft filings, keep correspondence."""
    require(by, "filing.work")


def may_release(by: Actor) -> None:
    """Release a filing, explain a contradiction."""
    require(by, "filing.release")


def may_erase_people(by: Actor) -> None:
    """Empty what names a person; as grave as changing settings."""
    require(by, "settings.change")


def may_file(by: Actor) -> None:
    """Export what is released, record that it went out and what came back."""
    require(by, "filing.file")
