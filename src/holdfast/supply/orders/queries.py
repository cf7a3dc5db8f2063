"""Finds order lines by what people know of them, along the index there is."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from holdfast.supply.orders.models import OrderLine

MOST_SOURCES = 200
"""Shops and marketplaces of one firm that are looked through; orders of one more are not found."""


def sources() -> list[str]:
    """Where orders came from, found by hopping along the index instead of reading every line."""
    found: list[str] = []
    while len(found) < MOST_SOURCES:
        rest = OrderLine.objects.filter(source__gt=found[-1]) if found else OrderLine.objects.all()
        following = rest.order_by("source").values_list("source", flat=True).first()
        if following is None:
            break
        found.append(following)
    return found


def lines_of_order(*numbers: str) -> QuerySet[OrderLine]:
    """The lines of orders with one of these numbers, of whatever shop.

    The index begins with the source, so a number alone would read every line.
    """
    return OrderLine.objects.filter(source__in=sources(), order_number__in=_once(numbers))


def _once(numbers: Iterable[str]) -> list[str]:
    return sorted(set(numbers))
