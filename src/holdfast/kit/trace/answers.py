"""A trace as the JSON object of the contract, with its certificate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from holdfast.kit.trace.backward import Origins
from holdfast.kit.trace.engine import Trace
from holdfast.kit.trace.keys import Key
from holdfast.kit.trace.reach import Reach, numbers
from holdfast.kit.trace.unfollowed import not_followed

if TYPE_CHECKING:
    import duckdb

Connected = Callable[[], AbstractContextManager["duckdb.DuckDBPyConnection"]]
"""A connection with the five views over the same state of the log, for the second witness."""

NO_LOT: dict[str, object] = {
    "code": "no_lot_known",
    "count": 0,
    "words": "lots of this key are known, so there was nothing to follow; that clears no order "
    "line: bring in receipts, or ask with a scope, which looks at the order lines themselves",
}
LISTED = 10_000
"""Lots that are listed by name; more are counted, and the table of rows has them all."""


def forward_answer(key: Key, reach: Reach, *, milliseconds: float) -> dict[str, Any]:
    """What a forward trace reached; the certificate is put in by `certify`."""
    whole = numbers(reach.in_scope)
    nothing = [] if len(reach.lots) else [NO_LOT]
    return {
        "key": str(key),
        "lots": len(reach.lots),
        "logistic_units": reach.logistic_units,
        "sessions": reach.sessions,
        **whole,
        "by_certainty": {str(one): numbers(n) for one, n in reach.by_certainty.items()},
        "milliseconds": round(milliseconds, 3),
        "flags": [*reach.flags, *nothing, *not_followed(key, reach)],
        "lot_names": reach.lot_names()[:LISTED],
    }


def certify(
    trace: Trace,
    reach: Reach,
    *,
    at: datetime | None,
    connected: Connected | None,
) -> dict[str, Any]:
    """Both digests, and whether an independent search over the raw rows gives the same.

    Without a connection nobody was asked: `reference` and `agrees` are null.
    """
    meta: Mapping[str, Any] = trace.published.meta
    mine = {"confirmed_sha256": reach.confirmed_sha256, "open_sha256": reach.open_sha256}
    theirs = None
    if connected is not None:
        from holdfast.kit.trace.reference_sql import reference_reach  # noqa: PLC0415

        with connected() as con:
            found = reference_reach(con, reach.seed_names(), at=at, count_excluded=False)
        theirs = {"confirmed_sha256": found.confirmed_sha256, "open_sha256": found.open_sha256}
    return {
        "input_digest": meta.get("input_digest"),
        "events": meta.get("events"),
        **mine,
        "engine": mine,
        "reference": theirs,
        "agrees": None if theirs is None else theirs == mine,
    }


def back_answer(key: Key, found: Origins, *, milliseconds: float) -> dict[str, Any]:
    """The lots behind a key, nearest first, with sites and suppliers."""
    flags = []
    if found.unexplained:
        words = "rows of which no lot, container or receipt says where they came from"
        flags.append({"code": "no_record", "count": found.unexplained, "words": words})
    return {
        "key": str(key),
        "lots": len(found.origins),
        "candidates": found.candidates,
        "sites": sorted({site for one in found.origins for site in one.sites}),
        "suppliers": sorted({firm for one in found.origins for firm in one.suppliers}),
        "origins": [
            {
                "lot": one.lot,
                "certainty": str(one.certainty),
                "generations": one.generations,
                "path": one.path,
                "sites": list(one.sites),
                "suppliers": list(one.suppliers),
            }
            for one in found.origins[:LISTED]
        ],
        "milliseconds": round(milliseconds, 3),
        "flags": flags,
    }
