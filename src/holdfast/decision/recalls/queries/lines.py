"""Every line of the instance with its certainty and reason, for a file."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from holdfast.decision.recalls.models import ScopeLine, ScopeVersion
from holdfast.decision.recalls.queries.rows import LINES, UNITS, units_of
from holdfast.decision.recalls.queries.scoping import Scoper
from holdfast.kit.quantities import plain
from holdfast.kit.trace.criteria import Criteria
from holdfast.kit.trace.values import Certainty
from holdfast.supply.orders.models import Customer

HEADER = ("line", "order", "customer", "sku", "lot", "quantity", "certainty", "reason")
AT_ONCE = 4_000


def scope_lines(
    criteria: Criteria, version: ScopeVersion | None = None
) -> Iterator[tuple[object, ...]]:
    """All four certainties, in the order the lines were imported; `quantity` is in units.

    With a version, its stored lines count and only the reasons of the others are worked out anew;
    without one everything is.
    """
    scoper = Scoper(criteria, explain=True)
    stored: dict[int, tuple[str, str]] | None = None
    if version is not None:
        rows = ScopeLine.objects.filter(version=version)
        stored = {
            line: (certainty, reason)
            for line, certainty, reason in rows.values_list(
                "line_id", "certainty", "reason"
            ).iterator()
        }
    fresh = {row[0]: (str(c), words) for row, c, _, words, _ in scoper.verdicts()}
    customers = dict(Customer.objects.values_list("id", "key"))
    sql = (
        f"SELECT id, source, order_number, position, kind, product_id, sku, lot, {UNITS}, "  # noqa: S608 (no input)
        f"customer_id FROM {LINES} ORDER BY id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(AT_ONCE):
            for pk, source, order, position, kind, product, sku, lot, units, person in rows:
                certainty, reason = _certainty(pk, kind, product, sku, stored, fresh, scoper)
                yield (
                    f"{source}/{order}/{sku}/{position}",
                    order,
                    customers.get(person, "").removeprefix(f"{source}:"),
                    sku,
                    lot,
                    plain(units_of(units)) if kind == "sale" else 0,
                    certainty,
                    reason,
                )


def _certainty(
    pk: int,
    kind: str,
    product: int,
    sku: str,
    stored: dict[int, tuple[str, str]] | None,
    fresh: dict[int, tuple[str, str]],
    scoper: Scoper,
) -> tuple[str, str]:
    if stored is not None and pk in stored:
        return stored[pk]
    if kind != "sale":
        return Certainty.EXCLUDED, "cancelled" if kind == "cancellation" else "stock adjustment"
    certainty, reason = fresh.get(pk, (Certainty.EXCLUDED, ""))
    if stored is not None and certainty != Certainty.EXCLUDED:
        return Certainty.EXCLUDED, "Came in after this version was worked out."
    if reason:
        return certainty, reason
    if product in scoper.catalogue.pseudo:
        return Certainty.EXCLUDED, "Not a product: postage, fees and the like."
    if scoper.judge is not None:
        return Certainty.EXCLUDED, f"No affected lot is of product {sku}."
    return Certainty.EXCLUDED, f"Product {sku} is not in the scope."
