"""The real order file: 541,909 lines, counted by a plain reading of the same rows."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from pathlib import Path

import zstandard

from tests.plugins.real_shop import GROUP, RealShop
from tests.sending import run_code


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


COUNTS = """
import json
from holdfast.config.start import start; start()
from django.db.models import F, Sum
from holdfast.supply.catalog.models import Product
from holdfast.supply.imports.queries import unmatched_returns
from holdfast.supply.orders.models import Customer, OrderLine
lines = OrderLine.objects.all()
sales = lines.filter(kind="sale")
print(json.dumps({
    "lines": lines.count(),
    "cancellations": lines.filter(kind="cancellation").count(),
    "without a customer": lines.filter(customer=None).count(),
    "customers": Customer.objects.count(),
    "orders": lines.values("order_number").distinct().count(),
    "pseudo": sorted(Product.objects.filter(kind="pseudo").values_list("code_key", flat=True)),
    "left": int(sales.aggregate(left=Sum(F("quantity") - F("cancelled")))["left"]),
    "emptied": sales.filter(quantity=F("cancelled"), quantity__gt=0).count(),
    "unmatched": unmatched_returns().count(),
    "no market": sorted(set(lines.filter(market="").values_list("country", flat=True))),
}))
"""


@GROUP
def test_the_real_file_is_imported_whole_and_its_cancellations_settled(
    real_shop: RealShop,
) -> None:
    told = real_shop.told
    assert [told[name] for name in ("rows", "imported", "merged", "rejected")] == [
        541_909,
        541_909,
        0,
        0,
    ]
    units, emptied, unmatched = plainly(real_shop.file)
    found = json.loads(run_code(real_shop.to_count, COUNTS))
    pseudo = set(found.pop("pseudo"))
    assert {"post", "dot", "m", "d", "s", "b", "c2", "cruk", "bank charges", "amazonfee"} <= pseudo
    assert found == {
        "lines": 541_909,
        "cancellations": 9_288,
        "without a customer": 135_080,
        "customers": 4_372,
        "orders": 25_900,
        "left": units,
        "emptied": emptied,
        "unmatched": unmatched,
        "no market": ["Channel Islands", "European Community", "Unspecified"],
    }
    assert told["unmatched_returns"] == unmatched

    again = real_shop.to_count.json("import", "orders", real_shop.file, timeout=600)
    assert [again[name] for name in ("imported", "merged", "rejected")] == [0, 541_909, 0]
    after = json.loads(run_code(real_shop.to_count, COUNTS))
    assert (after["lines"], after["left"]) == (541_909, units)
