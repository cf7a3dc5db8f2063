"""WooCommerce orders, one row per item, as its usual exporters write them."""

from __future__ import annotations

from holdfast.supply.imports.formats import Format

CANCELLED = frozenset({"cancelled", "canceled", "failed", "trash", "checkout-draft", "draft"})


def cancels(payment: str, status: str, line_status: str, cancelled_at: str) -> bool:
    """A cancelled or failed order; a refund cancels the quantity its own column names."""
    return status.strip().lower().removeprefix("wc-") in CANCELLED or bool(cancelled_at)


_CONTACT = {
    "email": ("billing_email", "Email (Billing)", "customer_email", "Billing Email", "Email"),
    "first_name": (
        "shipping_first_name",
        "First Name (Shipping)",
        "billing_first_name",
        "First Name (Billing)",
        "Billing First Name",
    ),
    "last_name": (
        "shipping_last_name",
        "Last Name (Shipping)",
        "billing_last_name",
        "Last Name (Billing)",
        "Billing Last Name",
    ),
    "phone": ("billing_phone", "Phone (Billing)", "Billing Phone"),
    "street": (
        "shipping_address_1",
        "Address 1 (Shipping)",
        "Address 1&2 (Shipping)",
        "billing_address_1",
        "Address 1&2 (Billing)",
        "Shipping Address 1",
    ),
    "street2": ("shipping_address_2", "Address 2 (Shipping)", "billing_address_2"),
    "postcode": (
        "shipping_postcode",
        "Postcode (Shipping)",
        "billing_postcode",
        "Postcode (Billing)",
        "Shipping Postcode",
    ),
    "city": ("shipping_city", "City (Shipping)", "billing_city", "City (Billing)"),
    "region": ("shipping_state", "State Code (Shipping)", "State Name (Shipping)", "billing_state"),
    "country": (
        "shipping_country",
        "Country Code (Shipping)",
        "Country Name (Shipping)",
        "billing_country",
        "Country Code (Billing)",
        "Shipping Country",
    ),
}
_INSTEAD = {
    "first_name": ("billing_first_name", "First Name (Billing)"),
    "last_name": ("billing_last_name", "Last Name (Billing)"),
    "street": ("billing_address_1", "Address 1&2 (Billing)", "Address 1 (Billing)"),
    "street2": ("billing_address_2", "Address 2 (Billing)"),
    "postcode": ("billing_postcode", "Postcode (Billing)"),
    "city": ("billing_city", "City (Billing)"),
    "region": ("billing_state", "State Code (Billing)"),
    "country": ("billing_country", "Country Code (Billing)"),
}
_ORDER = {
    "order": ("order_number", "Order Number", "order_id", "Order ID", "id"),
    "status": ("status", "Order Status", "order_status"),
    "ordered_at": ("order_date", "Order Date", "date", "date_created"),
    "shipped_at": ("completed_date", "Completed Date", "date_completed"),
    "customer": ("customer_id", "Customer User ID", "Customer ID"),
    "currency": ("order_currency", "currency", "Currency", "Order Currency"),
}

ITEM_ROWS = Format(
    name="woocommerce",
    kind="orders",
    words="WooCommerce orders export, one row per item",
    how="WooCommerce › Export › Orders, one row per item, CSV.",
    signatures=(frozenset({"itemname", "itemquantity", "itemsku"}),),
    columns={
        **_ORDER,
        **_CONTACT,
        "product": ("item_sku",),
        "title": ("item_name",),
        "quantity": ("item_quantity",),
        "refunded_quantity": ("item_refunded_qty", "Item Refunded Quantity"),
        "price": ("item_price", "item_total"),
    },
    carried=("status", "ordered_at", "shipped_at", "customer", "currency", *_CONTACT),
    instead=_INSTEAD,
    product_from_title=True,
    cancels=cancels,
)
ADVANCED = Format(
    name="woocommerce",
    kind="orders",
    words="WooCommerce orders export (Advanced Order Export layout)",
    how="WooCommerce › Export Orders › Export, one row per product.",
    signatures=(frozenset({"ordernumber", "orderstatus", "sku", "itemname"}),),
    columns={
        **_ORDER,
        **_CONTACT,
        "product": ("SKU",),
        "title": ("Item Name",),
        "variant": ("Product Variation",),
        "quantity": ("Quantity", "Quantity (- Refund)"),
        "refunded_quantity": ("Refunded Quantity", "Quantity Refunded"),
        "price": ("Item Cost",),
    },
    carried=("status", "ordered_at", "shipped_at", "customer", "currency", *_CONTACT),
    instead=_INSTEAD,
    product_from_title=True,
    cancels=cancels,
)
PRODUCTS = Format(
    name="woocommerce",
    kind="products",
    words="WooCommerce products export",
    how="Products › Export › CSV.",
    signatures=(frozenset({"sku", "name", "regularprice"}),),
    columns={
        "product": ("SKU",),
        "title": ("Name",),
        "gtin": ("GTIN, UPC, EAN, or ISBN",),
        "brand": ("Brands", "Brand"),
        "price": ("Regular price",),
    },
)
