"""What recorded trace events add to a scope: what a lot went into, receipts, what a box held."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models.functions import Lower

from holdfast.kit.trace.affected import other_spellings
from holdfast.kit.trace.certainty import Contents, Inside
from holdfast.kit.trace.criteria import Criteria
from holdfast.kit.trace.log import Manifest
from holdfast.supply.catalog.rules import code_key
from holdfast.supply.orders.models import OrderLine
from holdfast.supply.traceability.models import Receipt
from holdfast.supply.traceability.queries import SHOP, open_trace, trace_log

if TYPE_CHECKING:
    import duckdb

SPELLINGS = """
SELECT DISTINCT lot FROM (
    SELECT lot FROM receipts UNION ALL SELECT input_lot FROM transformations
    UNION ALL SELECT output_lot FROM transformations UNION ALL SELECT lot FROM order_lines
) WHERE lower(lot) IN (SELECT lower(unnest($1::VARCHAR[])))
"""
# UNION, not UNION ALL: lots that were made out of each other add nothing new and end.
WENT_INTO = """
WITH RECURSIVE reached(lot) AS (
    SELECT unnest($1::VARCHAR[])
    UNION
    SELECT t.output_lot FROM reached JOIN transformations t ON t.input_lot = reached.lot
)
SELECT t.output_lot, min(t.input_lot) FROM transformations t
JOIN reached ON reached.lot = t.input_lot
WHERE t.output_lot NOT IN (SELECT unnest($1::VARCHAR[])) GROUP BY t.output_lot
"""
RECEIVED = "SELECT DISTINCT lot FROM receipts WHERE lot IN (SELECT unnest($1::VARCHAR[]))"
RECEIPTS = """
SELECT lot, sku, site, received_at, depleted_at, quantity, supplier FROM receipts
WHERE {} ORDER BY ALL
"""
RECEIVED_SKUS = "SELECT DISTINCT sku FROM receipts WHERE sku IS NOT NULL"
SKUS = "SELECT DISTINCT sku FROM order_lines"
LINES = """
SELECT line, "order", customer, sku, lot, container, site, shipped_at, quantity
FROM order_lines WHERE {} ORDER BY ALL
"""
OF_LOTS = "sku IN (SELECT unnest($1::VARCHAR[])) OR lot IN (SELECT unnest($2::VARCHAR[]))"
WITHOUT_LOT = """
SELECT sku, sum(quantity) FROM order_lines
WHERE quantity > 0 AND coalesce(lot, '') = '' AND sku IS NOT NULL GROUP BY sku
"""
TOTAL = "SELECT count(*), sum(quantity) FILTER (quantity > 0) FROM order_lines"

Arrival = tuple[str, str, str, datetime | None, datetime | None, Decimal | None, str]
"""lot, sku, site, received at, depleted at, quantity, supplier"""
Line = tuple[str, str, str, str, str, str, str, datetime | None, Decimal | None]
"""line, order, customer, sku, lot, container, site, shipped at, quantity"""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The events of this instance apart from what the shop's own tables gave."""

    manifest: Manifest

    @classmethod
    def load(cls) -> Recorded:
        """What the log holds now; reads one small file."""
        whole = trace_log().manifest()
        own = tuple(one for one in whole.segments if one.source != SHOP)
        return cls(replace(whole, segments=own))

    def has(self, table: str) -> bool:
        """Does any event of this table hold?"""
        return bool(self.manifest.live(table))

    def spellings(self, words: Iterable[str]) -> set[str]:
        """Lots in the events that are one of these words, whatever its letter case."""
        asked = list(words)
        if not asked or not self.manifest.live():
            return set()
        with self.reading() as con:
            return {lot for (lot,) in con.execute(SPELLINGS, [asked]).fetchall()}

    def made_from(self, lots: Iterable[str]) -> dict[str, str]:
        """Every lot that any of these went into, at any depth, with one of its affected inputs."""
        asked = sorted(lots)
        if not asked or not self.has("transformations"):
            return {}
        with self.reading() as con:
            return dict(con.execute(WENT_INTO, [asked]).fetchall())

    def spread(
        self, lots: Iterable[str], on_lines: Iterable[str]
    ) -> tuple[dict[str, str], dict[str, str]]:
        """What these lots went into, as `made_from`, and how else order lines or events write
        these and those.

        A word with a receipt of its own is a lot of its own. Without one it is somebody's way of
        writing the lot, and to leave it out would clear goods that are affected.
        """
        made: dict[str, str] = {}
        spelled: dict[str, str] = {}
        every, words = set(lots), set(on_lines)
        new = set(every)
        while new:
            more = other_spellings(new, words | self.spellings(new))
            own = every | self.received(more)
            own |= set(Receipt.objects.filter(lot__in=more).values_list("lot", flat=True))
            more = {word: lot for word, lot in more.items() if word not in own}
            went = self.made_from(new | more.keys())
            spelled |= more
            every |= more.keys()
            new = went.keys() - every
            made |= {lot: went[lot] for lot in new}
            every |= new
        return made, spelled

    def received(self, lots: Iterable[str]) -> set[str]:
        """Those of some lots that a receipt among the events names."""
        asked = sorted(lots)
        if not asked or not self.has("receipts"):
            return set()
        with self.reading() as con:
            return {lot for (lot,) in con.execute(RECEIVED, [asked]).fetchall()}

    def arrivals(self) -> list[Arrival]:
        """Every receipt among the events; moments in UTC."""
        return self._arrivals(RECEIPTS.format("TRUE"))

    def arrivals_of(self, *, lots: Iterable[str] = (), keys: Iterable[str] = ()) -> list[Arrival]:
        """Receipts among the events of these lots, or of these products by `code_key`."""
        wanted = frozenset(keys)
        skus: list[str] = []
        if wanted and self.has("receipts"):
            with self.reading() as con:
                every = con.execute(RECEIVED_SKUS).fetchall()
            skus = [sku for (sku,) in every if code_key(sku) in wanted]
        return self._arrivals(RECEIPTS.format(OF_LOTS), [skus, sorted(lots)])

    def _arrivals(self, query: str, named: list[list[str]] | None = None) -> list[Arrival]:
        if not self.has("receipts"):
            return []
        with self.reading() as con:
            return [
                (lot, sku, site, _utc(came), _utc(gone), quantity, supplier)
                for lot, sku, site, came, gone, quantity, supplier in con.execute(
                    query, named
                ).fetchall()
            ]

    def lines(self, keys: Iterable[str] | None, lots: Iterable[str]) -> list[Line]:
        """Order lines among the events that could be in: of some products or lots, or all.

        `keys` are product codes in the form of `code_key`; None stands for every product.
        """
        if not self.has("order_lines"):
            return []
        with self.reading() as con:
            if keys is None:
                rows = con.execute(LINES.format("TRUE")).fetchall()
            else:
                wanted = frozenset(keys)
                skus = [sku for (sku,) in con.execute(SKUS).fetchall() if code_key(sku) in wanted]
                rows = con.execute(LINES.format(OF_LOTS), [skus, sorted(lots)]).fetchall()
        return [(*row[:7], _utc(row[7]), row[8]) for row in rows]

    def sold_without_lot(self, keys: Iterable[str]) -> dict[str, Decimal]:
        """Units of these products, by `code_key`, on order lines among the events without a lot."""
        wanted, found = frozenset(keys), dict[str, Decimal]()
        if wanted and self.has("order_lines"):
            with self.reading() as con:
                for sku, units in con.execute(WITHOUT_LOT).fetchall():
                    if code_key(sku) in wanted:
                        found[code_key(sku)] = found.get(code_key(sku), Decimal(0)) + units
        return found

    def total(self) -> tuple[int, Decimal]:
        """Rows of order lines among the events, and the units of those that were sold."""
        if not self.has("order_lines"):
            return 0, Decimal(0)
        with self.reading() as con:
            lines, units = con.execute(TOTAL).fetchall()[0]
        return int(lines), units or Decimal(0)

    def inside(self, code_of: Callable[[str], str]) -> Inside | None:
        """What lay in a container at an instant, or None where nothing was ever packed.

        `code_of` gives the spelling of a product that the events use.
        """
        if not self.has("packings"):
            return None
        trace = open_trace()

        def found(container: str, at: int, sku: str) -> Contents:
            return trace.inside(container, at, code_of(sku))

        return found

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection with the five views, without what the shop's own tables gave."""
        from holdfast.kit.trace.log.engine import connected  # noqa: PLC0415 - only with events

        log = trace_log()
        with connected(log.staging) as con:
            log.views(con, manifest=self.manifest)
            yield con


def lots_to_name(criteria: Criteria) -> tuple[str, ...]:
    """The lots people have to look for: those named, and those made of them that went anywhere.

    A lot between two steps of the making is on no label and stays out.
    """
    recorded = Recorded.load()
    named = {*criteria.lots, *recorded.spellings(criteria.lots)}
    made = recorded.made_from(named).keys()
    if not made:
        return criteria.lots
    seen = recorded.received(made)
    seen |= set(Receipt.objects.filter(lot__in=made).values_list("lot", flat=True))
    # A line may write it in other letters; people find it by the one it was made as.
    lot_of = {lot.lower(): lot for lot in made}
    sold = OrderLine.objects.alias(folded=Lower("lot")).filter(folded__in=lot_of)
    seen |= {lot_of.get(lot.lower(), lot) for lot in sold.values_list("lot", flat=True).distinct()}
    return (*criteria.lots, *sorted(seen))


def _utc(at: datetime | None) -> datetime | None:
    return None if at is None else at.replace(tzinfo=UTC)
