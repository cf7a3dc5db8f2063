"""Reads of the unit ledger: states per level, balances, rates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from holdfast.decision.recalls.models import Recall, ScopeLine, ScopeVersion
from holdfast.decision.recalls.queries.recorded import lots_to_name
from holdfast.kit.measures.balance import Balance
from holdfast.kit.measures.levels import BY_NAME, Units
from holdfast.kit.measures.rates import CorrectionRate
from holdfast.kit.trace.criteria import Criteria
from holdfast.response.units.lifecycle import (
    NO_ANSWER,
    OUT_OF_SCOPE,
    STATES,
    corrected_states,
    states_of,
    unknown_states,
)
from holdfast.response.units.models import UnitGroup, UnitMovement
from holdfast.supply.traceability.models import StockOnHand

CERTAINTIES = ("confirmed", "probable", "cannot_rule_out")
ZERO = Decimal(0)


def confirmed_scope(recall: Recall) -> ScopeVersion | None:
    """The scope version in force."""
    return recall.scopes.filter(state="confirmed").order_by("-number").first()


def units_by_state(recall: Recall) -> dict[str, dict[str, Decimal]]:
    """Units inside the scope by level and state, levels in the order of the chain."""
    found: dict[str, dict[str, Decimal]] = {}
    rows = (
        UnitGroup.objects.filter(recall=recall, quantity__gt=0)
        .exclude(state=OUT_OF_SCOPE)
        .values_list("level", "state")
        .annotate(units=Sum("quantity"))
    )
    for level, state, units in rows:
        found.setdefault(level, {})[state] = units
    order = {level: {s.name: at for at, s in enumerate(states)} for level, states in STATES.items()}
    return {
        level: dict(sorted(found[level].items(), key=lambda item: order[level][item[0]]))
        for level in STATES
        if level in found
    }


def units_in_scope(recall: Recall) -> dict[str, Decimal]:
    """What should be in the ledger, counted without it: scope lines, and what entered elsewhere."""
    should: dict[str, Decimal] = {}
    version = confirmed_scope(recall)
    if version is not None:
        lines = ScopeLine.objects.filter(version=version, certainty__in=CERTAINTIES)
        should["consumer"] = lines.aggregate(units=Sum("units"))["units"] or ZERO
    entries = (
        UnitMovement.objects.filter(recall=recall, kind="scope")
        .exclude(level="consumer")
        .values_list("level")
        .annotate(
            came=Sum("quantity", filter=Q(from_state="")),
            went=Sum("quantity", filter=Q(to_state=OUT_OF_SCOPE)),
        )
    )
    for level, came, went in entries:
        should[level] = (came or ZERO) - (went or ZERO)
    return {level: should[level] for level in STATES if level in should}


def balances(recall: Recall) -> list[Balance[Any]]:
    """Scope against ledger for every level that has units on either side."""
    should, found = units_in_scope(recall), units_by_state(recall)
    return [
        Balance(
            Units(BY_NAME[level], should.get(level, ZERO)),
            found.get(level, {}),
            unknown_states(level),
        )
        for level in STATES
        if level in should or level in found
    ]


def correction_rates(recall: Recall) -> list[CorrectionRate[Any]]:
    """One rate per level; there is no number over all levels."""
    version = confirmed_scope(recall)
    name = f"scope version {version.number}" if version else "the ledger"
    rates: list[CorrectionRate[Any]] = []
    for level, states in units_by_state(recall).items():
        kind = BY_NAME[level]
        corrected = sum((n for s, n in states.items() if s in corrected_states(level)), ZERO)
        total = sum(states.values(), ZERO)
        rates.append(
            CorrectionRate(
                Units(kind, corrected), Units(kind, total), f"units in {name}, {kind.label.lower()}"
            )
        )
    return rates


def state_rows(recall: Recall) -> list[dict[str, Any]]:
    """The table of the ledger: a row per state, a number per level, the evidence in words."""
    by_level = units_by_state(recall)
    proofs = _proofs(recall)
    rows: dict[str, dict[str, Any]] = {}
    for level, states in by_level.items():
        for state, units in states.items():
            known = states_of(level)[state]
            row = rows.setdefault(
                known.label,
                {
                    "label": known.label,
                    "state": state,
                    "standing": known.standing.value,
                    "levels": {},
                    "units": ZERO,
                    "evidence": [],
                },
            )
            row["levels"][level] = units
            row["units"] += units
            row["evidence"] += proofs.get((level, state), [])
    rank = {"corrected": 0, "known": 1, "gone": 2, "unknown": 3}
    return sorted(rows.values(), key=lambda row: rank[row["standing"]])


def _proofs(recall: Recall) -> dict[tuple[str, str], list[str]]:
    told: dict[tuple[str, str], list[str]] = {}
    rows = (
        UnitMovement.objects.filter(recall=recall)
        .exclude(from_state="")
        .values_list("level", "to_state", "kind")
        .annotate(movements=Count("pk"), units=Sum("quantity"))
        .order_by("level", "to_state", "-units")
    )
    for level, state, kind, movements, _units in rows:
        told.setdefault((level, state), []).append(f"{kind} × {movements}")
    return told


def corrected_changes(
    recall: Recall, level: str, *, until: datetime | None = None
) -> Iterable[tuple[datetime, Decimal]]:
    """Signed changes of the corrected units of one level, in order of time."""
    good = corrected_states(level)
    rows = UnitMovement.objects.filter(recall=recall, level=level).order_by("at", "pk")
    if until is not None:
        rows = rows.filter(at__lte=until)
    for at, source, target, units in rows.values_list("at", "from_state", "to_state", "quantity"):
        change = (target in good) - (source in good)
        if change:
            yield at, units * change


def unanswered(recall: Recall, level: str = "consumer") -> Decimal:
    """Units nobody has answered for."""
    found = UnitGroup.objects.filter(recall=recall, level=level, state=NO_ANSWER)
    return found.aggregate(units=Sum("quantity"))["units"] or ZERO


def ledger_report(recall: Recall) -> dict[str, Any]:
    """The ledger for machines: balances and rates per level, the imbalance in units."""
    found = balances(recall)
    return {
        "recall": recall.ref,
        "levels": [balance.as_json() for balance in found],
        "rates": [rate.as_json() for rate in correction_rates(recall)],
        "balances": all(balance.balances for balance in found),
        "sentences": [balance.sentence() for balance in found],
    }


def stock_in_scope(recall: Recall, version: ScopeVersion) -> Iterable[StockOnHand]:
    """Stock of the affected products whose lot is affected, or was never recorded."""
    skus = {str(code).casefold() for code in _listed(version.criteria, "product")}
    asked = Criteria(lots=tuple(str(lot) for lot in _listed(version.criteria, "lot")))
    lots = {lot.casefold() for lot in lots_to_name(asked)}
    if not skus and recall.product_code:
        skus = {recall.product_code.casefold()}
    if not skus and not lots:
        return
    for row in StockOnHand.objects.select_related("product").filter(quantity__gt=0):
        if skus and row.product.code_key not in skus:
            continue
        if lots and row.lot and row.lot.casefold() not in lots:
            continue
        yield row


def _listed(criteria: dict[str, object], word: str) -> list[object]:
    found = criteria.get(f"{word}s") or criteria.get(word) or []
    return list(found) if isinstance(found, list | tuple | set) else [found]
