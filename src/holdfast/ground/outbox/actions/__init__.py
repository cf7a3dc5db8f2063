"""Every write on the outbox."""

from holdfast.ground.outbox.actions.skeletons import release_skeleton, withdraw_skeleton

__all__ = ["release_skeleton", "withdraw_skeleton"]
