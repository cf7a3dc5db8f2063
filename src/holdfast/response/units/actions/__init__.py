"""Every write to the unit ledger: bringing it to a scope, moving units, counting stock."""

from holdfast.response.units.actions.entering import enter_units, rebalance_units
from holdfast.response.units.actions.moving import count_stock, move_units, shift

__all__ = ["count_stock", "enter_units", "move_units", "rebalance_units", "shift"]
