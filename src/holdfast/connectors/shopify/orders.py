"""The orders export of Shopify: a row per line item, order cells on the first row only."""

from __future__ import annotations

from holdfast.supply.imports.formats import Format

NEVER_LEFT = frozenset({"", "unfulfilled", "pending", "restocked"})


def cancels(payment: str, status: str, line_status: str, cancelled_at: str) -> bool:
    """A cancelled order, a restocked line, or money returned for goods that never left.

    Money returned for goods that did leave cancels nothing: the unit may still be in a home.
    """
    if cancelled_at:
        return True
    line, order = line_status.strip().lower(), status.strip().lower()
    if line == "restocked" or order == "restocked":
        return True
    returned = payment.strip().lower() in {"refunded", "voided"}
    return returned and line in NEVER_LEFT and order in NEVER_LEFT


FORMAT = Format(
    name="shopify",
    kind="orders",
    words="Shopify orders export",
    how="Orders › Export › All orders, CSV for Excel, Numbers or other programs.",
    signatures=(frozenset({"name", "lineitemquantity", "lineitemname"}),),
    columns={
        "order": ("Name",),
        "product": ("Lineitem sku",),
        "title": ("Lineitem name",),
        "quantity": ("Lineitem quantity",),
        "price": ("Lineitem price",),
        "line_status": ("Lineitem fulfillment status",),
        "status": ("Fulfillment Status",),
        "payment": ("Financial Status",),
        "cancelled_at": ("Cancelled at",),
        "ordered_at": ("Created at", "Paid at"),
        "shipped_at": ("Fulfilled at",),
        "customer": ("Customer ID",),
        "email": ("Email",),
        "name": ("Shipping Name", "Billing Name"),
        "phone": ("Shipping Phone", "Phone", "Billing Phone"),
        "street": ("Shipping Address1", "Shipping Street", "Billing Address1"),
        "street2": ("Shipping Address2",),
        "postcode": ("Shipping Zip", "Billing Zip"),
        "city": ("Shipping City", "Billing City"),
        "region": ("Shipping Province", "Billing Province"),
        "country": ("Shipping Country", "Billing Country"),
        "currency": ("Currency",),
        "channel": ("Source",),
        "site": ("Location",),
    },
    carried=(
        "status",
        "payment",
        "cancelled_at",
        "ordered_at",
        "shipped_at",
        "customer",
        "email",
        "name",
        "phone",
        "street",
        "street2",
        "postcode",
        "city",
        "region",
        "country",
        "currency",
        "channel",
        "site",
    ),
    instead={
        "name": ("Billing Name",),
        "phone": ("Phone", "Billing Phone"),
        "street": ("Billing Address1", "Billing Street"),
        "street2": ("Billing Address2",),
        "postcode": ("Billing Zip",),
        "city": ("Billing City",),
        "region": ("Billing Province",),
        "country": ("Billing Country",),
        "ordered_at": ("Paid at",),
    },
    product_from_title=True,
    cancels=cancels,
)
