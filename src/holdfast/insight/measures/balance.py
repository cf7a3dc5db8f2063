"""The mass balance of lots, from the trace, the stock counted and the unit ledger together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from django.db.models import Sum

from holdfast.kit.trace import publishing
from holdfast.kit.trace.balance import Balance, Elsewhere, balances
from holdfast.response.units.models import UnitGroup
from holdfast.supply.traceability.models import StockOnHand
from holdfast.supply.traceability.queries import trace_log

OWNERS = "consumer"


def lot_balances(lots: Sequence[str]) -> list[Balance]:
    """What was made of each lot and where it is said to be; `unknown` is the rest."""
    with publishing.reading(trace_log()) as con:
        return balances(con, lots, elsewhere=elsewhere_of(lots))


def elsewhere_of(lots: Sequence[str]) -> dict[str, Elsewhere]:
    """What the stock counted and the unit ledger say of some lots."""
    found: dict[str, Elsewhere] = defaultdict(Elsewhere)
    stock = StockOnHand.objects.filter(lot__in=lots).values("lot").annotate(units=Sum("quantity"))
    for row in stock:
        found[row["lot"]] = replace(found[row["lot"]], on_hand=row["units"] or Decimal(0))
    groups = (
        UnitGroup.objects.filter(lot__in=lots, state__in=("returned", "destroyed"))
        .values("lot", "level", "state")
        .annotate(units=Sum("quantity"))
    )
    for row in groups:
        so_far = found[row["lot"]]
        if row["state"] == "destroyed" and row["level"] != OWNERS:
            so_far = replace(so_far, destroyed=so_far.destroyed + row["units"])
        elif row["state"] == "destroyed":
            so_far = replace(so_far, destroyed_by_owners=so_far.destroyed_by_owners + row["units"])
        elif row["level"] == OWNERS:
            so_far = replace(so_far, returned_by_owners=so_far.returned_by_owners + row["units"])
        found[row["lot"]] = so_far
    return dict(found)
