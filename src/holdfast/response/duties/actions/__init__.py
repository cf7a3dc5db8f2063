"""Every write of the duties room, by verb group."""

from holdfast.response.duties.actions.confirming import (
    confirm_law,
    withdraw_law_confirmation,
)
from holdfast.response.duties.actions.escalating import escalate_duties
from holdfast.response.duties.actions.linking import make_calendar_link, revoke_calendar_link
from holdfast.response.duties.actions.reworking import (
    rework_clocks,
    rework_clocks_of_entry,
)
from holdfast.response.duties.actions.settling import (
    assign_duty,
    meet_duty,
    reopen_duty,
    set_house_target,
    settle_duty,
)

__all__ = [
    "assign_duty",
    "confirm_law",
    "escalate_duties",
    "make_calendar_link",
    "meet_duty",
    "reopen_duty",
    "revoke_calendar_link",
    "rework_clocks",
    "rework_clocks_of_entry",
    "set_house_target",
    "settle_duty",
    "withdraw_law_confirmation",
]
