"""The product export of Shopify: a row per variant, the title on the first row only."""

from __future__ import annotations

from holdfast.supply.imports.formats import Format

FORMAT = Format(
    name="shopify",
    kind="products",
    words="Shopify products export",
    how="Products › Export › All products, CSV.",
    signatures=(frozenset({"handle", "title", "variantsku"}),),
    columns={
        "product": ("Variant SKU",),
        "handle": ("Handle",),
        "title": ("Title",),
        "brand": ("Vendor",),
        "variant": ("Option1 Value",),
        "gtin": ("Variant Barcode",),
        "price": ("Variant Price",),
    },
    carried=("title", "brand"),
)
CUSTOMERS = Format(
    name="shopify",
    kind="customers",
    words="Shopify customers export",
    how="Customers › Export › All customers, CSV.",
    signatures=(frozenset({"firstname", "lastname", "email", "totalspent"}),),
    columns={
        "email": ("Email",),
        "first_name": ("First Name",),
        "last_name": ("Last Name",),
        "phone": ("Phone", "Default Address Phone"),
        "street": ("Address1", "Default Address Address1"),
        "street2": ("Address2", "Default Address Address2"),
        "postcode": ("Zip", "Default Address Zip"),
        "city": ("City", "Default Address City"),
        "region": ("Province", "Default Address Province Code", "Province Code"),
        "country": ("Country", "Country Code", "Default Address Country Code"),
        "language": ("Language",),
    },
)
