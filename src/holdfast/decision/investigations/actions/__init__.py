"""Writes of this room: score and raise, judge, investigate, conclude."""

from holdfast.decision.investigations.actions.concluding import (
    conclude_investigation,
    link_recall,
    reopen_investigation,
)
from holdfast.decision.investigations.actions.investigating import (
    add_task,
    assign_investigation,
    finish_task,
    narrow_investigation,
    open_investigation,
    record_finding,
)
from holdfast.decision.investigations.actions.judging import (
    dismiss_alarm,
    set_alarm_budget,
    take_back_dismissal,
)
from holdfast.decision.investigations.actions.scoring import (
    Scored,
    score_catalogue,
    score_complaint_of_entry,
    score_import_of_entry,
    score_product,
)

__all__ = [
    "Scored",
    "add_task",
    "assign_investigation",
    "conclude_investigation",
    "dismiss_alarm",
    "finish_task",
    "link_recall",
    "narrow_investigation",
    "open_investigation",
    "record_finding",
    "reopen_investigation",
    "score_catalogue",
    "score_complaint_of_entry",
    "score_import_of_entry",
    "score_product",
    "set_alarm_budget",
    "take_back_dismissal",
]
