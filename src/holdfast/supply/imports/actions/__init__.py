"""Writes of the import room: bring a file in, save a mapping, ask for a job, simulate lots."""

from holdfast.supply.imports.actions.bringing import Outcome, Rejected, bring_in
from holdfast.supply.imports.actions.simulating import simulate_history

__all__ = ["Outcome", "Rejected", "bring_in", "simulate_history"]
