"""The export of incident reports that SaferProducts.gov offers."""

from __future__ import annotations

from holdfast.supply.imports.formats import Format

# The product code of this export is a group of goods (1344: musical toys), not a shop's code.
FORMAT = Format(
    name="saferproducts",
    kind="complaints",
    words="SaferProducts.gov incident reports",
    how="SaferProducts.gov › Search › Export results, CSV.",
    signatures=(frozenset({"reportno", "reportdate", "incidentdescription"}),),
    columns={
        "source_id": ("Report No.",),
        "text": ("Incident Description",),
        "received_at": ("Report Date",),
        "published_at": ("Publication Date",),
        "sent_at": ("Sent to Manufacturer / Importer / Private Labeler",),
        "product_name": ("Product Description",),
        "category": ("Product Type", "Product Code"),
        "brand": ("Brand",),
        "model": ("Model Name or Number",),
        "maker": ("Manufacturer / Importer / Private Labeler Name",),
        "gtin": ("UPC",),
        "lot": ("Manufacturer Date Code",),
        "serial": ("Serial Number",),
        "harm": ("(Primary) Victim Severity",),
    },
    values={"kind": "complaint", "country": "US", "goods": "products"},
)
