"""Scope by lot on the real orders and the check, each beside a plain alternative.

Lots and receipts are simulated on top of the real orders, from a fixed seed.
"""

from __future__ import annotations

import os
import random
import statistics
from datetime import UTC, datetime, timedelta

from bench._house import figure, fresh, real_orders, tell, timed

LINES = 541_909
CHECKS = 200_000
START = datetime(2010, 12, 1, tzinfo=UTC)
# The usual way to write it: every line joined to every receipt that was there, grouped by line.
PLAIN_JOIN = """
SELECT verdict, COUNT(*) FROM (
  SELECT l.id, CASE
      WHEN COUNT(r.id) = 0 THEN 'cannot_rule_out'
      WHEN SUM(r.bad) = 0 THEN 'excluded'
      WHEN SUM(r.bad) = COUNT(r.id) THEN 'probable'
      WHEN SUM(r.bad * r.quantity) * 2 >= SUM(r.quantity) THEN 'probable'
      ELSE 'cannot_rule_out' END AS verdict
  FROM orders_orderline l LEFT JOIN (
      SELECT t.*, t.supplier_id = (SELECT id FROM parties_supplier WHERE code = 'S-07') AS bad
      FROM traceability_receipt t
  ) r ON r.product_id = l.product_id AND r.received_at <= l.moved_at AND l.moved_at < r.depleted_at
  WHERE l.kind = 'sale' AND l.quantity > l.cancelled AND l.product_id IN (
      SELECT t.product_id FROM traceability_receipt t JOIN parties_supplier s
      ON s.id = t.supplier_id WHERE s.code = 'S-07')
  GROUP BY l.id
) GROUP BY verdict
"""


def receive(rng: random.Random) -> int:
    """Four lots of every product, one of two suppliers each, windows that overlap and close."""
    from holdfast.supply.catalog.models import Product
    from holdfast.supply.parties.models import Supplier
    from holdfast.supply.traceability.models import Receipt

    firms = [Supplier.objects.create(code=code) for code in ("S-07", "S-08")]
    rows = []
    for product in Product.objects.exclude(kind="pseudo").order_by("pk"):
        for number in range(4):
            begins = START + timedelta(days=90 * number + rng.randint(0, 20))
            rows.append(
                Receipt(
                    lot=f"{product.code}-L{number}",
                    product=product,
                    received_at=begins,
                    depleted_at=begins + timedelta(days=rng.randint(60, 130)),
                    quantity=rng.choice([100, 250, 400]),
                    supplier=rng.choice(firms),
                    is_simulated=True,
                )
            )
    Receipt.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def measure_scope() -> None:
    """Every line of every product of one supplier, judged by what lay there then."""
    from django.db import connection

    from holdfast.decision.recalls.queries import find_scope
    from holdfast.kit.trace.criteria import Criteria

    lots = receive(random.Random(7))
    asked = Criteria(suppliers=("S-07",))
    found = find_scope(asked)
    took = statistics.median(timed(lambda: find_scope(asked)) for _ in range(3))

    def join() -> dict[str, int]:
        with connection.cursor() as cursor:
            cursor.execute(PLAIN_JOIN)
            return dict(cursor.fetchall())

    plain = join()
    for certainty in ("probable", "cannot_rule_out"):
        mine = found.counts[certainty]["lines"]  # type: ignore[index]
        assert mine == plain.get(certainty, 0), (certainty, mine, plain)
    peer = statistics.median(timed(join) for _ in range(3))
    note = f"{len(found.lines):,} lines in, {lots:,} simulated lots, reasons and people counted"
    figure("scope by supplier, all lines", took, "s", "<= 8", note)
    note = "same lines by one SQL interval join in the same SQLite; counts only, no reasons"
    figure("scope by supplier, plain SQL join", peer, "s", "", note)
    figure("scope, ratio to the plain SQL join", peer / took, "×", "", "above 1 is faster")
    one = Criteria(lots=("85123A-L1",))
    took = statistics.median(timed(lambda: find_scope(one)) for _ in range(5))
    figure("scope by lot, one product", took * 1000, "ms", "<= 1000", f"of {LINES:,} lines")


def measure_check() -> None:
    """Checks against the snapshot in memory, and the same lots looked up in SQLite one by one."""
    from django.db import connection

    from holdfast.decision.recalls.actions import confirm_scope, open_recall, propose_scope
    from holdfast.decision.recalls.queries import snapshot
    from holdfast.ground.access.models import Person
    from holdfast.ground.access.queries import actor_for
    from holdfast.kit.identifiers.lookalike import look
    from holdfast.kit.trace.criteria import Criteria
    from holdfast.supply.traceability.models import Receipt

    now, by = datetime.now(UTC), actor_for(Person.objects.get())
    asked = Criteria(products=("85123A",), lots=("85123A-L1", "85123A-L2"))
    recall = open_recall(outcome="fire", products=("85123A",), by=by, now=now)
    version = propose_scope(recall=recall, criteria=asked, by=by, now=now)
    confirm_scope(version=version, by=by, now=now)
    known = list(Receipt.objects.values_list("lot", flat=True))
    rng = random.Random(11)
    spelled = (str.lower, lambda k: k.replace("-", " "), lambda k: k.replace("1", "I"))
    codes = [
        f"{rng.choice(spelled)(rng.choice(known))}{' ' * n}"
        for n in range(CHECKS // 50_000)
        for _ in range(50_000)
    ]
    kept = snapshot()
    assert kept.check("85i23a-l1").answer == "affected"
    took = timed(lambda: [kept.check(code) for code in codes])
    note = f"{len(known):,} lots known, {len(set(codes)):,} spellings"
    figure("check, in memory", CHECKS / took, "checks/s", ">= 20000", note)
    fresh_mark = timed(lambda: [snapshot() for _ in range(200)]) / 200
    figure("check, is the snapshot still true", fresh_mark * 1e6, "µs", "", "two small reads")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE bench_lots (shape TEXT PRIMARY KEY, lot TEXT)")
        cursor.executemany(
            "INSERT OR IGNORE INTO bench_lots VALUES (%s, %s)", [(look(k), k) for k in known]
        )
        some = codes[:50_000]

        def lookups() -> None:
            for code in some:
                cursor.execute("SELECT lot FROM bench_lots WHERE shape = %s", [look(code)])
                cursor.fetchone()

        peer = len(some) / timed(lookups)
    figure("check, SQLite row by row", peer, "checks/s", "", "indexed lookup, same process")
    figure("check, ratio to SQLite row by row", CHECKS / took / peer, "×", "", "")


def main() -> None:
    """Import the real orders once, then measure on them in this process."""
    orders = real_orders()
    with fresh() as instance:
        instance.json("import", "orders", orders, expect=None, timeout=900)
        os.environ["HOLDFAST_HOME"] = str(instance.home)
        from holdfast.config.start import start

        start()
        measure_scope()
        measure_check()
    tell()


if __name__ == "__main__":
    main()
