"""The enforcement reports of openFDA: one record a product of a recall, lots in prose."""

from __future__ import annotations

from collections.abc import Mapping

from holdfast.kit.announcements import Firm, PublishedProduct, PublishedRecall, Shape
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
