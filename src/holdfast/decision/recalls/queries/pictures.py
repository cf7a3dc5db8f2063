"""What a stored scope version looks like: why, and what a day more would change.

Lines of a version never change, so each answer is worked out once per process and kept.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Min, Sum

from holdfast.decision.recalls.models import Recall, ScopeLine, ScopeVersion
from holdfast.decision.recalls.queries.recorded import Recorded
from holdfast.ground.access.queries import organisation
from holdfast.kit.trace.criteria import Criteria
from holdfast.supply.orders.models import OrderLine
from holdfast.supply.traceability.models import Receipt

KEPT = 32


def reasons_of(version: ScopeVersion) -> dict[str, list[tuple[str, int]]]:
    """By certainty, one telling reason per rule with the lines it holds for, commonest first."""
    return _reasons(version.pk, version.digest)


@lru_cache(maxsize=KEPT)
def _reasons(version: int, _digest: str) -> dict[str, list[tuple[str, int]]]:
    rows = (
        ScopeLine.objects.filter(version_id=version)
        .values_list("certainty", "rule")
        .annotate(lines=Count("pk"), reason=Min("reason"))
        .order_by("certainty", "-lines")
    )
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for certainty, _rule, lines, reason in rows:
        found[certainty].append((reason, lines))
    return dict(found)


def markets_of(version: ScopeVersion) -> tuple[str, ...]:
    """The countries a version reaches; an unknown one is left out."""
    return _markets(version.pk, version.digest)


@lru_cache(maxsize=KEPT)
def _markets(version: int, _digest: str) -> tuple[str, ...]:
    rows = ScopeLine.objects.filter(version_id=version).values_list("line__market").distinct()
    return tuple(sorted(market for (market,) in rows if market))


def missing_lots(criteria: Criteria) -> list[str]:
    """Lots asked for that no receipt, no order line and no trace event names."""
    lots = set(criteria.lots)
    known = set(Receipt.objects.filter(lot__in=lots).values_list("lot", flat=True))
    known |= set(OrderLine.objects.filter(lot__in=lots).values_list("lot", flat=True).distinct())
    return sorted(lots - known - Recorded.load().spellings(lots - known))


@dataclass(frozen=True, slots=True)
class DayMore:
    """What starting a day earlier or later adds or takes, in units and people."""

    days: int
    on: datetime
    units: Decimal
    people: int


def shown_version(recall: Recall) -> ScopeVersion | None:
    """What the scope page shows: a proposed version first, then the one that counts."""
    versions = recall.scopes.order_by("-number")
    return (
        versions.filter(state="proposed").first()
        or versions.filter(state="confirmed").first()
        or versions.first()
    )


def if_the_date_is_wrong(version: ScopeVersion, *, around: int = 3) -> list[DayMore]:
    """Sales of the scope's products in the days around its first day, one row per shift.

    The first day is the one the criteria name, else the first arrival of an affected lot. Rows
    before it say what an earlier start would add; rows after it what a later one would leave out.
    """
    criteria = Criteria.from_json(version.criteria)
    zone = ZoneInfo(organisation().zone)
    products = _products(version)
    first = _first_day(criteria, zone)
    if first is None or not products:
        return []
    rows = []
    for days in range(-around, around + 1):
        moved = first + timedelta(days=days)
        early, late = sorted((first, moved))
        lines = OrderLine.objects.filter(
            product_id__in=products, kind="sale", moved_at__gte=early, moved_at__lt=late
        )
        if criteria.markets:
            lines = lines.filter(market__in=[m.upper() for m in criteria.markets])
        told = lines.aggregate(
            units=Sum(F("quantity") - F("cancelled")), people=Count("customer", distinct=True)
        )
        sign = -1 if days > 0 else 1
        rows.append(
            DayMore(days, moved, sign * (told["units"] or Decimal(0)), sign * told["people"])
        )
    return rows


@lru_cache(maxsize=KEPT)
def _product_ids(version: int, _digest: str) -> tuple[int, ...]:
    rows = ScopeLine.objects.filter(version_id=version).values_list("line__product_id").distinct()
    return tuple(pk for (pk,) in rows)


def _products(version: ScopeVersion) -> tuple[int, ...]:
    return _product_ids(version.pk, version.digest)


def _first_day(criteria: Criteria, zone: ZoneInfo) -> datetime | None:
    if criteria.shipped_from:
        return datetime.combine(criteria.shipped_from, time(), zone)
    if not criteria.lots:
        return None
    arrivals = Receipt.objects.filter(lot__in=criteria.lots, received_at__isnull=False)
    found: datetime | None = arrivals.aggregate(first=Min("received_at"))["first"]
    return found.astimezone(zone) if found else None
