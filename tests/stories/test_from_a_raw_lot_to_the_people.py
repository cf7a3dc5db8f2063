"""A supplier names a raw lot; what it went into, in which boxes, and who bought it comes out."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.plugins.instance import Instance

TABLES = {
    "receipts": """lot,sku,site,received_at,depleted_at,quantity,supplier
RAW-7,CELL,plant,2026-01-02T06:00:00Z,,5000,Cellmaker
RAW-8,CELL,plant,2026-01-03T06:00:00Z,,5000,Cellmaker
B17,VL-10K,plant,2026-02-01T06:00:00Z,2026-03-01T00:00:00Z,900,
B18,VL-10K,plant,2026-02-01T06:00:00Z,,900,
B17,VL-10K,Lyon,2026-02-10T00:00:00Z,2026-03-10T00:00:00Z,300,
B18,VL-10K,Lyon,2026-02-20T00:00:00Z,2026-04-10T00:00:00Z,100,
""",
    "transformations": """input_lot,output_lot,at,quantity,unit
RAW-7,PACK-3,2026-01-20T00:00:00Z,400,pcs
PACK-3,B17,2026-01-30T00:00:00Z,400,pcs
RAW-8,B18,2026-01-30T00:00:00Z,400,pcs
""",
    "packings": """container,child,packed_at,unpacked_at
P-1,B17,2026-02-02T00:00:00Z,2026-02-09T00:00:00Z
P-1,B18,2026-02-12T00:00:00Z,2026-02-19T00:00:00Z
T-1,P-1,2026-02-03T00:00:00Z,2026-02-28T00:00:00Z
""",
    "order_lines": """line,order,customer,sku,lot,container,site,shipped_at,quantity
1-1,1,c1,VL-10K,B17,,Lyon,2026-02-15T10:00:00Z,1
2-1,2,c2,VL-10K,B18,,Lyon,2026-02-25T10:00:00Z,1
3-1,3,c3,VL-10K,,T-1,plant,2026-02-05T10:00:00Z,2
4-1,4,c4,VL-10K,,T-1,plant,2026-02-15T10:00:00Z,2
5-1,5,c5,VL-10K,,,Lyon,2026-02-15T10:00:00Z,1
6-1,6,c6,VL-10K,,,Lyon,2026-02-25T10:00:00Z,1
7-1,7,c7,VL-10K,,,Lyon,2026-03-20T10:00:00Z,1
8-1,8,c8,VL-10K,,,Nice,2026-02-15T10:00:00Z,1
9-1,9,c9,MUG,,,Lyon,2026-02-15T10:00:00Z,1
C10,10,c1,VL-10K,B17,,Lyon,2026-02-16T10:00:00Z,1
""",
}
CERTAINTIES = ("confirmed", "probable", "cannot_rule_out")


@pytest.fixture
def factory(instance: Instance, tmp_path: Path) -> Instance:
    folder = tmp_path / "events"
    folder.mkdir()
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text)
    (tmp_path / "people.csv").write_text("customer,name,email\nc1,Ada,ada@example.org\n")
    instance.json("import", "customers", tmp_path / "people.csv", "--source", "shop")
    instance.json("import", "events", folder)
    return instance


def test_a_raw_lot_reaches_the_people_who_have_it(factory: Instance, tmp_path: Path) -> None:
    stock = tmp_path / "stock.csv"
    stock.write_text("sku,site,lot,quantity\nVL-10K,Lyon,B17,40\nVL-10K,Lyon,B18,7\n")
    factory.json("import", "stock", stock)
    factory.json(
        "recall", "open", "--product", "VL-10K", "--mechanism", "overheats", "--outcome", "fire"
    )
    words = ["recall", "scope", "R-2026-001", "--lot", "raw-7"]
    out = tmp_path / "lines.csv"
    scope = factory.json(*words, "--lines", out, expect=None)
    with out.open(newline="") as file:
        rows = {row["order"]: row for row in csv.DictReader(file)}
    said = {
        order: row["certainty"] for order, row in rows.items() if row["certainty"] != "excluded"
    }
    assert said == {
        "1-1": "confirmed",
        "3-1": "confirmed",
        "5-1": "probable",
        "6-1": "probable",
        "8-1": "cannot_rule_out",
        "10/C10": "confirmed",
    }
    assert "made from lot PACK-3, from lot RAW-7" in rows["1-1"]["reason"]
    assert scope["excluded"]["lines"] == 4

    # The engine, reading the events themselves, says the same.
    trace = factory.json("trace", "forward", "lot:RAW-7")
    assert trace["certificate"]["agrees"] is True
    for certainty in CERTAINTIES:
        assert trace["by_certainty"][certainty]["lines"] == scope[certainty]["lines"]

    # Ada is a customer the shop knows, by her number: her order line is hers, and she can be told.
    assert scope["confirmed"]["people"] == 2
    assert scope["unreachable"]["people_without_contact"] == scope["in_scope"]["people"] - 1

    # What is on a label is the lot that was sold: an owner who types it is not sent away.
    factory.json(*words, "--confirm", expect=None)
    for code, answer in (("B17", "affected"), ("RAW-7", "affected"), ("B18", "not_affected")):
        assert factory.json("check", code, expect=None)["answer"] == answer
    places = factory.json("recall", "units", "R-2026-001")["levels"]
    on_shelves = sum(level["in_scope"] for level in places if level["level"] != "consumer")
    assert on_shelves == 40, "stock of the lot that was made of it, and of no other"
    decide = "--severity 4 --probability 1/1000 --remedy refund --remedy replacement --sign"
    factory.json("recall", "decide", "R-2026-001", *decide.split(), "--reason", "cells burned")
    factory.json("recall", "notice", "R-2026-001", "--draft", expect=None)
    text = factory.run("recall", "notice", "R-2026-001", "--show", "en", expect=None).out
    assert "B17" in text
    assert "PACK-3" not in text

    again = factory.json(*words, expect=None)
    assert again["created"] is False
    assert "orders_twice" not in {warning["code"] for warning in again["warnings"]}


def test_orders_that_came_as_an_export_and_as_events_are_said_to_count_twice(
    factory: Instance, tmp_path: Path
) -> None:
    assert "orders_twice" not in {one["code"] for one in factory.json("doctor")["checks"]}
    orders = tmp_path / "orders.csv"
    head = "order,sku,quantity,customer,date\n"
    orders.write_text(f"{head}77,VL-10K,1,c1,2026-02-15\n99,VL-10K,1,c2,2026-02-15\n")
    factory.json("import", "orders", orders, "--source", "shop", expect=None)
    (one,) = [c for c in factory.json("doctor")["checks"] if c["code"] == "orders_twice"]
    assert (one["ok"], one["orders"]) == (True, 0), "other numbers: said, and no alarm"
    orders.write_text(f"{head}1,VL-10K,1,c1,2026-02-15\n10,VL-10K,1,c1,2026-02-16\n")
    factory.json("import", "orders", orders, "--source", "shop", expect=None)
    (one,) = [c for c in factory.json("doctor", expect=1)["checks"] if c["code"] == "orders_twice"]
    assert (one["ok"], one["orders"]) == (False, 2)
    factory.json(
        "recall", "open", "--product", "VL-10K", "--mechanism", "overheats", "--outcome", "fire"
    )
    words = ["recall", "scope", "R-2026-001", "--product", "VL-10K"]
    found = factory.json(*words, expect=None)
    (said,) = [one for one in found["warnings"] if one["code"] == "orders_twice"]
    assert said["message"].startswith("2 order lines came both")
    # Orders 1 and 10 twice, 77 and 99 once, the other events of the product once: none left out.
    assert found["confirmed"]["lines"] == 13
