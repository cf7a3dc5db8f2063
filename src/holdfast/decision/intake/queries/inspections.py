"""Inspections and tests by supplier and lot, and where each supplier's product stands."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from holdfast.decision.intake.models import Inspection, InspectionSeries, TestResult
from holdfast.kit.refusals import Unreadable
from holdfast.kit.sampling.plans import Plan, sampling_plan
from holdfast.kit.sampling.suppliers import Failures, unusual
from holdfast.kit.sampling.switching import (
    Change,
    Judgement,
    State,
    after_lot,
    not_steady,
    reduced,
    resumed,
)
from holdfast.supply.catalog.models import Product
from holdfast.supply.parties.models import Supplier
from holdfast.supply.traceability.models import Receipt

DECISIONS = {"reduced": reduced, "not_steady": not_steady, "resumed": resumed}


@dataclass(frozen=True)
class Played:
    """A series from its first lot on: each lot with what it changed, and the state after all."""

    state: State
    lots: tuple[tuple[Inspection, Change], ...]
    changes: tuple[Change, ...]


def play(series: InspectionSeries) -> Played:
    """Follow the switching rules through the lots and decisions of a series, by their time.

    A lot without a plan changes nothing: its sample was not of the scheme. A decision that the
    rules no longer allow, because a lot that came in late took its place before it, changes nothing
    either. Whoever left reduced inspection has to be wanted there anew.
    """
    lots = list(series.inspections.order_by("inspected_at", "pk"))
    steps: list[tuple[datetime, int, Inspection | str]] = [
        (one.inspected_at, 0, one) for one in lots
    ]
    steps += [(datetime.fromisoformat(one["at"]), 1, one["kind"]) for one in series.decisions]
    state = State()
    found: list[tuple[Inspection, Change]] = []
    changes: list[Change] = []
    for _at, _order, step in sorted(steps, key=lambda one: one[:2]):
        if isinstance(step, str):
            try:
                change = DECISIONS[step](state)
            except Unreadable:
                change = Change(state, "unchanged")
        else:
            wanted = state.severity == "reduced"
            change = _after(state, step, wanted=wanted)
            found.append((step, change))
        changes.append(change)
        state = change.state
    return Played(state, tuple(found), tuple(changes))


def advanced(state: State, plan: Plan, found: int, judgement: Judgement) -> State:
    """The state after one more lot, nobody saying anything new."""
    wanted = state.severity == "reduced"
    return after_lot(state, plan, found, judgement, is_reduced_wanted=wanted).state


def _after(state: State, one: Inspection, *, wanted: bool) -> Change:
    if not one.aql or one.lot_size is None:
        return Change(state, "unchanged")
    plan = sampling_plan(one.lot_size, one.aql, one.level, one.severity)
    judgement = Judgement(one.verdict == "accepted", one.is_between)
    return after_lot(state, plan, one.found, judgement, is_reduced_wanted=wanted)


def series_of(product: Product, supplier: Supplier | None) -> InspectionSeries | None:
    """The series of a product from a supplier, if a lot of it was inspected."""
    return InspectionSeries.objects.filter(product=product, supplier=supplier).first()


def inspected(*, supplier: str = "", lot: str = "") -> QuerySet[Inspection]:
    """Inspections, the latest first; by supplier code or name, by lot."""
    found = Inspection.objects.select_related("series__product", "series__supplier")
    if supplier:
        found = found.filter(
            Q(series__supplier__code__icontains=supplier)
            | Q(series__supplier__name__icontains=supplier)
        )
    if lot:
        found = found.filter(lot__icontains=lot)
    return found.order_by("-inspected_at", "-pk")


def results(*, supplier: str = "", lot: str = "") -> QuerySet[TestResult]:
    """Test results, the latest first; by supplier code or name, by lot."""
    found = TestResult.objects.select_related("product", "supplier")
    if supplier:
        found = found.filter(
            Q(supplier__code__icontains=supplier) | Q(supplier__name__icontains=supplier)
        )
    if lot:
        found = found.filter(lot__icontains=lot)
    return found.order_by("-tested_at", "-pk")


@dataclass(frozen=True)
class LotKnown:
    """What receipts say of a lot: from whom, where, how many."""

    supplier: Supplier | None
    site: str
    size: int | None


def of_lot(lot: str, product: Product) -> LotKnown:
    """Supplier, site and size of a lot from its receipts; nothing where they differ."""
    receipts = Receipt.objects.filter(lot=lot, product=product).select_related("supplier")
    suppliers = {one.supplier for one in receipts}
    sites = {one.site for one in receipts}
    total: Decimal | None = receipts.aggregate(total=Sum("quantity"))["total"]
    return LotKnown(
        suppliers.pop() if len(suppliers) == 1 else None,
        sites.pop() if len(sites) == 1 else "",
        int(total) if total is not None and total == int(total) and total > 0 else None,
    )


def supplier_failures(*, since: datetime | None = None) -> list[Failures]:
    """Suppliers whose lots fail more often than those of all others, most surprising first."""
    counts: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    sources: tuple[tuple[QuerySet[Inspection] | QuerySet[TestResult], str, Q], ...] = (
        (
            Inspection.objects.filter(**({"inspected_at__gte": since} if since else {})),
            "series__supplier__code",
            Q(verdict="rejected"),
        ),
        (
            TestResult.objects.filter(**({"tested_at__gte": since} if since else {})),
            "supplier__code",
            Q(has_passed=False),
        ),
    )
    for rows, name, failed in sources:
        for one in rows.values(name).annotate(all=Count("pk"), bad=Count("pk", filter=failed)):
            if one[name]:
                bad, all_ = counts[one[name]]
                counts[one[name]] = bad + one["bad"], all_ + one["all"]
    return unusual(counts)
