"""Reads of stops: the list with its times, and the places the data knows."""

from __future__ import annotations

from datetime import datetime

from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.queries import asked_criteria
from holdfast.kit.quantities import plain
from holdfast.kit.refusals import NotFound
from holdfast.response.holds.models import Hold
from holdfast.response.holds.rules import SETTLED, SHOPS, waited
from holdfast.supply.catalog.models import Product
from holdfast.supply.orders.models import OrderLine
from holdfast.supply.parties.models import Consignee, Site
from holdfast.supply.traceability.models import StockOnHand


def holds_of(recall: Recall, *, now: datetime) -> list[dict[str, object]]:
    """Every stop of a recall with owner, proof and the time since it was asked for."""
    return [
        {
            "id": hold.pk,
            "kind": hold.kind,
            "name": hold.name,
            "owner": hold.owner,
            "state": hold.state,
            "quantity": None if hold.quantity is None else plain(hold.quantity),
            "asked_at": hold.asked_at.isoformat(),
            "stopped_at": hold.stopped_at.isoformat() if hold.stopped_at else None,
            "took" if hold.stopped_at else "waiting": waited(hold.asked_at, hold.stopped_at or now),
            "proof": hold.proof,
            "proof_sha256": hold.proof_sha256,
        }
        for hold in recall.holds.order_by("kind", "name", "pk")
    ]


def open_holds(recall: Recall) -> int:
    """How many stops are neither done nor found unnecessary."""
    return recall.holds.exclude(state__in=SETTLED).count()


def hold_named(recall: Recall, kind: str, name: str) -> Hold | None:
    """A stop by its kind and name, whatever the letter case."""
    return recall.holds.filter(kind=kind, name__iexact=name.strip()).order_by("pk").first()


def hold_numbered(recall: Recall, number: int) -> Hold:
    """A stop by its number."""
    found = recall.holds.filter(pk=number).first()
    if found is None:
        raise NotFound("no_hold", f"Recall {recall.ref} has no stop number {number}.")
    return found


def known_places(recall: Recall) -> list[tuple[str, str]]:
    """(kind, name) of every channel, warehouse and consignee the data knows for its products.

    Without a product in the catalogue all channels and sites count: nobody can say which sell it.
    """
    keys = [word.strip().casefold() for word in asked_criteria(recall).products]
    products = list(Product.objects.filter(code_key__in=keys).values_list("pk", flat=True))
    lines = OrderLine.objects.filter(kind="sale")
    stock = StockOnHand.objects.exclude(site="")
    if products:
        lines, stock = lines.filter(product__in=products), stock.filter(product__in=products)
    channels = set(lines.values_list("channel", flat=True).distinct())
    sources = lines.filter(channel="").values_list("source", flat=True).distinct()
    shops = {SHOPS[source] for source in sources if source in SHOPS}
    sites = {
        *lines.exclude(site="").values_list("site", flat=True).distinct(),
        *stock.values_list("site", flat=True).distinct(),
        *Site.objects.values_list("code", flat=True),
    }
    consignees = Consignee.objects.values_list("name", "code")
    found = [("channel", name) for name in sorted((channels | shops) - {""})]
    found += [("warehouse", name) for name in sorted(sites)]
    found += [("consignee", name or code) for name, code in consignees]
    return found
