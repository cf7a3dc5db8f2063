"""Identifiers become numbers: sorted lists of names, and the five tables with ids in place."""

# ruff: noqa: S608 - the statements are put together from constants of this code.

from __future__ import annotations

from typing import TYPE_CHECKING

from holdfast.kit.trace.values import BEGINNING, END, NEVER_A_LOT

if TYPE_CHECKING:
    import duckdb

KINDS = ("lots", "containers", "skus", "sites", "suppliers", "customers")

NAMES = """
CREATE TABLE containers AS SELECT DISTINCT name FROM (
    SELECT container AS name FROM packings UNION ALL SELECT container FROM order_lines
) WHERE name <> '' ORDER BY name;
CREATE TABLE known_lots AS SELECT DISTINCT name FROM (
    SELECT input_lot AS name FROM transformations UNION ALL SELECT output_lot FROM transformations
    UNION ALL SELECT lot FROM receipts UNION ALL SELECT lot FROM order_lines
) WHERE name <> '';
CREATE TABLE lots AS SELECT DISTINCT name FROM (
    SELECT name FROM known_lots
    UNION ALL
    SELECT child FROM packings ANTI JOIN containers ON containers.name = packings.child
) WHERE name <> '' ORDER BY name;
CREATE TABLE skus AS SELECT DISTINCT name FROM (
    SELECT sku AS name FROM receipts UNION ALL SELECT sku FROM order_lines
) ORDER BY name;
CREATE TABLE sites AS SELECT DISTINCT name FROM (
    SELECT site AS name FROM receipts UNION ALL SELECT site FROM order_lines
    UNION ALL SELECT from_site FROM shipments UNION ALL SELECT to_site FROM shipments
) WHERE name <> '' ORDER BY name;
CREATE TABLE suppliers AS
    SELECT DISTINCT supplier AS name FROM receipts WHERE supplier <> '' ORDER BY name;
CREATE TABLE customers AS
    SELECT DISTINCT customer AS name FROM order_lines WHERE customer <> '' ORDER BY name;
"""

# A missing start holds from the beginning, a missing end for ever; a line without a time is dated
# before everything, where no stay can hold. Millionths of less than a billion are exact as doubles.
LINES = f"""
SELECT
    o.line, o."order",
    coalesce(customers.rowid, -1)::INTEGER AS customer,
    skus.rowid::INTEGER AS sku,
    coalesce(lots.rowid, -1)::INTEGER AS lot,
    coalesce(containers.rowid, -1)::INTEGER AS container,
    coalesce(sites.rowid, -1)::INTEGER AS site,
    coalesce(epoch_us(o.shipped_at), {BEGINNING - 1})::BIGINT AS shipped,
    CASE WHEN o.quantity IS NULL THEN 0
         WHEN abs(o.quantity) < 1000000000 THEN round(o.quantity::DOUBLE * 1000000)::BIGINT
         ELSE (o.quantity::DECIMAL(38, 6) * 1000000)::BIGINT END AS quantity,
    o.quantity IS NULL AS is_unsaid
FROM order_lines o
JOIN skus ON skus.name = o.sku
LEFT JOIN customers ON customers.name = o.customer
LEFT JOIN lots ON lots.name = o.lot
LEFT JOIN containers ON containers.name = o.container
LEFT JOIN sites ON sites.name = o.site
"""

RECEIPTS = f"""
SELECT
    lots.rowid::INTEGER AS lot, skus.rowid::INTEGER AS sku,
    coalesce(sites.rowid, -1)::INTEGER AS site, coalesce(suppliers.rowid, -1)::INTEGER AS supplier,
    coalesce(epoch_us(r.received_at), {BEGINNING})::BIGINT AS start,
    coalesce(epoch_us(r.depleted_at), {END})::BIGINT AS until,
    coalesce((r.quantity::DECIMAL(38, 6) * 1000000)::BIGINT, -1) AS quantity
FROM receipts r
JOIN lots ON lots.name = r.lot
JOIN skus ON skus.name = r.sku
LEFT JOIN sites ON sites.name = r.site
LEFT JOIN suppliers ON suppliers.name = r.supplier
ORDER BY ALL
"""

# A packed thing that is named as a lot anywhere is a lot, one that is named as a container is
# a container, one that is both is both, and one that is neither is a lot. Of one that nothing names
# as a lot, and whose key is that of a crate or a product, nobody knows what else lies in it
# (`nesting.unopened`).
STAYS = f"""
SELECT
    outer_one.rowid::INTEGER AS container,
    CASE WHEN known.name IS NOT NULL OR inner_one.name IS NULL
         THEN lots.rowid ELSE -1 END::INTEGER AS lot,
    known.name IS NOT NULL OR NOT regexp_full_match(p.child, '{NEVER_A_LOT}') AS is_named,
    coalesce(inner_one.rowid, -1)::INTEGER AS child,
    coalesce(epoch_us(p.packed_at), {BEGINNING})::BIGINT AS start,
    coalesce(epoch_us(p.unpacked_at), {END})::BIGINT AS until
FROM packings p
JOIN containers outer_one ON outer_one.name = p.container
LEFT JOIN containers inner_one ON inner_one.name = p.child
LEFT JOIN lots ON lots.name = p.child
LEFT JOIN known_lots known ON known.name = p.child
ORDER BY container, start, until, lot, child
"""

MADE = f"""
SELECT one.rowid::INTEGER AS input, two.rowid::INTEGER AS output,
    coalesce(epoch_us(t.at), {BEGINNING})::BIGINT AS at
FROM transformations t
JOIN lots one ON one.name = t.input_lot
JOIN lots two ON two.name = t.output_lot
ORDER BY ALL
"""

SHIPPED_SITES = """
SELECT sites.rowid::INTEGER AS site FROM sites SEMI JOIN (
    SELECT from_site AS name FROM shipments UNION SELECT to_site FROM shipments
) USING (name)
"""


def number_everything(con: duckdb.DuckDBPyConnection) -> None:
    """Sorted lists of all names, from the five views."""
    for statement in NAMES.split(";"):
        if statement.strip():
            con.execute(statement)
