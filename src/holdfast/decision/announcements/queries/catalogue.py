"""The own products as records to be matched, and a sign that says whether they have changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache

from django.db import connection
from django.db.models import Count, Max, Q, QuerySet

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

    Up to 5,000 products it is the digest of them all; beyond, of the newest one, of the last file
    of products that was brought in, and of how many have what orders fill in where it is missing,
    since products are written by imports only and never go. Counting a million of them would be
    most of the work for one announcement more, so they are counted once for every file.
    """
    newest = Product.objects.aggregate(last=Max("pk"))["last"]
    sign = hashlib.sha256(f"{connection.settings_dict['NAME']} {newest}".encode())
    if not Product.objects.order_by("pk")[SMALL : SMALL + 1].exists():
        for row in Product.objects.order_by("pk").values_list(*FIELDS, "kind"):
            sign.update(repr(row).encode())
    else:
        files = Entry.objects.filter(kind="FileImported").order_by("-index")
        of_products = files.filter(payload__contains='"kind":"products"')
        sign.update(_root(of_products).encode())
        sign.update(_filled(str(connection.settings_dict["NAME"]), _root(files)).encode())
    for owner, text in _photographs():
        sign.update(f"{owner} {text}".encode())
    return sign.hexdigest()


def _root(entries: QuerySet[Entry]) -> str:
    return entries.values_list("root", flat=True).first() or ""


@lru_cache(maxsize=4)
def _filled(_database: str, _root_of_last_file: str) -> str:
    """How many products have a title, a variant, a code: an order fills them in, none empties."""
    filled = {name: Count("pk", filter=~Q(**{name: ""})) for name in ("title", "variant", "gtin")}
    return repr(sorted(Product.objects.aggregate(**filled).items()))
