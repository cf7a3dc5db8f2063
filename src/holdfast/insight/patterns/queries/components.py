"""From a component, a raw lot or its product code, to every product that carries it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q, Sum, Value
from django.db.models.functions import Lower

from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.queries import asked_criteria
from holdfast.decision.recalls.queries.recorded import Recorded
from holdfast.decision.recalls.queries.rows import lots_on_lines
from holdfast.kit.refusals import NotFound
from holdfast.supply.catalog.models import Product
from holdfast.supply.catalog.rules import code_key
from holdfast.supply.orders.models import OrderLine
from holdfast.supply.traceability.models import Receipt

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Carried:
    """One product that carries the component.

    `units` were sold with one of the `lots` written down; `unwritten` were sold without any lot, so
    that nobody can say. `recalls` are those of the product that are not closed.
    """

    product: str
    title: str
    lots: tuple[str, ...]
    units: Decimal
    unwritten: Decimal
    recalls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Carriers:
    """What was looked for, the component's own lots, how many lots it went into, and products."""

    key: str
    own: tuple[str, ...]
    into: int
    products: tuple[Carried, ...]


def carriers(key: str) -> Carriers:
    """Every product that carries `lot:…` or `sku:…`, or a bare word that is either.

    Raises:
        NotFound: neither receipts nor events nor orders know such a lot or product.
    """
    kind, _colon, word = key.strip().partition(":")
    if kind not in ("lot", "sku"):
        kind, word = "", key.strip()
    recorded = Recorded.load()
    own = set() if kind == "sku" else _lots_named(word, recorded)
    if not own and kind != "lot":
        own = _lots_of(word, recorded)
    if not own:
        raise NotFound(
            "no_component",
            f"No lot and no product called “{word[:60]}” was received or made here.",
            hint="Name it as receipts or events do: lot:L-1 or sku:CELL-18650.",
        )
    made, spelled = recorded.spread(own, lots_on_lines())
    reached = {*own, *made, *spelled}
    into = reached - own
    found = _products(reached, recorded)
    # the component itself, bought and built in but never sold, is no product that carries it
    shown = tuple(one for one in found if one.units or not into or set(one.lots) & into)
    return Carriers(key.strip(), tuple(sorted(own)), len(made), shown)


def _lots_named(word: str, recorded: Recorded) -> set[str]:
    found: set[str] = set()
    if word:
        folded = Lower(Value(word))  # by the index of each
        received = Receipt.objects.alias(folded=Lower("lot")).filter(folded=folded)
        sold = OrderLine.objects.alias(folded=Lower("lot")).filter(folded=folded).exclude(lot="")
        found |= set(received.values_list("lot", flat=True))
        found |= set(sold.values_list("lot", flat=True)[:1])
    return found | recorded.spellings([word])


def _lots_of(word: str, recorded: Recorded) -> set[str]:
    key = code_key(word)
    rows = Receipt.objects.filter(product__code_key=key).values_list("lot", flat=True)
    return {lot for lot in rows if lot} | {
        lot for lot, *_rest in recorded.arrivals_of(keys=[key]) if lot
    }


def _products(reached: set[str], recorded: Recorded) -> tuple[Carried, ...]:
    lots: dict[str, set[str]] = defaultdict(set)
    units: dict[str, Decimal] = defaultdict(Decimal)
    for some in _chunks(sorted(reached)):
        for sku, lot in Receipt.objects.filter(lot__in=some).values_list(
            "product__code_key", "lot"
        ):
            lots[sku].add(lot)
        sold = OrderLine.objects.filter(lot__in=some, kind="sale")
        for row in sold.values("product__code_key", "lot").annotate(
            units=Sum(F("quantity") - F("cancelled"))
        ):
            lots[row["product__code_key"]].add(row["lot"])
            units[row["product__code_key"]] += row["units"] or 0
    for lot, sku, *_rest in recorded.arrivals_of(lots=reached):
        lots[code_key(sku)].add(lot)
    for _line, _order, _customer, sku, lot, *_more, quantity in recorded.lines((), reached):
        if lot in reached:
            lots[code_key(sku)].add(lot)
            units[code_key(sku)] += max(quantity or Decimal(0), Decimal(0))
    known = {row.code_key: row for row in Product.objects.filter(code_key__in=list(lots))}
    loose = OrderLine.objects.filter(
        Q(lot=""), kind="sale", product__code_key__in=list(lots)
    ).values("product__code_key")
    unwritten = {
        row["product__code_key"]: row["units"] or Decimal(0)
        for row in loose.annotate(units=Sum(F("quantity") - F("cancelled")))
    }
    for sku, sold_loose in recorded.sold_without_lot(lots).items():
        unwritten[sku] = unwritten.get(sku, Decimal(0)) + sold_loose
    recalls = _open_recalls()
    found = [
        Carried(
            product=known[sku].code if sku in known else sku,
            title=known[sku].title if sku in known else "",
            lots=tuple(sorted(names)),
            units=units.get(sku, Decimal(0)),
            unwritten=unwritten.get(sku, Decimal(0)),
            recalls=tuple(recalls.get(sku, ())),
        )
        for sku, names in lots.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.units, one.product)))


def _open_recalls() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    live = Recall.objects.exclude(state__in=("closed", "withdrawn")).select_related("signal")
    for recall in live.order_by("pk"):
        for code in asked_criteria(recall).products or (recall.product_code,):
            if code:
                found[code_key(code)].append(recall.ref)
    return found


def _chunks(names: list[str]) -> Iterable[list[str]]:
    return (names[at : at + AT_ONCE] for at in range(0, len(names), AT_ONCE))
