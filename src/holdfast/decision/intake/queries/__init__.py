"""Reads of the intake room."""

from holdfast.decision.intake.queries.reports import reports, reports_of
from holdfast.decision.intake.queries.signals import read_message

__all__ = ["read_message", "reports", "reports_of"]
