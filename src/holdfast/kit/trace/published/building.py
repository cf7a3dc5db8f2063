"""Building a generation: from the log's five tables to arrays that answer by ranges."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from holdfast.kit.trace.graph import LotGraph
from holdfast.kit.trace.published import layout, naming, shelves
from holdfast.kit.trace.published.lookup import buckets, hashes, narrow, twins
from holdfast.kit.trace.published.nesting import AT_ONCE, Carried, Stays, carry
from holdfast.kit.trace.published.shelves import UNKNOWN, Pieces, Spans, Stay
from holdfast.kit.trace.published.texts import PIECE, Texts, write_texts
from holdfast.kit.trace.ranges import Ints, joined, lower_bound, offsets, spread
from holdfast.kit.trace.values import BEGINNING, END

if TYPE_CHECKING:
    import duckdb

Table = Mapping[str, Ints]
NEVER_SHIPPED = BEGINNING - 1


class Shelved(NamedTuple):
    """One section of rows that name no lot: `rows` in order, cut into shelves and pieces."""

    rows: Ints
    sku: Ints
    place: Ints
    shelf_row: Ints
    pieces: Pieces
    spans: Spans


def build(
    con: duckdb.DuckDBPyConnection, folder: Path, facts: Mapping[str, object] | None = None
) -> None:
    """Write a whole generation into an empty folder, from a connection that has the five views.

    `facts` goes into `meta.json` (input digest, generation). The connection gets tables of its
    own; give it a database of its own. Nothing here is random and nothing asks the time.
    """
    naming.number_everything(con)
    for kind in naming.KINDS:
        write_texts(folder / f"{kind}.arrow", _strings(con, f"SELECT name FROM {kind}"))  # noqa: S608
    count = {kind: _count(con, kind) for kind in naming.KINDS}
    put = _Writer(folder)
    made = _fetch(con, naming.MADE)
    early = _write_graph(put, count["lots"], made)
    receipts = _fetch(con, naming.RECEIPTS)
    skus = _write_receipts(put, count, receipts)
    packed = _fetch(con, naming.STAYS)
    stays = Stays(*(packed[name] for name in ("container", "lot", "child", "start", "until")))
    carried = _write_stays(put, count, stays)
    lines = _read_lines(con, folder)
    named = _in_order(con, lines, np.flatnonzero(lines["lot"] >= 0), "lot")
    boxed, left = _boxed(con, lines, carried, skus, count)
    sited = _sited(con, lines, left, receipts, count)
    order = np.concatenate([named, boxed.rows, sited.rows])
    _write_named(put, lines, named, count)
    _write_shelves(put, boxed, sited, len(named), count)
    _write_rows(put, lines, order)
    _write_texts_of_rows(put, folder, order)
    _write_oddities(put, lines, order, named, left, carried, count)
    late = _kinds_learnt_late(lines, stays, receipts, made, count)
    _write_unsettled(put, late, _skus_learnt_late(lines, carried, skus, count))
    meta = {
        "format": layout.FORMAT,
        **(facts or {}),
        "rows": len(order),
        "counts": count,
        "arrays": put.made,
        "bytes": {path.stem: path.stat().st_size for path in sorted(folder.glob("*.arrow"))},
        "flags": {
            "output_before_input": early,
            "unknown_site": _unknown_sites(con, lines, receipts, count),
            "packed_twice_at_once": _packed_twice(stays),
        },
    }
    (folder / "meta.json").write_text(json.dumps(meta, indent=1), encoding="utf-8")


class _Writer:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: dict[str, tuple[str, int]] = {}

    def __call__(self, **arrays: Ints) -> None:
        for name, values in arrays.items():
            self.made[name] = layout.save_array(self.folder, name, values)


class Skus(NamedTuple):
    """Which SKUs each lot was received as: sorted pairs, and whether a lot has any at all."""

    lot: Ints
    sku: Ints
    since: Ints
    width: int

    def fits(self, lot: Ints, sku: Ints, has_any: Ints) -> Ints:
        """Is it a lot of that SKU, or of unknown SKU?"""
        key = self.lot.astype(np.int64) * self.width + self.sku
        wanted = lot.astype(np.int64) * self.width + sku
        place = np.searchsorted(key, wanted)
        found = np.zeros(len(wanted), bool)
        inside = place < len(key)
        found[inside] = key[place[inside]] == wanted[inside]
        return found | ~has_any[lot]


def _fetch(con: duckdb.DuckDBPyConnection, sql: str) -> Table:
    return {name: np.ma.getdata(values) for name, values in con.execute(sql).fetchnumpy().items()}


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])  # noqa: S608


def _strings(con: duckdb.DuckDBPyConnection, sql: str, column: int = 0) -> Iterator[Any]:
    for batch in con.sql(sql).to_arrow_reader(1 << 18):
        yield batch.column(column)


def _write_graph(put: _Writer, lots: int, made: Table) -> int:
    graph = LotGraph.of(lots, made["input"], made["output"], made["at"])
    forth, back = graph.forth, graph.back
    # A lot that went into something before anything went into it: its data says so, we say so.
    born = np.full(lots, BEGINNING, np.int64)
    np.maximum.at(born, made["output"], made["at"])
    early = (made["at"] != BEGINNING) & (made["at"] < born[made["input"]])
    put(
        forth_start=forth.start, forth_to=forth.to, forth_at=forth.at,
        back_start=back.start, back_to=back.to, back_at=back.at,
        caught_lot=graph.caught_in_circles(),
        early_lot=np.unique(made["output"][early]),
    )  # fmt: skip
    return int(early.sum())


def _write_receipts(put: _Writer, count: Mapping[str, int], receipts: Table) -> Skus:
    put(
        receipt_of_lot_start=offsets(receipts["lot"], count["lots"]),
        receipt_sku=receipts["sku"], receipt_site=receipts["site"],
        receipt_supplier=receipts["supplier"], receipt_start=receipts["start"],
        receipt_end=receipts["until"], receipt_quantity=receipts["quantity"],
    )  # fmt: skip
    width = max(count["skus"], 1)
    key = receipts["lot"].astype(np.int64) * width + receipts["sku"]
    pairs, heads = np.unique(key, return_index=True)
    order = np.argsort(key, kind="stable")
    starts = np.searchsorted(key[order], pairs)
    since = np.minimum.reduceat(receipts["start"][order], starts) if len(pairs) else pairs
    skus = Skus(receipts["lot"][heads], receipts["sku"][heads], since, width)
    put(sku_of_lot_start=offsets(skus.lot, count["lots"]), sku_of_lot=skus.sku, sku_since=since)
    return skus


def _write_stays(put: _Writer, count: Mapping[str, int], stays: Stays) -> Carried:
    carried, sessions = carry(stays, count["containers"])
    put(
        stay_of_container_start=offsets(stays.container, count["containers"]),
        stay_lot=stays.lot, stay_child=stays.child, stay_start=stays.start, stay_end=stays.end,
        session_of_lot_start=offsets(sessions.lot, count["lots"]),
        session_stay=narrow(sessions.stay),
        session_container=stays.container[sessions.stay],
        session_since=sessions.since,
    )  # fmt: skip
    return carried


def _read_lines(con: duckdb.DuckDBPyConnection, folder: Path) -> Table:
    """Ids, times and quantities of all order lines; their strings go to disk in the same order."""
    import pyarrow as pa  # noqa: PLC0415

    columns: dict[str, list[Ints]] = {}
    with ExitStack() as stack:
        writers = []
        for name in ("line", "order"):
            handle = stack.enter_context(pa.OSFile(str(folder / f".{name}.raw"), "wb"))
            schema = pa.schema([("text", pa.string())])
            writers.append(stack.enter_context(pa.ipc.new_file(handle, schema)))
        for batch in con.sql(naming.LINES).to_arrow_reader(PIECE):
            for place, writer in enumerate(writers):
                text = batch.column(place).cast(pa.string())
                writer.write_batch(pa.record_batch([text], names=["text"]))
            for place, name in enumerate(batch.schema.names[2:], 2):
                values = batch.column(place).to_numpy(zero_copy_only=False)
                columns.setdefault(name, []).append(values)
    if not columns:
        names = ("customer", "sku", "lot", "container", "site", "shipped", "quantity")
        return {**dict.fromkeys(names, np.empty(0, np.int64)), "is_unsaid": np.empty(0, bool)}
    return {name: np.concatenate(columns.pop(name)) for name in list(columns)}


def _in_order(con: duckdb.DuckDBPyConnection, lines: Table, rows: Ints, place: str) -> Ints:
    """Some rows by SKU, place and time. DuckDB sorts with all processors and spills."""
    import pyarrow as pa  # noqa: PLC0415

    keys = {name: lines[name][rows] for name in ("sku", place, "shipped")}
    con.register("keys", pa.table({**keys, "row": rows}))
    found = _fetch(con, f"SELECT row FROM keys ORDER BY sku, {place}, shipped, row")["row"]  # noqa: S608
    con.unregister("keys")
    return found


def _boxed(
    con: duckdb.DuckDBPyConnection,
    lines: Table,
    carried: Carried,
    skus: Skus,
    count: Mapping[str, int],
) -> tuple[Shelved, Ints]:
    """Rows a container tells about, and the other rows that name no lot."""
    told = (lines["lot"] < 0) & (lines["container"] >= 0) & (lines["shipped"] != NEVER_SHIPPED)
    rows = _in_order(con, lines, np.flatnonzero(told), "container")
    sku, place, shelf_row = _shelves(lines["sku"][rows], lines["container"][rows])
    inside = _by_container(carried, place, count["containers"])
    stays = _stays_on_shelves(inside, sku, place, skus, count)
    first, last = shelves.rows_held(stays, shelf_row, lines["shipped"][rows])
    kept = shelves.covered(first, last, len(rows)) > 0
    before = np.append(0, np.cumsum(kept))
    still = before[shelf_row[1:]] > before[shelf_row[:-1]]
    number = np.cumsum(still) - 1
    stays = stays._replace(shelf=number[stays.shelf])
    shelf_row = np.append(0, before[shelf_row[1:]][still])
    held = shelves.Held(stays, before[first], before[last])
    order, shelf_row, moved, held = shelves.beside_their_lots(sku[still], shelf_row, held)
    pieces, spans = shelves.cut(held.stays, held.first, held.last, shelf_row)
    rows_in = rows[kept][moved]
    boxed = Shelved(rows_in, sku[still][order], place[still][order], shelf_row, pieces, spans)
    others = np.flatnonzero((lines["lot"] < 0) & ~told)
    return boxed, np.concatenate([others, rows[~kept]])


def _shelves(sku: Ints, place: Ints) -> tuple[Ints, Ints, Ints]:
    """SKU, place and first row of each shelf, from rows sorted by both."""
    if not len(sku):
        return sku, place, np.zeros(1, np.int64)
    new = np.append(True, (sku[1:] != sku[:-1]) | (place[1:] != place[:-1]))
    heads = np.flatnonzero(new)
    return sku[heads], place[heads], np.append(heads, len(sku))


def _by_container(carried: Carried, places: Ints, containers: int) -> tuple[Carried, Ints]:
    """What was in the containers that lines ask about, sorted by container; and their ranges."""
    asked = np.zeros(containers, bool)
    asked[places] = True
    near = np.flatnonzero(asked[carried.container])
    near = near[np.argsort(carried.container[near], kind="stable")]
    carried = Carried(*(column[near] for column in carried))
    return carried, offsets(carried.container, containers)


def _stays_on_shelves(
    inside: tuple[Carried, Ints], sku: Ints, place: Ints, skus: Skus, count: Mapping[str, int]
) -> Stay:
    carried, first = inside
    has_any = np.zeros(count["lots"], bool)
    has_any[skus.lot] = True
    found: list[Stay] = []
    for low, high in _parts(first[place + 1] - first[place]):
        near = spread(first[place[low:high]], first[place[low:high] + 1])
        shelf = np.repeat(np.arange(low, high), (first[place + 1] - first[place])[low:high])
        fit = skus.fits(carried.lot[near], sku[shelf], has_any)
        near, shelf = near[fit], shelf[fit]
        unknown = np.full(len(near), UNKNOWN, np.int64)
        found.append(
            Stay(shelf, carried.lot[near], carried.start[near], carried.end[near], unknown)
        )
    return _together(found)


def _sited(
    con: duckdb.DuckDBPyConnection,
    lines: Table,
    left: Ints,
    receipts: Table,
    count: Mapping[str, int],
) -> Shelved:
    """The rest: what lay at a site then. A site that was not recorded may have been any site."""
    rows = _in_order(con, lines, left, "site")
    sku, place, shelf_row = _shelves(lines["sku"][rows], lines["site"][rows])
    width = count["sites"] + 1
    key = receipts["sku"].astype(np.int64) * width + receipts["site"] + 1
    order = np.argsort(key, kind="stable")
    key = key[order]
    found: list[Stay] = []
    base = sku.astype(np.int64) * width
    whole = place < 0
    wanted = (
        (np.where(whole, base, base + place + 1), np.where(whole, base + width, base + place + 2)),
        (base, np.where(whole, base, base + 1)),
    )
    for lowest, highest in wanted:
        begin, stop = np.searchsorted(key, lowest), np.searchsorted(key, highest)
        for low, high in _parts(stop - begin):
            near = order[spread(begin[low:high], stop[low:high])]
            shelf = np.repeat(np.arange(low, high), (stop - begin)[low:high])
            found.append(
                Stay(
                    shelf,
                    receipts["lot"][near],
                    receipts["start"][near],
                    receipts["until"][near],
                    receipts["quantity"][near],
                )
            )
    stays = _together(found)
    stays = Stay(*(column[stays.start < stays.end] for column in stays))
    first, last = shelves.rows_held(stays, shelf_row, lines["shipped"][rows])
    pieces, spans = shelves.cut(stays, first, last, shelf_row)
    return Shelved(rows, sku, place, shelf_row, pieces, spans)


def _parts(sizes: Ints) -> Iterator[tuple[int, int]]:
    if not len(sizes):
        return
    part = np.cumsum(np.maximum(sizes, 0)) // AT_ONCE
    bounds = [0, *(np.flatnonzero(part[1:] != part[:-1]) + 1).tolist(), len(sizes)]
    yield from pairwise(bounds)


def _together(found: list[Stay]) -> Stay:
    if not found:
        none = np.empty(0, np.int64)
        return Stay(none, none, none, none, none)
    return Stay(*map(np.concatenate, zip(*found, strict=True)))


def _write_named(put: _Writer, lines: Table, named: Ints, count: Mapping[str, int]) -> None:
    sku, lot, row = _shelves(lines["sku"][named], lines["lot"][named])
    by_lot = np.argsort(lot, kind="stable")
    put(
        named_row_of_sku=row[offsets(sku, count["skus"])],
        named_sku=sku, named_lot=lot, named_row=row,
        named_of_lot_start=offsets(lot, count["lots"]), named_of_lot=narrow(by_lot),
        named_of_sku_start=offsets(sku, count["skus"]),
    )  # fmt: skip


def _write_shelves(
    put: _Writer, boxed: Shelved, sited: Shelved, first: int, count: Mapping[str, int]
) -> None:
    edges = [np.searchsorted(one.pieces.row, one.shelf_row) for one in (boxed, sited)]
    inner = len(boxed.pieces.lots)
    second = first + len(boxed.rows)
    spans = Spans(
        np.append(boxed.spans.lot, sited.spans.lot),
        np.append(boxed.spans.first, sited.spans.first + inner),
        np.append(boxed.spans.last, sited.spans.last + inner),
        np.append(boxed.spans.counts, sited.spans.counts),
        np.append(boxed.spans.quantity, sited.spans.quantity),
    )
    by_lot = np.argsort(spans.lot, kind="stable")
    of_sku = [offsets(one.sku, count["skus"]) for one in (boxed, sited)]
    bare = np.flatnonzero(sited.pieces.lots == 0)
    owner = np.searchsorted(edges[1], bare, side="right") - 1
    put(
        boxed_row_of_sku=boxed.shelf_row[of_sku[0]] + first,
        sited_row_of_sku=sited.shelf_row[of_sku[1]] + second,
        shelf_sku=np.append(boxed.sku, sited.sku),
        shelf_place=np.append(boxed.place, sited.place),
        shelf_piece=np.append(edges[0][:-1], edges[1] + inner),
        boxed_of_sku_start=of_sku[0],
        sited_of_sku_start=of_sku[1] + len(boxed.sku),
        piece_row=np.append(boxed.pieces.row[:-1] + first, sited.pieces.row + second),
        piece_lots=narrow(np.append(boxed.pieces.lots, sited.pieces.lots)),
        piece_quantity=np.append(boxed.pieces.quantity, sited.pieces.quantity),
        piece_known=np.append(boxed.pieces.is_known, sited.pieces.is_known),
        bare_of_sku_start=offsets(sited.sku[owner], count["skus"]),
        bare_piece=narrow(bare + inner),
        span_of_lot_start=offsets(spans.lot, count["lots"]),
        span_first=narrow(spans.first[by_lot]), span_last=narrow(spans.last[by_lot]),
        span_counts=spans.counts[by_lot].astype(bool), span_quantity=spans.quantity[by_lot],
    )  # fmt: skip


def _write_rows(put: _Writer, lines: Table, order: Ints) -> None:
    quantity = lines["quantity"][order]
    before = np.zeros(len(order) + 1, np.int64)
    np.cumsum(quantity, out=before[1:])
    put(
        customer=lines["customer"][order], site=lines["site"][order],
        container=lines["container"][order], shipped=lines["shipped"][order],
        quantity_before=before, unsaid_row=np.flatnonzero(lines["is_unsaid"][order]),
    )  # fmt: skip


def _write_texts_of_rows(put: _Writer, folder: Path, order: Ints) -> None:
    import pyarrow as pa  # noqa: PLC0415

    for name in ("line", "order"):
        seen: list[Ints] = []
        raw = folder / f".{name}.raw"
        # In one array: picking from hundreds of pieces takes several times as long.
        pieces = [piece.cast(pa.large_string()) for piece in Texts(raw).pieces()]
        whole = pa.concat_arrays(pieces) if pieces else pa.array([], pa.large_string())
        del pieces
        parts = (
            whole.take(_as_arrow(order[low : low + PIECE])) for low in range(0, len(order), PIECE)
        )
        write_texts(folder / f"{name}.arrow", parts, see=_keeper(seen))
        del whole
        raw.unlink()
        hashed = np.concatenate(seen) if seen else np.empty(0, np.uint64)
        start, row = buckets(hashed)
        put(**{f"{name}_bucket": start, f"{name}_row": row})
        if name == "line":
            _write_splits(put, Texts(folder / "line.arrow"), twins(hashed, start, row))


def _as_arrow(values: Ints) -> Any:
    """Row numbers as Arrow takes them."""
    import pyarrow as pa  # noqa: PLC0415

    return pa.array(values)


def _keeper(seen: list[Ints]) -> Callable[[Any], None]:
    return lambda piece: seen.append(hashes(piece))


def _write_splits(put: _Writer, line: Texts, rows: Ints) -> None:
    """Lines that are several rows, among the rows that may share their line with another."""
    names = line.take(rows).dictionary_encode()
    number = np.asarray(names.indices)
    times = np.bincount(number) if len(number) else number
    several = times[number] > 1
    _, number = np.unique(number[several], return_inverse=True)
    rows = rows[several]
    put(
        split_row=rows,
        split_line=narrow(number),
        split_of_line_start=offsets(number, int(number.max(initial=-1)) + 1),
        split_of_line=rows[np.argsort(number, kind="stable")],
    )


def _write_oddities(
    put: _Writer,
    lines: Table,
    order: Ints,
    named: Ints,
    left: Ints,
    carried: Carried,
    count: Mapping[str, int],
) -> None:
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    asks = left[(lines["container"][left] >= 0) & (lines["shipped"][left] != NEVER_SHIPPED)]
    put(
        unfitting_row=np.sort(place[asks]),
        disagreeing_row=_disagreeing(lines, named, carried, count),
    )


def _write_unsettled(put: _Writer, one: tuple[Ints, Ints], other: tuple[Ints, Ints]) -> None:
    start, end = joined(np.append(one[0], other[0]), np.append(one[1], other[1]))
    put(unsettled_start=start, unsettled_end=end)


def _kinds_learnt_late(
    lines: Table, stays: Stays, receipts: Table, made: Table, count: Mapping[str, int]
) -> tuple[Ints, Ints]:
    """From a thing's first packing to the event that tells what it is: `at` must not know it."""
    named = np.full(count["containers"], END, np.int64)
    np.minimum.at(named, stays.container, stays.start)
    has_box = lines["container"] >= 0
    np.minimum.at(named, lines["container"][has_box], lines["shipped"][has_box])
    both = np.flatnonzero((stays.lot >= 0) & (stays.child >= 0))
    if len(both):
        lotted = np.full(count["lots"], END, np.int64)
        has_lot = lines["lot"] >= 0
        np.minimum.at(lotted, lines["lot"][has_lot], lines["shipped"][has_lot])
        np.minimum.at(lotted, receipts["lot"], receipts["start"])
        for end in ("input", "output"):
            np.minimum.at(lotted, made[end], made["at"])
        np.maximum.at(named, stays.child[both], lotted[stays.lot[both]])
    packed = np.full(count["containers"], END, np.int64)
    inner = stays.child >= 0
    np.minimum.at(packed, stays.child[inner], stays.start[inner])
    late = packed < named
    return packed[late], named[late]


def _disagreeing(lines: Table, named: Ints, carried: Carried, count: Mapping[str, int]) -> Ints:
    """Rows whose container then held other lots, and not the one they name."""
    found: list[Ints] = []
    both = np.flatnonzero(lines["container"][named] >= 0)
    if not len(both) or not len(carried.lot):
        return np.empty(0, np.int64)
    by_container = np.argsort(carried.container, kind="stable")
    inside = Carried(*(column[by_container] for column in carried))
    first = offsets(inside.container, count["containers"])
    sizes = (first[1:] - first[:-1])[lines["container"][named[both]]]
    for low, high in _parts(sizes):
        rows = both[low:high]
        container = lines["container"][named[rows]]
        near = spread(first[container], first[container + 1])
        who = np.repeat(np.arange(len(rows)), first[container + 1] - first[container])
        shipped = lines["shipped"][named[rows]][who]
        holds = (inside.start[near] <= shipped) & (shipped < inside.end[near])
        near, who = near[holds], who[holds]
        agrees = inside.lot[near] == lines["lot"][named[rows]][who]
        held, fits = np.zeros(len(rows), bool), np.zeros(len(rows), bool)
        held[who] = True
        fits[who[agrees]] = True
        found.append(rows[held & ~fits])
    return np.concatenate(found) if found else np.empty(0, np.int64)


def _skus_learnt_late(
    lines: Table, carried: Carried, skus: Skus, count: Mapping[str, int]
) -> tuple[Ints, Ints]:
    """From a line's shipping to the receipt that told the SKU of a lot it may come from."""
    latest = np.full(count["lots"], BEGINNING, np.int64)
    np.maximum.at(latest, skus.lot, skus.since)
    asks = np.flatnonzero(
        (lines["lot"] < 0) & (lines["container"] >= 0) & (lines["shipped"] != NEVER_SHIPPED)
    )
    asks = asks[np.lexsort((lines["shipped"][asks], lines["container"][asks]))]
    shipped = lines["shipped"][asks]
    first = offsets(lines["container"][asks], count["containers"])
    near = np.flatnonzero(latest[carried.lot] > carried.start)
    box, until = carried.container[near], np.minimum(carried.end[near], latest[carried.lot[near]])
    begin = lower_bound(shipped, first[box], first[box + 1], carried.start[near])
    stop = lower_bound(shipped, begin, first[box + 1], until)
    hit = begin < stop
    return shipped[begin[hit]], latest[carried.lot[near[hit]]]


def _unknown_sites(
    con: duckdb.DuckDBPyConnection, lines: Table, receipts: Table, count: Mapping[str, int]
) -> int:
    """Sites that ship to customers, and that no receipt or shipment ever named."""
    ships, known = np.zeros(count["sites"] + 1, bool), np.zeros(count["sites"] + 1, bool)
    ships[lines["site"]] = True
    known[receipts["site"]] = True
    known[_fetch(con, naming.SHIPPED_SITES)["site"]] = True
    return int((ships & ~known)[:-1].sum())


def _packed_twice(stays: Stays) -> int:
    """Stays that begin while the same thing is still packed elsewhere."""
    key = np.where(stays.child >= 0, stays.child, -2 - stays.lot.astype(np.int64))
    order = np.lexsort((stays.start, key))
    key, start, end = key[order], stays.start[order], stays.end[order]
    same = key[1:] == key[:-1]
    return int((same & (start[1:] < end[:-1]) & (start[1:] < end[1:])).sum())
