"""Writes of the import room: bring a file in, save a mapping, ask for a job, simulate lots."""

from holdfast.supply.imports.actions.bringing import Outcome, Rejected, bring_in

__all__ = ["Outcome", "Rejected", "bring_in"]
