"""The invented network: as big as asked, the same again, and with all that goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from holdfast.kit.trace.reference_sql import reference_reach
from holdfast.kit.trace.tables import TABLES
from holdfast.kit.trace.worlds import Network, write_network

pytestmark = pytest.mark.once
EVENTS = 60_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("network")
    write_network(Network(EVENTS, seed=3), place)
    return place


@pytest.fixture(scope="module")
def con(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for name, table in TABLES.items():
            columns = ", ".join(
                f'"{column.names[0]}"{"::TIMESTAMP" if column.kind == "time" else ""}'
                f' AS "{column.name}"'
                for column in table.columns
            )
            connection.execute(
                f"CREATE VIEW {name} AS SELECT {columns} FROM '{folder / name}.parquet'"
            )
        yield connection


def one(con: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(con.execute(query).fetchall()[0][0])


def test_it_has_exactly_the_events_asked_for(con: duckdb.DuckDBPyConnection) -> None:
    assert sum(one(con, f"SELECT count(*) FROM {name}") for name in TABLES) == EVENTS


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(
    folder: Path, tmp_path: Path
) -> None:
    again = write_network(Network(EVENTS, seed=3), tmp_path / "again")
    other = write_network(Network(EVENTS, seed=4), tmp_path / "other")
    for name, path in again.items():
        first = (folder / f"{name}.parquet").read_bytes()
        assert path.read_bytes() == first
        assert other[name].read_bytes() != first


def test_a_csv_folder_has_the_same_rows(tmp_path: Path, folder: Path) -> None:
    write_network(Network(EVENTS, seed=3), tmp_path, form="csv")
    for name in TABLES:
        lines = (tmp_path / f"{name}.csv").read_text().count("\n") - 1
        with duckdb.connect() as con:
            assert lines == one(con, f"SELECT count(*) FROM '{folder / name}.parquet'")


def test_one_warehouse_in_six_records_no_lot_and_one_only_containers(
    con: duckdb.DuckDBPyConnection,
) -> None:
    lines = one(con, "SELECT count(*) FROM order_lines")
    neither = one(con, "SELECT count(*) FROM order_lines WHERE lot = '' AND container = ''")
    container = one(con, "SELECT count(*) FROM order_lines WHERE lot = '' AND container <> ''")
    assert 0.08 < neither / lines < 0.3
    assert 0.08 < container / lines < 0.3


def test_pallets_are_used_again(con: duckdb.DuckDBPyConnection) -> None:
    pallets = one(con, "SELECT count(DISTINCT container) FROM packings WHERE container LIKE 'P%'")
    loads = one(
        con,
        """SELECT count(*) FROM
        (SELECT DISTINCT container, packed_at FROM packings WHERE container LIKE 'P%')""",
    )
    assert loads > 8 * pallets


def test_what_goes_wrong_on_purpose_is_there(con: duckdb.DuckDBPyConnection) -> None:
    wrong = {
        "rework": "transformations WHERE input_lot LIKE 'F%'",
        "no end": "receipts WHERE depleted_at IS NULL AND supplier = ''",
        "unknown size": "receipts WHERE quantity IS NULL",
        "returns": "order_lines WHERE quantity < 0",
        "unknown customer": "order_lines WHERE customer = ''",
        "two rows": "(SELECT line FROM order_lines GROUP BY line HAVING count(*) = 2)",
    }
    found = {name: one(con, f"SELECT count(*) FROM {query}") for name, query in wrong.items()}
    assert all(found.values()), found


def test_the_seeds_reach_about_as_many_lines_as_wanted(con: duckdb.DuckDBPyConnection) -> None:
    network = Network(EVENTS, seed=3)
    reached = {size: reference_reach(con, [lot]).top.lines for size, lot in network.seeds.items()}
    one_run = network.rows["order_lines"] // network.runs
    for size, lines in reached.items():
        wanted = max(network.wanted(size), one_run if size != "small" else 0)
        assert wanted / 3 < lines < wanted * 3, (size, lines)
    assert reached["small"] < reached["huge"]
