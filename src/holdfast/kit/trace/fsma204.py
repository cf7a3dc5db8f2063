"""The sortable spreadsheet of 21 CFR 1.1455(c): critical tracking events with key data elements.

Columns follow 21 CFR 1.1340 (shipping), 1.1345 (receiving) and 1.1350 (transformation). What no
record says stays empty and is counted as missing; nothing is filled in by guessing. Sales to
consumers are no critical tracking event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

AT_ONCE = 20_000

SHIPPING = (
    "Traceability lot code",
    "Quantity",
    "Unit of measure",
    "Product description",
    "Immediate subsequent recipient",
    "Shipped from",
    "Date shipped",
    "Traceability lot code source",
    "Reference document type",
    "Reference document number",
    "Logistic unit",
)
RECEIVING = (
    "Traceability lot code",
    "Quantity",
    "Unit of measure",
    "Product description",
    "Immediate previous source",
    "Received at",
    "Date received",
    "Traceability lot code source",
    "Reference document type",
    "Reference document number",
)
TRANSFORMATION = (
    "Traceability lot code used",
    "Quantity used",
    "Unit of measure used",
    "Product description used",
    "New traceability lot code",
    "New quantity",
    "New unit of measure",
    "New product description",
    "Transformed at",
    "Date transformation was completed",
    "Reference document type",
    "Reference document number",
)
HEADS = {"Shipping": SHIPPING, "Receiving": RECEIVING, "Transformation": TRANSFORMATION}
CITED = {
    "Shipping": "21 CFR 1.1340",
    "Receiving": "21 CFR 1.1345",
    "Transformation": "21 CFR 1.1350",
}
OPTIONAL = frozenset({"Logistic unit"})
"""Columns beyond what the rule asks for; empty ones are not missing."""

Row = tuple[object, ...]
Describe = Callable[[str], str]


@dataclass
class TrackingEvents:
    """The rows of each critical tracking event, and how often a key data element is missing."""

    lots: int
    rows: dict[str, list[Row]] = field(default_factory=dict)

    def missing(self) -> dict[str, dict[str, int]]:
        """Empty cells by event and column; only columns that have any."""
        found: dict[str, dict[str, int]] = {}
        for name, rows in self.rows.items():
            counts = [0] * len(HEADS[name])
            for row in rows:
                for place, cell in enumerate(row):
                    counts[place] += cell in ("", None)
            found[name] = {
                column: count
                for column, count in zip(HEADS[name], counts, strict=True)
                if count and column not in OPTIONAL
            }
        return found


def tracking_events(
    con: duckdb.DuckDBPyConnection,
    skus: Sequence[str],
    *,
    since: datetime,
    until: datetime,
    product: Describe = str,
    site: Describe = str,
) -> TrackingEvents:
    """All tracking events of the lots of some products in [since, until), soonest first.

    `con` has the views of the log; `product` and `site` turn a code into its description.
    """
    # The views hold UTC without a zone; so must what they are compared with.
    period = [_plain(since), _plain(until)]
    con.execute("CREATE OR REPLACE TEMP TABLE asked AS SELECT unnest($1::VARCHAR[]) AS sku", [skus])
    con.execute(LOTS)
    found = TrackingEvents(lots=_count(con, "SELECT count(*) FROM fsma_lots"))
    con.execute(SOURCES)
    con.execute(INSIDE)
    found.rows["Shipping"] = [
        (
            lot,
            None,
            "",
            product(sku),
            site(to),
            site(whence),
            at,
            _source(kind, source, site),
            "",
            "",
            "" if unit == lot else unit,
        )
        for lot, sku, unit, whence, to, at, kind, source in _rows(con, SHIPPED, period)
    ]
    found.rows["Receiving"] = [
        (
            lot,
            quantity,
            "",
            product(sku),
            site(previous) if previous else supplier,
            site(place),
            at,
            _source(kind, source, site),
            "",
            "",
        )
        for lot, sku, quantity, supplier, previous, place, at, kind, source in _rows(
            con, RECEIVED, period
        )
    ]
    found.rows["Transformation"] = [
        (
            used,
            quantity,
            unit,
            product(sku_used),
            made,
            None,
            "",
            product(sku_made),
            site(place) if place else "",
            at,
            "",
            "",
        )
        for used, quantity, unit, sku_used, made, sku_made, place, at in _rows(con, MADE, period)
    ]
    return found


def _plain(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)


def _source(kind: str, source: str, site: Describe) -> str:
    return site(source) if kind == "site" and source else source


def _rows(con: Any, sql: str, period: list[datetime]) -> Iterator[tuple[Any, ...]]:
    cursor = con.execute(sql, period)
    while rows := cursor.fetchmany(AT_ONCE):
        for row in rows:
            yield tuple(_cell(cell) for cell in row)


def _cell(cell: object) -> object:
    if isinstance(cell, Decimal):
        return int(cell) if cell == cell.to_integral_value() else cell.normalize()
    return "" if cell is None else cell


def _count(con: Any, sql: str) -> int:
    return int(con.execute(sql).fetchall()[0][0])


LOTS = """
CREATE OR REPLACE TEMP TABLE fsma_lots AS
SELECT DISTINCT lot, sku FROM receipts SEMI JOIN asked USING (sku)
"""

# Who assigned the code: the supplier a lot came from; else, for a lot that was made here, the
# place where it was received first.
SOURCES = """
CREATE OR REPLACE TEMP TABLE fsma_sources AS
WITH named AS (
    SELECT lot, arg_min(supplier, coalesce(received_at, '-infinity')) AS supplier
    FROM receipts SEMI JOIN fsma_lots USING (lot) WHERE supplier <> '' GROUP BY lot
), first AS (
    SELECT lot, arg_min(site, coalesce(received_at, '-infinity')) AS site
    FROM receipts SEMI JOIN fsma_lots USING (lot) WHERE site <> '' GROUP BY lot
), made AS (SELECT DISTINCT output_lot AS lot FROM transformations)
SELECT l.lot,
    CASE WHEN named.lot IS NOT NULL THEN 'supplier' WHEN made.lot IS NOT NULL THEN 'site'
        ELSE '' END AS kind,
    CASE WHEN named.lot IS NOT NULL THEN named.supplier WHEN made.lot IS NOT NULL THEN first.site
        ELSE '' END AS source
FROM (SELECT DISTINCT lot FROM fsma_lots) l
LEFT JOIN named USING (lot) LEFT JOIN first USING (lot) LEFT JOIN made USING (lot)
"""

# UNION, not UNION ALL: boxes that were packed into each other add nothing new and end.
INSIDE = """
CREATE OR REPLACE TEMP TABLE fsma_inside AS
WITH RECURSIVE inside(lot, unit, since, until) AS (
    SELECT DISTINCT lot, lot, TIMESTAMP '-infinity', TIMESTAMP 'infinity' FROM fsma_lots
    UNION
    SELECT inside.lot, p.container,
        greatest(inside.since, coalesce(p.packed_at, '-infinity')),
        least(inside.until, coalesce(p.unpacked_at, 'infinity'))
    FROM inside JOIN packings p ON p.child = inside.unit
    WHERE greatest(inside.since, coalesce(p.packed_at, '-infinity'))
        < least(inside.until, coalesce(p.unpacked_at, 'infinity'))
)
SELECT * FROM inside
"""

SHIPPED = """
SELECT DISTINCT inside.lot, l.sku, s.unit, s.from_site, s.to_site, s.shipped_at, o.kind, o.source
FROM shipments s JOIN fsma_inside inside ON inside.unit = s.unit
JOIN fsma_lots l ON l.lot = inside.lot LEFT JOIN fsma_sources o ON o.lot = inside.lot
WHERE s.shipped_at >= $1 AND s.shipped_at < $2
    AND s.shipped_at >= inside.since AND s.shipped_at < inside.until
ORDER BY s.shipped_at, inside.lot, s.unit, s.to_site
"""

# Where it came from: the shipment to that site that arrived with it, or left last before it.
RECEIVED = """
WITH arrivals AS (
    SELECT inside.lot, s.to_site AS site, s.from_site, coalesce(s.received_at, s.shipped_at) AS came
    FROM shipments s JOIN fsma_inside inside ON inside.unit = s.unit
    WHERE s.from_site <> '' AND s.from_site <> s.to_site
        AND s.shipped_at >= inside.since AND s.shipped_at < inside.until
), wanted AS (
    SELECT r.*, row_number() OVER () AS number FROM receipts r SEMI JOIN asked USING (sku)
    WHERE r.received_at >= $1 AND r.received_at < $2
), led AS (
    SELECT w.number, arg_max(a.from_site, a.came) AS previous FROM wanted w
    JOIN arrivals a ON a.lot = w.lot AND a.site = w.site AND a.came <= w.received_at
    GROUP BY w.number
)
SELECT w.lot, w.sku, w.quantity, w.supplier, led.previous, w.site, w.received_at, o.kind, o.source
FROM wanted w LEFT JOIN led USING (number) LEFT JOIN fsma_sources o ON o.lot = w.lot
ORDER BY w.received_at, w.lot, w.site
"""

MADE = """
WITH names AS (SELECT lot, min(sku) AS sku FROM receipts GROUP BY lot),
places AS (
    SELECT lot, arg_min(site, coalesce(received_at, '-infinity')) AS site
    FROM receipts WHERE site <> '' GROUP BY lot
)
SELECT t.input_lot, t.quantity, t.unit, coalesce(a.sku, ''), t.output_lot, coalesce(b.sku, ''),
    places.site, t."at"
FROM transformations t
LEFT JOIN names a ON a.lot = t.input_lot LEFT JOIN names b ON b.lot = t.output_lot
LEFT JOIN places ON places.lot = t.output_lot
WHERE t."at" >= $1 AND t."at" < $2 AND (
    t.output_lot IN (SELECT lot FROM fsma_lots) OR t.input_lot IN (SELECT lot FROM fsma_lots))
ORDER BY t."at", t.output_lot, t.input_lot
"""
