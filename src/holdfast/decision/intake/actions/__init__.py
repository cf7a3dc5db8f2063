"""Writes of the intake room: keep a message, take in a complaint, link it, merge it, forget who."""

from holdfast.decision.intake.actions.signals import record_signal
from holdfast.decision.intake.actions.taking import Taken, take_in_all, take_in_complaint

__all__ = [
    "Taken",
    "record_signal",
    "take_in_all",
    "take_in_complaint",
]
