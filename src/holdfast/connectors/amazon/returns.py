"""What buyers say on Amazon: the report of returns, and reviews as the research corpus has them."""

from __future__ import annotations

from holdfast.supply.imports.formats import Format

RETURNS = Format(
    name="amazon_returns",
    kind="complaints",
    words="Amazon customer returns",
    how="Seller Central › Reports › Fulfilment › Customer returns, CSV.",
    signatures=(frozenset({"returndate", "orderid", "reason"}),),
    columns={
        "received_at": ("return-date",),
        "order": ("order-id",),
        "product": ("sku", "asin"),
        "product_name": ("product-name",),
        "reason": ("reason",),
        "text": ("customer-comments",),
    },
    values={"kind": "return"},
)
REVIEWS = Format(
    name="amazon_reviews",
    kind="complaints",
    words="Amazon reviews",
    how="A table with asin, reviewText, overall, summary and unixReviewTime.",
    signatures=(frozenset({"asin", "reviewtext", "unixreviewtime"}),),
    columns={
        "product": ("asin",),
        "text": ("reviewText",),
        "title": ("summary",),
        "stars": ("overall",),
        "received_unix": ("unixReviewTime",),
    },
    values={"kind": "review"},
)
