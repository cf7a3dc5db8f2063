"""The notices of the OPSS as the search of GOV.UK lists them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from holdfast.kit.announcements import Ask, PublishedProduct, PublishedRecall, Shape, Source
from holdfast.kit.announcements.shape import Item, clean, day, text

AT_ONCE = 200
FIELDS = (
    *("title", "link", "public_timestamp", "description", "product_category"),
    *("product_risk_level", "product_alert_type"),
)
_NUMBER = re.compile(r"\((?:PSD[- ]?)?(\d{4}-\d{4})\)\s*$")
_KIND = re.compile(r"^Product (?:Safety )?(?:Recall|Report|Alert)\s*:\s*", re.I)


def _build(item: Item) -> PublishedRecall:
    title, link = text(item, "title"), text(item, "link")
    found = _NUMBER.search(title)
    name = _NUMBER.sub("", _KIND.sub("", title)).strip()
    grade = (text(item, "product_alert_type"), text(item, "product_risk_level"))
    return PublishedRecall(
        authority="UK OPSS",
        number=found[1] if found else link,
        title=title,
        published_on=day(text(item, "public_timestamp")),
        hazard=clean(text(item, "description")),
        recall_class="\n".join(filter(None, grade)),
        url=f"https://www.gov.uk{link}" if link.startswith("/") else link,
        countries=("GB",),
        products=(PublishedProduct(name),),
        original=item,
    )


SHAPE = Shape(
    name="OPSS notices",
    authority="UK OPSS",
    required=frozenset({"title", "link", "public_timestamp"}),
    known=frozenset(
        {*FIELDS, "index", "es_score", "_id", "elasticsearch_type", "document_type", "format"}
    ),
    build=_build,
    under="results",
    around=frozenset(
        {
            *("total", "start", "aggregates", "suggested_queries", "suggested_autocomplete"),
            *("es_cluster", "reranked"),
        }
    ),
    fleeting=frozenset({"es_score", "index"}),
)


def _first(since: date, today: date) -> tuple[Ask, ...]:
    return (
        Ask(
            "https://www.gov.uk/api/search.json?filter_format=product_safety_alert_report_recall"
            f"&filter_public_timestamp=from:{since:%Y-%m-%d}&order=-public_timestamp"
            f"&count={AT_ONCE}&fields={','.join(FIELDS)}&start=0"
        ),
    )


def _following(ask: Ask, records: int) -> Ask | None:
    if records < AT_ONCE:
        return None
    start = (ask.page + 1) * AT_ONCE
    return replace(ask, url=f"{ask.url.rpartition('=')[0]}={start}", page=ask.page + 1)


SOURCE = Source(
    key="opss",
    name="UK OPSS product safety notices",
    authority="UK OPSS",
    shapes=(SHAPE,),
    first=_first,
    following=_following,
    read_from="public programs that read GOV.UK’s search (2026) and GOV.UK’s own tests",
    unknown="Model, barcode and batch stand in the text of each notice, which is not read: matches "
    "rest on the title. The values of risk level and kind are kept as they come.",
)
