"""Every write to the unit ledger: bringing it to a scope, moving units, counting stock."""

from holdfast.response.units.actions.entering import enter_units, follow_scope, rebalance_units
from holdfast.response.units.actions.moving import UnitLedger, count_stock, move_units

__all__ = [
    "UnitLedger",
    "count_stock",
    "enter_units",
    "follow_scope",
    "move_units",
    "rebalance_units",
]
