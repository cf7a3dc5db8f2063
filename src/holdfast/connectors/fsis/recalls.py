"""The recalls of the FSIS, as its API answers and as a collection of them carries them."""

from __future__ import annotations

from datetime import date

from holdfast.kit.announcements import (
    Ask,
    Firm,
    PublishedProduct,
    PublishedRecall,
    Shape,
    Source,
)
from holdfast.kit.announcements.shape import Item, clean, day, text, texts


def _build(item: Item) -> PublishedRecall:
    number, language = text(item, "field_recall_number"), text(item, "langcode")
    shown = number if language in ("", "English") else f"{number} ({language})"
    goods = clean(text(item, "field_product_items")) or clean(text(item, "field_summary"))
    risk = (text(item, "field_recall_classification"), text(item, "field_risk_level"))
    return PublishedRecall(
        authority="US FSIS",
        number=shown if number else "",
        title=text(item, "field_title"),
        published_on=day(text(item, "field_recall_date")),
        hazard="\n".join(
            filter(None, (text(item, "field_recall_reason"), clean(text(item, "field_summary"))))
        ),
        recall_class="\n".join(dict.fromkeys(filter(None, risk))),
        url=text(item, "field_recall_url"),
        countries=("US",),
        products=(PublishedProduct(text(item, "field_title"), description=goods),),
        lots=tuple(filter(None, (goods,))),
        firms=tuple(
            Firm(name, "establishment") for name in (text(item, "field_establishment"),) if name
        ),
        original=item,
    )


def _build_flat(item: Item) -> PublishedRecall:
    works = item.get("establishment")
    firm = text(works, "name") if isinstance(works, dict) else ""
    goods = texts(item, "impacted_products")
    return PublishedRecall(
        authority="US FSIS",
        number=text(item, "id"),
        title=text(item, "title"),
        published_on=day(text(item, "start_date")),
        hazard="\n".join((*texts(item, "reasons"), text(item, "summary"))),
        recall_class=text(item, "risk_level"),
        url=text(item, "url"),
        countries=("US",),
        products=tuple(PublishedProduct(one) for one in goods)
        or (PublishedProduct(text(item, "title")),),
        lots=goods,
        firms=(Firm(firm, "establishment"),) if firm else (),
        original=item,
    )


SHAPE = Shape(
    name="FSIS recalls",
    authority="US FSIS",
    required=frozenset(
        {"field_title", "field_recall_number", "field_recall_date", "field_recall_reason"}
    ),
    known=frozenset(
        {
            *("field_active_notice", "field_states", "field_archive_recall", "field_closed_date"),
            *("field_closed_year", "field_company_media_contact", "field_distro_list"),
            *("field_en_press_release", "field_establishment", "field_labels", "field_risk_level"),
            *("field_media_contact", "field_last_modified_date", "field_press_release"),
            *("field_processing", "field_product_items", "field_qty_recovered", "field_summary"),
            *("field_recall_classification", "field_recall_type", "field_related_to_outbreak"),
            *("field_year", "langcode", "field_has_spanish", "field_recall_url"),
        }
    ),
    build=_build,
)
FLAT = Shape(
    name="FSIS recalls, flat",
    authority="US FSIS",
    required=frozenset({"id", "title", "start_date", "reasons", "impacted_products"}),
    known=frozenset(
        {
            *("url", "status", "risk_level", "end_date", "summary", "establishment"),
            *("establishment/*", "quantity_recovered", "quantity_unit", "states"),
        }
    ),
    build=_build_flat,
)


def _first(since: date, today: date) -> tuple[Ask, ...]:
    """The whole list in one answer: its filters know years by ids of their own, not by days."""
    return (Ask("https://www.fsis.usda.gov/fsis/api/recall/v/1"),)


SOURCE = Source(
    key="fsis",
    name="USDA FSIS recalls",
    authority="US FSIS",
    shapes=(SHAPE, FLAT),
    first=_first,
    hours=12,
    read_from="the FSIS Recall API roadmap of August 2025; 1,280 records of a collection for the "
    "flat form",
    unknown="No paging and no filter by day are documented, so the whole list is read. The field "
    "with the page’s address is not in the roadmap; it is taken if it comes.",
)
