"""Small worlds in which everything that can go wrong does: for engine = reference.

Few names and few instants, so that circles, re-use, double packing, missing records, equal
timestamps at interval ends and lines of several rows are the rule and not the exception.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from holdfast.kit.trace.reference import START, Rows
from holdfast.kit.trace.tables import TABLES

BEGIN = datetime(2026, 3, 1)
LOTS = ("A", "B", "C", "D", "É", "lot 6")
CONTAINERS = ("P", "Q", "tote", "case")
CRATES = ("crate", "(8003)04012345000016")
"""Packed, and now and then packed into, but named as a lot by nobody."""
BOTH = "both"
"""An id used for a lot and for a container."""
SKUS = ("JAM", "HONEY", "TEA")
SITES = ("W1", "W1", "W1", "W2")
CUSTOMERS = ("c1", "c2", "c3", "")

NOWHERE = {"site": "", "received_at": None, "depleted_at": None}
"""A receipt that tells a lot's product, and neither where nor when it lay."""

hours = st.integers(0, 6)
quantities = st.sampled_from(
    [Decimal(0), Decimal(1), Decimal(2), Decimal("2.5"), Decimal("0.000001"), Decimal(7), None]
)


def hour(number: int | None) -> datetime | None:
    """An instant of the world, as stored."""
    return None if number is None else BEGIN + timedelta(hours=number)


def sometimes(usual: st.SearchStrategy[Any], otherwise: Any, times: int = 4) -> Any:
    """The usual, and once in a while something else."""
    return st.one_of(*[usual] * times, st.just(otherwise))


lots = sometimes(st.sampled_from(LOTS), BOTH, 6)
containers = sometimes(st.sampled_from(CONTAINERS), BOTH, 6)
sites = sometimes(st.sampled_from(SITES), "", 8)


@st.composite
def intervals(draw: st.DrawFn, start: str, end: str) -> dict[str, datetime | None]:
    """From and to: open, empty (from = to), or ordinary."""
    begin = draw(sometimes(hours, None, 8))
    length = draw(sometimes(st.integers(0, 7), None))
    over = None if length is None else (begin or 0) + length
    return {start: hour(begin), end: hour(over)}


@st.composite
def transformations(draw: st.DrawFn) -> dict[str, object]:
    return {
        "input_lot": draw(lots),
        "output_lot": draw(lots),
        "at": hour(draw(sometimes(hours, None, 8))),
        "quantity": draw(quantities),
        "unit": draw(st.sampled_from(["", "kg"])),
    }


@st.composite
def packings(draw: st.DrawFn) -> dict[str, object]:
    child = draw(st.one_of(lots, lots, containers, st.sampled_from(CRATES)))
    stay = draw(intervals("packed_at", "unpacked_at"))
    return {"container": draw(sometimes(containers, CRATES[0], 8)), "child": child, **stay}


@st.composite
def shipments(draw: st.DrawFn) -> dict[str, object]:
    journey = draw(intervals("shipped_at", "received_at"))
    return {
        "unit": draw(st.one_of(containers, lots)),
        "from_site": draw(sites),
        "to_site": draw(sites),
        **journey,
    }


@st.composite
def windows(draw: st.DrawFn) -> dict[str, object]:
    return {"site": draw(sites), **draw(intervals("received_at", "depleted_at"))}


@st.composite
def receipts(draw: st.DrawFn) -> dict[str, object]:
    return {
        "lot": draw(lots),
        "sku": draw(st.sampled_from(SKUS[:2])),
        **draw(st.one_of(*[windows()] * 3, st.just(NOWHERE))),
        "quantity": draw(quantities),
        "supplier": draw(st.sampled_from(["", "S-1", "S-2"])),
    }


@st.composite
def order_lines(draw: st.DrawFn) -> dict[str, object]:
    number = draw(st.integers(1, 12))
    return {
        "line": f"L{number}",
        "order": f"O{number // 2}",
        "customer": draw(st.sampled_from(CUSTOMERS)),
        "sku": draw(st.sampled_from(SKUS)),
        "lot": draw(st.one_of(st.just(""), st.just(""), st.just(""), lots)),
        "container": draw(st.one_of(st.just(""), containers)),
        "site": draw(sites),
        "shipped_at": hour(draw(sometimes(hours, None, 8))),
        "quantity": draw(st.one_of(quantities, st.just(Decimal(-2)))),
    }


@st.composite
def worlds(draw: st.DrawFn) -> Rows:
    """The five tables of one small world; most have something of everything."""
    fewest = draw(st.sampled_from([4, 4, 4, 0]))
    return Rows(
        transformations=draw(st.lists(transformations(), max_size=8)),
        packings=draw(st.lists(packings(), min_size=fewest, max_size=12)),
        shipments=draw(st.lists(shipments(), max_size=3)),
        receipts=draw(st.lists(receipts(), min_size=fewest, max_size=9)),
        order_lines=draw(st.lists(order_lines(), min_size=fewest, max_size=16)),
    )


@dataclass(frozen=True)
class Asked:
    """A world, the lots asked for, and up to when."""

    rows: Rows
    lots: tuple[str, ...]
    at: datetime | None = None


@st.composite
def questions(draw: st.DrawFn) -> Asked:
    """A world and a question about lots that it names."""
    rows = draw(worlds())
    named = sorted(known_lots(rows))
    assume(named)
    asked = draw(st.lists(st.sampled_from(named), min_size=1, max_size=3, unique=True))
    return Asked(rows, tuple(asked), hour(draw(sometimes(st.none(), 5, 3))))


def known_lots(rows: Rows) -> set[str]:
    """Every lot that some row names as a lot."""
    named = [str(row["lot"]) for row in (*rows.receipts, *rows.order_lines)]
    named += [str(r[end]) for r in rows.transformations for end in ("input_lot", "output_lot")]
    return set(named) - {""}


def arrow_tables(rows: Rows) -> dict[str, Any]:
    """The five tables as the log stores them."""
    import pyarrow as pa

    from holdfast.kit.trace.tables import arrow_schema

    return {
        name: pa.Table.from_pylist(
            [dict(row) for row in getattr(rows, name)], schema=arrow_schema(TABLES[name])
        )
        for name in START
    }
