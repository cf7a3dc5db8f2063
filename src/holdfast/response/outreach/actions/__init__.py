"""Every write of outreach."""

from holdfast.response.outreach.actions.bouncing import take_in_bounces
from holdfast.response.outreach.actions.launching import (
    launch_wave,
    pause_wave,
    reopen_wave,
    resume_wave,
    store_gates,
    withdraw_wave,
)
from holdfast.response.outreach.actions.planning import plan_wave, take_out_answered
from holdfast.response.outreach.actions.settling import settle_unclear
from holdfast.response.outreach.actions.trying import confirm_trial, note_trial

__all__ = [
    "confirm_trial",
    "launch_wave",
    "note_trial",
    "pause_wave",
    "plan_wave",
    "reopen_wave",
    "resume_wave",
    "settle_unclear",
    "store_gates",
    "take_in_bounces",
    "take_out_answered",
    "withdraw_wave",
]
