"""The own products as records to be matched, and a sign that says whether they have changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.db import connection
from django.db.models import Max

from holdfast.decision.announcements.models import Photograph
from holdfast.ground.journal.models import Entry
from holdfast.kit.matching import Record
from holdfast.supply.catalog.models import Product

FIELDS = ("pk", "code", "title", "brand", "model", "variant", "gtin")
SMALL = 5_000


def catalogue_records() -> Iterator[Record]:
    """Every product but postage and the like; its id is our own number."""
    seen: dict[int, str] = {}
    for owner, text in _photographs():
        seen[owner] = f"{seen[owner]}\n{text}" if owner in seen else text
    rows = Product.objects.exclude(kind="pseudo").order_by("pk").values_list(*FIELDS)
    for pk, code, title, brand, model, variant, gtin in rows.iterator(chunk_size=10_000):
        yield Record(
            str(pk),
            title=" ".join(filter(None, (title or code, variant))),
            brand=brand,
            model=model,
            rest=code if title else "",
            codes=gtin,
            photo=seen.get(pk, ""),
        )


def _photographs() -> Iterator[tuple[int, str]]:
    rows = Photograph.objects.filter(product__isnull=False).exclude(text="")
    yield from rows.order_by("pk").values_list("product", "text").iterator(chunk_size=5_000)


def catalogue_version() -> str:
    """The same as long as no product came or changed.

    Up to 5,000 products it is the digest of them all; beyond, of the newest one and of the last
    file of products that was brought in, since products are written by imports only and never go.
    Counting a million of them would be most of the work for one announcement more.
    """
    newest = Product.objects.aggregate(last=Max("pk"))["last"]
    sign = hashlib.sha256(f"{connection.settings_dict['NAME']} {newest}".encode())
    if not Product.objects.order_by("pk")[SMALL : SMALL + 1].exists():
        for row in Product.objects.order_by("pk").values_list(*FIELDS, "kind"):
            sign.update(repr(row).encode())
    else:
        last = Entry.objects.filter(kind="FileImported", payload__contains='"kind":"products"')
        sign.update((last.order_by("-index").values_list("root", flat=True).first() or "").encode())
    for owner, text in _photographs():
        sign.update(f"{owner} {text}".encode())
    return sign.hexdigest()
