"""Units sold of the products that are told of, so that best-sellers are not taken for defects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import F, Sum
from django.db.models.functions import TruncDate

from holdfast.kit.signals.exposure import Exposure
from holdfast.supply.orders.models import OrderLine

AT_ONCE = 400  # products in one question
Key = tuple[str, str, str]  # stream, maker, product


def exposures(
    told: Iterable[tuple[Key, int | None]], first: date | None, last: date | None
) -> dict[Key, Exposure]:
    """What is known of the units out there, by what is watched; nothing where nothing was sold.

    Between `first` and `last` all sales of the firm are known.
    """
    wanted = {key: product for key, product in told if product is not None}
    if not wanted or first is None or last is None:
        return {}
    sold = OrderLine.objects.filter(kind="sale", moved_at__isnull=False)
    days: dict[int, list[tuple[date, float]]] = defaultdict(list)
    products = sorted(set(wanted.values()))
    for at in range(0, len(products), AT_ONCE):
        rows = (
            sold.filter(product__in=products[at : at + AT_ONCE])
            .annotate(day=TruncDate("moved_at"))
            .order_by()
            .values_list("product_id", "day")
            .annotate(units=Sum(F("quantity") - F("cancelled")))
        )
        for product, day, units in rows.iterator():
            days[product].append((day, float(units)))
    return {
        key: Exposure.of(days[product], first, last)
        for key, product in wanted.items()
        if product in days
    }
