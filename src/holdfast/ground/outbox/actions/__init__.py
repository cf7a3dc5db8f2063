"""Every write on the outbox."""

from holdfast.ground.outbox.actions.bouncing import note_bounces
from holdfast.ground.outbox.actions.instance import confirm_instance, found_mark
from holdfast.ground.outbox.actions.planning import (
    Planned,
    plan_messages,
    settle_ambiguous,
    suppress_messages,
)
from holdfast.ground.outbox.actions.sending import (
    LEASE,
    Claimed,
    Ending,
    Window,
    claim_window,
    recover_attempts,
    renew_leases,
    settle_window,
)
from holdfast.ground.outbox.actions.skeletons import release_skeleton, withdraw_skeleton
from holdfast.ground.outbox.actions.staff import (
    claim_staff_mail,
    plan_staff_mail,
    settle_staff_mail,
)
from holdfast.ground.outbox.actions.waves import hold_ramp, move_wave, note_trouble, open_wave

__all__ = [
    "LEASE",
    "Claimed",
    "Ending",
    "Planned",
    "Window",
    "claim_staff_mail",
    "claim_window",
    "confirm_instance",
    "found_mark",
    "hold_ramp",
    "move_wave",
    "note_bounces",
    "note_trouble",
    "open_wave",
    "plan_messages",
    "plan_staff_mail",
    "recover_attempts",
    "release_skeleton",
    "renew_leases",
    "settle_ambiguous",
    "settle_staff_mail",
    "settle_window",
    "suppress_messages",
    "withdraw_skeleton",
]
