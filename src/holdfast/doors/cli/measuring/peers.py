"""PostgreSQL beside the trace: the same rows and the same question, asked in two layouts.

`cte` keeps the five tables with the indexes one would give them and works all out when asked.
`postings` keeps what the engine keeps: lines by lot, container lines resolved beforehand with how
many lots they may be from, lines without either by product, site and time. Both answer all three
cases of the contract for a world whose sites are all known.
"""

# ruff: noqa: S608 - the statements are put together from names of this code, never from data.

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from holdfast.kit.trace.worlds.resolving import resolved

if TYPE_CHECKING:
    import psycopg

AT_ONCE = 400_000
ENOUGH_MS = 1_000
"""Nothing is asked again once its runs took so long together; the answer says how many it had."""

RAW = {
    "transformations": """input_lot text, output_lot text, at timestamptz, quantity numeric,
        unit text""",
    "packings": "container text, child text, packed_at timestamptz, unpacked_at timestamptz",
    "shipments": """unit text, from_site text, to_site text, shipped_at timestamptz,
        received_at timestamptz""",
    "receipts": """lot text, sku text, site text, received_at timestamptz,
        depleted_at timestamptz, quantity numeric, supplier text""",
    "order_lines": """line text, "order" text, customer text, sku text, lot text, container text,
        site text, shipped_at timestamptz, quantity numeric""",
}
RAW_INDEXES = (
    "transformations (input_lot)",
    "packings (container)",
    "packings (child)",
    "receipts (lot)",
    "receipts (sku, site, received_at)",
    "order_lines (lot) WHERE lot <> ''",
    "order_lines (container) WHERE lot = '' AND container <> ''",
    "order_lines (sku, site, shipped_at) WHERE lot = ''",
)
RESOLVED = {
    "postings": "lot text, line text, customer text, number bigint, candidates int",
    "hidden": "piece bigint, line text, customer text",
    "piece_lots": "lot text, piece bigint, quantity numeric",
    "pieces": "piece bigint, lots int, quantity numeric",
    "bare": "sku text, line text, customer text",
}
RESOLVED_INDEXES = (
    "postings (lot) INCLUDE (line, customer, number, candidates)",
    "hidden (piece) INCLUDE (line, customer)",
    "piece_lots (lot) INCLUDE (piece, quantity)",
    "pieces (piece) INCLUDE (lots, quantity)",
    "bare (sku) INCLUDE (line, customer)",
)

LOTS = """lots(lot) AS (
    SELECT %(lot)s::text
    UNION SELECT t.output_lot FROM lots JOIN transformations t ON t.input_lot = lots.lot)"""
SKUS = "skus AS MATERIALIZED (SELECT DISTINCT r.sku FROM lots JOIN receipts r USING (lot))"
LINE = "o.ctid AS number, o.line, o.customer, o.sku, o.site, o.container, o.shipped_at"
PACKED = "p.packed_at <= {0} AND {0} < coalesce(p.unpacked_at, 'infinity')"
LYING = """r.sku = {0}.sku AND r.site = {0}.site AND r.received_at <= {0}.shipped_at
    AND {0}.shipped_at < coalesce(r.depleted_at, 'infinity')"""

# First who can be affected at all, then what else each of these may have been taken from.
CTE_ROWS = f"""WITH RECURSIVE {LOTS}, {SKUS},
held(container, since, until) AS (
    SELECT p.container, p.packed_at, coalesce(p.unpacked_at, 'infinity')
    FROM lots JOIN packings p ON p.child = lots.lot
    UNION SELECT p.container, greatest(p.packed_at, h.since),
        least(coalesce(p.unpacked_at, 'infinity'), h.until)
    FROM held h JOIN packings p ON p.child = h.container
        AND p.packed_at < h.until AND h.since < coalesce(p.unpacked_at, 'infinity')),
unnamed AS MATERIALIZED (
    SELECT {LINE} FROM skus JOIN order_lines o ON o.sku = skus.sku AND o.lot = ''),
asked AS MATERIALIZED (
    SELECT {LINE} FROM held h JOIN order_lines o ON o.container = h.container AND o.lot = ''
        AND o.container <> '' AND h.since <= o.shipped_at AND o.shipped_at < h.until
    UNION SELECT {LINE} FROM lots JOIN receipts r USING (lot) JOIN order_lines o
        ON o.lot = '' AND {LYING.format("o")}
    UNION SELECT * FROM unnamed u
        WHERE NOT EXISTS (SELECT 1 FROM receipts r WHERE {LYING.format("u")})),
inside(top, at, node) AS (
    SELECT container, shipped_at, container FROM asked WHERE container <> ''
    UNION SELECT i.top, i.at, p.child FROM inside i JOIN packings p ON p.container = i.node
        AND {PACKED.format("i.at")}),
holding AS MATERIALIZED (
    SELECT DISTINCT i.top, i.at, i.node AS lot, r.sku FROM inside i
    LEFT JOIN receipts r ON r.lot = i.node
    WHERE NOT EXISTS (SELECT 1 FROM packings p WHERE p.container = i.node)),
fitting AS MATERIALIZED (
    SELECT a.number, a.line, a.customer, count(DISTINCT h.lot) AS candidates,
        count(DISTINCT h.lot) FILTER (WHERE h.lot IN (SELECT lot FROM lots)) AS hit
    FROM asked a JOIN holding h ON h.top = a.container AND h.at = a.shipped_at
        AND (h.sku = a.sku OR h.sku IS NULL)
    GROUP BY a.number, a.line, a.customer),
lying AS MATERIALIZED (
    SELECT a.number, a.line, a.customer, r.lot, r.quantity,
        r.lot IN (SELECT lot FROM lots) AS is_hit
    FROM asked a LEFT JOIN receipts r ON {LYING.format("a")}
    WHERE a.sku IN (SELECT sku FROM skus)
        AND NOT EXISTS (SELECT 1 FROM fitting f WHERE f.number = a.number)),
found AS (
    SELECT o.line, o.customer, 3 AS strength FROM lots JOIN order_lines o
        ON o.lot = lots.lot AND o.lot <> ''
    UNION ALL SELECT line, customer,
        CASE WHEN hit = candidates THEN 3 WHEN 2 * hit >= candidates THEN 2 ELSE 1 END
    FROM fitting WHERE hit > 0
    UNION ALL SELECT line, customer, CASE
        WHEN bool_and(is_hit) THEN 2
        WHEN count(*) = count(quantity) AND sum(quantity) > 0 THEN CASE
            WHEN 2 * sum(quantity) FILTER (WHERE is_hit) >= sum(quantity) THEN 2 ELSE 1 END
        WHEN 2 * count(DISTINCT lot) FILTER (WHERE is_hit) >= count(DISTINCT lot) THEN 2
        ELSE 1 END
    FROM lying WHERE lot IS NOT NULL GROUP BY number, line, customer HAVING bool_or(is_hit)
    UNION ALL SELECT line, customer, 1 FROM lying WHERE lot IS NULL)"""

POSTINGS_ROWS = f"""WITH RECURSIVE {LOTS}, {SKUS},
hits AS MATERIALIZED (
    SELECT p.line, p.customer, p.number, p.candidates FROM lots JOIN postings p USING (lot)),
touched AS MATERIALIZED (
    SELECT p.piece, CASE WHEN count(*) = p.lots THEN 2
        WHEN p.quantity > 0 THEN CASE WHEN 2 * sum(l.quantity) >= p.quantity THEN 2 ELSE 1 END
        WHEN 2 * count(*) >= p.lots THEN 2 ELSE 1 END AS strength
    FROM lots JOIN piece_lots l USING (lot) JOIN pieces p USING (piece)
    GROUP BY p.piece, p.lots, p.quantity),
found AS (
    SELECT line, customer, 3 AS strength FROM hits WHERE candidates = 1
    UNION ALL SELECT line, customer, CASE WHEN count(*) = candidates THEN 3
        WHEN 2 * count(*) >= candidates THEN 2 ELSE 1 END
    FROM hits WHERE candidates > 1 GROUP BY number, line, customer, candidates
    UNION ALL SELECT h.line, h.customer, t.strength FROM touched t JOIN hidden h USING (piece)
    UNION ALL SELECT b.line, b.customer, 1 FROM bare b WHERE b.sku IN (SELECT sku FROM skus))"""

NAMED_ROWS = f"""WITH RECURSIVE {LOTS}, found AS (
    SELECT o.line, o.customer, 3 AS strength FROM lots JOIN order_lines o
        ON o.lot = lots.lot AND o.lot <> '')"""

LINES = ", lines AS (SELECT line, max(strength) AS strength FROM found GROUP BY line)"
COUNTED = """ SELECT count(*), count(*) FILTER (WHERE strength = 3),
    (SELECT count(DISTINCT customer) FROM found WHERE customer <> '') FROM lines"""
DIGEST = """encode(sha256(convert_to(coalesce(string_agg(line || E'\\n', ''
    ORDER BY line COLLATE "C") FILTER (WHERE strength {0}), ''), 'UTF8')), 'hex')"""
DIGESTED = f" SELECT {DIGEST.format('= 3')}, {DIGEST.format('< 3')} FROM lines"

ENGINES = {"postgresql recursive cte": CTE_ROWS, "postgresql same postings": POSTINGS_ROWS}
NAMED_ONLY = "postgresql recursive cte, only lines that name their lot"
QUESTIONS = {**ENGINES, NAMED_ONLY: NAMED_ROWS}


@dataclass(frozen=True)
class Timed:
    """What a peer answered and how long it took; `why` where it did not answer."""

    lines: int | None = None
    customers: int | None = None
    digests: tuple[str, str] | None = None
    warm_ms: float | None = None
    cold_ms: float | None = None
    why: str = ""
    runs: int = 0


class Peers:
    """Both layouts in one database."""

    def __init__(self, url: str, told: Callable[[str], None], patience: float) -> None:
        self.url, self.told, self.patience = url, told, patience

    def connect(self) -> psycopg.Connection:
        """A connection that gives up on a question after a while."""
        import psycopg

        con = psycopg.connect(self.url, autocommit=True)
        con.execute(f"SET statement_timeout = {round(self.patience * 1000)}")
        con.execute("SET search_path = holdfast_bench")
        con.execute("SET max_parallel_workers_per_gather = 2")
        return con

    def load(self, folder: Path, memory: str, spill: Path) -> float:
        """Load the tables of a folder; seconds it took."""
        began = time.monotonic()
        with self.connect() as con:
            con.execute("SET statement_timeout = 0")
            con.execute("DROP SCHEMA IF EXISTS holdfast_bench CASCADE")
            con.execute("CREATE SCHEMA holdfast_bench")
            for table, columns in RAW.items():
                self._copy(con, table, columns, _batches(folder / f"{table}.parquet"))
            self._index(con, RAW_INDEXES)
            self.told("PostgreSQL: five tables loaded")
            for table, pieces in resolved(folder, memory, spill):
                self._copy(con, table, RESOLVED[table], pieces)
            self._index(con, RESOLVED_INDEXES)
            con.execute("ANALYZE")
        self.told(f"PostgreSQL: postings loaded, {time.monotonic() - began:.0f} s in all")
        return round(time.monotonic() - began, 1)

    def _copy(
        self, con: psycopg.Connection, table: str, columns: str, pieces: Iterator[Any]
    ) -> None:
        from pyarrow import csv

        plain = csv.WriteOptions(include_header=False)
        with con.transaction():
            con.execute(f"CREATE TABLE {table} ({columns})")
            with con.cursor().copy(f"COPY {table} FROM STDIN (FORMAT csv, FREEZE)") as copy:
                for piece in pieces:
                    text = io.BytesIO()
                    csv.write_csv(piece, text, plain)
                    copy.write(text.getbuffer())

    def _index(self, con: psycopg.Connection, indexes: tuple[str, ...]) -> None:
        for index in indexes:
            con.execute(f"CREATE INDEX ON {index}")

    def remove(self) -> None:
        """Leave a named server as it was."""
        with self.connect() as con:
            con.execute("DROP SCHEMA IF EXISTS holdfast_bench CASCADE")

    def ask(self, engine: str, lot: str, times: int) -> Timed:
        """The digests once, then the counts, timed; the median of `times`."""
        import psycopg

        rows, given = QUESTIONS[engine] + LINES, {"lot": lot}
        try:
            with self.connect() as con:
                digests = con.execute(rows + DIGESTED, given).fetchall()[0]
                took: list[float] = []
                for _ in range(times):
                    began = time.perf_counter()
                    lines, _, people = con.execute(rows + COUNTED, given).fetchall()[0]
                    took.append((time.perf_counter() - began) * 1000)
                    if sum(took) > ENOUGH_MS:
                        break
        except psycopg.errors.QueryCanceled:
            return Timed(why=f"no answer within {self.patience:g} s, stopped")
        except psycopg.Error as error:
            return Timed(why=str(error).splitlines()[0])
        return Timed(
            lines, people, tuple(digests), round(statistics.median(took), 2), runs=len(took)
        )

    def ask_once(self, engine: str, lot: str) -> float | None:
        """Milliseconds of one answer over a fresh connection; None where there was none."""
        import psycopg

        try:
            with self.connect() as con:
                began = time.perf_counter()
                con.execute(QUESTIONS[engine] + LINES + COUNTED, {"lot": lot}).fetchall()
                return round((time.perf_counter() - began) * 1000, 2)
        except psycopg.Error:
            return None


def _batches(path: Path) -> Iterator[Any]:
    """A Parquet file in pieces, with plain columns."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(AT_ONCE):
            columns = [
                column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
                for column in batch.columns
            ]
            yield pa.record_batch(columns, names=batch.schema.names)
