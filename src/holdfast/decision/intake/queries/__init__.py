"""Reads of the intake room."""

from holdfast.decision.intake.queries.first import first_told
from holdfast.decision.intake.queries.inspections import (
    inspected,
    of_lot,
    results,
    series_of,
    supplier_failures,
)
from holdfast.decision.intake.queries.reports import reports, reports_of
from holdfast.decision.intake.queries.rushes import (
    About,
    RushSeen,
    RushTold,
    recent_rushes,
    rush_behind,
    rush_told,
)
from holdfast.decision.intake.queries.signals import read_message

__all__ = [
    "About",
    "RushSeen",
    "RushTold",
    "first_told",
    "inspected",
    "of_lot",
    "read_message",
    "recent_rushes",
    "reports",
    "reports_of",
    "results",
    "rush_behind",
    "rush_told",
    "series_of",
    "supplier_failures",
]
