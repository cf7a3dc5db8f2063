"""A shop with a million recipients in one recall: how long its pages take to come.

Three moments are looked at: the scope is confirmed; a fifth of a million messages is sent, the
rest is planned; people have answered. Nothing is sent anywhere.
"""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

from bench._house import asked, figure, fresh, p95, tell, timed
from tests.plugins.instance import Instance
from tests.sending import run_code

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "1000000"))
SENT = PEOPLE // 5
ANSWERS = min(10_000, PEOPLE // 10)
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
    "scope lines": "/recalls/{ref}/scope/1/lines",
    "stop sale": "/recalls/{ref}/stop/",
    "notice": "/recalls/{ref}/notice/",
    "launch": "/recalls/{ref}/launch/",
    "outreach": "/recalls/{ref}/outreach/",
    "units": "/recalls/{ref}/units/",
    "results": "/recalls/{ref}/results/",
    "evidence": "/recalls/{ref}/evidence/",
    "print room": "/recalls/{ref}/notice/print/",
    "outreach, all recalls": "/outreach/",
    "inbox": "/inbox/",
    "data": "/data/",
    "search, an order": "/go?q=A777777",
    "search, an address": "/go?q=person424242@example.org",
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


def decided(instance: Instance) -> str:
    """Orders in, scope confirmed, decision signed, notice approved."""
    orders = instance.home.parent / "orders.csv"
    shop(orders)
    took = timed(lambda: instance.json("import", "orders", orders, timeout=1_800))
    figure("import, made-up shop", PEOPLE / took, "rows/s", "", f"{PEOPLE:,} orders")
    opened = instance.json("recall", "open", "--product", "VL-10K", "--outcome", "fire")
    ref = str(opened["recall"])
    scope = ("recall", "scope", ref, "--product", "VL-10K", "--confirm")
    took = timed(lambda: instance.json(*scope, timeout=1_800))
    figure("scope confirmed, units entered", took, "s", "", f"{PEOPLE:,} lines")
    words = "--severity 4 --probability 1/1000 --remedy refund --remedy replacement --sign"
    instance.run("recall", "decide", ref, *words.split(), "--reason", "cells burned")
    contact = ("--phone", "+49 30 5550142", "--email", "recall@example.org")
    counts = ("--incidents", "2", "--injuries", "0", "--deaths", "0", "--units", str(PEOPLE))
    instance.run("recall", "notice", ref, "--draft", *contact, *counts, timeout=1_800)
    instance.run("recall", "notice", ref, "--approve", "all", timeout=1_800)
    return ref


def step(instance: Instance, call: str) -> tuple[float, int]:
    """One step of `_telling` inside the instance: how long it took and what it counted."""
    code = (
        "from holdfast.config.start import start; start()\n"
        "import json, time; from bench import _telling\n"
        f"began = time.perf_counter(); found = _telling.{call}\n"
        "print(json.dumps([time.perf_counter() - began, found]))\n"
    )
    path = instance.env["PYTHONPATH"]
    instance.env["PYTHONPATH"] = os.pathsep.join([path, str(Path(__file__).parents[1])])
    try:
        took, found = json.loads(run_code(instance, code).splitlines()[-1])
    finally:
        instance.env["PYTHONPATH"] = path
    return took, found


def look(instance: Instance, ref: str, moment: str) -> None:
    """Ask for every page as often, one after the other, over one connection."""
    serving = instance.serve("serve", "--no-worker")
    for name, path in PAGES.items():
        times = asked(serving.url + path.format(ref=ref), TIMES)
        note = f"{moment}; {TIMES} requests, the first took {times[0]:,.0f} ms"
        figure(f"page p95, {name}", p95(times[1:]), "ms", "<= 100", note)
    serving.stop()


def main() -> None:
    """Bring a million orders in, confirm, tell a fifth, take answers; ask for every page."""
    with fresh() as instance:
        ref = decided(instance)
        step(instance, "settle()")
        look(instance, ref, f"{PEOPLE:,} in scope")
        took, planned = step(instance, f"plan({ref!r})")
        figure("wave planned", took, "s", "", f"{planned:,} messages and personal links")
        took, sent = step(instance, f"send({ref!r}, {SENT})")
        figure("endings written", sent / took, "/s", "", f"{sent:,} messages, made-up endings")
        took, claims = step(instance, f"answer({ref!r}, {ANSWERS})")
        figure("answers taken", claims / took, "/s", "", f"{claims:,}, one transaction each")
        took, _done = step(instance, "settle()")
        figure("stored figures worked out", took, "s", "", "in the background, once a minute")
        moment = f"{planned:,} planned, {sent:,} sent, {claims:,} answers"
        look(instance, ref, moment)
    tell()


if __name__ == "__main__":
    main()
