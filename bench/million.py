"""A shop with a million recipients in one recall: how long pages take to come."""

from __future__ import annotations

import csv
from pathlib import Path

from bench._house import asked, figure, fresh, p95, tell, timed

PEOPLE = 1_000_000
TIMES = 60
COUNTRIES = ("DE", "FR", "ES", "GB", "US")
COLUMNS = (
    *("order", "customer", "email", "name", "country", "product", "title", "quantity"),
    *("price", "currency", "ordered_at", "shipped_at"),
)
PAGES = {
    "recalls": "/recalls/",
    "recall room": "/recalls/{ref}/",
    "scope": "/recalls/{ref}/scope/",
    "stop sale": "/recalls/{ref}/stop/",
    "notice": "/recalls/{ref}/notice/",
    "launch": "/recalls/{ref}/launch/",
    "outreach": "/recalls/{ref}/outreach/",
    "units": "/recalls/{ref}/units/",
    "results": "/recalls/{ref}/results/",
    "evidence": "/recalls/{ref}/evidence/",
}


def shop(file: Path) -> None:
    """An order for each of a million people, every one of the affected product; made up."""
    with file.open("w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(COLUMNS)
        for number in range(PEOPLE):
            who = f"C{number}", f"person{number}@example.org", f"Person {number}"
            day = f"2026-{1 + number % 3:02}-{1 + number % 28:02}"
            country = COUNTRIES[number % len(COUNTRIES)]
            what = "VL-10K", "Power bank", 1, "39.00", "EUR", day, day
            rows.writerow([f"A{number}", *who, country, *what])


def main() -> None:
    """Bring a million orders in, confirm the scope, plan the telling, and ask for every page."""
    with fresh() as instance:
        orders = instance.home.parent / "orders.csv"
        shop(orders)
        took = timed(lambda: instance.json("import", "orders", orders, timeout=1_800))
        figure("import, made-up shop", PEOPLE / took, "rows/s", "", f"{PEOPLE:,} orders")
        ref = instance.json("recall", "open", "--product", "VL-10K", "--outcome", "fire")["recall"]
        scope = ("recall", "scope", ref, "--product", "VL-10K", "--confirm")
        took = timed(lambda: instance.json(*scope, timeout=1_800))
        figure("scope confirmed, units entered", took, "s", "", f"{PEOPLE:,} lines")
        serving = instance.serve("serve", "--no-worker")
        for name, path in PAGES.items():
            times = asked(serving.url + path.format(ref=ref), TIMES)
            note = f"{PEOPLE:,} recipients, {TIMES} requests, one connection"
            figure(f"page p95, {name}", p95(times), "ms", "<= 100", note)
        serving.stop()
    tell()


if __name__ == "__main__":
    main()
