"""What a table may tell us: the fields of each kind of file, and which of them must be there."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

CONTACT = (
    "email",
    "name",
    "first_name",
    "last_name",
    "phone",
    "street",
    "street2",
    "postcode",
    "city",
    "region",
    "country",
    "language",
)

ADDRESS = frozenset({"street", "street2", "postcode", "city", "region", "country"})

FIELDS: dict[str, tuple[str, ...]] = {
    "orders": (
        "order",
        "product",
        "quantity",
        "ordered_at",
        "shipped_at",
        "customer",
        *CONTACT,
        "title",
        "variant",
        "gtin",
        "price",
        "currency",
        "channel",
        "site",
        "lot",
        "serial",
        "container",
        "status",
        "payment",
        "line_status",
        "cancelled_at",
        "refunded_quantity",
        "cancels",
        "kind",
    ),
    "products": (
        "product",
        "title",
        "brand",
        "model",
        "variant",
        "gtin",
        "price",
        "currency",
        "kind",
        "handle",
    ),
    "customers": ("customer", *CONTACT),
    "suppliers": ("supplier", "name", "email", "phone", "country"),
    "consignees": ("consignee", *CONTACT, "level"),
    "receipts": (
        "lot",
        "product",
        "site",
        "received_at",
        "depleted_at",
        "quantity",
        "supplier",
    ),
    "stock": ("product", "site", "lot", "quantity", "counted_at"),
    "inspections": (
        "lot",
        "product",
        "supplier",
        "site",
        "lot_size",
        "sample",
        "failed",
        "aql",
        "level",
        "severity",
        "verdict",
        "defects",
        "inspected_at",
        "inspector",
    ),
    "tests": (
        "lot",
        "product",
        "supplier",
        "test",
        "method",
        "limit",
        "value",
        "unit",
        "passed",
        "laboratory",
        "report",
        "tested_at",
    ),
    "complaints": (
        "source_id",
        "kind",
        "text",
        "title",
        "reason",
        "received_at",
        "received_unix",
        "happened_at",
        "published_at",
        "sent_at",
        "product",
        "product_name",
        "category",
        "brand",
        "model",
        "maker",
        "gtin",
        "lot",
        "serial",
        "order",
        "harm",
        "stars",
        "goods",
        "name",
        "first_name",
        "last_name",
        "email",
        "phone",
        "country",
        "language",
    ),
}
REQUIRED: dict[str, tuple[str, ...]] = {
    "orders": ("order", "product", "quantity"),
    "products": ("product",),
    "customers": (),
    "suppliers": ("supplier",),
    "consignees": ("consignee",),
    "receipts": ("lot", "product", "quantity"),
    "stock": ("product", "quantity"),
    "inspections": ("lot", "product", "sample", "failed", "inspected_at"),
    "tests": ("product", "test", "tested_at"),
    "complaints": (),
}
# One of these is enough for a complaint to say something.
SAYS_SOMETHING = ("text", "reason", "title", "harm")
# One of these is enough for a person to be somebody.
IDENTIFIES_CUSTOMER = ("customer", "email", "phone", "name", "first_name", "last_name")
DATES = frozenset(
    {
        *("ordered_at", "shipped_at", "received_at", "depleted_at", "counted_at"),
        *("inspected_at", "tested_at", "happened_at", "published_at", "sent_at"),
    }
)
NUMBERS = frozenset({"quantity", "price", "refunded_quantity", "sample", "failed", "lot_size"})
# The longest text a field may hold; longer identifiers are a fault of the row, not cut.
LONGEST = {
    "order": 120,
    "product": 200,
    "customer": 160,
    "lot": 120,
    "serial": 120,
    "container": 120,
    "site": 80,
    "supplier": 80,
    "consignee": 80,
    "email": 254,
    "phone": 64,
    "name": 200,
    "street": 300,
    "postcode": 40,
    "city": 120,
    "region": 120,
    "country": 80,
    "cancels": 120,
    "gtin": 14,
    "source_id": 120,
}
# What people type on the command line for a field, beside its own name.
ALIASES = {
    "sku": "product",
    "code": "product",
    "order_number": "order",
    "qty": "quantity",
    "date": "ordered_at",
    "order_date": "ordered_at",
    "ship_date": "shipped_at",
    "customer_id": "customer",
    "market": "country",
    "description": "title",
    "unit_price": "price",
    "batch": "lot",
    "warehouse": "site",
    "address": "street",
    "zip": "postcode",
    "nonconforming": "failed",
    "sample_size": "sample",
}


@lru_cache(maxsize=4096)
def squeezed(column: str) -> str:
    """A column name without case, accents, spaces and signs.

    >>> squeezed("Numéro de commande"), squeezed("amazon-order-id"), squeezed("Straße")
    ('numerodecommande', 'amazonorderid', 'strasse')
    """
    plain = unicodedata.normalize("NFKD", column.casefold().replace("n°", "no").replace("#", "no"))
    return "".join(letter for letter in plain if letter.isalnum() and not _mark(letter))


def _mark(letter: str) -> bool:
    return bool(unicodedata.combining(letter))


def canonical(kind: str, field: str) -> str | None:
    """The field a person means, or `None`."""
    name = field.strip().lower().replace("-", "_")
    if name in FIELDS[kind]:
        return name
    alias = ALIASES.get(name)
    return alias if alias in FIELDS[kind] else None
