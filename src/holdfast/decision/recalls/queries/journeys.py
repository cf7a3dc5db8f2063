"""Where the units of a scope version came from and went: streams for the layered map.

Lot, site, channel and country were counted when the version was worked out, or are by one GROUP BY
over its lines; what the trace events say of the making and shipping of these lots is joined to it.
Where nothing is recorded the spot is empty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from django.db import connection
from django.db.models import Q, Sum

from holdfast.decision.recalls.models import ScopeJourney, ScopeLine, ScopeVersion
from holdfast.decision.recalls.queries.recorded import Recorded
from holdfast.decision.recalls.queries.rows import LINES, units_of
from holdfast.decision.recalls.queries.upstream import Making, Upstream, upstream_of
from holdfast.kit.trace.criteria import Criteria
from holdfast.kit.trace.map import Spot, Stream
from holdfast.supply.catalog.models import Product
from holdfast.supply.catalog.rules import code_key
from holdfast.supply.traceability.models import Receipt, StockOnHand
from holdfast.supply.traceability.queries import trace_log

KEPT = 8
NAMED = 3
"""Lots that one spot names; of more it says how many."""

SCOPE = ScopeLine._meta.db_table
# Thousandths as whole numbers: SQLite keeps fractions as floats, which no sum may see.
UNITS = "CAST(ROUND(s.units * 1000) AS BIGINT)"

HELD = "held"
LAYERS = ("supplied", "made", "lot", "shipped", "channel", "market")
"""The layers of the map, by the kind of their spots; `made` is left out where nothing was made."""


def journeys_of(version: ScopeVersion) -> tuple[Stream, ...]:
    """Every unit in scope and in stock, from the supplier's lot to the country it went to.

    A unit holds all the lots it was made of, so they stand in one spot and are not divided.
    """
    return _journeys(version.pk, version.digest, trace_log().manifest().generation)


@lru_cache(maxsize=KEPT)
def _journeys(version: int, _digest: str, _generation: int) -> tuple[Stream, ...]:
    found = ScopeVersion.objects.get(pk=version)
    criteria = Criteria.from_json(found.criteria)
    lines, stock = _lines(version), _stock(criteria)
    lots = _Lots.of(criteria, [*lines, *stock])
    joined: dict[tuple[tuple[Spot, ...], str], Decimal] = defaultdict(Decimal)
    for one in lines:
        path = (*lots.way(one), Spot("channel", one.channel), Spot("market", one.market))
        joined[path, one.certainty] += one.units
    for held in stock:
        joined[(*lots.way(held), Spot(HELD, held.site)), HELD] += held.units
    if all(path[1].name == "" for path, _ in joined):
        joined = {((path[0], *path[2:]), kind): n for (path, kind), n in joined.items()}
    return tuple(Stream(path, kind, units) for (path, kind), units in joined.items() if units > 0)


@dataclass(frozen=True, slots=True)
class _Line:
    """Units of one certainty that share a way; for stock, of one lot at one site."""

    lot: str
    site: str
    container: str
    channel: str
    market: str
    product: int
    certainty: str
    units: Decimal


def _lines(version: int) -> list[_Line]:
    """The ways a version's units took: as kept with it, else from its lines."""
    kept = ScopeJourney.objects.filter(version=version).values_list(
        "lot", "site", "container", "channel", "market", "product_id", "certainty", "units"
    )
    return [
        _Line(lot, site, box, channel, market, product, certainty, units_of(int(units * 1000)))
        for lot, site, box, channel, market, product, certainty, units in (
            kept.order_by("pk").iterator()
        )
    ] or _from_lines(version)


def _from_lines(version: int) -> list[_Line]:
    # A container only tells where no site does: in most shops each parcel has one of its own.
    sql = f"""
    SELECT o.lot, o.site, CASE WHEN o.site = '' THEN o.container ELSE '' END, o.channel, o.market,
        o.product_id, s.certainty, SUM({UNITS})
    FROM {SCOPE} s JOIN {LINES} o ON o.id = s.line_id WHERE s.version_id = %s AND s.units > 0
    GROUP BY 1, 2, 3, 4, 5, 6, 7
    """  # noqa: S608 (names of this code)
    with connection.cursor() as cursor:
        cursor.execute(sql, [version])
        return [
            _Line(lot, site, box, channel, market, product, certainty, units_of(int(thousandths)))
            for lot, site, box, channel, market, product, certainty, thousandths in (
                cursor.fetchall()
            )
        ]


def _stock(criteria: Criteria) -> list[_Line]:
    """Stock on hand of the lots, else of the products, that are asked for."""
    rows = StockOnHand.objects.filter(quantity__gt=0)
    if criteria.lots:
        rows = rows.filter(lot__in=criteria.lots)
    elif criteria.products and not criteria.by_lot:
        rows = rows.filter(product__code_key__in=[code_key(word) for word in criteria.products])
    else:
        return []
    counted = rows.order_by().values_list("lot", "site", "product_id").annotate(Sum("quantity"))
    return [
        _Line(lot, site, "", "", "", product, HELD, units) for lot, site, product, units in counted
    ]


@dataclass(frozen=True, slots=True)
class _Lots:
    """What is known of the lots of a scope: their making, suppliers, shipments and shelves."""

    upstream: Upstream
    named: frozenset[str]
    suppliers: dict[str, tuple[str, ...]]
    by_shelf: dict[tuple[int, str], tuple[str, ...]] = field(default_factory=dict)
    by_product: dict[int, tuple[str, ...]] = field(default_factory=dict)
    ways: dict[tuple[str, int, str, str], tuple[Spot, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, criteria: Criteria, seen: Iterable[_Line]) -> _Lots:
        units: dict[str, Decimal] = defaultdict(Decimal)
        for one in seen:
            if one.lot:
                units[one.lot] += one.units
        named = _asked_for(criteria)
        asked = _with_what_was_made(named, units)
        upstream = upstream_of(asked)
        shelves = _shelves(asked if criteria.by_lot else [], upstream)
        by_product: dict[int, set[str]] = defaultdict(set)
        by_shelf: dict[tuple[int, str], set[str]] = defaultdict(set)
        for lot, product, site in shelves:
            by_product[product].add(lot)
            by_shelf[product, site].add(lot)
        return cls(
            upstream,
            named,
            _suppliers(asked, upstream),
            {shelf: tuple(sorted(lots)) for shelf, lots in by_shelf.items()},
            {product: tuple(sorted(lots)) for product, lots in by_product.items()},
        )

    def way(self, one: _Line) -> tuple[Spot, ...]:
        """From the supplier to the site; looked up once for all that share lot and shelf."""
        key = (one.lot, one.product, one.site, one.container)
        if key not in self.ways:
            possible = (one.lot,) if one.lot else self.at(one.product, one.site)
            self.ways[key] = (
                *self.origin(possible),
                Spot("lot", _names(possible)),
                self.shipped(possible, one.site, one.container),
            )
        return self.ways[key]

    def at(self, product: int, site: str) -> tuple[str, ...]:
        """The affected lots a unit without a lot may be of: of its shelf, else of its product."""
        here = {*self.by_shelf.get((product, site), ()), *self.by_shelf.get((product, ""), ())}
        return tuple(sorted(here)) or self.by_product.get(product, ())

    def origin(self, lots: Sequence[str]) -> tuple[Spot, Spot]:
        """Supplier's lot, and process."""
        if not lots:
            return Spot("supplied", ""), Spot("made", "")
        made = [self.upstream.made[lot] for lot in lots if lot in self.upstream.made]
        if not made:
            return Spot("supplied", _names(self._firms(lots))), Spot("made", "")
        return Spot("supplied", self._first(made)), Spot("made", _process(made))

    def _first(self, made: Sequence[Making]) -> str:
        """The lots asked for that went in, which are why this is in scope; else the first ones."""
        cause = {lot for one in made for lot in one.went_in & self.named}
        first = sorted(cause or {lot for one in made for lot in one.first_lots})
        firms = _names(self._firms(first))
        return f"{_names(first)} · {firms}" if firms else _names(first)

    def _firms(self, lots: Sequence[str]) -> list[str]:
        return sorted({firm for lot in lots for firm in self.suppliers.get(lot, ())})

    def shipped(self, lots: Sequence[str], site: str, container: str) -> Spot:
        """The last leg to the site it left from; else the site, else the container."""
        starts = sorted({s for lot in lots for s in self.upstream.legs.get((lot, site), ()) if s})
        if site and starts:
            return Spot("shipped", f"{_names(starts)} → {site}")
        return Spot("shipped", site or container)


def affected_lots_of(version: ScopeVersion) -> list[str]:
    """The lots a version is about, those with the most units that name them first.

    Lots asked for, what was made of them, and, where a scope asks for a product, the lots its
    lines name.
    """
    criteria = Criteria.from_json(version.criteria)
    rows = (
        ScopeLine.objects.filter(version=version, units__gt=0)
        .exclude(line__lot="")
        .order_by()
        .values_list("line__lot")
        .annotate(n=Sum("units"))
    )
    return _with_what_was_made(_asked_for(criteria), dict(rows))


def _with_what_was_made(named: frozenset[str], units: Mapping[str, Decimal]) -> list[str]:
    went_into = Recorded.load().made_from(named).keys() if named else frozenset[str]()
    every = units.keys() | named | went_into
    return sorted(every, key=lambda lot: (-units.get(lot, Decimal(0)), lot))


def _asked_for(criteria: Criteria) -> frozenset[str]:
    """The lots a scope names, or those of the suppliers it names, as they are spelled here."""
    if not criteria.by_lot:
        return frozenset()
    wanted = Q(pk=None)
    for word in criteria.lots:
        wanted |= Q(lot__iexact=word)
    for word in criteria.suppliers:
        wanted |= Q(supplier__code__iexact=word) | Q(supplier__name__iexact=word)
    found = set(Receipt.objects.filter(wanted).values_list("lot", flat=True))
    return frozenset({*criteria.lots, *found, *Recorded.load().spellings(criteria.lots)})


def _names(names: Sequence[str]) -> str:
    """Some names as one spot, of many the first and how many more."""
    shown = names if len(names) <= NAMED else names[: NAMED - 1]
    rest = len(names) - len(shown)
    return " / ".join(shown) + (f" +{rest}" if rest else "")


def _process(made: Sequence[Making]) -> str:
    """`2026-02-03/2026-02-05/4`: first and last day of the last step, and lots that went in."""
    days = sorted(
        day.isoformat() for one in made for day in (one.began_on, one.ended_on) if day is not None
    )
    inputs = len({lot for one in made for lot in one.went_in})
    return f"{days[0] if days else ''}/{days[-1] if days else ''}/{inputs}"


def _shelves(lots: Sequence[str], upstream: Upstream) -> list[tuple[str, int, str]]:
    """lot, product, site wherever a receipt says that one of these lots lay."""
    wanted = set(lots)
    found: set[tuple[str, int, str]] = set()
    for start in range(0, len(lots), 500):
        rows = Receipt.objects.filter(lot__in=lots[start : start + 500])
        found.update(rows.values_list("lot", "product_id", "site"))
    keys = {code_key(sku) for _, sku, _ in upstream.stays}
    ids = dict(Product.objects.filter(code_key__in=keys).values_list("code_key", "pk"))
    for lot, sku, site in upstream.stays:
        product = ids.get(code_key(sku))
        if product is not None and lot in wanted:
            found.add((lot, product, site))
    return sorted(found)


def _suppliers(lots: Sequence[str], upstream: Upstream) -> dict[str, tuple[str, ...]]:
    """Names of the firms each lot, or what it was made of, was received from."""
    first = {lot for made in upstream.made.values() for lot in (*made.first_lots, *made.went_in)}
    every = sorted({*lots, *first})
    found: dict[str, set[str]] = defaultdict(set)
    for lot, firms in upstream.suppliers.items():
        found[lot].update(firms)
    for start in range(0, len(every), 500):
        rows = Receipt.objects.filter(
            ~Q(supplier=None), lot__in=every[start : start + 500]
        ).values_list("lot", "supplier__code", "supplier__name")
        for lot, code, name in rows.distinct():
            # The same firm stands under its code in the events and by its name in the shop.
            found[lot].discard(code)
            found[lot].add(name or code)
    return {lot: tuple(sorted(firms)) for lot, firms in found.items()}
