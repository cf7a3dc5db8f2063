"""Bringing trace events in as Parquet and as CSV, with DuckDB reading the same files beside it."""

from __future__ import annotations

from pathlib import Path

import duckdb

from bench._house import figure, fresh, tell, timed

ROWS = 5_000_000
START = "TIMESTAMPTZ '2026-01-01 00:00:00Z' + to_seconds(i * 5)"
TABLES = {
    "order_lines": (
        0.6,
        "'L' || i AS line, 'O' || i // 3 AS \"order\", 'K' || hash(i) % 700000 AS customer, "
        "'SKU-' || hash(i + 1) % 500 AS sku, "
        "CASE WHEN i % 6 = 0 THEN '' ELSE 'LOT-' || hash(i + 2) % 50000 END AS lot, "
        "CASE WHEN i % 7 = 0 THEN 'P-' || hash(i + 3) % 90000 ELSE '' END AS container, "
        f"'W' || i % 12 AS site, {START} AS shipped_at, 1 + hash(i + 4) % 5 AS quantity",
    ),
    "packings": (
        0.35,
        "'P-' || hash(i) % 90000 AS container, 'LOT-' || hash(i + 5) % 50000 AS child, "
        f"{START} AS packed_at, {START} + INTERVAL 1 DAY AS unpacked_at",
    ),
    "receipts": (
        0.05,
        "'LOT-' || i % 50000 AS lot, 'SKU-' || i % 500 AS sku, 'W' || i % 12 AS site, "
        f"{START} AS received_at, NULL::TIMESTAMPTZ AS depleted_at, 1 + i % 999 AS quantity, "
        "'SUP-' || i % 20 AS supplier",
    ),
}


def company(folder: Path, kind: str) -> None:
    """A made-up company's files of one kind."""
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    folder.mkdir()
    for name, (share, columns) in TABLES.items():
        rows = f"SELECT {columns} FROM range({int(ROWS * share)}) t(i)"
        con.execute(f"COPY ({rows}) TO '{folder / name}.{kind}'")


def read_raw(folder: Path, kind: str) -> None:
    """What reading alone costs: the same files into tables in memory, two threads, no checks."""
    con = duckdb.connect(config={"threads": 2})
    for name in TABLES:
        con.execute(f"CREATE TABLE {name} AS SELECT * FROM '{folder / name}.{kind}'")


def main() -> None:
    """Each kind into an instance of its own, then the same files once more."""
    for kind, target in (("parquet", ">= 300000"), ("csv", ">= 100000")):
        with fresh() as instance:
            folder = instance.home.parent / kind
            company(folder, kind)
            instance.json("doctor", expect=None)
            took = timed(lambda f=folder: instance.json("import", "events", f, timeout=1_800))
            note = f"{ROWS:,} rows, whole command, every row checked and durable"
            figure(f"import events, {kind}", ROWS / took, "rows/s", target, note)
            again = timed(lambda f=folder: instance.json("import", "events", f, timeout=1_800))
            figure(f"import events again, {kind}", again, "s", "", "known by digest")
            peer = timed(lambda f=folder, k=kind: read_raw(f, k))
            note = "DuckDB reads the same files into memory, no checks, nothing kept"
            figure(f"peer: DuckDB alone, {kind}", ROWS / peer, "rows/s", "", note)
    tell()


if __name__ == "__main__":
    main()
