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
    "end_reduced",
    "record_inspection",
    "record_signal",
    "record_test_result",
    "resume_inspection",
    "take_in_all",
    "take_in_complaint",
]
