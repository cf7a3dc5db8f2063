"""What the shop sold and received is in the trace, anew whenever it changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from holdfast.ground.journal.models import Entry
from holdfast.kit.refusals import NotPermitted
from holdfast.supply.imports.actions import bring_in
from holdfast.supply.imports.reading import Wishes
from holdfast.supply.traceability.actions import feed_shop
from holdfast.supply.traceability.queries import trace_log
from tests.supply.traceability.conftest import LEAD, NOW, VIEWER, Held

pytestmark = pytest.mark.django_db

ORDERS = """order,product,quantity,customer,email,lot,ordered_at
A1,VL-10,3,17,,B17,2026-03-01 10:00:00Z
A1,vl-10,4,17,,,2026-03-01 10:00:00Z
A2,VL-20,2,,anna@example.org,,2026-03-02 10:00:00Z
C3,VL-10,-2,17,,,2026-03-03 10:00:00Z
A4,VL-20,5,18,,,2026-03-04 10:00:00Z
C5,VL-20,-5,18,,,2026-03-05 10:00:00Z
"""
RECEIPTS = """lot,sku,site,received_at,depleted_at,quantity,supplier
B17,VL-10,main,2026-02-01T08:00:00Z,,40.5,ACME
"""


@pytest.fixture
def bring(tmp_path: Path) -> Callable[[str, str], None]:
    def bring(text: str, kind: str) -> None:
        path = tmp_path / f"{kind}.csv"
        path.write_text(text)
        told = bring_in(path=str(path), kind=kind, wishes=Wishes(source="shop"), by=LEAD, now=NOW)
        assert told.rejected == 0

    return bring


def by_line(held: Held) -> dict[str, tuple[Any, ...]]:
    return {row[0]: row for row in held("order_lines")}


def test_sales_come_with_what_is_left_of_them(
    home: Path, held: Held, bring: Callable[[str, str], None]
) -> None:
    bring(ORDERS, "orders")
    assert feed_shop(by=LEAD, now=NOW)
    lines = by_line(held)
    assert len(lines) == 3, "a line cancelled whole is left out"
    sold = {line: (row[1], row[2], row[3], row[4], row[8]) for line, row in lines.items()}
    whole, other = sold["shop/A1/VL-10/0"], sold["shop/A1/vl-10/1"]
    assert whole[:4] == ("A1", "17", "VL-10", "B17")
    assert other[2] in ("VL-10", "vl-10"), "both spellings are one product"
    assert other[2] == whole[2]
    assert whole[4] + other[4] == Decimal(5), "two of seven were cancelled"
    assert lines["shop/A1/VL-10/0"][7] == datetime(2026, 3, 1, 10)


def test_no_address_reaches_the_trace(
    home: Path, held: Held, bring: Callable[[str, str], None]
) -> None:
    bring(ORDERS, "orders")
    feed_shop(by=LEAD, now=NOW)
    customers = {row[2] for row in held("order_lines")}
    assert "17" in customers
    assert not any("@" in customer for customer in customers)
    assert all(customers)
    log = home / "trace"
    for path in log.rglob("*.*"):
        assert b"anna@" not in path.read_bytes(), path


def test_receipts_come_too(home: Path, held: Held, bring: Callable[[str, str], None]) -> None:
    bring(ORDERS, "orders")
    bring(RECEIPTS, "receipts")
    feed_shop(by=LEAD, now=NOW)
    assert list(held("receipts")) == [
        ("B17", "VL-10", "main", datetime(2026, 2, 1, 8), None, Decimal("40.5"), "ACME")
    ]


def test_nothing_is_done_while_nothing_changed(
    home: Path, held: Held, bring: Callable[[str, str], None]
) -> None:
    assert not feed_shop(by=LEAD, now=NOW), "an empty shop changes nothing"
    assert not (home / "trace" / "log").exists()
    bring(ORDERS, "orders")
    assert feed_shop(by=VIEWER, now=NOW)
    before, entries = trace_log().manifest(), Entry.objects.count()
    assert not feed_shop(by=LEAD, now=NOW)
    bring(ORDERS, "orders")  # the same again: another entry, the same lines
    assert not feed_shop(by=LEAD, now=NOW)
    assert trace_log().manifest().segments == before.segments
    assert Entry.objects.filter(kind="ShopFed").count() == 1
    assert Entry.objects.count() == entries + 1
    bring(ORDERS.replace("A4", "A9"), "orders")
    assert feed_shop(by=LEAD, now=timezone.now())
    assert "shop/A4/VL-20/0" in by_line(held), "the newer order bore the cancellation"
    assert "shop/A4/VL-20/0" not in {row[0] for row in held("order_lines", known_at=NOW)}


def test_a_stranger_may_not(home: Path) -> None:
    from holdfast.kit.actors import NOBODY

    with pytest.raises(NotPermitted):
        feed_shop(by=NOBODY, now=NOW)
