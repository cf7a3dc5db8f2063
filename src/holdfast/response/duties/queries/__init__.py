"""Reads of the duties room."""

from holdfast.response.duties.queries.clocks import (
    clock_named,
    clocks_of,
    duty_clock,
    kit_duty,
    next_deadline,
    open_clocks,
    urgent_clocks,
)
from holdfast.response.duties.queries.feeds import calendar_text, link_for
from holdfast.response.duties.queries.law import (
    Touched,
    changed_law,
    confirmation_for,
    confirmations,
)
from holdfast.response.duties.queries.working import WorkedOut, worked_out

__all__ = [
    "Touched",
    "WorkedOut",
    "calendar_text",
    "changed_law",
    "clock_named",
    "clocks_of",
    "confirmation_for",
    "confirmations",
    "duty_clock",
    "kit_duty",
    "link_for",
    "next_deadline",
    "open_clocks",
    "urgent_clocks",
    "worked_out",
]
