"""Any engine answers as the embedded one: DuckDB and PostgreSQL; Spark, ClickHouse apart."""

from __future__ import annotations

import itertools
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import duckdb
import ibis
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import Phase, given, settings

from holdfast.kit.trace import sheet
from holdfast.kit.trace.engine import Trace
from holdfast.kit.trace.portable import (
    SCHEMAS,
    Tables,
    affected_lots,
    counted,
    reach,
    write_portable,
)
from holdfast.kit.trace.published import Published, build
from holdfast.kit.trace.reach import Reach, numbers
from holdfast.kit.trace.reference import Rows
from tests.kit.trace.worlds_strategy import Asked, arrow_tables, hour, questions
from tests.plugins import postgres

pytestmark = [
    pytest.mark.once,
    pytest.mark.xdist_group("portable"),
    # Ibis 12 asks DuckDB 2 under an older name; PySpark does not know the newest pandas.
    pytest.mark.filterwarnings("ignore:fetch_.* is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:pyspark"),
]
SOAK = bool(os.environ.get("HOLDFAST_SOAK"))
FOLDERS = itertools.count()
COLUMNS = [one for one in sheet.COLUMNS if one != "path"]
ASKED = [name for name in SCHEMAS if name != "lot_graph"]


def published(rows: Rows, folder: Path) -> Trace:
    folder.mkdir(parents=True)
    with duckdb.connect(config={"threads": 1}) as con:
        con.execute("SET TimeZone = 'UTC'")
        for name, table in arrow_tables(rows).items():
            con.register(f"given_{name}", table)
            con.execute(f"CREATE VIEW {name} AS SELECT * FROM given_{name}")
        build(con, folder)
    return Trace(Published(folder))


def told_by_engine(found: Reach) -> Counter[tuple[object, ...]]:
    return rows_of(pa.concat_tables(piece.select(COLUMNS) for piece in sheet.tables(found)))


def rows_of(table: Any) -> Counter[tuple[object, ...]]:
    """Rows as a multiset. Engines differ in the last digit of a share, and in naming UTC."""
    columns = [table[name].to_pylist() for name in COLUMNS]
    place = COLUMNS.index("probability")
    columns[place] = [None if one is None else round(float(one), 9) for one in columns[place]]
    place = COLUMNS.index("shipped_at")
    columns[place] = [one and one.replace(tzinfo=None) for one in columns[place]]
    return Counter(zip(*columns, strict=True))


def counts_of(table: Any) -> dict[str, dict[str, object]]:
    return {
        row["certainty"]: {
            "lines": row["lines"],
            "customers": row["customers"],
            "quantity": float(row["quantity"] or 0),
        }
        for row in table.to_pylist()
    }


def line(name: str, lot: str) -> dict[str, object]:
    row = dict.fromkeys(["order", "customer", "container"], "") | {"line": name, "lot": lot}
    return {**row, "sku": "JAM", "site": "W1", "shipped_at": hour(2), "quantity": 1}


def received(lot: str, quantity: int) -> dict[str, object]:
    stay = {"received_at": hour(0), "depleted_at": None, "quantity": quantity, "supplier": ""}
    return {"lot": lot, "sku": "JAM", "site": "W1", **stay}


SMALL = Rows(
    receipts=[received("A", 1), received("B", 2)],
    order_lines=[line("L1", "A"), line("L2", ""), line("L3", "B")],
)


class Engine(Protocol):
    """One engine: takes a layout and the affected lots, answers rows and counts."""

    def ask(self, folder: Path, lots: list[str]) -> tuple[Any, Any]: ...


def expressions() -> tuple[Any, Any]:
    """The rows and the counts, over tables that are only named."""
    answer = reach(Tables.named(), ibis.table({"lot": "string"}, name="affected"))
    return answer, counted(answer)


def written_for(dialect: str) -> tuple[str, str]:
    """The one question as SQL; written once, for writing takes longer than a small answer."""
    rows, counts = (str(ibis.to_sql(one, dialect=dialect)) for one in expressions())
    return rows, counts


class Duck:
    def __init__(self) -> None:
        self.con = duckdb.connect(config={"threads": 1})
        self.sql = written_for("duckdb")

    def ask(self, folder: Path, lots: list[str]) -> tuple[Any, Any]:
        for name in ASKED:
            self.con.execute(
                f"CREATE OR REPLACE VIEW {name} AS "
                f"SELECT * FROM read_parquet('{folder}/{name}/*.parquet')"
            )
        self.con.register("affected", pa.table({"lot": pa.array(lots, pa.string())}))
        rows, counts = (self.con.sql(sql).to_arrow_table() for sql in self.sql)
        return rows, counts


class Postgres:
    KINDS = {
        "string": "text", "int64": "bigint", "boolean": "boolean", "timestamp": "timestamp",
        "decimal": "numeric(18, 6)",
    }  # fmt: skip

    def __init__(self, url: str) -> None:
        self.con = psycopg.connect(url, autocommit=True)
        self.sql = written_for("postgres")
        for name in ASKED:
            columns = [f'"{column}" {self.KINDS[kind]}' for column, kind in SCHEMAS[name].items()]
            self.con.execute(f"CREATE TEMPORARY TABLE {name} ({', '.join(columns)})")  # type: ignore[arg-type]
        self.con.execute("CREATE TEMPORARY TABLE affected (lot text)")

    def ask(self, folder: Path, lots: list[str]) -> tuple[Any, Any]:
        tables = {name: pq.read_table(folder / name) for name in ASKED}
        tables["affected"] = pa.table({"lot": lots})
        for name, table in tables.items():
            self.con.execute(f"TRUNCATE {name}")  # type: ignore[arg-type]
            with self.con.cursor().copy(f"COPY {name} FROM STDIN") as copy:  # type: ignore[arg-type]
                for row in table.to_pylist():
                    copy.write_row(list(row.values()))
        rows, counts = (self._fetched(sql) for sql in self.sql)
        return rows, counts

    def _fetched(self, sql: str) -> Any:
        with self.con.cursor(row_factory=psycopg.rows.dict_row) as cursor:
            return Told(cursor.execute(sql).fetchall())  # type: ignore[arg-type]


class Spark:
    def __init__(self, folder: Path) -> None:
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.master("local[1]")
        for name, value in {
            # A few small questions: compiling them takes longer than answering.
            "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
            "spark.sql.codegen.wholeStage": "false",
            "spark.sql.codegen.factoryMode": "NO_CODEGEN",
            "spark.sql.adaptive.enabled": "false",
            "spark.ui.enabled": "false",
            "spark.sql.shuffle.partitions": "1",
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.warehouse.dir": str(folder),
        }.items():
            builder = builder.config(name, value)
        self.session = builder.getOrCreate()
        con = ibis.pyspark.connect(self.session)
        self.sql = [con.compile(one) for one in expressions()]

    def ask(self, folder: Path, lots: list[str]) -> tuple[Any, Any]:
        for name in ASKED:
            self.session.read.parquet(str(folder / name)).createOrReplaceTempView(name)
        affected = self.session.createDataFrame([(lot,) for lot in lots], "lot string")
        affected.createOrReplaceTempView("affected")
        rows, counts = (
            Told([row.asDict() for row in self.session.sql(sql).collect()]) for sql in self.sql
        )
        return rows, counts


class ClickHouse:
    def __init__(self, folder: Path) -> None:
        from chdb.session import Session

        self.session = Session(str(folder))
        self.sql = written_for("clickhouse")

    def ask(self, folder: Path, lots: list[str]) -> tuple[Any, Any]:
        (folder / "affected").mkdir(exist_ok=True)
        pq.write_table(
            pa.table({"lot": pa.array(lots, pa.string())}), folder / "affected" / "a.parquet"
        )
        for name in [*ASKED, "affected"]:
            self.session.query(
                f"CREATE OR REPLACE VIEW {name} AS "
                f"SELECT * FROM file('{folder}/{name}/*.parquet', Parquet)"
            )
        rows, counts = (
            pa.ipc.open_stream(
                self.session.query(
                    f"{sql} SETTINGS output_format_arrow_string_as_string = 1", "ArrowStream"
                ).bytes()
            ).read_all()
            for sql in self.sql
        )
        return rows, counts


class Told:
    """Rows as an engine's own client gives them, in the shape of an Arrow table."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self.rows = rows

    def __getitem__(self, name: str) -> Told:
        return Told([row[name] for row in self.rows])

    def to_pylist(self) -> list[Any]:
        return self.rows


@pytest.fixture(scope="module")
def duck() -> Engine:
    return Duck()


@pytest.fixture(scope="module")
def server() -> Iterator[Engine]:
    url, own = postgres.bring()
    try:
        engine = Postgres(url)
        yield engine
        engine.con.close()
    finally:
        if own:
            own.stop()


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("portable")


def holds_on(engine: Engine, asked: Asked, scratch: Path) -> None:
    """The world on an engine, against the embedded engine, row for row and count for count."""
    folder = scratch / str(next(FOLDERS))
    trace = published(asked.rows, folder / "published")
    written = write_portable(trace.published, folder / "portable", file_rows=3)
    assert written["lot_lines"] + written["shelf_lines"] == len(asked.rows.order_lines)
    found = trace.forward(asked.lots)
    lots = affected_lots(folder / "portable" / "lot_graph", asked.lots)
    assert lots == sorted({*found.lot_names(), *asked.lots}, key=str.encode)
    rows, counts = engine.ask(folder / "portable", lots)
    assert rows_of(rows) == told_by_engine(found)
    told = {str(one): numbers(of) for one, of in found.by_certainty.items() if of.lines}
    assert counts_of(counts) == told


@given(asked=questions())
@settings(max_examples=1_000 if SOAK else 8)
def test_duckdb_says_what_the_engine_says(duck: Engine, scratch: Path, asked: Asked) -> None:
    holds_on(duck, asked, scratch)


@given(asked=questions())
@settings(max_examples=200 if SOAK else 6)
def test_postgresql_says_what_the_engine_says(server: Engine, scratch: Path, asked: Asked) -> None:
    holds_on(server, asked, scratch)


def test_ibis_itself_runs_it_where_it_is_connected(scratch: Path) -> None:
    folder = scratch / str(next(FOLDERS))
    trace = published(SMALL, folder / "published")
    write_portable(trace.published, folder / "portable")
    con = ibis.duckdb.connect(threads=1)
    for name in ASKED:
        con.read_parquet(str(folder / "portable" / name / "*.parquet"), table_name=name)
    answer = reach(Tables.of(con), ibis.memtable(pa.table({"lot": ["A"]})), excluded=False)
    rows = con.to_pyarrow(answer)
    assert dict(zip(rows["line"].to_pylist(), rows["rule"].to_pylist(), strict=True)) == {
        "L1": "lot_named",
        "L2": "window_some",
    }


@pytest.mark.parametrize("dialect", ["trino", "snowflake", "bigquery", "clickhouse"])
def test_it_is_written_for_engines_nobody_runs_here(dialect: str) -> None:
    rows, counts = written_for(dialect)
    assert all(name in rows for name in ASKED)
    assert len(counts) > len(rows)


@pytest.mark.parametrize("engine", ["spark", "clickhouse"])
def test_spark_and_clickhouse_say_what_the_engine_says(engine: str, scratch: Path) -> None:
    place = scratch / engine
    other: Engine = Spark(place) if engine == "spark" else ClickHouse(place)

    @given(asked=questions())
    @settings(max_examples=100 if SOAK else 3, phases=[Phase.generate], deadline=None)
    def each(asked: Asked) -> None:
        holds_on(other, asked, scratch)

    each()
    if isinstance(other, Spark):
        other.session.stop()
