"""Mass balance of a lot: what was made, and where each part of it is said to be.

made = used + on hand + shipped + returned + destroyed + unknown, always: `unknown` is the rest. It
is a finding, not an error: positive, goods are unaccounted for; negative, more went out than ever
came in, so that some record is wrong. Where nobody wrote down how much was made there is no rest
to name, and `unknown` is None.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

NOTHING = Decimal(0)
WHOLE = Decimal("0.000001")
LOTS_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Balance:
    """One lot in units, as recorded. `gaps` say which records are missing or contradict others."""

    lot: str
    made: Decimal | None
    used: Decimal = NOTHING
    on_hand: Decimal = NOTHING
    shipped: Decimal = NOTHING
    returned: Decimal = NOTHING
    destroyed: Decimal = NOTHING
    gaps: tuple[str, ...] = ()

    @property
    def accounted(self) -> Decimal:
        """What the records say where it is."""
        return self.used + self.on_hand + self.shipped + self.returned + self.destroyed

    @property
    def unknown(self) -> Decimal | None:
        """The rest, signed; None where nobody knows how much there was."""
        return None if self.made is None else self.made - self.accounted


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What other records than the trace say of a lot: counted stock, and what became of units."""

    on_hand: Decimal = NOTHING
    destroyed: Decimal = NOTHING
    returned_by_owners: Decimal = NOTHING
    destroyed_by_owners: Decimal = NOTHING


@dataclass(slots=True)
class _Tally:
    made: Decimal = NOTHING
    origins: int = 0
    used: Decimal = NOTHING
    sold: Decimal = NOTHING
    returned: Decimal = NOTHING
    gaps: set[str] = field(default_factory=set)


def balances(
    con: duckdb.DuckDBPyConnection,
    lots: Sequence[str],
    *,
    elsewhere: Mapping[str, Elsewhere] | None = None,
) -> list[Balance]:
    """The balance of each lot, from a connection that has the views of the log.

    A lot is made where it was received first: at sites that no shipment of it, or of a container
    while the lot was in it, led to. What is used are the quantities that transformations took in.
    Only order lines that name the lot count as shipped; a negative one came back.
    """
    found: list[Balance] = []
    for start in range(0, len(lots), LOTS_AT_ONCE):
        found += _some(con, lots[start : start + LOTS_AT_ONCE], elsewhere or {})
    return found


def _some(
    con: duckdb.DuckDBPyConnection,
    lots: Sequence[str],
    elsewhere: Mapping[str, Elsewhere],
) -> list[Balance]:
    asked = list(dict.fromkeys(lots))
    tallies: dict[str, _Tally] = defaultdict(_Tally)
    led_to = _destinations(con, asked)
    for lot, site, quantity in con.execute(
        "SELECT lot, site, quantity FROM receipts WHERE lot IN (SELECT unnest($1))", [asked]
    ).fetchall():
        tally = tallies[lot]
        if (lot, site) in led_to:
            continue
        tally.origins += 1
        if quantity is None:
            tally.gaps.add("receipt_without_quantity")
        else:
            tally.made += quantity
    for lot, quantity, unsaid in con.execute(
        """SELECT input_lot, sum(quantity), count(*) - count(quantity) FROM transformations
        WHERE input_lot IN (SELECT unnest($1)) GROUP BY input_lot""",
        [asked],
    ).fetchall():
        tallies[lot].used += quantity or NOTHING
        if unsaid:
            tallies[lot].gaps.add("transformation_without_quantity")
    for lot, sold, back, unsaid in con.execute(
        """SELECT lot, sum(quantity) FILTER (quantity > 0), -sum(quantity) FILTER (quantity < 0),
            count(*) - count(quantity)
        FROM order_lines WHERE lot IN (SELECT unnest($1)) GROUP BY lot""",
        [asked],
    ).fetchall():
        tallies[lot].sold += sold or NOTHING
        tallies[lot].returned += back or NOTHING
        if unsaid:
            tallies[lot].gaps.add("line_without_quantity")
    return [_balance(lot, tallies[lot], elsewhere.get(lot, Elsewhere())) for lot in asked]


def _balance(lot: str, tally: _Tally, elsewhere: Elsewhere) -> Balance:
    gaps = set(tally.gaps)
    if not tally.origins:
        gaps.add("no_receipt")
    is_known = tally.origins > 0 and "receipt_without_quantity" not in gaps
    returned = tally.returned + elsewhere.returned_by_owners
    gone = returned + elsewhere.destroyed_by_owners
    if gone > tally.sold:
        gaps.add("more_came_back_than_shipped")
    # What came back is with us again: it is shipped no more, unless it never was by the record.
    balance = Balance(
        lot,
        tally.made.quantize(WHOLE) if is_known else None,
        used=tally.used.quantize(WHOLE),
        on_hand=elsewhere.on_hand.quantize(WHOLE),
        shipped=(tally.sold - gone).quantize(WHOLE),
        returned=returned.quantize(WHOLE),
        destroyed=(elsewhere.destroyed + elsewhere.destroyed_by_owners).quantize(WHOLE),
    )
    if balance.unknown is not None and balance.unknown < 0:
        gaps.add("more_went_than_came")
    return Balance(
        balance.lot,
        balance.made,
        balance.used,
        balance.on_hand,
        balance.shipped,
        balance.returned,
        balance.destroyed,
        tuple(sorted(gaps)),
    )


def _destinations(con: duckdb.DuckDBPyConnection, lots: Sequence[str]) -> set[tuple[str, str]]:
    """(lot, site) that a shipment led to, of the lot itself or of what it lay in, at any depth."""
    rows = con.execute(
        """
        WITH RECURSIVE inside(lot, unit, since, until) AS (
            SELECT l, l, TIMESTAMP '-infinity', TIMESTAMP 'infinity'
            FROM unnest($1::VARCHAR[]) t(l)
            UNION
            SELECT inside.lot, p.container,
                greatest(inside.since, coalesce(p.packed_at, '-infinity')),
                least(inside.until, coalesce(p.unpacked_at, 'infinity'))
            FROM inside JOIN packings p ON p.child = inside.unit
            WHERE greatest(inside.since, coalesce(p.packed_at, '-infinity'))
                < least(inside.until, coalesce(p.unpacked_at, 'infinity'))
        )
        SELECT DISTINCT inside.lot, s.to_site FROM inside JOIN shipments s ON s.unit = inside.unit
        WHERE s.to_site <> '' AND s.to_site <> s.from_site AND (s.shipped_at IS NULL
            OR (s.shipped_at >= inside.since AND s.shipped_at < inside.until))
        """,
        [list(lots)],
    ).fetchall()
    return {(lot, site) for lot, site in rows}


def total(parts: Iterable[Balance]) -> Balance:
    """The sum over some lots; what was made is known only where it is known of each."""
    held = list(parts)
    known = [one.made for one in held if one.made is not None]
    return Balance(
        "",
        sum(known, NOTHING) if len(known) == len(held) else None,
        sum((one.used for one in held), NOTHING),
        sum((one.on_hand for one in held), NOTHING),
        sum((one.shipped for one in held), NOTHING),
        sum((one.returned for one in held), NOTHING),
        sum((one.destroyed for one in held), NOTHING),
        tuple(sorted({gap for one in held for gap in one.gaps})),
    )
