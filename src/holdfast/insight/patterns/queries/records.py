"""Rows of the rooms below as things that either show an outcome or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import F, Sum

from holdfast.decision.announcements.models import CatalogueMatch
from holdfast.decision.intake.models import Complaint, HazardReading, Inspection, TestResult
from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.queries import asked_criteria
from holdfast.decision.recalls.queries.recorded import Recorded
from holdfast.kit.recurrence.questions import Table, Thing
from holdfast.supply.catalog.models import Product
from holdfast.supply.catalog.rules import code_key
from holdfast.supply.orders.models import OrderLine
from holdfast.supply.traceability.models import Receipt

STRATA = 3  # products by units sold: what sells most is told of most
MOST_EDGES = 200_000
MOST_LOTS = 100_000

Lot = tuple[str, str]
"""A lot as receipts name it: product code in the form of `code_key`, and lot."""


@dataclass
class World:
    """What is known of products and lots, read once; `notes` say what was left out and why."""

    suppliers: dict[Lot, set[str]] = field(default_factory=lambda: defaultdict(set))
    sites: dict[Lot, set[str]] = field(default_factory=lambda: defaultdict(set))
    inputs: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    sku_of: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    names: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def components(self, lot: str) -> frozenset[str]:
        """What went into a lot at any depth: product codes where they are known, else lots."""
        seen: set[str] = set()
        todo = [lot]
        while todo:
            for one in self.inputs.get(todo.pop(), ()):
                if one not in seen:
                    seen.add(one)
                    todo.append(one)
        return frozenset(code for one in seen for code in (self.sku_of.get(one) or {one}))


def read_world() -> World:
    """Receipts of the shop and of the events, and what was made of what."""
    world = World()
    products = Product.objects.exclude(kind="pseudo")
    world.names = {row.code_key: row.code for row in products.only("code_key", "code")}
    rows = Receipt.objects.order_by("-received_at", "-pk").values_list(
        "product__code_key", "lot", "site", "supplier__code"
    )
    for sku, lot, site, supplier in rows[:MOST_LOTS].iterator():
        _lot(world, sku, lot, site, supplier or "")
    recorded = Recorded.load()
    arrivals = sorted(
        recorded.arrivals(), key=lambda one: one[3].timestamp() if one[3] else 0.0, reverse=True
    )
    for lot, sku, site, _came, _gone, _quantity, supplier in arrivals[:MOST_LOTS]:
        _lot(world, code_key(sku), lot, site, supplier)
    for what, known in (
        ("receipts", Receipt.objects.count()),
        ("recorded arrivals", len(arrivals)),
    ):
        if known > MOST_LOTS:
            world.notes.append(
                f"Of {known:,} {what} the newest {MOST_LOTS:,} were looked at; lots that only the "
                "others name count in no answer."
            )
    if recorded.has("transformations"):
        with recorded.reading() as con:
            edges = con.execute(
                "SELECT DISTINCT input_lot, output_lot FROM transformations LIMIT ?",
                [MOST_EDGES + 1],
            ).fetchall()
        if len(edges) > MOST_EDGES:
            world.notes.append(
                f"More than {MOST_EDGES:,} steps of making are recorded; components were left out."
            )
        else:
            for made_of, made in edges:
                world.inputs[made].add(made_of)
    return world


def _lot(world: World, sku: str, lot: str, site: str, supplier: str) -> None:
    world.sku_of[lot].add(sku)
    here = world.suppliers[sku, lot]
    here.update([supplier] if supplier else [])
    world.sites[sku, lot].update([site] if site else [])


def inspections(since: datetime) -> list[Table]:
    """Lots inspected, by supplier, product and site; a lot looked at again is one lot."""
    rows = Inspection.objects.filter(inspected_at__gte=since).order_by("pk")
    things: dict[tuple[int, str], dict[str, set[str]]] = {}
    for one in rows.select_related("series__supplier", "series__product"):
        lot = one.lot or one.ref
        kept = things.setdefault((one.series_id, lot), defaultdict(set))
        supplier = one.series.supplier
        kept["supplier"].update([supplier.code] if supplier else [])
        kept["product"].add(one.series.product.code)
        kept["site"].update([one.site] if one.site else [])
        kept["outcome"].update(["failed"] if one.is_rejected else [])
    return _tables("inspection", things, ("supplier", "product", "site"))


def tests(since: datetime) -> list[Table]:
    """Lots tested for one thing, by supplier, product and what was tested."""
    rows = TestResult.objects.filter(tested_at__gte=since).order_by("pk")
    things: dict[tuple[int, str, str], dict[str, set[str]]] = {}
    for one in rows.select_related("supplier", "product"):
        kept = things.setdefault(
            (one.product_id, one.lot or one.ref, one.what.casefold()), defaultdict(set)
        )
        kept["supplier"].update([one.supplier.code] if one.supplier else [])
        kept["product"].add(one.product.code)
        kept["what"].add(one.what)
        kept["outcome"].update([] if one.has_passed else ["failed"])
    return _tables("test", things, ("supplier", "product", "what"))


def lots(world: World) -> list[Table]:
    """Lots received, by supplier, site and component; the outcome is that we recalled them."""
    recalled = _recalled(world)
    things: dict[Lot, dict[str, set[str]]] = {}
    for sku, lot in {**world.suppliers, **world.sites}:
        kept = things.setdefault((sku, lot), defaultdict(set))
        kept["supplier"] = world.suppliers.get((sku, lot), set())
        kept["site"] = world.sites.get((sku, lot), set())
        kept["component"] = set(world.components(lot))
        kept["outcome"] = {"recalled"} if (sku, lot) in recalled else set()
    return _tables("lot", things, ("supplier", "site", "component"))


def _recalled(world: World) -> set[Lot]:
    found: set[Lot] = set()
    for recall in Recall.objects.exclude(state="withdrawn").select_related("signal"):
        criteria = asked_criteria(recall)
        skus = {code_key(code) for code in criteria.products}
        named = {lot.casefold() for lot in criteria.lots}
        if not skus and not named:
            continue
        found.update(
            (sku, lot)
            for sku, lot in world.suppliers
            if (not skus or sku in skus) and (not named or lot.casefold() in named)
        )
    return found


def products(world: World, since: datetime) -> list[Table]:
    """Products, by supplier, site and component; apart by how much of them was sold.

    Outcomes: complaints that name a hazard (one or a hundred), a recall of ours, an authority's
    announcement that was not judged to be another product.
    """
    outcomes: dict[str, set[str]] = defaultdict(set)
    told = HazardReading.objects.filter(
        is_denied=False,
        complaint__duplicate_of=None,
        complaint__received_at__gte=since,
        complaint__product__isnull=False,
    )
    for sku, hazard in told.values_list("complaint__product__code_key", "hazard").distinct():
        outcomes[sku].add(hazard)
    for recall in Recall.objects.exclude(state="withdrawn").select_related("signal"):
        for code in asked_criteria(recall).products:
            outcomes[code_key(code)].add("recalled")
    seen = CatalogueMatch.objects.filter(is_current=True)
    seen = seen.exclude(state__in=("not_ours", "withdrawn"))
    for sku in seen.values_list("product__code_key", flat=True).distinct():
        outcomes[sku].add("announced")
    strata = _strata(world)
    made_of: dict[str, set[str]] = defaultdict(set)
    if world.inputs:
        for sku, lot in world.suppliers:
            made_of[sku] |= world.components(lot)
    by_supplier: dict[str, set[str]] = defaultdict(set)
    by_site: dict[str, set[str]] = defaultdict(set)
    for kind, by_sku in ((world.suppliers, by_supplier), (world.sites, by_site)):
        for (sku, _), values in kind.items():
            by_sku[sku] |= values
    tables = []
    for name, of in (("supplier", by_supplier), ("site", by_site), ("component", made_of)):
        things = tuple(
            Thing(sku, frozenset(of[sku]), frozenset(outcomes[sku]), strata.get(sku, 0))
            for sku in sorted(world.names)
            if of.get(sku)
        )
        tables.append(Table("product", name, things))
    return tables


def _strata(world: World) -> dict[str, int]:
    """Products in three parts by units sold, the least first."""
    sold = OrderLine.objects.filter(kind="sale").values("product__code_key")
    units = {
        row["product__code_key"]: row["units"] or 0
        for row in sold.annotate(units=Sum(F("quantity") - F("cancelled")))
    }
    ordered = sorted(world.names, key=lambda sku: (units.get(sku, 0), sku))
    return {sku: at * STRATA // max(len(ordered), 1) for at, sku in enumerate(ordered)}


def told_days() -> dict[str, list[date]]:
    """Days of complaints by hazard; nearly the same report of the same person counts once."""
    found: dict[str, list[date]] = defaultdict(list)
    rows = HazardReading.objects.filter(is_denied=False, complaint__duplicate_of=None)
    for hazard, at in rows.values_list("hazard", "complaint__received_at"):
        found[hazard].append(at.date())
    return found


def counted(since: datetime) -> dict[str, int]:
    """How much there is to look at."""
    return {
        "inspections": Inspection.objects.filter(inspected_at__gte=since).count(),
        "tests": TestResult.objects.filter(tested_at__gte=since).count(),
        "complaints": Complaint.objects.filter(received_at__gte=since, duplicate_of=None).count(),
        "recalls": Recall.objects.exclude(state="withdrawn").count(),
        "announcements": CatalogueMatch.objects.filter(is_current=True).count(),
    }


def _tables(
    kind: str, things: Mapping[Any, Mapping[str, set[str]]], names: Iterable[str]
) -> list[Table]:
    return [
        Table(
            kind,
            name,
            tuple(
                Thing(str(key), frozenset(one[name]), frozenset(one["outcome"]))
                for key, one in things.items()
                if one[name]
            ),
        )
        for name in names
    ]
