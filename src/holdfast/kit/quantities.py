"""Quantities as people write them: whole numbers without decimals, others as exact text."""

from __future__ import annotations

from decimal import Decimal

LONGEST = 18
"""Digits of a whole number that a database column holds."""


def whole_number(text: str | None) -> int:
    """A whole number as forms and addresses carry it; 0 for whatever is none.

    >>> whole_number(" 12 "), whole_number("²"), whole_number("9" * 5000), whole_number(None)
    (12, 0, 0, 0)
    """
    plain = (text or "").strip()
    return int(plain) if plain.isdecimal() and len(plain) <= LONGEST else 0


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
