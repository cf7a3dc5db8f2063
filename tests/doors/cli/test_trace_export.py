"""`trace export` writes a layout that answers as the trace does, now and at a moment."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import ibis
import pytest

from holdfast.kit.trace.portable import SCHEMAS, Tables, affected_lots, counted, reach
from tests.plugins.instance import Instance

pytestmark = pytest.mark.once
START = datetime(2026, 3, 1, tzinfo=UTC)
AT = "2026-03-02T00:00:00+00:00"


@pytest.fixture
def network(instance: Instance, tmp_path: Path) -> Instance:
    """A raw lot that becomes two, in boxes and on shelves, sold over four days."""
    folder = tmp_path / "events"
    folder.mkdir()

    def hour(number: int) -> str:
        return (START + timedelta(hours=number)).isoformat()

    (folder / "transformations.csv").write_text(
        f"input_lot,output_lot,at\nRAW,A,{hour(0)}\nRAW,B,{hour(40)}\n"
    )
    (folder / "receipts.csv").write_text(
        "lot,sku,site,received_at,depleted_at,quantity,supplier\n"
        + "".join(f"{lot},JAM,W1,{hour(at)},,5,S\n" for lot, at in (("A", 1), ("B", 41), ("C", 2)))
    )
    (folder / "packings.csv").write_text(
        f"container,child,packed_at,unpacked_at\nP,A,{hour(1)},{hour(30)}\nP,B,{hour(42)},\n"
    )
    lines = "line,order,customer,sku,lot,container,site,shipped_at,quantity\n"
    for number in range(90):
        lot = ("A", "", "", "B", "C")[number % 5]
        box = "P" if number % 5 == 1 else ""
        lines += f"L{number},O{number},K{number % 17},JAM,{lot},{box},W1,{hour(number)},1\n"
    (folder / "order_lines.csv").write_text(lines)
    instance.json("import", "events", folder)
    return instance


def asked(folder: Path, lot: str) -> dict[str, dict[str, float]]:
    """The layout asked by the SQL that is written for any warehouse."""
    lots = affected_lots(folder / "lot_graph", [lot])
    question = counted(reach(Tables.named(), ibis.table({"lot": "string"}, name="affected")))
    with duckdb.connect() as con:
        for name in SCHEMAS:
            con.execute(f"CREATE VIEW {name} AS FROM '{folder}/{name}/*.parquet'")
        con.execute("CREATE TABLE affected AS SELECT unnest($1::VARCHAR[]) AS lot", [lots])
        found = con.sql(str(ibis.to_sql(question, dialect="duckdb"))).to_arrow_table().to_pylist()
    return {
        row["certainty"]: {
            name: float(row[name] or 0) for name in ("lines", "customers", "quantity")
        }
        for row in found
    }


def test_the_layout_answers_as_the_trace_does_now_and_at_a_moment(
    network: Instance, tmp_path: Path
) -> None:
    counts = []
    for number, words in enumerate(((), ("--at", AT))):
        folder = tmp_path / f"layout-{number}"
        said = network.json("trace", "export", folder, *words)
        told = network.json("trace", "forward", "lot:RAW", *words)
        wanted = {
            name: {key: float(value) for key, value in one.items()}
            for name, one in told["by_certainty"].items()
            if one["lines"]
        }
        found = {name: one for name, one in asked(folder, "RAW").items() if one["lines"]}
        assert found == wanted
        assert said["tables"]["lot_lines"]["rows"] + said["tables"]["shelf_lines"]["rows"] > 0
        about = json.loads((folder / "layout.json").read_text())
        assert about["input_digest"] == told["certificate"]["input_digest"]
        assert about["at"] == (AT if words else None)
        counts.append(wanted)
    assert counts[0] != counts[1]


def test_a_folder_that_holds_something_is_refused_and_stays_as_it_was(
    network: Instance, tmp_path: Path
) -> None:
    folder = tmp_path / "layout"
    folder.mkdir()
    network.json("trace", "export", folder)
    before = sorted(path.name for path in folder.iterdir())
    said = network.json("trace", "export", folder, expect=2)
    assert said["error"]["code"] == "folder_not_empty"
    assert sorted(path.name for path in folder.iterdir()) == before
    assert (
        network.json("trace", "export", tmp_path / "no" / "layout", expect=2)["error"]["code"]
        == "no_folder"
    )
