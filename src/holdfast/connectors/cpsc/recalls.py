"""The recalls of the CPSC, as its service answers and as a flat collection of them carries them.

Source: Recall Retrieval Web Services, Programmer's Guide 1.4.
"""

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
from holdfast.kit.announcements.shape import Item, day, text, texts

PARTS = {
    "Manufacturers": "manufacturer",
    "Importers": "importer",
    "Distributors": "distributor",
    "Retailers": "retailer",
}


def _build(item: Item) -> PublishedRecall:
    codes = texts(item, "ProductUPCs", "UPC")
    listed = item.get("Products")
    records = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    products = tuple(
        PublishedProduct(
            name=text(one, "Name"),
            model=text(one, "Model"),
            description="\n".join(filter(None, (text(one, "Type"), text(one, "Description")))),
            codes=codes if number == 0 else (),
        )
        for number, one in enumerate(records or [{}])
    )
    return PublishedRecall(
        authority="US CPSC",
        number=text(item, "RecallNumber"),
        title=text(item, "Title"),
        published_on=day(text(item, "RecallDate")),
        hazard="\n".join(texts(item, "Hazards", "Name")),
        url=text(item, "URL"),
        countries=("US",),
        products=products,
        lots=tuple(filter(None, (text(item, "Description"),))),
        firms=tuple(
            Firm(name, part) for key, part in PARTS.items() for name in texts(item, key, "Name")
        ),
        original=item,
    )


def _build_flat(item: Item) -> PublishedRecall:
    return PublishedRecall(
        authority="US CPSC",
        number=text(item, "id"),
        title=text(item, "title"),
        published_on=day(text(item, "date")),
        hazard=text(item, "hazard"),
        url=text(item, "url"),
        countries=("US",),
        products=tuple(PublishedProduct(name) for name in texts(item, "products")),
        lots=tuple(filter(None, (text(item, "description"),))),
        firms=tuple(Firm(name, "retailer") for name in texts(item, "retailers")),
        original=item,
    )


SHAPE = Shape(
    name="CPSC recalls",
    authority="US CPSC",
    required=frozenset(
        {"RecallID", "RecallNumber", "RecallDate", "Title", "Description", "Products", "Hazards"}
    ),
    known=frozenset(
        {
            *("URL", "ConsumerContact", "LastPublishDate", "SoldAtLabel", "Products/Name"),
            *("Products/Description", "Products/Model", "Products/Type", "Products/CategoryID"),
            *("Products/NumberOfUnits", "Inconjunctions", "Inconjunctions/URL", "Images"),
            *("Images/URL", "Images/Caption", "Injuries", "Injuries/Name", "Manufacturers"),
            *("Manufacturers/Name", "Manufacturers/CompanyID", "Retailers", "Retailers/Name"),
            *("Retailers/CompanyID", "Importers", "Importers/Name", "Importers/CompanyID"),
            *("Distributors", "Distributors/Name", "Distributors/CompanyID", "ProductUPCs"),
            *("ProductUPCs/UPC", "ManufacturerCountries", "ManufacturerCountries/Country"),
            *("Hazards/Name", "Hazards/HazardType", "Hazards/HazardTypeID", "Remedies"),
            *("Remedies/Name", "RemedyOptions", "RemedyOptions/Option"),
        }
    ),
    build=_build,
)
FLAT = Shape(
    name="CPSC recalls, flat",
    authority="US CPSC",
    required=frozenset({"id", "date", "title", "products", "description", "hazard"}),
    known=frozenset(
        {
            *("has_injuries", "has_deaths", "injury_text", "remedy", "remedy_options"),
            *("countries", "retailers", "units", "categories", "url", "images"),
        }
    ),
    build=_build_flat,
)


def _first(since: date, today: date) -> tuple[Ask, ...]:
    return (
        Ask(
            "https://www.saferproducts.gov/RestWebServices/Recall?format=json"
            f"&LastPublishDateStart={since:%Y-%m-%d}"
        ),
    )


SOURCE = Source(
    key="cpsc",
    name="CPSC recalls",
    authority="US CPSC",
    shapes=(SHAPE, FLAT),
    first=_first,
    read_from="Recall Retrieval Web Services, Programmer’s Guide 1.4; a recorded answer of 2026",
    unknown="The recorded answer was empty, so an answer with records was seen in the guide only. "
    "Whether the service ever sends an ETag: its recorded answer had none.",
)
