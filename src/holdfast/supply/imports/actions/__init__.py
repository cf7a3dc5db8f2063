"""Writes of the import room: bring a file in, save a mapping, ask for a job, attend to rejects."""

from holdfast.supply.imports.actions.asking import ask_import, save_mapping
from holdfast.supply.imports.actions.bringing import Outcome, bring_in
from holdfast.supply.imports.actions.forgetting import erase_rejected_rows
from holdfast.supply.imports.actions.keeping import (
    ASIDE,
    READ,
    TYPED,
    Rejected,
    keep_new_rejects,
    keep_run,
    settle_rejects,
)
from holdfast.supply.imports.actions.recorded import bring_recorded_lines
from holdfast.supply.imports.actions.simulating import simulate_history

__all__ = [
    "ASIDE",
    "READ",
    "TYPED",
    "Outcome",
    "Rejected",
    "ask_import",
    "bring_in",
    "bring_recorded_lines",
    "erase_rejected_rows",
    "keep_new_rejects",
    "keep_run",
    "save_mapping",
    "settle_rejects",
    "simulate_history",
]
