"""The alerts of Safety Gate as a table: one row a product, with barcode and batch if known."""

from __future__ import annotations

import re

from holdfast.kit.announcements import PublishedProduct, PublishedRecall, Shape, Source
from holdfast.kit.announcements.shape import Item, day, text

_DAY_FIRST = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})$")


def _build(item: Item) -> PublishedRecall:
    product = PublishedProduct(
        name=text(item, "product_name"),
        brand=text(item, "brand"),
        model=text(item, "model_type_number"),
        description=text(item, "product_description"),
        codes=tuple(filter(None, (text(item, "barcode"),))),
    )
    lots = (
        text(item, name) for name in ("batch_number", "company_recall_code", "production_dates")
    )
    measures = (text(item, "compulsory_measures"), text(item, "voluntary_measures"))
    return PublishedRecall(
        authority="EU Safety Gate",
        number=text(item, "alert_number"),
        title=text(item, "product_name"),
        published_on=day(_year_first(text(item, "published_on"))),
        hazard="\n".join(filter(None, (text(item, "risk_type"), text(item, "risk_description")))),
        recall_class="\n".join(filter(None, measures)),
        url=text(item, "case_url"),
        countries=tuple(filter(None, (text(item, "alert_submitted_by"),))),
        products=(product,),
        lots=tuple(filter(None, lots)),
        original=item,
    )


def _year_first(written: str) -> str:
    """Safety Gate writes the day first."""
    found = _DAY_FIRST.match(written)
    if found is None:
        return written
    return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"


SHAPE = Shape(
    name="Safety Gate alerts",
    authority="EU Safety Gate",
    required=frozenset(
        {"alert_number", "product_name", "product_description", "brand", "model_type_number"}
    ),
    known=frozenset(
        {
            *("type_of_alert", "alert_submitted_by", "country_of_origin", "counterfeit"),
            *("risk_type", "risk_legal_provision", "product_category", "compulsory_measures"),
            *("voluntary_measures", "found_and_measures_taken_in", "company_recall_page"),
            *("case_url", "barcode", "batch_number", "company_recall_code", "production_dates"),
            *("packaging_description", "published_on", "risk_description", "images"),
        }
    ),
    build=_build,
)

SOURCE = Source(
    key="safety_gate",
    name="EU Safety Gate alerts (table)",
    authority="EU Safety Gate",
    shapes=(SHAPE,),
    read_from="a table that others made of the weekly reports",
    unknown="The form of the weekly XML itself was not seen, so no address is built in: name the "
    "address of a table, or bring files in.",
)
