"""How lots were made and brought, as the trace events say: supplier lots, processes, shipments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from holdfast.decision.recalls.queries.recorded import Recorded

if TYPE_CHECKING:
    import duckdb

MOST_LOTS = 1_000
"""Lots whose making is looked up, those with the most units; a map shows far fewer."""

# UNION, not UNION ALL: lots that were made out of each other add nothing new and end.
MADE_FROM = """
WITH RECURSIVE up(lot, source) AS (
    SELECT output_lot, input_lot FROM transformations
    WHERE output_lot IN (SELECT unnest($1::VARCHAR[]))
    UNION
    SELECT up.lot, t.input_lot FROM up JOIN transformations t ON t.output_lot = up.source
)
SELECT up.lot, up.source,
    up.source NOT IN (SELECT output_lot FROM transformations) AS is_first
FROM up WHERE up.source <> up.lot ORDER BY ALL
"""
MADE_ON = """
SELECT output_lot, CAST(min("at") AS DATE), CAST(max("at") AS DATE) FROM transformations
WHERE output_lot IN (SELECT unnest($1::VARCHAR[])) GROUP BY output_lot
"""
SUPPLIERS = """
SELECT DISTINCT lot, supplier FROM receipts
WHERE supplier <> '' AND lot IN (SELECT unnest($1::VARCHAR[])) ORDER BY ALL
"""
STAYS = """
SELECT DISTINCT lot, sku, site FROM receipts
WHERE lot IN (SELECT unnest($1::VARCHAR[])) ORDER BY ALL
"""
LEGS = """
WITH RECURSIVE inside(lot, unit, since, until) AS (
    SELECT l, l, TIMESTAMP '-infinity', TIMESTAMP 'infinity' FROM unnest($1::VARCHAR[]) t(l)
    UNION
    SELECT inside.lot, p.container,
        greatest(inside.since, coalesce(p.packed_at, '-infinity')),
        least(inside.until, coalesce(p.unpacked_at, 'infinity'))
    FROM inside JOIN packings p ON p.child = inside.unit
    WHERE greatest(inside.since, coalesce(p.packed_at, '-infinity'))
        < least(inside.until, coalesce(p.unpacked_at, 'infinity'))
)
SELECT DISTINCT inside.lot, s.from_site, s.to_site
FROM inside JOIN shipments s ON s.unit = inside.unit
WHERE s.to_site <> '' AND s.to_site <> s.from_site AND (s.shipped_at IS NULL
    OR (s.shipped_at >= inside.since AND s.shipped_at < inside.until))
ORDER BY ALL
"""


@dataclass(frozen=True, slots=True)
class Making:
    """What a lot was made of: the first lots, all that went in, and the days of the last step."""

    first_lots: tuple[str, ...]
    went_in: frozenset[str]
    began_on: date | None
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Upstream:
    """What is recorded of some lots; empty where no events are."""

    made: dict[str, Making]
    suppliers: dict[str, tuple[str, ...]]
    legs: dict[tuple[str, str], tuple[str, ...]]  # (lot, to site) -> from sites
    stays: tuple[tuple[str, str, str], ...]  # lot, sku, site


def upstream_of(lots: Sequence[str]) -> Upstream:
    """What the trace events say of these lots and of what they were made of."""
    recorded = Recorded.load()
    asked = list(lots[:MOST_LOTS])
    if not asked or not recorded.manifest.live():
        return Upstream({}, {}, {}, ())
    with recorded.reading() as con:
        made = _made(con, asked)
        every = sorted({*asked, *(one for found in made.values() for one in found.first_lots)})
        suppliers: dict[str, list[str]] = defaultdict(list)
        for lot, supplier in con.execute(SUPPLIERS, [every]).fetchall():
            suppliers[lot].append(supplier)
        legs: dict[tuple[str, str], list[str]] = defaultdict(list)
        if recorded.has("shipments"):
            for lot, start, end in con.execute(LEGS, [asked]).fetchall():
                legs[lot, end].append(start)
        return Upstream(
            made,
            {lot: tuple(firms) for lot, firms in suppliers.items()},
            {leg: tuple(starts) for leg, starts in legs.items()},
            tuple(con.execute(STAYS, [asked]).fetchall()),
        )


def _made(con: duckdb.DuckDBPyConnection, lots: Iterable[str]) -> dict[str, Making]:
    asked = list(lots)
    went_in: dict[str, set[str]] = defaultdict(set)
    first: dict[str, list[str]] = defaultdict(list)
    for lot, source, is_first in con.execute(MADE_FROM, [asked]).fetchall():
        went_in[lot].add(source)
        if is_first:
            first[lot].append(source)
    days = {lot: (since, until) for lot, since, until in con.execute(MADE_ON, [asked]).fetchall()}
    return {
        # In a circle no lot is the first: all that went in are named.
        lot: Making(tuple(first[lot] or sorted(sources)), frozenset(sources), *days[lot])
        for lot, sources in went_in.items()
    }
