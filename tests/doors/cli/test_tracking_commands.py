"""The FDA's spreadsheet and the balance of a lot, from events brought in on the command line."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.plugins.instance import Instance

TABLES = {
    "receipts": """lot,sku,site,received_at,depleted_at,quantity,supplier
L1,LETTUCE,plant,2026-03-01T06:00:00Z,,500,Green Farm
S1,SALAD,plant,2026-03-02T06:00:00Z,,900,
S1,SALAD,shop,2026-03-05T06:00:00Z,,900,
""",
    "transformations": """input_lot,output_lot,at,quantity,unit
L1,S1,2026-03-02T05:00:00Z,300,kg
""",
    "packings": """container,child,packed_at,unpacked_at
=P1,S1,2026-03-03T00:00:00Z,2026-03-06T00:00:00Z
""",
    "shipments": """container_or_lot,from_site,to_site,shipped_at,received_at
=P1,plant,shop,2026-03-04T00:00:00Z,2026-03-05T05:00:00Z
""",
    "order_lines": """line,order,customer,sku,lot,container,site,shipped_at,quantity
1,1,c1,SALAD,S1,,shop,2026-03-06T10:00:00Z,700
2,1,c1,SALAD,S1,,shop,2026-03-07T10:00:00Z,-20
""",
}
PERIOD = ["--from", "2026-03-01", "--to", "2026-03-31"]


@pytest.fixture
def salad(instance: Instance, tmp_path: Path) -> Instance:
    folder = tmp_path / "events"
    folder.mkdir()
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text)
    instance.json("import", "events", folder)
    return instance


def test_the_spreadsheet_says_what_is_recorded_as_workbook_and_as_csv(
    salad: Instance, tmp_path: Path
) -> None:
    out = tmp_path / "salad.xlsx"
    found = salad.json("trace", "fsma204", "--product", "SALAD", *PERIOD, "--out", out)
    assert found["lots"] == 1
    assert found["rows"] == {"shipping": 1, "receiving": 2, "transformation": 1}
    assert found["missing"]["receiving"]["Reference document number"] == 2
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["About", "Shipping", "Receiving", "Transformation"]
    shipped = [cell.value for cell in book["Shipping"][2]]
    assert shipped[0] == "S1"
    assert shipped[-1] == "'=P1"
    assert book["Shipping"].auto_filter.ref == "A1:K2"

    out = tmp_path / "salad"
    found = salad.json("trace", "fsma204", "--product", "SALAD", *PERIOD, "--out", out)
    assert found["files"] == ["about.csv", "shipping.csv", "receiving.csv", "transformation.csv"]
    head, row = (out / "shipping.csv").read_text().splitlines()
    assert head.startswith("Traceability lot code,Quantity,")
    assert row.startswith("S1,,,SALAD,shop,plant,2026-03-04T00:00:00+00:00,plant,")

    words = ["--product", "NONE", *PERIOD, "--out", tmp_path / "x.xlsx"]
    error = salad.json("trace", "fsma204", *words, expect=2)["error"]
    assert error["code"] == "unknown_product"
    words = ["--product", "SALAD", "--from", "March", "--to", "2026-03-31"]
    salad.run("trace", "fsma204", *words, "--out", tmp_path / "x.xlsx", expect=2)


def test_the_balance_of_a_lot_closes_and_names_its_gaps(salad: Instance) -> None:
    found = salad.json("trace", "balance", "S1")["lots"]
    assert found == [
        {"lot": "S1", "made": 900, "used": 0, "on_hand": 0, "shipped": 680, "returned": 20,
         "destroyed": 0, "unknown": 200, "gaps": []}
    ]  # fmt: skip
    [none] = salad.json("trace", "balance", "S9", expect=1)["lots"]
    assert none["made"] is None
    assert none["gaps"] == ["no_receipt"]
