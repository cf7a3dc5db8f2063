"""What is stored of what people told us."""

from holdfast.decision.intake.models.complaints import Complaint, HazardReading, Informant, TextMark
from holdfast.decision.intake.models.inspections import Inspection, InspectionSeries, TestResult
from holdfast.decision.intake.models.links import ComplaintLink
from holdfast.decision.intake.models.rushes import ProductRush
from holdfast.decision.intake.models.signals import SafetySignal

__all__ = [
    "Complaint",
    "ComplaintLink",
    "HazardReading",
    "Informant",
    "Inspection",
    "InspectionSeries",
    "ProductRush",
    "SafetySignal",
    "TestResult",
    "TextMark",
]
