"""One recall, owners in the EU and the US: two texts, two approvals, nobody gets the wrong one."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.plugins.instance import Instance

ORDERS = """order,product,quantity,customer,email,name,country,language,lot
1,VL-10K,1,ida,ida@example.org,Ida,IE,en,B17
2,VL-10K,1,uma,uma@example.org,Uma,US,en,B17
3,VL-10K,1,udo,udo@example.org,Udo,DE,de,B17
"""
AMERICAN = "en:us_cpsc_consumer"


def test_each_is_told_by_their_law(instance: Instance, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    instance.json("import", "orders", tmp_path / "orders.csv")
    opening = ("recall", "open", "--product", "VL-10K", "--lot", "B17", "--outcome", "fire")
    opened = instance.json(*opening, "--regime", "eu_gpsr")
    ref = opened["recall"]
    assert opened["regime"] == "eu_gpsr"
    scope = ("recall", "scope", ref, "--product", "VL-10K", "--lot", "B17", "--confirm")
    assert instance.json(*scope)["in_scope"]["people"] == 3

    drafted = instance.json("recall", "notice", ref, "--draft", "--phone", "0800 555 0142")
    assert {row["text"]: row["people"] for row in drafted["texts"]} == {"de": 1, "en": 2}
    asked = {"us_cpsc_consumer": ["units", "incidents", "injuries", "deaths"]}
    assert drafted["counts_asked"] == asked
    # A warning does not wait for a number: until then she is told in the text there is.
    assert instance.json("recall", "notice", ref, "--approve", "all")["approved"] == ["de", "en"]
    assert instance.json("recall", "notify", ref, "--dry-run")["waiting"] == {}
    merged = tmp_path / "merge.csv"
    made = instance.json("recall", "notify", ref, "--merge", merged)
    assert made["files"]["merge"]["people"] == 3

    counts = ("--incidents", "4", "--injuries", "0", "--deaths", "0", "--units", "4200")
    instance.json("recall", "notice", ref, "--draft", *counts)
    instance.json("recall", "notice", ref, "--approve", "en", "--approve", "de")
    check = instance.json("recall", "notify", ref, "--dry-run")
    assert check["waiting"] == {"us_cpsc_consumer": 1}
    approved = instance.json("recall", "notice", ref, "--approve", "all")
    assert approved["approved"] == ["de", "en", AMERICAN]
    made = instance.json("recall", "notify", ref, "--merge", merged)
    assert made["files"]["merge"]["people"] == 3
    with merged.open(encoding="utf-8-sig", newline="") as file:
        texts = {row["name"]: row["text"] for row in csv.DictReader(file)}
    assert "Incidents: 4. Injuries: 0. Deaths: 0." in texts["Uma"]
    assert "Injuries" not in texts["Ida"]
    assert "Verletzte" not in texts["Udo"]

    package = tmp_path / "package.zip"
    instance.json("evidence", "export", "--out", package)
    assert instance.json("evidence", "verify", package)["ok"]
