"""`trace forward` and `trace back` from outside: keys, answers, files, refusals."""

from __future__ import annotations

import csv
from hashlib import sha256
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.plugins.instance import Instance

TABLES = {
    "transformations": """input_lot,output_lot,at,quantity,unit
RAW-1,MIX-1,2026-03-01T06:00:00Z,100,kg
MIX-1,B17,2026-03-02T06:00:00Z,60,kg
RAW-2,B18,2026-03-02T06:00:00Z,60,kg
""",
    "packings": """container,child,packed_at,unpacked_at
CASE-1,B17,2026-03-03T08:00:00Z,
P-77,CASE-1,2026-03-04T08:00:00Z,2026-03-09T08:00:00Z
P-77,B18,2026-03-10T08:00:00Z,
""",
    "shipments": """container_or_lot,from_site,to_site,shipped_at,received_at
P-77,PLANT,WEST,2026-03-04T10:00:00Z,2026-03-05T10:00:00Z
""",
    "receipts": """lot,sku,site,received_at,depleted_at,quantity,supplier
RAW-1,PEAS,PLANT,2026-02-20T08:00:00Z,,500,ACME
B17,SOUP,WEST,2026-03-05T10:00:00Z,2026-03-20T00:00:00Z,300,
B18,SOUP,WEST,2026-03-11T10:00:00Z,,100,
""",
    "order_lines": """line,order,customer,sku,lot,container,site,shipped_at,quantity
o1,O-1,ann,SOUP,B17,,WEST,2026-03-06T09:00:00Z,1
o2,O-1,ann,SOUP,,P-77,WEST,2026-03-07T09:00:00Z,2
o3,O-2,bob,SOUP,,P-77,WEST,2026-03-12T09:00:00Z,1
o4,O-3,=cy,SOUP,,,WEST,2026-03-12T09:00:00Z,4
o5,O-4,dan,SOUP,,,WEST,2026-02-01T09:00:00Z,1
o6,O-5,eve,SOUP,B18,,WEST,2026-03-15T09:00:00Z,1
""",
}


@pytest.fixture
def traced(instance: Instance, tmp_path: Path) -> Instance:
    folder = tmp_path / "events"
    folder.mkdir()
    for name, rows in TABLES.items():
        (folder / f"{name}.csv").write_text(rows)
    instance.run("import", "events", folder, "--json")
    return instance


def test_forward_says_who_got_it_how_sure_it_is_and_that_two_searches_agree(
    traced: Instance, tmp_path: Path
) -> None:
    sheet, columns = tmp_path / "reached.csv", tmp_path / "reached.parquet"
    ran = traced.run(
        "trace", "forward", "RAW-1", "--csv", sheet, "--parquet", columns, "--json"
    ).json
    assert ran["key"] == "lot:RAW-1"
    assert (ran["lots"], ran["lot_names"]) == (3, ["B17", "MIX-1", "RAW-1"])
    assert (ran["logistic_units"], ran["sessions"]) == (2, 2)
    assert (ran["lines"], ran["customers"], ran["quantity"]) == (4, 3, 8)
    assert ran["by_certainty"] == {
        "confirmed": {"lines": 2, "customers": 1, "quantity": 3},
        "probable": {"lines": 1, "customers": 1, "quantity": 4},
        "cannot_rule_out": {"lines": 1, "customers": 1, "quantity": 1},
        "excluded": {"lines": 2, "customers": 2, "quantity": 2},
    }
    sealed = ran["certificate"]
    assert sealed["agrees"] is True
    assert sealed["confirmed_sha256"] == sha256(b"o1\no2\n").hexdigest()
    assert sealed["open_sha256"] == sha256(b"o4\no5\n").hexdigest()
    assert sealed["events"] == 16
    assert ran["milliseconds"] < ran["wall_ms"]
    rows = {row["line"]: row for row in csv.DictReader(sheet.open(encoding="utf-8"))}
    assert {
        line: (row["certainty"], row["probability"], row["rule"]) for line, row in rows.items()
    } == {
        "o1": ("confirmed", "1", "lot_named"),
        "o2": ("confirmed", "1", "container_all"),
        "o3": ("excluded", "0", "container_none"),
        "o4": ("probable", "0.75", "window_some"),
        "o5": ("cannot_rule_out", "", "no_record"),
        "o6": ("excluded", "0", "other_lot_named"),
    }
    assert rows["o2"]["path"] == (
        "in container P-77 with lot B17 in CASE-1 from 4 to 9 March 2026; made RAW-1 → MIX-1 → B17"
    )
    assert rows["o4"]["customer"] == "'=cy"
    assert rows["o1"]["shipped_at"] == "2026-03-06T09:00:00Z"
    assert pq.read_table(columns).num_rows == 6


def test_a_moment_and_a_few_steps_narrow_the_answer(traced: Instance) -> None:
    early = traced.run("trace", "forward", "RAW-1", "--at", "2026-03-06T12:00:00Z", "--json").json
    assert (early["lines"], early["certificate"]["agrees"]) == (2, True)
    one = traced.run("trace", "forward", "lot:RAW-1", "--steps", "1", "--json").json
    assert (one["lots"], one["lines"], one["certificate"]["agrees"]) == (2, 0, None)
    before = traced.run(
        "trace", "forward", "lot:RAW-1", "--known-at", "2020-01-01T00:00:00Z", "--json", expect=2
    ).json
    assert before["error"]["code"] == "unknown_key"


def test_back_names_candidates_ancestors_sites_and_suppliers(
    traced: Instance, tmp_path: Path
) -> None:
    sheet = tmp_path / "behind.csv"
    ran = traced.run("trace", "back", "line:o4", "--csv", sheet, "--json").json
    found = {one["lot"]: (one["certainty"], one["generations"]) for one in ran["origins"]}
    assert found == {
        "B17": ("probable", 0),
        "B18": ("cannot_rule_out", 0),
        "MIX-1": ("probable", 1),
        "RAW-2": ("cannot_rule_out", 1),
        "RAW-1": ("probable", 2),
    }
    assert ran["suppliers"] == ["ACME"]
    rows = list(csv.reader(sheet.open(encoding="utf-8")))
    assert rows[0] == ["lot", "certainty", "generations", "path"]
    assert ["RAW-1", "probable", "2", "RAW-1 → MIX-1 → B17"] in rows
    lost = traced.run("trace", "back", "o5", "--json").json
    assert (lost["lots"], lost["flags"][0]["code"]) == (0, "no_record")


def test_keys_of_every_kind_are_found_and_unknown_ones_refused_with_near_spellings(
    traced: Instance,
) -> None:
    for key, lots in (
        ("container:P-77", 2), ("line:o2", 1), ("O-2", 1), ("sku:SOUP", 2), ("supplier:ACME", 3),
    ):  # fmt: skip
        ran = traced.run("trace", "forward", key, "--no-reference", "--json").json
        assert (ran["lots"], ran["certificate"]["agrees"]) == (lots, None), key
    early = ("--at", "2026-02-01T12:00:00Z")
    none = traced.run("trace", "forward", "sku:SOUP", *early, "--no-reference", "--json").json
    assert none["lots"] == none["lines"] == 0
    assert [(flag["code"], flag["count"]) for flag in none["flags"]] == [
        ("no_lot_known", 0),
        ("product_not_followed", 1),  # o5 went before any soup is on record: nothing clears it
    ]
    refused = traced.run("trace", "forward", "b17", "--json", expect=2).json["error"]
    assert refused["code"] == "unknown_key"
    assert "lot:B17" in refused["hint"]


def test_an_ambiguous_key_is_refused_with_the_choices(traced: Instance, tmp_path: Path) -> None:
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "packings.csv").write_text(
        "container,child,packed_at,unpacked_at\nB18,RAW-2,2026-03-01T00:00:00Z,\n"
    )
    traced.run("import", "events", folder, "--json")
    refused = traced.run("trace", "forward", "B18", "--json", expect=2).json["error"]
    assert refused["choices"] == ["lot:B18", "container:B18"]


def test_what_came_after_building_is_in_the_next_answer(traced: Instance, tmp_path: Path) -> None:
    built = traced.run("trace", "publish", "--json").json
    assert built["built"] is True
    assert traced.run("trace", "publish", "--json").json["built"] is False
    folder = tmp_path / "late"
    folder.mkdir()
    (folder / "order_lines.csv").write_text(
        TABLES["order_lines"].splitlines()[0] + "\nlate,O-9,zoe,SOUP,B17,,WEST,,2\n"
    )
    traced.run("import", "events", folder, "--json")
    assert traced.run("trace", "forward", "B17", "--json").json["lines"] == 5
    was = traced.run("trace", "forward", "B17", "--at", "2026-03-06T09:00:00Z", "--json").json
    assert was["certificate"]["agrees"] is True


def test_an_empty_home_has_nothing_to_trace_and_says_so(instance: Instance) -> None:
    refused = instance.run("trace", "forward", "lot:B17", "--json", expect=2).json["error"]
    assert refused["code"] == "unknown_key"
    assert "mport" in refused["hint"]
