"""Who may judge alarms and investigate; each names one line of the permission table."""

from __future__ import annotations

from holdfast.ground.access.permissions import require
from holdfast.kit.actors import Actor


def may_score(by: Actor) -> None:
    """Score products again, which may raise an alarm."""
    require(by, "alarm.judge")


def may_judge(by: Actor) -> None:
    """Dismiss an alarm, or take that back."""
    require(by, "alarm.judge")


def may_investigate(by: Actor) -> None:
    """Open an investigation and work on it."""
    require(by, "alarm.judge")


def may_conclude(by: Actor) -> None:
    """Say what an investigation found: no hazard, or keep watching."""
    require(by, "alarm.conclude")


def may_set_budget(by: Actor) -> None:
    """Say how many false alarms a week are read."""
    require(by, "settings.change")
