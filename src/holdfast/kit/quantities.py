"""Quantities as people write them: whole numbers without decimals, others as exact text."""

from __future__ import annotations

from decimal import Decimal


def plain(quantity: Decimal | int) -> int | str:
    """A whole quantity as int, any other as its shortest exact decimal text.

    >>> plain(Decimal("12.000")), plain(Decimal("0.250"))
    (12, '0.25')
    """
    if isinstance(quantity, int):
        return quantity
    if quantity == quantity.to_integral_value():
        return int(quantity)
    return format(quantity.normalize(), "f")
