"""Sets cancellations against earlier lines, again and completely for every pair a file touched."""

# ruff: noqa: S608 - the statements are put together from names of this code, never from data.

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from holdfast.supply.imports.actions.staging import Staging
from holdfast.supply.orders.models import CancellationMatch, OrderLine
from holdfast.supply.orders.rules import Entry, set_against

ZERO = Decimal(0)


class Settlement:
    """The cancellations of the customers and products one import touched.

    What was matched before is forgotten for these pairs and done anew, so the end does not depend
    on how orders were spread over files or in which order the files came.
    """

    def __init__(self, staging: Staging) -> None:
        self.staging = staging
        self.lines, self.matches = staging.table(OrderLine), staging.table(CancellationMatch)
        staging.create("touched_pairs", {"customer_id": "bigint", "product_id": "bigint"})

    def note_pairs(self) -> None:
        """Note who and what the file touches, and who had the lines it is about to change."""
        self.staging.run(
            "INSERT INTO touched_pairs "
            "SELECT DISTINCT k.id, p.id FROM incoming_lines i "
            "JOIN incoming_products p ON p.p = i.p JOIN incoming_customers k ON k.c = i.c"
        )
        self.staging.run(
            f"INSERT INTO touched_pairs SELECT DISTINCT o.customer_id, o.product_id "
            f"FROM incoming_lines i JOIN {self.lines} o ON o.id = i.id "
            "WHERE i.is_changed = 1 AND o.customer_id IS NOT NULL"
        )

    def settle(self) -> int:
        """Match again and store what changed; how many of the file's returns match nothing."""
        run = self.staging.run
        self.staging.create(
            "settling",
            {
                "customer_id": "bigint",
                "product_id": "bigint",
                "PRIMARY KEY": "(customer_id, product_id)",
            },
        )
        run(
            "INSERT INTO settling SELECT DISTINCT t.customer_id, t.product_id FROM touched_pairs t "
            f"JOIN (SELECT DISTINCT customer_id, product_id FROM {self.lines} "
            "WHERE kind = 'cancellation' AND customer_id IS NOT NULL AND refers_to = '') c "
            "ON c.customer_id = t.customer_id AND c.product_id = t.product_id"
        )
        # A reference reaches lines of nobody known: all lines of the product are looked at again.
        self.staging.create("settling_products", {"product_id": "bigint PRIMARY KEY"})
        run(
            f"INSERT INTO settling_products SELECT DISTINCT +o.product_id FROM {self.lines} o "
            "WHERE o.kind = 'cancellation' AND o.refers_to <> '' "
            # The pluses keep SQLite from going through every line by the index of products.
            "AND +o.product_id IN (SELECT id FROM incoming_products)"
        )
        self.staging.create(
            "settled",
            {
                "id": "bigint PRIMARY KEY",
                "product_id": "bigint",
                "customer_id": "bigint",
                "is_sale": "integer",
                "quantity": "numeric",
                "cancelled": "numeric",
                "at": "timestamptz",
                "order_number": "text",
                "refers_to": "text",
                "matched": "numeric",
            },
        )
        columns = (
            "o.id, o.product_id, o.customer_id, CASE WHEN o.kind = 'sale' THEN 1 ELSE 0 END, "
            "o.quantity, o.cancelled, COALESCE(o.ordered_at, o.moved_at), o.order_number, "
            "o.refers_to, 0"
        )
        run(
            f"INSERT INTO settled SELECT {columns} FROM {self.lines} o "
            "JOIN settling s ON s.customer_id = o.customer_id AND s.product_id = o.product_id "
            f"WHERE o.kind <> 'adjustment' UNION SELECT {columns} FROM {self.lines} o "
            "JOIN settling_products s ON s.product_id = o.product_id WHERE o.kind <> 'adjustment'"
        )
        # A line that went to another customer or product gives back what was taken from it.
        run(
            f"INSERT INTO settled SELECT DISTINCT {columns} FROM {self.lines} o "
            f"JOIN {self.matches} m ON m.line_id = o.id JOIN settled s ON s.id = m.cancellation_id "
            "WHERE o.id NOT IN (SELECT id FROM settled)"
        )
        self._note_matches()
        self._match()
        return self._unmatched()

    def _note_matches(self) -> None:
        run = self.staging.run
        self.staging.create("matched_before", {"line_id": "bigint PRIMARY KEY", "q": "numeric"})
        run(
            f"INSERT INTO matched_before SELECT m.line_id, SUM(m.quantity) FROM {self.matches} m "
            "JOIN settled s ON s.id = m.line_id GROUP BY m.line_id"
        )
        run("UPDATE settled SET matched = b.q FROM matched_before b WHERE b.line_id = settled.id")

    def _match(self) -> None:
        staging = self.staging
        rows = staging.ask(
            "SELECT product_id, id, is_sale, at, order_number, customer_id, quantity, cancelled, "
            "matched, refers_to FROM settled ORDER BY product_id, id"
        )
        staging.create(
            "new_matches",
            {"cancellation_id": "bigint", "line_id": "bigint", "quantity": "numeric"},
        )
        staging.load(
            "new_matches", ("cancellation_id", "line_id", "quantity"), list(_matches(rows))
        )
        new = staging.count(
            "SELECT COUNT(*) FROM (SELECT cancellation_id, line_id, quantity FROM new_matches "
            f"EXCEPT SELECT cancellation_id, line_id, quantity FROM {self.matches}) n"
        )
        before = staging.count(
            f"SELECT COUNT(*) FROM {self.matches} m JOIN settled s ON s.id = m.cancellation_id"
        )
        after = staging.count("SELECT COUNT(*) FROM new_matches")
        if new == 0 and before == after:
            return
        staging.run(f"DELETE FROM {self.matches} WHERE cancellation_id IN (SELECT id FROM settled)")
        staging.insert_select(
            CancellationMatch,
            {name: f"n.{name}" for name in ("cancellation_id", "line_id", "quantity")},
            "FROM new_matches n",
        )
        staging.create("matched_now", {"line_id": "bigint PRIMARY KEY", "q": "numeric"})
        staging.run(
            "INSERT INTO matched_now "
            "SELECT line_id, SUM(quantity) FROM new_matches GROUP BY line_id"
        )
        staging.run(
            f"UPDATE {self.lines} SET cancelled = s.cancelled - s.matched + "
            "COALESCE((SELECT q FROM matched_now n WHERE n.line_id = s.id), 0) "
            f"FROM settled s WHERE s.id = {self.lines}.id AND s.is_sale = 1 AND s.matched <> "
            "COALESCE((SELECT q FROM matched_now n WHERE n.line_id = s.id), 0)"
        )

    def _unmatched(self) -> int:
        """Cancellation lines of this file that are not, or not wholly, set against a line."""
        return self.staging.count(
            "SELECT COUNT(*) FROM incoming_lines i JOIN incoming_products p ON p.p = i.p "
            f"JOIN {self.lines} o ON o.source = (SELECT source FROM incoming_source) "
            "AND o.order_number = i.order_number AND o.product_id = p.id "
            "AND o.position = i.position "
            "WHERE i.kind = 'cancellation' AND -o.quantity > COALESCE((SELECT SUM(m.quantity) "
            f"FROM {self.matches} m WHERE m.cancellation_id = o.id), 0)"
        )


def _matches(rows: Iterator[tuple[object, ...]]) -> Iterator[tuple[int, int, str]]:
    for _, group in groupby(rows, key=itemgetter(0)):
        entries = [_entry(row) for row in group]
        for cancellation, line, quantity in set_against(entries):
            yield cancellation, line, f"{quantity:f}"


def _entry(row: tuple[object, ...]) -> Entry:
    _, key, is_sale, at, order, customer, quantity, cancelled, matched, refers_to = row
    if isinstance(at, str):
        at = datetime.fromisoformat(at)
    if isinstance(at, datetime) and at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    sold = Decimal(str(quantity))
    own = Decimal(str(cancelled)) - Decimal(str(matched))
    return Entry(
        id=int(str(key)),
        is_sale=bool(is_sale),
        at=at if isinstance(at, datetime) else None,
        order=str(order),
        customer=None if customer is None else int(str(customer)),
        left=max(ZERO, sold - own) if is_sale else -sold,
        refers_to=str(refers_to),
    )
