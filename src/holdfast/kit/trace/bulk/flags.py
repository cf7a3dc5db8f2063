"""What is odd about accepted rows, counted: it is imported and said, never dropped."""

# ruff: noqa: S608 - the statements are put together from names of this code, never from data.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from holdfast.kit.trace.log import Log
from holdfast.kit.trace.log.engine import connected, file_list

if TYPE_CHECKING:
    import duckdb

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
        if "transformations" in units:
            flags["lots_made_of_themselves"] = _in_circles(con)
        for name, (table, sql) in _QUESTIONS.items():
            if table in units:
                sites = "SELECT site FROM receipts"
                if "receipts" in units:
                    sites += " UNION SELECT site FROM new_receipts"
                count = con.execute(sql.format(new=f"new_{table}", sites=sites)).fetchall()[0][0]
                flags[name] = int(count)
    return {name: count for name, count in flags.items() if count}


def _in_circles(con: duckdb.DuckDBPyConnection) -> int:
    """Lots that come after themselves or lie between two such; what has an end is peeled away.

    Each edge is looked at once from either side, so a long chain costs no more than a wide one.
    """
    import numpy as np  # noqa: PLC0415 - the command line wakes without it
    import pyarrow as pa  # noqa: PLC0415 - see above

    edges = con.sql("SELECT DISTINCT input_lot, output_lot FROM new_transformations")
    lots = edges.to_arrow_table()
    both = [*lots.column("input_lot").chunks, *lots.column("output_lot").chunks]
    if not lots.num_rows:
        return 0
    coded = pa.chunked_array(both).combine_chunks().dictionary_encode()
    numbers, half = np.asarray(coded.indices), lots.num_rows
    ends = numbers[:half], numbers[half:]
    kept = np.ones(len(coded.dictionary), bool)
    for before, after in (ends, ends[::-1]):
        kept &= _not_peeled(before, after, len(kept))
    return int(kept.sum())


def _not_peeled(before: Any, after: Any, size: int) -> Any:
    """Which lots stay when those that nothing leads to are taken away, again and again."""
    import numpy as np  # noqa: PLC0415 - see above

    order = np.argsort(before, kind="stable")
    starts = np.searchsorted(before[order], np.arange(size + 1)).tolist()
    targets = after[order].tolist()
    leading = np.bincount(after, minlength=size).tolist()
    free = [lot for lot, count in enumerate(leading) if not count]
    kept = np.ones(size, bool)
    kept[free] = False
    while free:
        lot = free.pop()
        for target in targets[starts[lot] : starts[lot + 1]]:
            leading[target] -= 1
            if not leading[target]:
                kept[target] = False
                free.append(target)
    return kept


_QUESTIONS: dict[str, tuple[str, str]] = {
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
        "AND 1 PRECEDING) AS until FROM {new} WHERE unpacked_at IS NULL OR "
        "unpacked_at > packed_at) WHERE packed_at < until",
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
    "customers_that_look_like_addresses": (
        "order_lines",
        "SELECT count(*) FROM {new} WHERE customer LIKE '%@%'",
    ),
    "lots_with_a_million_lines": (
        "order_lines",
        f"SELECT count(*) FROM (SELECT lot FROM {{new}} WHERE lot <> '' GROUP BY lot "
        f"HAVING count(*) >= {MANY})",
    ),
}
