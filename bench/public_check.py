"""“Is mine recalled?” asked by a thousand people a second, over the network, one server.

The load and the server share the machine's cores. Beside it stands a static file asked for in the
same way from the same server in the same run: what answering anything at all costs here.
"""

from __future__ import annotations

import csv
import os
import re
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

from bench._house import figure, fresh, tell
from bench._open_loop import Outcome, Request, request, run
from tests.plugins.instance import Instance, Serving
from tests.sending import WAIVE, mail_server

RATE = float(os.environ.get("BENCH_RATE", "1000"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "10"))
STEPS = (1, 0.5, 0.25, 0.125)
"""Shares of the rate that are tried in turn until one is kept up with."""
LOTS, PEOPLE = 400, 4_000
KEPT_UP = 0.99
TITLES = {"affected": "Yours is affected", "other": "Yours is not affected"}


def shop(file: Path) -> None:
    """Orders of one product in four hundred lots, made up; one lot of them is recalled."""
    with file.open("w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow("order product quantity customer name email date country lot".split())
        for n in range(PEOPLE):
            who = f"c{n}", f"Pat {n}", f"c{n}@example.org"
            rows.writerow([n, "VL-10K", 1, *who, "2026-03-01", "GB", f"B{n % LOTS:03}"])


def told(instance: Instance, folder: Path) -> None:
    """The recall is public: decided, its notice approved, its people written to."""
    shop(folder / "orders.csv")
    ref, words = "R-2026-001", "--product VL-10K --lot B017".split()
    instance.run("import", "orders", folder / "orders.csv")
    instance.run("recall", "open", *words, "--outcome", "fire")
    instance.run("recall", "scope", ref, *words, "--confirm")
    risk = "--severity 4 --probability 1/1000 --remedy refund --remedy replacement --sign"
    instance.run("recall", "decide", ref, *risk.split(), "--reason", "cells burned")
    contact = ("--phone", "+49 30 5550142", "--email", "recall@example.org")
    instance.run("recall", "notice", ref, "--draft", *contact)
    instance.run("recall", "notice", ref, "--approve", "all")
    with mail_server(folder) as server:
        send = ("recall", "notify", ref, "--send", "--ramp", "100", *WAIVE)
        instance.run(*send, HOLDFAST_SMTP_URL=server.url)


def checks(serving: Serving) -> list[Request]:
    """The form as a browser sends it, with codes that are affected, not affected and unknown."""
    with urllib.request.urlopen(f"{serving.url}/check?l=en") as page:
        text = page.read().decode()
        cookie = (page.headers.get("Set-Cookie") or "").partition(";")[0]
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)
    token = {"csrfmiddlewaretoken": found.group(1)} if found else {}
    headers = {"Origin": serving.url, "Accept-Language": "en"}
    if cookie:
        headers["Cookie"] = cookie
    made = []
    for number in range(LOTS):
        codes = [("b 017", TITLES["affected"]), (f"B{number:03}", "")]
        for code, title in codes:
            body = urlencode({**token, "code": code, "tries": "0"}).encode()
            holds = title.encode()
            made.append(request(f"{serving.url}/check", body=body, headers=headers, holds=holds))
    return made


def static(serving: Serving) -> list[Request]:
    """The style sheet of the consumer's pages, as a cold browser asks for it."""
    with urllib.request.urlopen(f"{serving.url}/check?l=en") as page:
        found = re.search(r'href="(/static/[^"?]+\.css)', page.read().decode())
    assert found, "the page names no style sheet"
    return [request(serving.url + found.group(1))]


def said(name: str, out: Outcome, rate: float) -> None:
    """Rate, times and errors of one run."""
    errors = ", ".join(f"{n} {what}" for what, n in sorted(out.errors.items())) or "no errors"
    note = f"{rate:,.0f}/s asked for {SECONDS:.0f} s, open loop; {errors}"
    figure(f"{name}, answers/s at {rate:,.0f}/s", out.rate, "/s", "", note)
    figure(f"{name}, p50 at {rate:,.0f}/s", out.at(50), "ms", "", note)
    figure(f"{name}, p95 at {rate:,.0f}/s", out.at(95), "ms", "", note)


def kept_up(out: Outcome, rate: float) -> bool:
    """Everything was answered, and not more slowly than it was asked."""
    return not out.failed and out.rate >= KEPT_UP * rate


def main() -> None:
    """Warm up, then the check at falling rates until one is kept up with, then the file."""
    with fresh() as instance:
        told(instance, instance.home.parent)
        serving = instance.serve("serve")
        asking, file = checks(serving), static(serving)
        for warm in (asking, file):
            run(warm, rate=100, seconds=2)
        best = 0.0
        for share in STEPS:
            out = run(asking, rate=RATE * share, seconds=SECONDS)
            said("public check", out, RATE * share)
            best = max(best, out.rate)
            if kept_up(out, RATE * share):
                break
        beside = run(file, rate=RATE, seconds=SECONDS)
        said("static file", beside, RATE)
        serving.stop()
        note = f"load and server on the same {os.cpu_count()} cores, one process, 4 threads"
        figure("public check, answers/s reached", best, "/s", f">= {KEPT_UP * RATE:.0f}", note)
        figure("public check, share of a static file's", best / beside.rate, "×", "", note)
    tell()


if __name__ == "__main__":
    main()
