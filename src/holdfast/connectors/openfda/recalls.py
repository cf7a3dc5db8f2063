"""The enforcement reports of openFDA: one record a product of a recall, lots in prose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from holdfast.kit.announcements import (
    Ask,
    Firm,
    PublishedProduct,
    PublishedRecall,
    Shape,
    Source,
)
from holdfast.kit.announcements.shape import Item, day, text, texts


def _build(item: Item) -> PublishedRecall:
    more = item.get("openfda")
    listed = more if isinstance(more, Mapping) else {}
    brands = texts(listed, "brand_name") + texts(listed, "manufacturer_name")
    product = PublishedProduct(
        name=text(item, "product_description"),
        brand="\n".join(brands),
        codes=texts(listed, "upc"),
    )
    lots = (text(item, "code_info"), text(item, "more_code_info"))
    return PublishedRecall(
        authority="US FDA",
        number=text(item, "recall_number"),
        title=text(item, "product_description"),
        published_on=day(text(item, "report_date")),
        hazard=text(item, "reason_for_recall"),
        recall_class=text(item, "classification"),
        countries=("US",),
        products=(product,),
        lots=tuple(filter(None, lots)),
        firms=(Firm(text(item, "recalling_firm"), "recalling firm"),),
        original=item,
    )


SHAPE = Shape(
    name="openFDA enforcement",
    authority="US FDA",
    required=frozenset(
        {
            *("recall_number", "product_description", "reason_for_recall", "code_info"),
            *("recalling_firm", "classification", "report_date"),
        }
    ),
    known=frozenset(
        {
            *("status", "city", "state", "country", "address_1", "address_2", "postal_code"),
            *("event_id", "product_type", "product_quantity", "distribution_pattern"),
            *("initial_firm_notification", "voluntary_mandated", "recall_initiation_date"),
            *("center_classification_date", "termination_date", "more_code_info"),
            *("openfda", "openfda/*"),
        }
    ),
    build=_build,
    under="results",
    around=frozenset({"meta"}),
)


ENDPOINTS = ("food", "drug", "device")
AT_ONCE, FURTHEST = 1000, 25_000
"""What the service gives at once at most, and how far it lets one skip."""


def _first(since: date, today: date) -> tuple[Ask, ...]:
    return tuple(Ask(_url(kind, since, 0)) for kind in ENDPOINTS)


def _following(ask: Ask, records: int) -> Ask | None:
    skip = (ask.page + 1) * AT_ONCE
    if records < AT_ONCE or skip > FURTHEST:
        return None
    return replace(ask, url=ask.url.rpartition("&skip=")[0] + f"&skip={skip}", page=ask.page + 1)


def _url(kind: str, since: date, skip: int) -> str:
    return (
        f"https://api.fda.gov/{kind}/enforcement.json?search=report_date:"
        f"[{since:%Y%m%d}+TO+29991231]&sort=report_date:desc&limit={AT_ONCE}&skip={skip}"
    )


SOURCE = Source(
    key="openfda",
    name="openFDA enforcement reports",
    authority="US FDA",
    shapes=(SHAPE,),
    first=_first,
    following=_following,
    hours=24,
    most_pages=26,
    nothing_found=404,
    read_from="34,971 records of its own form (food and drugs, 2012 to 2021)",
    unknown="Devices are asked for in the same form, which was not seen. The FDA publishes weekly; "
    "a recall may stand there weeks after it began.",
)
