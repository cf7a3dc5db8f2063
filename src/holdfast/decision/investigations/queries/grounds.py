"""What an alarm rests on: its reports, lots, crowds, floods, and the first day we knew."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from zlib import crc32

from django.db.models import Count
from django.db.models.functions import TruncDate

from holdfast.decision.intake.models import Complaint
from holdfast.decision.intake.queries import first_told
from holdfast.kit.signals.detector import MOST_A_DAY, Finding
from holdfast.kit.signals.pointing import Place, Pointer, pointers
from holdfast.kit.signals.report import Report
from holdfast.supply.traceability.models import Receipt

ASKED = 400  # keys in one question
FLOOD = 4 * MOST_A_DAY  # of one product in one day


def first_known(complaints: Sequence[int]) -> datetime | None:
    """The earliest this firm had any of them, by whichever way it was told."""
    first = first_told(complaints)
    return first.known_at if first else None


def crowds(reports: Sequence[Report], product: int | None) -> tuple[Pointer, ...]:
    """Lots, suppliers, sites and months of receipt that are named more than chance explains."""
    lots = Counter(one.lot for one in reports if one.lot)
    return pointers(_places(lots, product), seed=crc32("·".join(sorted(lots)).encode()))


def _places(lots: Counter[str], product: int | None) -> list[Place]:
    if not lots or product is None:
        return [Place("lot", lots, {})]
    units: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    of_lot: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    rows = Receipt.objects.filter(product=product).values_list(
        "lot", "supplier__code", "site", "received_at", "quantity"
    )
    for lot, supplier, site, received, amount in rows.iterator():
        month = f"{received:%Y-%m}" if received else ""
        for kind, value in (
            ("lot", lot),
            ("supplier", supplier),
            ("site", site),
            ("received", month),
        ):
            if value:
                units[kind][value] += float(amount or 0)
                of_lot[lot][kind].add(value)
    places = []
    for kind in ("lot", "supplier", "site", "received"):
        told: Counter[str] = Counter()
        for lot, number in lots.items():
            values = {lot} if kind == "lot" else of_lot[lot][kind]
            if len(values) == 1:
                told[next(iter(values))] += number
        places.append(Place(kind, told, units[kind], is_ordered=kind == "received"))
    return places


def pointed_lots(reports: Sequence[Report], found: Sequence[Pointer]) -> tuple[str, ...]:
    """The lots the reports point to: a crowd of lots, else the one lot that all of them name."""
    for pointer in found:
        if pointer.kind == "lot":
            return pointer.values
    named = {one.lot for one in reports if one.lot}
    return tuple(named) if len(named) == 1 and len(reports) >= 3 else ()


def flood_of(finding: Finding, product: int | None) -> dict[str, object] | None:
    """The fullest day, where far more came than a day's worth: counted, shown, not believed."""
    told: Counter[date] = Counter()
    if product is None:
        told.update(one.published_on for one in finding.reports)
    else:
        days = Complaint.objects.filter(product=product).annotate(day=TruncDate("received_at"))
        rows = days.order_by().values_list("day").annotate(told=Count("pk"))
        told.update(dict(rows))
    day, number = max(told.items(), key=lambda one: (one[1], one[0]), default=(finding.on, 0))
    if number < FLOOD:
        return None
    different = [one for one in finding.reports if one.published_on == day]
    return {
        "on": day.isoformat(),
        "reports": number,
        "different": len(different),
        "counted": min(len(different), MOST_A_DAY),
    }
