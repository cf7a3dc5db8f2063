"""Returns that match no earlier line of their customer, as a CSV; they reduce nothing."""

from __future__ import annotations

from collections.abc import Iterator

from holdfast.kit.quantities import plain
from holdfast.kit.sheets import csv_pieces
from holdfast.supply.imports.queries import unmatched_returns
from holdfast.supply.orders.models import OrderLine

HEADER = ("source", "order", "customer", "sku", "returned_at", "quantity", "unmatched")
AT_ONCE = 2_000


def unmatched_pieces() -> Iterator[bytes]:
    """Every one of them, in pieces and constant memory."""
    rows = unmatched_returns().iterator(chunk_size=AT_ONCE)
    return csv_pieces(HEADER, (unmatched_row(line) for line in rows))


def unmatched_row(line: OrderLine) -> tuple[object, ...]:
    """One of them: the customer as an opaque key, `unmatched` is what no line was found for."""
    at = line.moved_at or line.ordered_at
    return (
        line.source,
        line.order_number,
        f"customer:{line.customer_id}" if line.customer_id else "",
        line.sku,
        at.isoformat() if at else "",
        str(plain(line.quantity)),
        str(plain(line.left)),  # type: ignore[attr-defined]
    )
