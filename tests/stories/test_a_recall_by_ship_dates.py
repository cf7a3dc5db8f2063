"""A recall nobody has lots for: everything shipped between two days, and the notice says so."""

from __future__ import annotations

import csv
import re
from html import unescape
from pathlib import Path

from tests.plugins.instance import Instance

REF = "R-2026-001"
DAYS = ("20 February 2026", "10 March 2026")


def test_owners_read_the_days_and_nobody_outside_them_is_told(
    instance: Instance, tmp_path: Path
) -> None:
    orders = tmp_path / "orders.csv"
    shipped = {"in1": "2026-02-20", "in2": "2026-03-10", "out1": "2026-02-19", "out2": "2026-03-11"}
    with orders.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow("order product quantity customer name email date country".split())
        for number, (who, day) in enumerate(shipped.items()):
            table.writerow(
                [number, "VL-10K", 1, who, f"Pat {who}", f"{who}@example.org", day, "CA"]
            )
    instance.run("import", "orders", orders)
    words = "--product VL-10K --mechanism overheats --outcome fire".split()
    instance.run("recall", "open", *words)
    instance.json(
        "recall", "scope", REF, "--product", "VL-10K", "--shipped", "2026-02-20..2026-03-10",
        "--rationale", "one shift at the plant", "--confirm",
    )  # fmt: skip
    risk = "--severity 4 --probability 1/1000 --remedy refund --remedy replacement --sign".split()
    instance.run("recall", "decide", REF, *risk, "--reason", "cells burned")
    drafted = instance.json(
        "recall", "notice", REF, "--draft", "--phone", "08005550142", "--approve", "all"
    )
    assert drafted["approved"] == ["en", "fr"]
    page, merge = tmp_path / "page.html", tmp_path / "merge.csv"
    instance.json("recall", "notify", REF, "--page", page, "--merge", merge)
    said = unescape(re.sub(r"<[^>]+>", "", page.read_text()))
    assert f"All units shipped between {DAYS[0]} and {DAYS[1]} are affected." in said
    assert "expédiés entre le 20 février 2026 et le 10 mars 2026" in said
    assert "All units of this product" not in said
    with merge.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["name"] for row in rows} == {"Pat in1", "Pat in2"}
    for row in rows:
        assert row["language"] == "en, fr"
        assert row["text"].index(DAYS[0]) < row["text"].index("20 février 2026")
