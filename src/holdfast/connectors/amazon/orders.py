"""Amazon order reports: tab-separated, a row per item, often without the buyer."""

from __future__ import annotations

from holdfast.supply.imports.formats import Format

CANCELLED = frozenset({"cancelled", "canceled", "storniert", "annulé", "annulée", "cancelado"})


def cancels(payment: str, status: str, line_status: str, cancelled_at: str) -> bool:
    """An order or an item that says it was cancelled."""
    return status.strip().lower() in CANCELLED or line_status.strip().lower() in CANCELLED


FORMAT = Format(
    name="amazon",
    kind="orders",
    words="Amazon order report",
    how="Seller Central › Reports › Fulfilment or Order reports › All orders, TXT.",
    signatures=(
        frozenset({"amazonorderid", "sku", "purchasedate"}),
        frozenset({"orderid", "orderitemid", "sku", "purchasedate"}),
    ),
    columns={
        "order": ("amazon-order-id", "order-id"),
        "product": ("sku",),
        "title": ("product-name",),
        "quantity": ("quantity-shipped", "quantity", "quantity-purchased", "number-of-items"),
        "ordered_at": ("purchase-date",),
        "shipped_at": ("shipment-date",),
        "status": ("order-status",),
        "line_status": ("item-status",),
        "price": ("item-price",),
        "currency": ("currency",),
        "channel": ("sales-channel",),
        "site": ("fulfillment-center-id", "fulfillment-channel", "fulfilment-channel"),
        "email": ("buyer-email",),
        "name": ("recipient-name", "buyer-name"),
        "phone": ("ship-phone-number", "buyer-phone-number"),
        "street": ("ship-address-1",),
        "street2": ("ship-address-2",),
        "postcode": ("ship-postal-code",),
        "city": ("ship-city",),
        "region": ("ship-state",),
        "country": ("ship-country",),
    },
    product_from_title=False,
    cancels=cancels,
)
