"""The notifications of RASFF as a table; it names no firms, brands, lots or codes."""

from __future__ import annotations

from holdfast.kit.announcements import PublishedProduct, PublishedRecall, Shape, Source
from holdfast.kit.announcements.shape import Item, day, text


def _build(item: Item) -> PublishedRecall:
    return PublishedRecall(
        authority="EU RASFF",
        number=text(item, "reference"),
        title=text(item, "subject"),
        published_on=day(text(item, "date")),
        hazard=text(item, "hazards"),
        recall_class=text(item, "classification"),
        countries=tuple(filter(None, map(str.strip, text(item, "distribution").split(",")))),
        products=(PublishedProduct(text(item, "subject"), description=text(item, "category")),),
        original=item,
    )


SHAPE = Shape(
    name="RASFF notifications",
    authority="EU RASFF",
    required=frozenset({"reference", "subject", "date", "classification"}),
    known=frozenset(
        {
            *("category", "type", "notifying_country", "risk_decision", "distribution"),
            *("forAttention", "forFollowUp", "operator", "origin", "hazards", "year", "week"),
        }
    ),
    build=_build,
)

SOURCE = Source(
    key="rasff",
    name="EU RASFF notifications (table)",
    authority="EU RASFF",
    shapes=(SHAPE,),
    read_from="a table that others made of the notifications of 2024",
    unknown="RASFF’s own answer was not seen, so no address is built in: name the address of a "
    "table, or bring files in. It names no brand, lot or code, so matches rest on words alone.",
)
