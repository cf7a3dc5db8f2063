"""What the engine's layout keeps, worked out from the raw tables without the engine: in DuckDB.

For databases that are measured beside it: they get the same rows to answer from.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from holdfast.kit.trace.tables import TABLES

AT_ONCE = 400_000


def resolved(folder: Path, memory: str, spill: Path) -> Iterator[tuple[str, Iterator[Any]]]:
    """What the engine's layout keeps, worked out in DuckDB from the raw tables."""
    with duckdb.connect() as con:
        con.execute(f"SET memory_limit = '{memory}'")
        con.execute(f"SET temp_directory = '{spill}'")
        con.execute("SET preserve_insertion_order = false")
        con.execute("SET TimeZone = 'UTC'")
        for table in TABLES:
            con.execute(f"CREATE VIEW {table} AS FROM read_parquet('{folder / table}.parquet')")
        _resolve(con)
        yield (
            "postings",
            _fetched(
                con,
                """SELECT lot, line, customer, 0 AS number, 1 AS candidates FROM order_lines
            WHERE lot <> '' UNION ALL
            SELECT lot, line, customer, number, candidates FROM resolved""",
            ),
        )
        yield (
            "hidden",
            _fetched(
                con,
                """SELECT piece, line, customer FROM hidden
                WHERE piece IN (SELECT piece FROM pieces)""",
            ),
        )
        yield "piece_lots", _fetched(con, "SELECT lot, piece, quantity FROM piece_lots")
        yield "pieces", _fetched(con, "SELECT * FROM pieces")
        yield (
            "bare",
            _fetched(
                con,
                """SELECT sku, line, customer FROM hidden
            WHERE piece IS NULL OR piece NOT IN (SELECT piece FROM pieces)""",
            ),
        )


def _resolve(con: duckdb.DuckDBPyConnection) -> None:
    """Container lines with their candidate lots; for the lines left over their piece of time.

    Between two instants at which a window opens or closes the lots of a product at a site are the
    same; only pieces in which a line was shipped are kept.
    """
    con.execute(
        """CREATE TEMP TABLE asked AS SELECT row_number() OVER () AS number, line, customer, sku,
            site, container, shipped_at FROM order_lines WHERE lot = '';
        CREATE TEMP TABLE boxes AS SELECT DISTINCT container FROM packings;
        CREATE TEMP TABLE newest AS SELECT number, container AS node, shipped_at, sku FROM asked
            WHERE container <> '';
        CREATE TEMP TABLE inside (number BIGINT, lot VARCHAR, sku VARCHAR)"""
    )
    while con.execute("SELECT count(*) FROM newest").fetchall()[0][0]:
        con.execute(
            """CREATE OR REPLACE TEMP TABLE opened AS
            SELECT DISTINCT n.number, p.child AS node, n.shipped_at, n.sku FROM newest n
            JOIN packings p ON p.container = n.node AND p.packed_at <= n.shipped_at
                AND n.shipped_at < coalesce(p.unpacked_at, 'infinity'::TIMESTAMPTZ)"""
        )
        con.execute(
            """INSERT INTO inside SELECT number, node, sku FROM opened
                WHERE node NOT IN (FROM boxes)"""
        )
        con.execute(
            """CREATE OR REPLACE TEMP TABLE newest AS FROM opened WHERE node IN (FROM boxes)"""
        )
    con.execute(
        """CREATE TEMP TABLE known AS SELECT DISTINCT lot, sku FROM receipts;
        CREATE TEMP TABLE resolved AS
            WITH fitting AS (SELECT DISTINCT number, lot FROM inside i
                WHERE lot NOT IN (SELECT lot FROM known)
                OR (lot, sku) IN (SELECT (lot, sku) FROM known))
            SELECT f.lot, a.line, a.customer, number,
                (count(*) OVER (PARTITION BY number))::INTEGER AS candidates
            FROM fitting f JOIN asked a USING (number);
        CREATE TEMP TABLE cuts AS SELECT row_number() OVER () AS piece, sku, site, since FROM (
            SELECT sku, site, received_at AS since FROM receipts
            UNION SELECT sku, site, depleted_at FROM receipts WHERE depleted_at IS NOT NULL);
        CREATE TEMP TABLE hidden AS SELECT a.sku, line, customer, c.piece
            FROM (SELECT * FROM asked WHERE number NOT IN (SELECT number FROM resolved)) a
            ASOF LEFT JOIN cuts c
                ON c.sku = a.sku AND c.site = a.site AND c.since <= a.shipped_at;
        CREATE TEMP TABLE piece_lots AS SELECT c.piece, r.lot,
                CASE WHEN count(*) = count(quantity) THEN sum(quantity) END AS quantity
            FROM cuts c JOIN receipts r ON r.sku = c.sku AND r.site = c.site
                AND r.received_at <= c.since
                AND c.since < coalesce(r.depleted_at, 'infinity'::TIMESTAMPTZ)
            WHERE c.piece IN (SELECT piece FROM hidden) GROUP BY c.piece, r.lot;
        CREATE TEMP TABLE pieces AS SELECT piece, count(*)::INTEGER AS lots,
                CASE WHEN count(*) = count(quantity) THEN sum(quantity) END AS quantity
            FROM piece_lots GROUP BY piece"""
    )


def _fetched(con: duckdb.DuckDBPyConnection, query: str) -> Iterator[Any]:
    yield from con.sql(query).to_arrow_reader(AT_ONCE)
