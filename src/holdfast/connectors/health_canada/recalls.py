"""The open data file of Canadian recalls: every notice of all three bodies in one list."""

from __future__ import annotations

from datetime import date

from holdfast.kit.announcements import Ask, PublishedProduct, PublishedRecall, Shape, Source
from holdfast.kit.announcements.shape import Item, clean, day, text

BODIES = {"cfia": "CFIA", "transport canada": "Transport Canada"}


def _build(item: Item) -> PublishedRecall:
    title, goods = clean(text(item, "Title")), clean(text(item, "Product"))
    body = text(item, "Organization")
    return PublishedRecall(
        authority=BODIES.get(body.casefold(), "Health Canada"),
        number=text(item, "NID"),
        title=title,
        published_on=day(text(item, "Last updated")),
        hazard=clean(text(item, "Issue")),
        recall_class=text(item, "Recall class").strip("- "),
        url=text(item, "URL"),
        countries=("CA",),
        products=(PublishedProduct(goods or title, description=clean(text(item, "Category"))),),
        original=item,
    )


SHAPE = Shape(
    name="Canadian recalls and alerts",
    authority="Health Canada",
    required=frozenset({"NID", "Title", "Organization", "Product", "Issue", "Last updated"}),
    known=frozenset({"URL", "What you should do", "Category", "Recall class", "Archived"}),
    build=_build,
)


def _first(since: date, today: date) -> tuple[Ask, ...]:
    return (
        Ask(
            "https://recalls-rappels.canada.ca/sites/default/files/opendata-donneesouvertes/"
            "HCRSAMOpenData.json"
        ),
    )


SOURCE = Source(
    key="health_canada",
    name="Health Canada and CFIA recalls",
    authority="Health Canada",
    shapes=(SHAPE,),
    first=_first,
    hours=24,
    read_from="records of the open data file as public programs keep them in their tests (2026)",
    unknown="The file gives the day of the last change, not of publication, and neither brand, "
    "lot nor barcode: those stand on each notice’s page, which is not read.",
)
