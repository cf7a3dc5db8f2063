"""Scopes of the real order file, through the command line, against plain Python over the file."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import zstandard

from tests.plugins.real_shop import GROUP, RealShop

RECEIPTS = ("lot", "sku", "site", "received_at", "depleted_at", "quantity", "supplier")
POSTAGE = {"post", "dot", "m", "d", "c2", "bank charges", "amazonfee", "cruk", "pads", "s", "b"}


@dataclass(slots=True)
class Sold:
    order: str
    code: str
    quantity: int
    at: datetime
    customer: str
    country: str
    left: int


def sold_lines(path: Path) -> tuple[int, list[Sold]]:
    """(rows in the file, its sales with what cancellations left of them)."""
    rows: list[Sold] = []
    with zstandard.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            quantity = int(row["Quantity"])
            rows.append(
                Sold(
                    row["InvoiceNo"],
                    row["StockCode"].strip().casefold(),
                    quantity,
                    datetime.fromisoformat(row["InvoiceDate"]),
                    row["CustomerID"],
                    row["Country"],
                    quantity,
                )
            )
    bought: dict[tuple[str, str], list[Sold]] = defaultdict(list)
    for row in sorted(rows, key=lambda r: (r.at, not _is_sale(r))):
        if _is_sale(row):
            bought[(row.customer, row.code)].append(row)
        elif row.customer:
            back = -row.quantity
            for sale in reversed(bought[(row.customer, row.code)]):
                taken = min(back, sale.left)
                sale.left -= taken
                back -= taken
    return len(rows), [row for row in rows if _is_sale(row)]


def _is_sale(row: Sold) -> bool:
    return not row.order.startswith("C") and row.quantity >= 0


def count(lines: list[Sold]) -> dict[str, int]:
    return {
        "lines": len(lines),
        "units": sum(line.left for line in lines),
        "people": len({line.customer for line in lines if line.customer}),
    }


def some_receipts(sales: list[Sold], rng: random.Random) -> list[dict[str, object]]:
    """Four lots each for the fifty best sellers, overlapping, every window closed."""
    sellers: dict[str, int] = defaultdict(int)
    for line in sales:
        if line.code not in POSTAGE:
            sellers[line.code] += 1
    found = []
    for code in sorted(sellers, key=lambda c: (-sellers[c], c))[:50]:
        for number in range(4):
            start = date(2010, 12, 1) + timedelta(days=number * 90 + rng.randint(0, 20))
            end = start + timedelta(days=rng.randint(60, 130))
            units = rng.choice([100, 250, 400])
            supplier = rng.choice(["S-07", "S-08"])
            found.append(
                dict(
                    zip(
                        RECEIPTS,
                        (f"{code}-L{number}", code, "", start, end, units, supplier),
                        strict=True,
                    )
                )
            )
    return found


def judged(sales: list[Sold], receipts: list[dict[str, object]], lots: set[str]) -> dict[str, list]:
    """Every sale looked at against every receipt of its product."""
    by_code: dict[str, list[dict]] = defaultdict(list)
    for receipt in receipts:
        by_code[str(receipt["sku"])].append(receipt)
    found: dict[str, list[Sold]] = defaultdict(list)
    for line in sales:
        if line.left <= 0 or line.code not in by_code:
            continue
        there = [
            r for r in by_code[line.code] if r["received_at"] <= line.at.date() < r["depleted_at"]
        ]
        hit = [r for r in there if r["lot"] in lots]
        if not there:
            if any(r["lot"] in lots for r in by_code[line.code]):
                found["cannot_rule_out"].append(line)
        elif hit and len(hit) == len(there):
            found["probable"].append(line)
        elif hit:
            part = Fraction(sum(r["quantity"] for r in hit), sum(r["quantity"] for r in there))
            found["probable" if part >= Fraction(1, 2) else "cannot_rule_out"].append(line)
    return found


@GROUP
def test_scopes_of_half_a_million_real_lines_are_those_of_plain_python(
    real_shop: RealShop, tmp_path: Path
) -> None:
    real = real_shop.to_count
    rows, sales = sold_lines(real_shop.file)
    ref = real.json("recall", "open", "--product", "85123A", "--outcome", "cut")["recall"]

    def asked(*words: str) -> dict:
        return real.json("recall", "scope", ref, *words, "--dry-run")

    checks: list[tuple[tuple[str, ...], Callable[[Sold], bool]]] = [
        (("--product", "85123a"), lambda s: s.code == "85123a"),
        (
            ("--product", "85123A", "--product", "22423", "--market", "DE", "--market", "FR"),
            lambda s: s.code in ("85123a", "22423") and s.country in ("Germany", "France"),
        ),
        (
            ("--product", "85123A", "--shipped", "2011-03-01..2011-06-30"),
            lambda s: s.code == "85123a" and date(2011, 3, 1) <= s.at.date() <= date(2011, 6, 30),
        ),
        (("--product", "POST"), lambda s: s.code == "post"),
    ]
    for words, fits in checks:
        answer = asked(*words)
        assert answer["confirmed"] == count([s for s in sales if s.left > 0 and fits(s)]), words
        assert (
            sum(
                answer[c]["lines"] for c in ("confirmed", "probable", "cannot_rule_out", "excluded")
            )
            == rows
        )

    receipts = some_receipts(sales, random.Random(7))
    file = tmp_path / "receipts.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, RECEIPTS)
        writer.writeheader()
        writer.writerows(receipts)
    assert real.json("import", "receipts", file)["imported"] == len(receipts)
    for words, lots in (
        (("--lot", "85123a-L1"), {"85123a-L1"}),
        (("--supplier", "S-07"), {str(r["lot"]) for r in receipts if r["supplier"] == "S-07"}),
    ):
        answer, want = asked(*words), judged(sales, receipts, lots)
        for certainty in ("confirmed", "probable", "cannot_rule_out"):
            assert answer[certainty] == count(want[certainty]), (words, certainty)
        inside = [line for lines in want.values() for line in lines]
        assert answer["in_scope"] == count(inside)
        assert answer["unreachable"]["lines_without_customer"] == sum(
            not line.customer for line in inside
        )
