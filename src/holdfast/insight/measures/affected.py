"""The mass balance of the lots a scope is about, with the shop's own rows as they are now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import F, Sum

from holdfast.decision.recalls.models import ScopeVersion
from holdfast.decision.recalls.queries.journeys import affected_lots_of
from holdfast.decision.recalls.queries.recorded import Recorded
from holdfast.insight.measures.balance import elsewhere_of
from holdfast.kit.trace.balance import Balance, balances
from holdfast.kit.trace.beside import add_rows
from holdfast.supply.orders.models import OrderLine
from holdfast.supply.orders.rules import EVENTS
from holdfast.supply.traceability.models import Receipt
from holdfast.supply.traceability.queries import trace_log

if TYPE_CHECKING:
    import duckdb

MOST = 20
"""Lots of a scope whose balance is worked out, those with the most units in it."""


def balances_of(version: ScopeVersion) -> tuple[list[Balance], int]:
    """The balance of the affected lots, the largest first, and how many are left out."""
    lots = affected_lots_of(version)
    some = lots[:MOST]
    if not some:
        return [], 0
    with _rows_of(some) as con:
        return balances(con, some, elsewhere=elsewhere_of(some)), len(lots) - len(some)


@contextmanager
def _rows_of(lots: Sequence[str]) -> Iterator[duckdb.DuckDBPyConnection]:
    """The views of the events, with the shop's receipts and sales of these lots beside them."""
    recorded = Recorded.load()
    if recorded.manifest.live():
        with recorded.reading() as con:
            _join(con, lots)
            yield con
        return
    import duckdb  # noqa: PLC0415 - only where a balance is asked for

    with duckdb.connect() as con:
        trace_log().views(con, manifest=recorded.manifest)
        _join(con, lots)
        yield con


def _join(con: duckdb.DuckDBPyConnection, lots: Sequence[str]) -> None:
    add_rows(con, "receipts", _receipts(lots))
    add_rows(con, "order_lines", _sales(lots))


def _receipts(lots: Sequence[str]) -> list[dict[str, Any]]:
    rows = Receipt.objects.filter(lot__in=lots).select_related("product", "supplier")
    return [
        {
            "lot": one.lot,
            "sku": one.product.code,
            "site": one.site,
            "received_at": one.received_at.astimezone(UTC) if one.received_at else None,
            "depleted_at": one.depleted_at.astimezone(UTC) if one.depleted_at else None,
            "quantity": one.quantity,
            "supplier": one.supplier.code if one.supplier else "",
        }
        for one in rows
    ]


def _sales(lots: Sequence[str]) -> list[dict[str, Any]]:
    """Sales that name a lot, after cancellations; those that were events before are with these."""
    rows = (
        OrderLine.objects.filter(lot__in=lots, kind="sale")
        .exclude(source=EVENTS)
        .order_by()
        .values_list("lot")
        .annotate(n=Sum(F("quantity") - F("cancelled")))
    )
    return [
        {
            "line": f"sales of {lot}", "order": "", "customer": "", "sku": "", "lot": lot,
            "container": "", "site": "", "shipped_at": None, "quantity": Decimal(n),
        }
        for lot, n in rows
    ]  # fmt: skip
