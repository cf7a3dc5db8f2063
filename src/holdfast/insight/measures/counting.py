"""Counts over every unit and message of a recall; dear for a large one, so they are stored."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Sum, Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast, Concat

from holdfast.decision.recalls.models import Recall, ScopeLine, ScopeVersion
from holdfast.decision.recalls.queries.doubts import doubts_of, unit_price
from holdfast.decision.recalls.queries.journeys import journeys_of
from holdfast.decision.recalls.queries.pictures import (
    if_the_date_is_wrong,
    reasons_of,
)
from holdfast.ground.outbox.models import Message
from holdfast.insight.measures.affected import balances_of
from holdfast.kit.measures.balance import Balance
from holdfast.kit.measures.levels import BY_NAME, Units
from holdfast.kit.measures.rates import CorrectionRate
from holdfast.kit.quantities import plain
from holdfast.kit.trace.balance import Balance as LotBalance
from holdfast.kit.trace.map import layered
from holdfast.response.remedies.models import PersonalLink
from holdfast.response.units.lifecycle import STATES, corrected_states, unknown_states
from holdfast.response.units.queries import balances, corrected_changes, state_rows

ZERO = Decimal(0)
FUNNEL = ("in_scope", "reachable", "sent", "used_page", "answered", "corrected")
POINTS = 120


def ledger_of(recall: Recall) -> dict[str, Any]:
    """Balance per level and the table of states, as JSON."""
    return {
        "balances": [
            {
                "level": found.level.name,
                "in_scope": str(found.in_scope.count),
                "by_state": {state: str(units) for state, units in found.by_state.items()},
            }
            for found in balances(recall)
        ],
        "rows": [
            {
                **row,
                "units": str(row["units"]),
                "levels": {level: str(units) for level, units in row["levels"].items()},
            }
            for row in state_rows(recall)
        ],
    }


def balances_from(ledger: dict[str, Any]) -> list[Balance[Any]]:
    """Stored balances as values that know their gap."""
    return [
        Balance(
            Units(BY_NAME[stored["level"]], Decimal(stored["in_scope"])),
            {
                state.name: Decimal(stored["by_state"][state.name])
                for state in STATES[stored["level"]]
                if state.name in stored["by_state"]
            },
            unknown_states(stored["level"]),
        )
        for stored in ledger["balances"]
    ]


def rates_from(ledger: dict[str, Any]) -> list[CorrectionRate[Any]]:
    """One rate per level over the units the ledger holds; there is no number over all levels."""
    rates: list[CorrectionRate[Any]] = []
    for found in balances_from(ledger):
        if not found.by_state:
            continue
        name = found.level.name
        good = corrected_states(name)
        corrected = sum((n for state, n in found.by_state.items() if state in good), ZERO)
        total = sum(found.by_state.values(), ZERO)
        words = f"units in the ledger, {found.level.label.lower()}"
        rates.append(
            CorrectionRate(Units(found.level, corrected), Units(found.level, total), words)
        )
    return rates


def funnel_of(
    recall: Recall, scope: ScopeVersion, rates: list[CorrectionRate[Any]], answered: Decimal
) -> dict[str, int | str]:
    """Units in homes by how far they got; a message that was sent corrects nothing.

    `used_page` counts people who pressed a button on their own page: opening it is no evidence,
    because mail scanners open every link.
    """
    lines = ScopeLine.objects.filter(version=scope)
    known = lines.filter(line__customer__isnull=False)
    has_contact = ~Q(line__customer__email="") | ~Q(line__customer__phone="")
    has_contact |= ~Q(line__customer__street="")
    key = Concat(Value("customer:"), Cast(OuterRef("line__customer_id"), CharField()))
    sent = Message.objects.filter(recall=recall.ref, state="accepted", recipient=key)
    used = PersonalLink.objects.filter(
        recall=recall, customer_id=OuterRef("line__customer_id"), first_used_at__isnull=False
    )
    corrected = [rate.corrected.count for rate in rates if rate.level.name == "consumer"]
    counted = {
        "in_scope": _sum(lines),
        "reachable": _sum(known.filter(has_contact)),
        "sent": _sum(known.filter(Exists(sent))) if sent_any(recall) else ZERO,
        "used_page": _sum(known.filter(Exists(used))),
        "answered": answered,
        "corrected": Decimal(corrected[0]) if corrected else ZERO,
    }
    return {name: plain(units) for name, units in counted.items()}


def sent_any(recall: Recall) -> bool:
    """Whether anything of this recall was handed over at all."""
    return Message.objects.filter(recall=recall.ref, state="accepted").exists()


def _sum(lines: Any) -> Decimal:
    found: Decimal | None = lines.aggregate(n=Sum(F("units")))["n"]
    return found or ZERO


def curve_of(
    recall: Recall, rates: list[CorrectionRate[Any]], *, now: datetime
) -> dict[str, list[tuple[float, float]]]:
    """Per level (days since launch, share corrected), at most a hundred-odd points each."""
    return {
        rate.level.name: _points(recall, rate.level.name, Decimal(rate.of.count), now)
        for rate in rates
    }


def _points(recall: Recall, level: str, total: Decimal, now: datetime) -> list[tuple[float, float]]:
    begin = recall.told_at or recall.opened_at
    if not total:
        return []
    elapsed = max((now - begin).total_seconds() / 86_400, 0.0)
    step = max(round(elapsed / POINTS), 1)
    ends = [float(day) for day in range(0, int(elapsed) + 1, step)]
    if not ends or ends[-1] < elapsed:
        ends.append(round(elapsed, 3))
    changes = iter(corrected_changes(recall, level, until=now))
    coming = next(changes, None)
    points, running = [], ZERO
    for end in ends:
        until = now if end == ends[-1] else begin + timedelta(days=end)
        while coming is not None and coming[0] <= until:
            running += coming[1]
            coming = next(changes, None)
        points.append((end, round(float(running / total), 6)))
    return points


def waves_of(recall: Recall) -> list[dict[str, Any]]:
    """Messages per wave and channel: planned, and accepted by the provider."""
    rows = (
        Message.objects.filter(recall=recall.ref)
        .values("wave", "channel")
        .annotate(planned=Count("pk"), accepted=Count("pk", filter=Q(state="accepted")))
        .order_by("wave", "channel")
    )
    return [dict(row) for row in rows]


def pictures_of(version: ScopeVersion) -> dict[str, Any]:
    """What the scope page shows of one version: reasons, map, doubts, balance, dates; as JSON."""
    found, more = balances_of(version)
    price = unit_price(version)
    return {
        "version": version.pk,
        "digest": version.digest,
        "reasons": reasons_of(version),
        "map": layered(journeys_of(version)).as_json(),
        "doubts": doubts_of(version).as_json(),
        "price": None if price is None else [str(price[0]), price[1]],
        "balance": [_balance(one) for one in found],
        "balance_more": more,
        "dates": [
            (one.days, one.on.isoformat(), str(one.units), one.people)
            for one in if_the_date_is_wrong(version)
        ],
    }


def _balance(one: LotBalance) -> dict[str, Any]:
    names = ("made", "used", "on_hand", "shipped", "returned", "destroyed", "unknown")
    said = {name: getattr(one, name) for name in names}
    cells = {name: None if units is None else str(plain(units)) for name, units in said.items()}
    return {"lot": one.lot, **cells, "gaps": list(one.gaps)}
