"""The own products as records to be matched, and a sign that says whether they have changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.db import connection
from django.db.models import Count, Max

from holdfast.ground.journal.models import Entry
from holdfast.kit.matching import Record
from holdfast.supply.catalog.models import Product

FIELDS = ("pk", "code", "title", "brand", "model", "variant", "gtin")
SMALL = 20_000


def catalogue_records() -> Iterator[Record]:
    """Every product but postage and the like; its id is our own number."""
    rows = Product.objects.exclude(kind="pseudo").order_by("pk").values_list(*FIELDS)
    for pk, code, title, brand, model, variant, gtin in rows.iterator(chunk_size=10_000):
        yield Record(
            str(pk),
            title=" ".join(filter(None, (title or code, variant))),
            brand=brand,
            model=model,
            rest=code if title else "",
            codes=gtin,
        )


def catalogue_version() -> str:
    """The same as long as no product came, went or changed.

    Up to 20,000 products it is the digest of them all; beyond, of their number, the newest one and
    the last file of products that was brought in, since products are written by imports only.
    """
    counted = Product.objects.aggregate(n=Count("pk"), last=Max("pk"))
    sign = hashlib.sha256(f"{connection.settings_dict['NAME']} {counted}".encode())
    if (counted["n"] or 0) <= SMALL:
        for row in Product.objects.order_by("pk").values_list(*FIELDS, "kind"):
            sign.update(repr(row).encode())
    else:
        last = Entry.objects.filter(kind="FileImported", payload__contains='"kind":"products"')
        sign.update((last.order_by("-index").values_list("root", flat=True).first() or "").encode())
    return sign.hexdigest()
