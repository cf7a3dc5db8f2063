"""Writes of the intake room: keep a message, take in a complaint, link it, merge it, forget who."""

from holdfast.decision.intake.actions.bringing import bring_inspections, bring_test_results
from holdfast.decision.intake.actions.importing import ComplaintFile
from holdfast.decision.intake.actions.inspecting import (
    Sampled,
    agree_reduced,
    end_reduced,
    record_inspection,
    resume_inspection,
)
from holdfast.decision.intake.actions.relinking import relink_complaints_of_entry
from holdfast.decision.intake.actions.rushing import (
    count_rush_of_entry,
    count_rushes_of_entry,
)
from holdfast.decision.intake.actions.settling import (
    carry_complaints,
    forget_informant,
    link_complaint,
    mark_duplicate,
    see_complaint,
    undo_duplicate,
    withdraw_link,
)
from holdfast.decision.intake.actions.signals import record_signal
from holdfast.decision.intake.actions.taking import Taken, take_in_all, take_in_complaint
from holdfast.decision.intake.actions.testing import Tested, record_test_result

__all__ = [
    "ComplaintFile",
    "Sampled",
    "Taken",
    "Tested",
    "agree_reduced",
    "bring_inspections",
    "bring_test_results",
    "carry_complaints",
    "count_rush_of_entry",
    "count_rushes_of_entry",
    "end_reduced",
    "forget_informant",
    "link_complaint",
    "mark_duplicate",
    "record_inspection",
    "record_signal",
    "record_test_result",
    "relink_complaints_of_entry",
    "resume_inspection",
    "see_complaint",
    "take_in_all",
    "take_in_complaint",
    "undo_duplicate",
    "withdraw_link",
]
