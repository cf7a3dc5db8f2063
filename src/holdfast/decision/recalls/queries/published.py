"""The snapshot a check is answered from; rebuilt only when a scope, lot or product changed."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db import connection

from holdfast.decision.recalls.models import Recall, ScopeLine, ScopeVersion
from holdfast.decision.recalls.queries.recalls import asked_criteria
from holdfast.decision.recalls.queries.recorded import Recorded
from holdfast.decision.recalls.queries.rows import Arrivals, Catalogue, Clock, lots_on_lines
from holdfast.ground.access.queries import organisation
from holdfast.kit.identifiers.check import Recalled, Snapshot, Sold
from holdfast.kit.trace.affected import affected_lots
from holdfast.kit.trace.criteria import Criteria, sentences, serial_ranges
from holdfast.supply.catalog.models import Product
from holdfast.supply.imports.models import ImportRun
from holdfast.supply.orders.models import OrderLine
from holdfast.supply.traceability.models import Receipt
from holdfast.supply.traceability.queries import trace_mark

PUBLIC = ("telling", "closed")
KNOWN = ("open", "scoped", "decided", "telling", "closed")
_kept: dict[bool, tuple[object, Snapshot]] = {}


def snapshot(*, public: bool = False) -> Snapshot:
    """Recalls as a check sees them; `public` names none that nobody has been told of.

    A closed recall stays: what is in a cupboard is as dangerous as before.
    """
    mark = _mark()
    kept = _kept.get(public)
    if kept is None or kept[0] != mark:
        kept = _kept[public] = (mark, _build(public=public))
    return kept[1]


def _mark() -> object:
    """Changes whenever a snapshot could; small reads only, since every check asks it first."""
    rows = {
        name: model._meta.db_table
        for name, model in (
            ("scope", ScopeVersion),
            ("recall", Recall),
            ("receipt", Receipt),
            ("product", Product),
            ("line", OrderLine),
            ("run", ImportRun),
        )
    }
    newest = ", ".join(f"(SELECT MAX(id) FROM {table})" for table in rows.values())  # noqa: S608 (no input)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {newest}")
        found = cursor.fetchone()
        cursor.execute(
            "SELECT r.id, r.state, r.product_code, r.lot, v.digest "  # noqa: S608 (no input)
            f"FROM {rows['recall']} r LEFT JOIN {rows['scope']} v "
            "ON v.recall_id = r.id AND v.state = 'confirmed' ORDER BY r.id, v.id"
        )
        return found, cursor.fetchall(), trace_mark()


def _build(*, public: bool) -> Snapshot:
    catalogue = Catalogue.load()
    recorded = Recorded.load()
    clock = Clock(ZoneInfo(organisation().zone))
    arrivals = Arrivals.load(catalogue, clock, recorded.arrivals())
    on_lines = lots_on_lines()
    products: dict[str, str] = {}
    spellings: dict[str, set[str]] = {}
    for key, code, gtin, model in Product.objects.values_list("code_key", "code", "gtin", "model"):
        for word in filter(None, (code, gtin, model)):
            products.setdefault(word, key)
            spellings.setdefault(key, set()).add(word)
    lots: dict[str, set[str]] = {lot: set() for lot in on_lines}
    for lot, key in (
        OrderLine.objects.exclude(lot="").values_list("lot", "product__code_key").distinct()
    ):
        lots.setdefault(lot, set()).add(key)
    for receipt in arrivals.received:
        lots.setdefault(receipt.lot, set()).add(receipt.sku)
    recalls = [
        _recalled(recall, arrivals, on_lines, spellings, catalogue, recorded)
        for recall in Recall.objects.filter(state__in=KNOWN).select_related("signal")
    ]
    hidden = Recall.objects.filter(state__in=KNOWN).exclude(state__in=PUBLIC)
    return Snapshot(
        tuple(r for r in recalls if r),
        products,
        lots,
        _serials(),
        frozenset(hidden.values_list("ref", flat=True)) if public else frozenset(),
    )


def _serials() -> dict[str, Sold]:
    """Every serial number an order line names, with the recalls its line is in."""
    sold = {
        serial: Sold(key)
        for serial, key in OrderLine.objects.exclude(serial="")
        .filter(kind="sale")
        .values_list("serial", "product__code_key")
    }
    if not sold:
        return sold
    rows = (
        ScopeLine.objects.exclude(line__serial="")
        .filter(version__state="confirmed", version__recall__state__in=KNOWN)
        .values_list("line__serial", "certainty", "version__recall__ref")
    )
    for serial, certainty, ref in rows:
        one = sold[serial]
        if certainty == "confirmed":
            sold[serial] = one._replace(confirmed=(*one.confirmed, ref))
        else:
            sold[serial] = one._replace(unsure=(*one.unsure, ref))
    return sold


def _recalled(
    recall: Recall,
    arrivals: Arrivals,
    on_lines: set[str],
    spellings: dict[str, set[str]],
    catalogue: Catalogue,
    recorded: Recorded,
) -> Recalled | None:
    version = recall.scopes.filter(state="confirmed").order_by("-number").first()
    criteria = Criteria.from_json(version.criteria) if version else asked_criteria(recall)
    named = {word.strip().casefold() for word in criteria.products}
    if criteria.variants:
        wanted = {word.casefold() for word in criteria.variants}
        variants = catalogue.variant_of.items()
        fits = {catalogue.key_of[pk] for pk, variant in variants if variant.casefold() in wanted}
        named = named & fits if named else fits
    codes = tuple(arrivals.suppliers.get(w.casefold(), w) for w in criteria.suppliers)
    lots: frozenset[str] = frozenset()
    if criteria.by_lot:
        asked = Criteria(lots=criteria.lots, suppliers=codes, receipts=criteria.receipts)
        known = on_lines | recorded.spellings(criteria.lots)
        lots = affected_lots(asked, arrivals.received, products=named, lots_on_lines=known).lots
        # What a label says is the lot that was sold, not the one it was made of.
        made, spelled = recorded.spread(lots, on_lines)
        lots |= made.keys() | spelled.keys()
    if not named and criteria.by_lot:
        named = {r.sku for r in arrivals.received if r.lot in lots}
    if not named and not lots:
        return None
    words = {word for key in named for word in spellings.get(key, {key})} | named
    narrowing = Criteria(
        sites=criteria.sites,
        markets=criteria.markets,
        shipped_from=criteria.shipped_from,
        shipped_to=criteria.shipped_to,
    )
    ranges = serial_ranges(criteria.serials)
    only = "; ".join(sentences(narrowing))
    return Recalled(recall.ref, frozenset(words), lots, only, ranges)
