"""The food alerts of the FSA; it takes days as bounds, gives 50 at once, and knows no paging."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from holdfast.kit.announcements import (
    Ask,
    Firm,
    PublishedProduct,
    PublishedRecall,
    Shape,
    Source,
)
from holdfast.kit.announcements.shape import Item, day, text

AT_ONCE = 50
WINDOW = timedelta(days=28)
WINDOWS = 16
BATCH = (
    *("batchCode", "lotNumber", "batchTextDescription", "useByDescription", "useByDate"),
    *("bestBeforeDescription", "bestBeforeDate"),
)
PROBLEM = ("riskStatement", "reason", "allergen", "pathogenRisk", "hazardCategory")


def _build(item: Item) -> PublishedRecall:
    goods = list(_records(item.get("productDetails")))
    firms = [text(one, "commonName") for one in _records(item.get("reportingBusiness")) if one] or [
        text(item, "alertAuthor")
    ]
    kinds = [one for one in _texts(item.get("type")) if not one.endswith("/Alert")]
    return PublishedRecall(
        authority="UK FSA",
        number=text(item, "notation"),
        title=text(item, "title"),
        published_on=day(text(item, "created")),
        hazard="\n".join(
            dict.fromkeys(
                said
                for one in _records(item.get("problem"))
                for name in PROBLEM
                for said in _texts(one.get(name))
            )
        ),
        recall_class=" ".join(one.rpartition("/")[2] for one in kinds),
        url=text(item, "alertURL"),
        countries=("GB",),
        products=tuple(
            PublishedProduct(text(one, "productName"), codes=tuple(_texts(one.get("productCode"))))
            for one in goods
        ),
        lots=tuple(
            f"{name}: {said}"
            for one in goods
            for batch in _records(one.get("batchDescription"))
            for name in BATCH
            for said in _texts(batch.get(name))
        ),
        firms=tuple(Firm(name, "reporting business") for name in firms if name),
        original=item,
    )


def _records(value: object) -> Iterator[Item]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, Mapping):
            yield one


def _texts(value: object) -> list[str]:
    """A text, a labelled thing, or a list of them, as texts."""
    found = []
    for one in value if isinstance(value, list) else [value]:
        said = text(one, "label") if isinstance(one, Mapping) else str(one or "")
        if said.strip():
            found.append(said.strip())
    return found


SHAPE = Shape(
    name="FSA food alerts",
    authority="UK FSA",
    required=frozenset({"notation", "title", "created", "type"}),
    known=frozenset(
        {
            *("@id", "modified", "shortTitle", "description", "status", "status/*", "alertURL"),
            *("alertAuthor", "reportingBusiness", "reportingBusiness/*", "problem", "problem/*"),
            *("productDetails", "productDetails/*", "country", "country/*", "actionTaken"),
            *("consumerAdvice", "SMStext", "twitterText", "previousAlert", "previousAlert/*"),
            *("relatedMedia", "relatedMedia/*", "otherBusiness", "otherBusiness/*", "sender"),
        }
    ),
    build=_build,
    under="items",
    around=frozenset({"@context", "meta"}),
)


def _first(since: date, today: date) -> tuple[Ask, ...]:
    """Windows of four weeks, so that none comes near the fifty that are given at once."""
    number = (today - since) // WINDOW + 1
    starts = [since + WINDOW * place for place in range(min(number, WINDOWS))]
    return tuple(_between(start, start + WINDOW - timedelta(days=1)) for start in starts)


def _between(start: date, end: date) -> Ask:
    return Ask(
        "https://data.food.gov.uk/food-alerts/id?"
        f"min-created={start:%Y-%m-%d}&max-created={end:%Y-%m-%d}"
    )


SOURCE = Source(
    key="fsa",
    name="UK FSA food alerts",
    authority="UK FSA",
    shapes=(SHAPE,),
    first=_first,
    cut_at=AT_ONCE,
    read_from="a whole record in a public test, the fields of a wrapper of the API and of a Drupal "
    "module, and what others found out about its parameters (August 2026)",
    unknown="A few of the known fields were seen by name only. Scotland’s FSS publishes apart.",
)
