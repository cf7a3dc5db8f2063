"""`holdfast import` from outside: one JSON object, exit codes, nothing half-done."""

from __future__ import annotations

import csv
import json
import signal
from pathlib import Path

import pytest

from tests.plugins.instance import Instance

GOOD = (
    "order,sku,quantity,date,customer id\n"
    "1,A,2,2026-03-02,7\n1,A,2,2026-03-02,7\n2,B,1,2026-03-03,\n"
)


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(GOOD)
    return path


def test_an_import_answers_with_one_object_and_exit_0(instance: Instance, orders: Path) -> None:
    told = instance.json("import", "orders", orders)
    assert (told["rows"], told["imported"], told["merged"], told["rejected"]) == (3, 3, 0, 0)
    assert isinstance(told["seconds"], float)
    assert {"mapping", "encoding", "separator", "date_order", "decimal", "format"} <= set(told)
    again = instance.json("import", "orders", orders)
    assert (again["imported"], again["merged"]) == (0, 3)


def test_rejected_rows_give_exit_1_and_a_list_of_them(
    instance: Instance, tmp_path: Path, orders: Path
) -> None:
    orders.write_text(GOOD + "=3,,1,2026-03-02,\n4,A,x,2026-03-02,\n")
    listed = tmp_path / "rejected.csv"
    told = instance.json("import", "orders", orders, "--rejects", listed, expect=1)
    assert (told["rows"], told["imported"], told["rejected"]) == (5, 3, 2)
    rows = list(csv.DictReader(listed.open()))
    assert [(row["line"], row["column"]) for row in rows] == [("5", "sku"), ("6", "quantity")]
    assert rows[0]["row"].startswith("'=3")
    assert told["rejects"][1] == {"line": 6, "column": "quantity", "reason": "not a number: 'x'"}


def test_a_refused_file_gives_exit_2_and_changes_nothing(
    instance: Instance, tmp_path: Path
) -> None:
    instance.json("doctor", expect=None)
    before = instance.json("doctor", expect=None)
    for name, data in {
        "columns.csv": b"a,b,c\n1,2,3\n",
        "open.csv": GOOD.encode() + b'3,"A,1\n',
        "mixed.csv": "order,sku,quantity\n1,Käse,1\n".encode() + b"2,K\xe4se,1\n",
        "empty.csv": b"",
    }.items():
        path = tmp_path / name
        path.write_bytes(data)
        error = instance.json("import", "orders", path, expect=2)["error"]
        assert error["file"] == str(path)
        assert error["message"]
        assert error["hint"]
        assert error["code"]
    missing = instance.json("import", "orders", tmp_path / "none.csv", expect=2)["error"]
    assert missing["code"] == "file_not_found"
    after = instance.json("doctor", expect=None)
    assert (after["tables"], after["journal"]) == (before["tables"], before["journal"])


def test_the_proposal_can_be_completed_and_given_back(instance: Instance, tmp_path: Path) -> None:
    path, mapping = tmp_path / "odd.csv", tmp_path / "mapping.json"
    path.write_text("Ref,Thing,When\n1,A,2026-03-02\n")
    error = instance.json("import", "orders", path, expect=2)["error"]
    proposal = error["proposal"]
    assert proposal["columns"] == ["Ref", "Thing", "When"]
    mapping.write_text(json.dumps({"order": "Ref", "product": "Thing", "quantity": {"value": "1"}}))
    told = instance.json("import", "orders", path, "--mapping", mapping, "--dry-run")
    assert (told["imported"], told["dry_run"]) == (1, True)
    words = ("--map", "order=Ref", "--map", "sku=thing", "--set", "quantity=1")
    assert instance.json("import", "orders", path, *words)["imported"] == 1


def test_wrong_words_give_exit_2(instance: Instance, orders: Path) -> None:
    for words in (
        ("--map", "order"),
        ("--map", "colour=Ref"),
        ("--dates", "ymd"),
        ("--mapping", "none.json"),
        ("--format", "ebay"),
        ("--rejects", "no/such/folder/r.csv"),
        ("--encoding", "klingon"),
    ):
        error = instance.json("import", "orders", orders, *words, expect=2)["error"]
        assert error["message"], words
        assert error["hint"], words


def test_an_interruption_gives_exit_130_and_leaves_nothing(
    instance: Instance, tmp_path: Path
) -> None:
    path = tmp_path / "many.csv"
    with path.open("w") as file:
        file.write("order,sku,quantity,customer id\n")
        file.writelines(f"{n},P{n % 90},1,{n % 70}\n" for n in range(400_000))
    instance.json("doctor", expect=None)
    before = instance.json("doctor", expect=None)
    running = instance.start("import", "orders", path)
    assert running.stdout is not None
    assert "% read" in running.stdout.readline()  # under way, with most of it still to come
    running.send_signal(signal.SIGINT)
    said, _ = running.communicate(timeout=60)
    assert running.returncode == 130, said
    assert "Traceback" not in said
    after = instance.json("doctor", expect=None)
    assert (after["tables"], after["journal"]) == (before["tables"], before["journal"])


def test_progress_is_a_line_for_every_ten_per_cent_and_never_in_the_answer(
    instance: Instance, tmp_path: Path
) -> None:
    path = tmp_path / "some.csv"
    with path.open("w") as file:
        file.write("order,sku,quantity\n")
        file.writelines(f"{n},P{n % 90},1\n" for n in range(150_000))
    ran = instance.run("import", "orders", path, "--json")
    assert ran.json["imported"] == 150_000
    assert "\r" not in ran.err
    assert "\033" not in ran.err
    assert all("rows/s" in line for line in ran.err.splitlines() if "%" in line)


def test_simulated_history_is_said_to_be_simulated(instance: Instance, orders: Path) -> None:
    error = instance.json("import", "simulate", expect=3)["error"]
    assert error["code"] == "nothing_to_simulate"
    instance.json("import", "orders", orders)
    told = instance.json("import", "simulate", "--seed", "7")
    assert told["simulated"] is True
    assert instance.json("import", "simulate", "--seed", "7") == told
    assert "SIMULATED" in instance.run("import", "simulate", "--seed", "7", "--dry-run").out


def test_every_kind_shows_an_example(instance: Instance) -> None:
    for kind in ("orders", "products", "customers", "suppliers", "consignees", "receipts", "stock"):
        assert f"holdfast import {kind}" in instance.run("import", kind, "--help").out


def test_returns_that_match_nothing_are_listed_to_the_last(
    instance: Instance, tmp_path: Path
) -> None:
    rows = ["order,product,quantity,customer"]
    rows += [f"C{number},=LAMP,-{number},anna" for number in range(1, 31)]
    path = tmp_path / "returns.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    assert instance.json("import", "orders", path)["unmatched_returns"] == 30
    out = tmp_path / "unmatched.csv"
    told = instance.json("import", "unmatched", "--csv", out)
    assert told["unmatched"] == 30
    assert len(told["returns"]) == 30
    assert told["returns"][2]["unmatched"] == "3"
    lines = out.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 31
    assert lines[0] == "source,order,customer,sku,returned_at,quantity,unmatched"
    assert ",'=LAMP," in lines[1]
    refused = instance.json("import", "unmatched", "--csv", tmp_path / "no" / "x.csv", expect=2)
    assert refused["error"]["code"] == "not_writable"
