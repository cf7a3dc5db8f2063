"""Keeps the tallies true to the complaints, and with them what each source is like as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Max, Min

from holdfast.decision.investigations.models import AlarmSetting, ProductTally, ReportingHabit
from holdfast.decision.investigations.queries.tallies import (
    NOTHING,
    Sign,
    Unit,
    by_unit,
    sign_now,
    sign_of,
    signs_kept,
    signs_now,
    tally_of,
    tellings,
)
from holdfast.kit.signals.detector import Habits
from holdfast.kit.signals.tally import Tally
from holdfast.supply.orders.models import OrderLine

AT_ONCE = 20_000  # complaints that are read together
MOST_UNITS = 400  # tallies that are written together


def tally_unit(unit: Unit) -> Tally:
    """What was told of it, brought up to date; called inside a scoring's transaction.

    Complaints that came since are added. Where the sign says that anything else happened (one was
    linked elsewhere, repeated, stands by itself again) all of them are read anew.
    """
    row, _ = ProductTally.objects.select_for_update().get_or_create(
        unit=unit.key,
        defaults={"stream": unit.stream, "product_id": unit.product, "maker": unit.maker},
    )
    kept, now = tally_of(row), sign_now(unit)
    if _sign(row) == now:
        return kept
    fresh = tellings(unit.told().filter(pk__gt=row.upto), (unit, kept))
    tally = Tally.of(fresh, kept)
    if sign_of(tally) != now:
        tally = Tally.of(tellings(unit.told()))
    _fill(row, tally)
    row.save()
    _count(unit.stream, kept.habits(), tally.habits())
    return tally


def tally_everything() -> None:
    """Every tally whose complaints are not those of the table is made anew; called outside."""
    stale, kept = [], dict(signs_kept())
    for unit, sign in signs_now().items():
        if kept.pop(unit.key, NOTHING) != sign:
            stale.append((unit, sign.reports))
    gone = list(kept)
    for at in range(0, len(gone), MOST_UNITS):
        ProductTally.objects.filter(unit__in=gone[at : at + MOST_UNITS]).delete()
    for units in _portions(stale):
        _make(units)


def _portions(stale: Sequence[tuple[Unit, int]]) -> Iterable[list[Unit]]:
    """So many units that their complaints can be held together; of one stream, ours or not."""
    ordered = sorted(stale, key=lambda one: (one[0].stream, one[0].product or 0, one[0].maker))
    chosen: list[Unit] = []
    held = 0
    for unit, reports in ordered:
        first = chosen[0] if chosen else unit
        is_other = (first.stream, first.product is None) != (unit.stream, unit.product is None)
        if chosen and (is_other or held + reports > AT_ONCE or len(chosen) == MOST_UNITS):
            yield chosen
            chosen, held = [], 0
        chosen.append(unit)
        held += reports
    if chosen:
        yield chosen


def _make(units: Sequence[Unit]) -> None:
    rows = []
    for unit, told in by_unit(units).items():
        row = ProductTally(
            unit=unit.key, stream=unit.stream, product_id=unit.product, maker=unit.maker
        )
        _fill(row, Tally.of(told))
        rows.append(row)
    fields = [one.name for one in ProductTally._meta.concrete_fields if one.name not in ("id",)]
    ProductTally.objects.bulk_create(
        rows,
        batch_size=50,
        update_conflicts=True,
        unique_fields=["unit"],
        update_fields=[name for name in fields if name != "unit"],
    )


def _fill(row: ProductTally, tally: Tally) -> None:
    row.reports, row.total, row.mixed = sign_of(tally)
    row.first_on = tally.first_on
    row.upto = int(tally.rows["complaint"].max()) if len(tally.rows) else 0
    row.names, row.hazards = list(tally.names), " ".join(tally.hazards)
    row.content = tally.content


def _sign(row: ProductTally) -> Sign:
    return Sign(row.reports, row.total, row.mixed)


def _count(stream: str, before: Habits | None, after: Habits | None) -> None:
    """A tally changed: the habits of its source do by as much."""
    if before == after:
        return
    first = min(one.first for one in (before, after) if one)
    row, _ = ReportingHabit.objects.select_for_update().get_or_create(
        stream=stream, defaults={"first_on": first, "heard": 0}
    )
    for known, sign in ((before, -1), (after, 1)):
        if known is None:
            continue
        row.heard += sign * known.heard
        for hazard, weight in known.by_hazard.items():
            row.by_hazard[hazard] = row.by_hazard.get(hazard, 0.0) + sign * weight
        for month, told in known.by_month.items():
            row.by_month[str(month)] = row.by_month.get(str(month), 0.0) + sign * told
    row.by_hazard = {hazard: weight for hazard, weight in row.by_hazard.items() if weight}
    row.by_month = {month: told for month, told in row.by_month.items() if told}
    row.first_on = _first_on(row, before, after)
    if row.heard:
        row.save()
    else:
        row.delete()


def _first_on(row: ReportingHabit, before: Habits | None, after: Habits | None) -> date:
    """Only where the first report of all is heard no more have the others to be asked."""
    if after and after.first <= row.first_on:
        return after.first
    if before is None or before.first > row.first_on:
        return row.first_on
    known = ProductTally.objects.filter(stream=row.stream).aggregate(first=Min("first_on"))
    return known["first"] or row.first_on


def keep_habits(found: dict[str, Habits]) -> None:
    """What each source is like, as everything that is told makes it; called inside."""
    ReportingHabit.objects.exclude(stream__in=list(found)).delete()
    for stream, known in found.items():
        ReportingHabit.objects.update_or_create(
            stream=stream,
            defaults={
                "first_on": known.first,
                "heard": known.heard,
                "by_hazard": dict(known.by_hazard),
                "by_month": {str(month): told for month, told in known.by_month.items()},
            },
        )


def count_days_of_sales() -> AlarmSetting:
    """The first and the last day anything was sold; only lines that came since are looked at."""
    setting, _ = AlarmSetting.objects.get_or_create(pk=1)
    last = OrderLine.objects.aggregate(last=Max("pk"))["last"] or 0
    if last == setting.sold_upto:
        return setting
    since = setting.sold_upto if last > setting.sold_upto else 0
    sold = OrderLine.objects.filter(kind="sale", moved_at__isnull=False, pk__gt=since)
    known = sold.aggregate(first=Min("moved_at"), last=Max("moved_at"))
    days = [known["first"].date(), known["last"].date()] if known["first"] else []
    if since:
        days += [day for day in (setting.sold_from, setting.sold_until) if day]
    setting.sold_from, setting.sold_until = min(days, default=None), max(days, default=None)
    setting.sold_upto = last
    setting.save(update_fields=["sold_from", "sold_until", "sold_upto"])
    return setting
