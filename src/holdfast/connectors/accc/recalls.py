"""The RSS feed of Product Safety Australia; its description is a page with named fields."""

from __future__ import annotations

import re
from datetime import date

from holdfast.kit.announcements import Ask, PublishedProduct, PublishedRecall, Shape, Source
from holdfast.kit.announcements import syndication as feed
from holdfast.kit.announcements.shape import Item, clean

HAZARDS = ("hazards", "product-defects")
LOTS = ("identifying-features", "identification-numbers", "serial-numbers", "batch")


def _build(item: Item) -> PublishedRecall:
    title = feed.words(item, "title")
    page = item.get("description")
    written = page if isinstance(page, str) else ""
    return PublishedRecall(
        authority="ACCC",
        number=feed.words(item, "guid") or feed.link(item),
        title=title,
        published_on=feed.published(item),
        hazard="\n".join(filter(None, (_field(written, name) for name in HAZARDS))),
        url=feed.link(item),
        countries=("AU",),
        products=(PublishedProduct(title, description=clean(written)[:4000]),),
        lots=tuple(filter(None, (_field(written, name) for name in LOTS))),
        original=item,
    )


def _field(page: str, name: str) -> str:
    """One field of the page by the class that it has."""
    start = page.find(f"field--name-field-psa-recall-{name}")
    if start < 0:
        return ""
    found = re.search(r'<div class="field__item">(.{0,4000}?)</div>', page[start:], re.S)
    return clean(found[1]) if found else ""


SHAPE = Shape(
    name="ACCC recalls",
    authority="ACCC",
    required=frozenset({"title", "link", "description", "guid"}),
    known=feed.KNOWN,
    build=_build,
    items=feed.entries,
)


def _first(since: date, today: date) -> tuple[Ask, ...]:
    return (Ask("https://www.productsafety.gov.au/rss/feed.xml/psa_recall"),)


SOURCE = Source(
    key="accc",
    name="ACCC product safety recalls",
    authority="ACCC",
    shapes=(SHAPE,),
    first=_first,
    read_from="RSS 2.0, and a public program that reads this feed (2026)",
    unknown="The feed holds the newest 100 only. Which fields the page in the description has: two "
    "were seen (hazards, product defects); names of fields with lots are tried and may be absent.",
)
