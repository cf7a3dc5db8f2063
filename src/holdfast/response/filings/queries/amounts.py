"""Units at a moment, from the scope and from the ledger, per country and level of the chain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, IntegerField, Max, Min, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Cast, Substr

from holdfast.decision.recalls.models import Recall, ScopeLine, ScopeVersion
from holdfast.kit.filings.factbase import FactValue
from holdfast.kit.filings.values import plain_text
from holdfast.kit.measures.levels import LEVELS
from holdfast.response.units.lifecycle import (
    OUT_OF_SCOPE,
    Standing,
    corrected_states,
    names_standing,
    unknown_states,
)
from holdfast.response.units.models import UnitMovement
from holdfast.supply.orders.models import OrderLine
from holdfast.supply.parties.models import Consignee, Site

CERTAINTIES = ("confirmed", "probable", "cannot_rule_out")
ZERO = Decimal(0)
NOT_ON_HAND = ("destroyed", "returned_to_supplier", "missing")
Cell = tuple[str, str]  # country, level
DayOf = Callable[[datetime], str]
Value = Callable[[str, object, str], FactValue]


@dataclass
class Amounts:
    """Units by country and level in each state at a moment; `arrived` counts entries into it."""

    states: dict[Cell, dict[str, Decimal]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Decimal))
    )
    arrived: dict[Cell, dict[str, Decimal]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Decimal))
    )

    def units(self, cell: Cell, names: frozenset[str] | None = None) -> Decimal:
        """Units of a cell in the named states, or in all that are in the scope."""
        return sum(
            (
                units
                for state, units in self.states.get(cell, {}).items()
                if state != OUT_OF_SCOPE and (names is None or state in names)
            ),
            ZERO,
        )

    def came(self, cells: Iterable[Cell], state: str) -> Decimal:
        """Units that ever entered a state, though they may have left it since."""
        return sum((self.arrived.get(cell, {}).get(state, ZERO) for cell in cells), ZERO)


def scope_at(recall: Recall, at: datetime) -> ScopeVersion | None:
    """The version that was in force at a moment."""
    settled = recall.scopes.filter(state__in=("confirmed", "superseded"), settled_at__lte=at)
    found = settled.order_by("-settled_at", "-number").first()
    # a version without a time of settling (made by an import) counts from when it was proposed
    return (
        found
        or recall.scopes.filter(state="confirmed", settled_at__isnull=True, proposed_at__lte=at)
        .order_by("-number")
        .first()
    )


def scope_values(recall: Recall, at: datetime, day_of: DayOf) -> Iterator[FactValue]:
    """Units sold, first and last day, people and countries, in all and per country."""
    version = scope_at(recall, at)
    if version is None:
        return
    source = f"scope v{version.number}"
    rows = list(
        ScopeLine.objects.filter(version=version, certainty__in=CERTAINTIES)
        .values_list("line__market")
        .annotate(
            units=Sum("units"),
            first=Min("line__moved_at"),
            last=Max("line__moved_at"),
            people=Count("line__customer_id", distinct=True),
        )
        .order_by("line__market")
    )
    countries = [market for market, *_ in rows if market]

    def value(key: str, said: object, place: str) -> FactValue:
        return FactValue(key, place, said, source, "scope", at)

    yield value("units_sold", plain_text(sum((row[1] for row in rows), ZERO)), "")
    people = ScopeLine.objects.filter(version=version, certainty__in=CERTAINTIES)
    known = people.aggregate(n=Count("line__customer_id", distinct=True))["n"]
    yield value("people_to_tell", str(known), "")
    if countries:
        yield value("countries", countries, "")
    for market, units, first, last, told in rows:
        if market:
            yield value("units_sold", plain_text(units), market)
            yield value("people_to_tell", str(told), market)
        yield from _days(market, first, last, value, day_of)
    firsts, lasts = [r[2] for r in rows if r[2]], [r[3] for r in rows if r[3]]
    if firsts and lasts:
        yield from _days("", min(firsts), max(lasts), value, day_of)


def _days(
    market: str, first: datetime | None, last: datetime | None, value: Value, day_of: DayOf
) -> Iterator[FactValue]:
    if first is not None and last is not None:
        yield value("sold_from", day_of(first), market)
        yield value("sold_until", day_of(last), market)


def ledger_values(
    recall: Recall, at: datetime, begin: datetime | None, countries: tuple[str, ...]
) -> Iterator[FactValue]:
    """What the unit ledger says at a moment, per country, level, and country with level.

    `begin` is the start of a reporting period. A level that holds nothing is zero only where no
    firm of that level is known; else nobody has said yet.
    """
    now = amounts_at(recall, at)
    if not now.states:
        return
    before = amounts_at(recall, begin) if begin else Amounts()
    levels = [level.name for level in LEVELS]
    firms = set(Consignee.objects.values_list("level", flat=True))
    known = [c for c in dict.fromkeys((*countries, *(country for country, _ in now.states))) if c]
    for country in ("", *known):
        for level in ("", *levels):
            cells = [
                (c, one)
                for c in ({country} if country else {c for c, _ in now.states})
                for one in ([level] if level else levels)
            ]
            if level and level in firms and not any(cell in now.states for cell in cells):
                continue
            place = f"{country}/{level}" if country and level else country or level
            yield from _ledger_facts(now, before, cells, place, at, has_period=begin is not None)


def _ledger_facts(
    now: Amounts, before: Amounts, cells: list[Cell], place: str, at: datetime, *, has_period: bool
) -> Iterator[FactValue]:
    def total(amounts: Amounts, names_of: Callable[[str], frozenset[str] | None]) -> Decimal:
        return sum((amounts.units(c, names_of(c[1])) for c in cells), ZERO)

    corrected = total(now, corrected_states)
    found = {
        "units_affected": total(now, lambda _level: None),
        "units_corrected": corrected,
        "units_unaccounted": total(now, unknown_states),
        "units_gone": total(now, lambda level: names_standing(level, Standing.GONE)),
        "units_destroyed": now.came(cells, "destroyed"),
        "units_returned": now.came(cells, "returned"),
    }
    if has_period:
        found["units_corrected_in_period"] = corrected - total(before, corrected_states)
    if "/" not in place and place not in {level.name for level in LEVELS}:
        own = [cell for cell in cells if cell[1] == "manufacturer"]
        found["units_on_hand"] = sum(
            (now.units(c) - now.units(c, frozenset(NOT_ON_HAND)) for c in own), ZERO
        )
    for key, units in found.items():
        yield FactValue(key, place, plain_text(units), "unit ledger", "ledger", at)


def amounts_at(recall: Recall, at: datetime) -> Amounts:
    """Every movement up to a moment, added up by country and level."""
    found = Amounts()
    moved = UnitMovement.objects.filter(recall=recall, at__lte=at)
    for country, level, source, target, units in _by_country(moved):
        cell = (country, level)
        if target:
            found.states[cell][target] += units
            found.arrived[cell][target] += units
        if source:
            found.states[cell][source] -= units
    return found


def _by_country(
    moved: QuerySet[UnitMovement],
) -> Iterator[tuple[str, str, str, str, Decimal]]:
    """Country, level, from, to, units: a line's own market, a site's or a firm's country."""
    line = OrderLine.objects.filter(pk=OuterRef("line_id"))
    lines = (
        moved.filter(place__startswith="line:")
        .annotate(line_id=Cast(Substr("place", 6), IntegerField()))
        .annotate(market=Subquery(line.values("market")[:1]))
        .values_list("market", "level", "from_state", "to_state")
        .annotate(units=Sum("quantity"))
        .order_by()
    )
    for market, level, source, target, units in lines:
        yield market or "", level, source, target, units
    where = {
        f"site:{code}": country for code, country in Site.objects.values_list("code", "country")
    }
    where |= {
        f"consignee:{code}": country
        for code, country in Consignee.objects.values_list("code", "country")
    }
    rest = (
        moved.exclude(place__startswith="line:")
        .values_list("place", "level", "from_state", "to_state")
        .annotate(units=Sum("quantity"))
        .order_by()
    )
    for place, level, source, target, units in rest:
        yield where.get(place, ""), level, source, target, units
