"""What kinds of places goods can be in, and what counts as settled."""

from __future__ import annotations

from datetime import datetime

from holdfast.kit.refusals import Unreadable

KINDS: dict[str, str] = {
    "channel": "Sales channel",
    "warehouse": "Warehouse",
    "transit": "Shipment in transit",
    "consignee": "Consignee",
}
# Where the orders came from is also where the product is sold; a table of any kind is no place.
SHOPS = {"shopify": "Shopify", "woocommerce": "WooCommerce", "amazon": "Amazon"}
SETTLED = ("stopped", "not_needed")


def kind_of(word: str) -> str:
    """A kind of place; an unknown one is refused."""
    if word in KINDS:
        return word
    raise Unreadable(
        "unknown_kind", f"No kind of place is called “{word}”.", hint=f"Known: {', '.join(KINDS)}."
    )


def waited(since: datetime, until: datetime) -> str:
    """Time between the decision to stop and now (or the stop), for people: `2 h 10 min`."""
    minutes = max(0, int((until - since).total_seconds() // 60))
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
