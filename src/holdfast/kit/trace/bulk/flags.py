"""What is odd about accepted rows, counted: it is imported and said, never dropped."""

# ruff: noqa: S608 - the statements are put together from names of this code, never from data.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from holdfast.kit.trace.log import Log
from holdfast.kit.trace.log.engine import connected, file_list

MANY = 1_000_000


def count_flags(log: Log, units: Mapping[str, Sequence[Path]]) -> dict[str, int]:
    """Counts over the files read now; only what is not zero."""
    spill = log.staging / "flags"
    spill.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags: dict[str, int] = {}
    with connected(spill) as con:
        log.views(con)
        for name, paths in units.items():
            con.execute(f"CREATE VIEW new_{name} AS SELECT * FROM read_parquet({file_list(paths)})")
        for name, (table, sql) in _QUESTIONS.items():
            if table in units:
                sites = "SELECT site FROM receipts"
                if "receipts" in units:
                    sites += " UNION SELECT site FROM new_receipts"
                count = con.execute(sql.format(new=f"new_{table}", sites=sites)).fetchall()[0][0]
                if count:
                    flags[name] = int(count)
    return flags


_QUESTIONS: dict[str, tuple[str, str]] = {
    "lots_made_of_themselves": (
        "transformations",
        "SELECT count(*) FROM {new} WHERE input_lot = output_lot",
    ),
    "used_before_made": (
        "transformations",
        'SELECT count(*) FROM {new} JOIN (SELECT output_lot AS lot, min("at") AS made FROM {new} '
        'GROUP BY 1) ON input_lot = lot WHERE "at" < made',
    ),
    "packed_in_themselves": (
        "packings",
        "SELECT count(*) FROM {new} WHERE container = child",
    ),
    "packed_twice_at_once": (
        "packings",
        "SELECT count(*) FROM (SELECT packed_at, max(coalesce(unpacked_at, 'infinity')) OVER "
        "(PARTITION BY child ORDER BY packed_at, unpacked_at ROWS BETWEEN UNBOUNDED PRECEDING "
        "AND 1 PRECEDING) AS until FROM {new}) WHERE packed_at < until",
    ),
    "received_before_shipped": (
        "shipments",
        "SELECT count(*) FROM {new} WHERE received_at < shipped_at",
    ),
    "used_up_before_received": (
        "receipts",
        "SELECT count(*) FROM {new} WHERE depleted_at < received_at",
    ),
    "lines_at_unknown_sites": (
        "order_lines",
        "SELECT count(*) FROM {new} WHERE site <> '' AND site NOT IN ({sites})",
    ),
    "lines_without_customer": (
        "order_lines",
        "SELECT count(*) FROM {new} WHERE customer = ''",
    ),
    "lines_without_time": (
        "order_lines",
        "SELECT count(*) FROM {new} WHERE shipped_at IS NULL",
    ),
    "returns": (
        "order_lines",
        "SELECT count(*) FROM {new} WHERE quantity < 0",
    ),
    "lots_with_a_million_lines": (
        "order_lines",
        f"SELECT count(*) FROM (SELECT lot FROM {{new}} WHERE lot <> '' GROUP BY lot "
        f"HAVING count(*) >= {MANY})",
    ),
}
