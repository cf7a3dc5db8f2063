"""Who may take in what somebody told us."""

from __future__ import annotations

from holdfast.ground.access.permissions import require
from holdfast.kit.actors import Actor


def may_record_signal(by: Actor) -> None:
    """Record a message that suggests a hazard."""
    require(by, "recall.open")


def may_take_in(by: Actor) -> None:
    """Tell of a problem: anybody may, for themselves; staff and programs for others."""
    if not by.roles.isdisjoint({"public", "complaints.write"}):
        return
    require(by, "complaint.take")


def may_record_inspection(by: Actor) -> None:
    """Record what an inspection or a laboratory found."""
    require(by, "inspection.record")


def may_agree_inspection(by: Actor) -> None:
    """Agree to reduced inspection, end it, resume after discontinuation."""
    require(by, "inspection.agree")


def may_work_on(by: Actor) -> None:
    """Link complaints, settle duplicates, see and forget who told us."""
    require(by, "complaint.work")


def may_count_rushes(by: Actor) -> None:
    """Count again of what many people told at once."""
    require(by, "complaint.work")
