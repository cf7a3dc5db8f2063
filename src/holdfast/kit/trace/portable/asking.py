"""One question for every engine: from affected lots to order lines, as an Ibis expression.

    lots = affected_lots(folder / "lot_graph", ["RAW-7"])     # the loop over generations, in memory
    tables = Tables.of(con)                                   # con: any Ibis connection
    answer = reach(tables, ibis.memtable({"lot": lots}))
    con.to_pyarrow(counted(answer))

It is made of equality joins with two small tables (the affected lots, and the pieces they touch),
sums and one maximum a line: what DuckDB, PostgreSQL, ClickHouse, Spark, Trino, Snowflake and
BigQuery all do well. `Tables.named()` stands for tables that are somewhere else, for `ibis.to_sql`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from holdfast.kit.trace.graph import LotGraph
from holdfast.kit.trace.portable.writing import LINE, SCHEMAS

COLUMNS = (
    "line", "order", "customer", "sku", "lot", "container", "site", "shipped_at", "quantity",
    "certainty", "probability", "rule",
)  # fmt: skip
"""The columns of an answer: those of `trace forward --csv`, without the path."""
NAMES = {3: "confirmed", 2: "probable", 1: "cannot_rule_out", 0: "excluded"}


@dataclass(frozen=True)
class Tables:
    """The five tables that are asked, as Ibis tables of one engine."""

    lot_lines: Any
    shelf_lines: Any
    pieces: Any
    stays: Any
    lot_skus: Any

    @classmethod
    def of(cls, con: Any, **names: str) -> Tables:
        """The tables of a connection; `names` where they are called otherwise there."""
        return cls(**{one.name: con.table(names.get(one.name, one.name)) for one in fields(cls)})

    @classmethod
    def named(cls) -> Tables:
        """Tables without an engine: enough to write the question as SQL."""
        import ibis  # noqa: PLC0415 - in the extra [scale], and slow to start

        kinds = {"decimal": "decimal(18, 6)", "timestamp": "timestamp(6)"}
        return cls(
            **{
                one.name: ibis.table(
                    {column: kinds.get(kind, kind) for column, kind in SCHEMAS[one.name].items()},
                    name=one.name,
                )
                for one in fields(cls)
            }
        )


def affected_lots(graph: Path, seeds: Iterable[str]) -> list[str]:
    """The seeds and every lot made from them, sorted; `graph` is the folder `lot_graph`."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    arrows = pq.read_table(graph)
    ends = [arrows[column].combine_chunks() for column in ("input_lot", "output_lot")]
    names = pc.unique(pa.concat_arrays([*ends, pa.array(sorted(set(seeds)), pa.string())]))
    into, out = (np.asarray(pc.index_in(end, names), np.int64) for end in ends)
    known = LotGraph.of(len(names), into, out)
    first = np.asarray(pc.index_in(pa.array(sorted(set(seeds)), pa.string()), names), np.int64)
    reached = known.walk(known.forth, first).lots
    found: list[str] = sorted(names.take(pa.array(reached)).to_pylist())
    return found


def reach(tables: Tables, affected: Any, *, excluded: bool = True) -> Any:
    """Every row that belongs to the answer, with the certainty of its line.

    `affected` is a table with the column `lot`, all lots that are affected, once each. A line of
    several rows is as certain as the strongest of them; its rows that are excluded stay out.
    Without `excluded` the other lines of the affected SKUs are left out and not read.
    """
    import ibis  # noqa: PLC0415

    lots = affected.select("lot").distinct()
    skus = tables.lot_skus.semi_join(lots, "lot").select("sku").distinct()
    touched = _touched(tables, lots, skus)
    named = tables.lot_lines.semi_join(lots, "lot")
    shelved = tables.shelf_lines.join(touched, "piece").mutate(lot=ibis.literal(""))
    # What a container does not clear, for something in it was unopened: the site decides.
    left = tables.shelf_lines.anti_join(touched, "piece")
    left = left.mutate(piece=ibis.ifelse(left["again"] < 0, left["piece"], left["again"]))
    beside = left.join(touched, "piece").mutate(lot=ibis.literal(""))
    parts = [_judged(named, 3, "lot_named", 1.0), _picked(shelved), _picked(beside)]
    if excluded:
        others = tables.lot_lines.semi_join(skus, "sku").anti_join(lots, "lot")
        parts.append(_judged(others, 0, "other_lot_named", 0.0))
        kinds = tables.pieces.select("piece", "kind")
        rest = left.semi_join(skus, "sku").anti_join(touched, "piece")
        rest = rest.join(kinds, "piece").mutate(lot=ibis.literal(""))
        parts.append(_judged(rest, 0, rest["kind"] + "_none", 0.0))
    rows = ibis.union(*parts)
    rows = rows.mutate(best=rows["strength"].max().over(group_by="line"))
    rows = rows.filter((rows["strength"] > 0) | (rows["best"] == 0))
    certainty = rows["best"].cases(*NAMES.items())
    return rows.mutate(certainty=certainty).select(*COLUMNS)


def counted(answer: Any) -> Any:
    """Lines, distinct known customers and quantity of each certainty, from `reach`."""
    known = answer.mutate(customer=answer["customer"].nullif(""))
    return known.group_by("certainty").aggregate(
        lines=known["line"].nunique(),
        customers=known["customer"].nunique(),
        quantity=known["quantity"].sum(),
    )


def _touched(tables: Tables, lots: Any, skus: Any) -> Any:
    """Pieces with an affected candidate, and those nothing is known of: piece -> verdict."""
    import ibis  # noqa: PLC0415

    stays = tables.stays.semi_join(lots, "lot").select(
        "first_piece", "last_piece", "counts", shelf_held="shelf", part="received"
    )
    pieces = tables.pieces
    # The shelf makes it an equality join; which of its pieces is decided among the few found.
    near = pieces.join(
        stays,
        [
            pieces["shelf"] == stays["shelf_held"],
            pieces["piece"] >= stays["first_piece"],
            pieces["piece"] < stays["last_piece"],
        ],
    )
    hit = near.group_by("piece", "kind", "lots", "received", "is_known").aggregate(
        hit=near["counts"].sum().cast("int64"), part=near["part"].sum().cast("int64")
    )
    is_whole = hit["hit"] == hit["lots"]
    by_quantity = hit["is_known"] & (hit["received"] > 0)
    is_half = ibis.ifelse(
        by_quantity,
        hit["part"] >= hit["received"] - hit["part"],
        hit["hit"] >= hit["lots"] - hit["hit"],
    )
    is_sure = is_whole & (hit["kind"] == "container")
    share = ibis.ifelse(
        by_quantity,
        hit["part"].cast("float64") / hit["received"].nullif(0).cast("float64"),
        hit["hit"].cast("float64") / hit["lots"].nullif(0).cast("float64"),
    )
    hit = hit.select(
        "piece",
        strength=ibis.cases((is_sure, 3), (is_whole | is_half, 2), else_=1).cast("int64"),
        rule=hit["kind"] + ibis.ifelse(is_whole, "_all", "_some"),
        probability=ibis.ifelse(is_whole, 1.0, share).cast("float64"),
    )
    bare = pieces.filter(pieces["is_bare"]).semi_join(skus, "sku").anti_join(hit, "piece")
    bare = bare.select(
        "piece",
        strength=ibis.literal(1, "int64"),
        rule=ibis.literal("no_record"),
        probability=ibis.null("float64"),
    )
    return hit.union(bare)


def _judged(rows: Any, strength: int, rule: Any, probability: float) -> Any:
    import ibis  # noqa: PLC0415

    return _picked(
        rows.mutate(
            strength=ibis.literal(strength, "int64"),
            rule=ibis.literal(rule) if isinstance(rule, str) else rule,
            probability=ibis.literal(probability, "float64"),
        )
    )


def _picked(rows: Any) -> Any:
    return rows.select(*LINE, "lot", "strength", "rule", "probability")
