"""What kind of line a row is, and which earlier lines a cancellation is set against."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

ZERO = Decimal(0)
EVENTS = "events"
"""The source of order lines that came as trace events."""
# A C before a number marks a cancellation; CA-2016-1 or CORNER-7 are order numbers like any other.
C_ORDER = re.compile(r"^[Cc][-_# ]?\d")


def line_kind(order: str, quantity: Decimal | int, *, known_customer: bool, c_orders: bool) -> str:
    """`sale`, `cancellation` or `adjustment` (stock corrected, nobody bought or returned).

    >>> line_kind("C536379", -1, known_customer=False, c_orders=True)
    'cancellation'
    >>> line_kind("536589", -10, known_customer=False, c_orders=True)
    'adjustment'
    """
    if c_orders and (C_ORDER.match(order) or (quantity < 0 and order[:1] in "Cc")):
        return "cancellation"
    if quantity >= 0:
        return "sale"
    return "cancellation" if known_customer else "adjustment"


@dataclass(slots=True)
class Entry:
    """One line of one product, as far as cancelling goes.

    `left` is what may still be cancelled of a sale, or still to be set against of a cancellation.
    """

    id: int
    is_sale: bool
    at: datetime | None
    order: str
    customer: int | None
    left: Decimal
    refers_to: str = ""


def set_against(entries: Iterable[Entry]) -> list[tuple[int, int, Decimal]]:
    """`(cancellation, line, quantity)` for the lines of one product.

    Cancellations that name an order go first and take from that order only, and never from the
    lines of another known customer: such a reference is a slip. The others follow in
    the order of time and take from earlier sales of their customer, newest first, never below
    zero. A sale at the very same moment counts as earlier, so that the result does not depend on
    the order of the files; where a time is missing, the order in which the rows came decides.
    """
    lines = sorted(entries, key=_moment)
    by_customer: dict[int, list[Entry]] = {}
    by_order: dict[str, list[Entry]] = {}
    for entry in lines:
        if entry.is_sale:
            by_order.setdefault(entry.order, []).append(entry)
            if entry.customer is not None:
                by_customer.setdefault(entry.customer, []).append(entry)
    matches: list[tuple[int, int, Decimal]] = []
    takes = [entry for entry in lines if not entry.is_sale]
    for take in sorted(takes, key=lambda e: not e.refers_to):
        if take.refers_to:
            sales = by_order.get(take.refers_to, [])
        elif take.customer is None:
            continue
        else:
            sales = by_customer.get(take.customer, [])
        for sale in reversed(sales):
            if take.left <= 0:
                break
            amount = min(take.left, sale.left)
            fits = _same_customer(sale, take) if take.refers_to else _is_earlier(sale, take)
            if amount > 0 and fits:
                take.left -= amount
                sale.left -= amount
                matches.append((take.id, sale.id, amount))
    return matches


def _same_customer(sale: Entry, take: Entry) -> bool:
    return None in (sale.customer, take.customer) or sale.customer == take.customer


def _is_earlier(sale: Entry, take: Entry) -> bool:
    if sale.at is None or take.at is None:
        return sale.id < take.id
    return sale.at <= take.at


def _moment(entry: Entry) -> tuple[bool, float, int]:
    return (entry.at is not None, entry.at.timestamp() if entry.at else 0.0, entry.id)
