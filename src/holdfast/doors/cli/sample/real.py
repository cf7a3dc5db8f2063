"""Choosing, in real orders, one lot to practise on: large enough to matter, not too large."""

from __future__ import annotations

from django.db.models import Count

from holdfast.kit.refusals import Forbidden
from holdfast.supply.catalog.models import Product
from holdfast.supply.orders.models import OrderLine
from holdfast.supply.traceability.models import Receipt

MOST_LINES = 900


def pick_lot() -> tuple[str, str, str]:
    """(product code, its title, lot): the middle lot of a product that sells well."""
    busy = (
        OrderLine.objects.filter(kind="sale", product__kind="product", customer__isnull=False)
        .values_list("product_id")
        .annotate(lines=Count("pk"))
        .order_by("-lines", "product_id")[:50]
    )
    for product_id, _lines in busy:
        lots = list(
            Receipt.objects.filter(product_id=product_id)
            .order_by("received_at", "lot")
            .values_list("lot", "received_at", "depleted_at")
        )
        for lot, start, end in lots[len(lots) // 2 :]:
            sold = OrderLine.objects.filter(product_id=product_id, kind="sale", moved_at__gte=start)
            count = (sold.filter(moved_at__lt=end) if end else sold).count()
            if 20 <= count <= MOST_LINES:
                product = Product.objects.get(pk=product_id)
                return product.code, product.title or product.code, lot
    raise Forbidden("nothing_fits", "No lot in these orders fits the sample recall.")
