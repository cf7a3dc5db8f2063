"""Reads of this room: what is heard, what waits to be read, and what an alarm rests on."""

from holdfast.decision.investigations.queries.alarms import (
    alarm_named,
    alarm_reports,
    alarms_waiting,
    complaints_behind,
    counted_a_week,
    floods,
    investigation_named,
    letter_to_supplier,
    nearest,
    reports_since,
)
from holdfast.decision.investigations.queries.outstanding import still_to_come
from holdfast.decision.investigations.queries.scores import (
    false_a_week,
    threshold_in_force,
    watched_things,
)

__all__ = [
    "alarm_named",
    "alarm_reports",
    "alarms_waiting",
    "complaints_behind",
    "counted_a_week",
    "false_a_week",
    "floods",
    "investigation_named",
    "letter_to_supplier",
    "nearest",
    "reports_since",
    "still_to_come",
    "threshold_in_force",
    "watched_things",
]
