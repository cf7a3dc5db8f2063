"""Reading and importing the real orders, beside a plain load of the same rows."""

from __future__ import annotations

import csv
import io
import os
import sqlite3
import tempfile
from pathlib import Path

import zstandard

from bench._house import figure, fresh, real_orders, tell, timed

LINES = 541_909


def plain_load(orders: Path, database: Path) -> None:
    """The peer: `csv` into one SQLite table by `executemany`, nothing checked, nothing joined."""
    with orders.open("rb") as packed:
        unpacked = zstandard.ZstdDecompressor().stream_reader(packed)
        rows = csv.reader(io.TextIOWrapper(unpacked, "utf-8", newline=""))
        header = next(rows)
        store = sqlite3.connect(database)
        store.execute("PRAGMA journal_mode=WAL")
        store.execute(f"CREATE TABLE lines ({', '.join(header)})")
        store.executemany(f"INSERT INTO lines VALUES ({', '.join('?' * len(header))})", rows)
        store.execute("CREATE INDEX by_product ON lines (StockCode, InvoiceDate)")
        store.commit()
        store.close()


def read_only(orders: Path) -> int:
    """Every row parsed, typed and judged, none stored."""
    from holdfast.supply.imports.lines import Found, order_lines
    from holdfast.supply.imports.reading import Wishes, open_reading

    reading = open_reading(orders, "orders", Wishes(), zone="UTC")
    rejected: list[object] = []
    count = sum(1 for _ in order_lines(reading, Found(), lambda *row: rejected.append(row)))
    return count + len(rejected)


def main() -> None:
    """Peer, reading alone, whole import: three clocks in one run."""
    orders = real_orders()
    with tempfile.TemporaryDirectory() as folder:
        peer = timed(lambda: plain_load(orders, Path(folder) / "peer.db"))
        figure("plain csv + executemany (peer)", LINES / peer, "rows/s", "", "unchecked, 1 index")
        os.environ["HOLDFAST_HOME"] = str(Path(folder) / "home")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.config.settings")
        import django

        django.setup()
        read = timed(lambda: read_only(orders))
        note = "one process, nothing stored"
        figure("rows parsed and checked", LINES / read, "rows/s", ">= 80000", note)
    with fresh() as instance:
        instance.run("doctor", expect=None)
        took = timed(lambda: instance.json("import", "orders", orders, timeout=900))
        figure("import, seconds of the peer's", took / peer, "times", "", f"{took:.1f} s whole")
    tell()


if __name__ == "__main__":
    main()
