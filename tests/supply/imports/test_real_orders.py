"""The real order file: 541,909 lines, counted by a plain reading of the same rows."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from pathlib import Path

import pytest
import zstandard
from django.db.models import F, Sum

from holdfast.supply.catalog.models import Product
from holdfast.supply.imports.actions import bring_in
from holdfast.supply.imports.queries import unmatched_returns
from holdfast.supply.imports.reading import Wishes
from holdfast.supply.orders.models import Customer, OrderLine
from tests.supply.imports.conftest import LEAD, NOW

pytestmark = pytest.mark.django_db
NAME = "orders_online_retail/online_retail_2010-12-01_2011-12-09.csv.zst"


def plainly(path: Path) -> tuple[int, int, int]:
    """Units left, lines left with none, and returns unmatched, by the words of the contract."""
    with path.open("rb") as packed:
        text = io.TextIOWrapper(
            zstandard.ZstdDecompressor().stream_reader(packed), "utf-8", newline=""
        )
        rows = list(csv.DictReader(text))
    left: dict[int, int] = {}
    bought: dict[tuple[str, str], list[int]] = defaultdict(list)
    unmatched = 0
    for number, row in enumerate(rows):  # the file is in the order of time
        units, who = int(row["Quantity"]), (row["CustomerID"], row["StockCode"].casefold())
        if row["InvoiceNo"].startswith("C"):
            need = -units
            for earlier in reversed(bought[who] if row["CustomerID"] else []):
                taken = min(need, left[earlier])
                left[earlier] -= taken
                need -= taken
            unmatched += need > 0
        elif units > 0:
            left[number] = units
            bought[who].append(number)
    return sum(left.values()), sum(not units for units in left.values()), unmatched


def test_the_real_file_is_imported_whole_and_its_cancellations_settled(real_data: Path) -> None:
    path = real_data / NAME
    outcome = bring_in(path=str(path), kind="orders", wishes=Wishes(), by=LEAD, now=NOW)
    assert (outcome.rows, outcome.imported, outcome.merged, outcome.rejected) == (
        541_909,
        541_909,
        0,
        0,
    )
    lines = OrderLine.objects.all()
    assert lines.filter(kind="cancellation").count() == 9_288
    assert lines.filter(customer=None).count() == 135_080
    assert (Customer.objects.count(), lines.values("order_number").distinct().count()) == (
        4_372,
        25_900,
    )
    pseudo = set(Product.objects.filter(kind="pseudo").values_list("code_key", flat=True))
    assert {"post", "dot", "m", "d", "s", "b", "c2", "cruk", "bank charges", "amazonfee"} <= pseudo
    units, emptied, unmatched = plainly(path)
    sales = lines.filter(kind="sale")
    assert sales.aggregate(left=Sum(F("quantity") - F("cancelled")))["left"] == units
    assert sales.filter(quantity=F("cancelled"), quantity__gt=0).count() == emptied
    assert outcome.unmatched_returns == unmatched == unmatched_returns().count()
    markets = set(lines.filter(market="").values_list("country", flat=True))
    assert markets == {"Channel Islands", "European Community", "Unspecified"}

    again = bring_in(path=str(path), kind="orders", wishes=Wishes(), by=LEAD, now=NOW)
    assert (again.imported, again.merged, again.rejected) == (0, 541_909, 0)
    assert sales.aggregate(left=Sum(F("quantity") - F("cancelled")))["left"] == units
