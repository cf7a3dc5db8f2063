"""Who may do what in a recall; each names one line of the permission table."""

from __future__ import annotations

from holdfast.ground.access.permissions import require
from holdfast.kit.actors import Actor


def may_open(by: Actor) -> None:
    """Open a recall."""
    require(by, "recall.open")


def may_move(by: Actor) -> None:
    """Close, reopen, withdraw a recall; give roles in it."""
    require(by, "recall.move")


def may_propose_scope(by: Actor) -> None:
    """Propose a scope version."""
    require(by, "scope.propose")


def may_confirm_scope(by: Actor) -> None:
    """Confirm or refuse a scope version."""
    require(by, "scope.confirm")


def may_propose_decision(by: Actor) -> None:
    """Judge the risk and propose a decision."""
    require(by, "decision.propose")


def may_classify(by: Actor) -> None:
    """Work out our own class, or record the one an authority set."""
    require(by, "decision.propose")


def may_sign(by: Actor) -> None:
    """Sign a decision, or dissent from it."""
    require(by, "decision.sign")


def may_work_on_tasks(by: Actor) -> None:
    """Add to the checklist and tick it."""
    require(by, "hold.work")


def may_record_clocks(by: Actor) -> None:
    """Record and take back facts from which legal clocks count; say what the law asks."""
    require(by, "clock.record")
