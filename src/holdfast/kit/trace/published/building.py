"""Building a generation: from the log's five tables to arrays that answer by ranges."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from holdfast.kit.trace.graph import LotGraph
from holdfast.kit.trace.published import layout, naming, oddities, shelves
from holdfast.kit.trace.published.lookup import buckets, hashes, narrow, twins
from holdfast.kit.trace.published.nesting import Carried, Stays, apart, carry, unopened
from holdfast.kit.trace.published.oddities import NEVER_SHIPPED, Skus, Table, parts_of
from holdfast.kit.trace.published.scratch import BATCH, Column, Scratch, in_parts
from holdfast.kit.trace.published.shelves import UNKNOWN, Pieces, Spans, Stay
from holdfast.kit.trace.published.texts import PIECE, Texts, write_texts
from holdfast.kit.trace.ranges import Ints, joined, offsets, spread
from holdfast.kit.trace.values import BEGINNING, END

if TYPE_CHECKING:
    import duckdb


TEXTS = ("line", "order")


class Shelved(NamedTuple):
    """One section of rows that name no lot: `rows` in order, cut into shelves and pieces.

    `is_bare`: of no lot of a piece it is told where or when it lay.
    """

    rows: Ints
    sku: Ints
    place: Ints
    shelf_row: Ints
    pieces: Pieces
    spans: Spans
    is_bare: Ints


def build(
    con: duckdb.DuckDBPyConnection, folder: Path, facts: Mapping[str, object] | None = None
) -> None:
    """Write a whole generation into an empty folder, from a connection that has the five views.

    `facts` goes into `meta.json` (input digest, generation). The connection gets tables of its
    own; give it a database of its own. Nothing here is random and nothing asks the time.
    """
    with Scratch(folder / ".scratch") as scratch:
        meta = _Building(con, folder, scratch).all()
    said = {"format": layout.FORMAT, **(facts or {}), **meta}
    (folder / "meta.json").write_text(json.dumps(said, indent=1), encoding="utf-8")


class _Building:
    def __init__(self, con: duckdb.DuckDBPyConnection, folder: Path, scratch: Scratch) -> None:
        self.con, self.folder, self.scratch = con, folder, scratch
        self.put = _Writer(folder)

    def all(self) -> dict[str, object]:
        """Every file but `meta.json`, and what that has to say of them."""
        con, folder, scratch, put = self.con, self.folder, self.scratch, self.put
        naming.number_everything(con)
        for kind in naming.KINDS:
            write_texts(folder / f"{kind}.arrow", _strings(con, f"SELECT name FROM {kind}"))  # noqa: S608
        count = {kind: _count(con, kind) for kind in naming.KINDS}
        made = scratch.fetch(con, naming.MADE)
        early = _write_graph(put, count["lots"], made)
        receipts = scratch.fetch(con, naming.RECEIPTS)
        skus = _write_receipts(put, count, receipts)
        packed = scratch.fetch(con, naming.STAYS)
        columns = ("container", "lot", "child", "start", "until", "is_named")
        stays = Stays(*(packed[name] for name in columns))
        carried = Carried(*map(scratch.keep, _write_stays(put, count, stays)))
        lines, texts = _read_lines(con, scratch)
        named = _in_order(con, scratch, lines, lines["lot"] >= 0, "lot")
        dark = unopened(stays, count["containers"])
        boxed, left, unsure = _boxed(con, scratch, lines, (carried, dark), skus, count)
        sited = _sited(con, scratch, lines, left, receipts, count)
        again = _sited(con, scratch, lines, unsure, receipts, count)
        order = scratch.keep(np.concatenate([named, boxed.rows, sited.rows]))
        _write_named(put, lines, named, count)
        _write_shelves(put, (boxed, sited, again), len(named), count)
        _write_again(put, boxed.rows, again.rows, len(named))
        _write_rows(put, lines, order)
        for name, text in texts.items():
            _write_texts_of_rows(put, folder, scratch, name, text, order)
        late = oddities.late(lines, stays, receipts, made, carried, skus, count)
        start, end = joined(*late)
        put(
            unfitting_row=oddities.unfitting(lines, order, left),
            disagreeing_row=oddities.disagreeing(lines, named, carried, count),
            unsettled_start=start, unsettled_end=end,
        )  # fmt: skip
        return {
            "rows": len(order),
            "counts": count,
            "arrays": put.made,
            "quantity_step": put.quantity_step,
            "received_step": put.received_step,
            "bytes": {path.stem: path.stat().st_size for path in sorted(folder.glob("*.arrow"))},
            "flags": {
                "output_before_input": early,
                "unknown_site": oddities.unknown_sites(
                    lines, receipts, scratch.fetch(con, naming.SHIPPED_SITES), count
                ),
                "packed_twice_at_once": oddities.packed_twice(stays),
            },
        }


class _Writer:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: dict[str, tuple[str, int]] = {}
        self.quantity_step = 1
        """What all quantities of lines are multiples of, in millionths of a unit."""
        self.received_step = 1
        """The same of receipts."""

    def __call__(self, **arrays: Ints) -> None:
        for name, values in arrays.items():
            self.made[name] = layout.save_array(self.folder, name, values)

    def parts(self, name: str, kind: Any, count: int, parts: Iterator[Ints]) -> None:
        """One array of so many numbers, given in parts."""
        self.made[name] = layout.save_parts(self.folder, name, kind, count, parts)


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])  # noqa: S608


def _strings(con: duckdb.DuckDBPyConnection, sql: str, column: int = 0) -> Iterator[Any]:
    for batch in con.sql(sql).to_arrow_reader(BATCH):
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
    said = receipts["quantity"][receipts["quantity"] != UNKNOWN]
    put.received_step = max(int(np.gcd.reduce(said)) if len(said) else 1, 1)
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
    container = stays.container[sessions.stay]
    own_stays, first_stay, shared_stay = apart(
        sessions.lot, sessions.stay, count["lots"], len(stays.lot)
    )
    own_containers, first_container, shared_container = apart(
        sessions.lot, container, count["lots"], count["containers"]
    )
    put(
        went=layout.woven(
            own_stays=narrow(np.append(own_stays, 0)),
            own_containers=narrow(np.append(own_containers, 0)),
            shared_stay_start=narrow(first_stay), shared_container_start=narrow(first_container),
        ),
        shared_stay=shared_stay, shared_container=shared_container,
        stay_of_container_start=offsets(stays.container, count["containers"]),
        stay_lot=stays.lot, stay_child=stays.child, stay_start=stays.start, stay_end=stays.end,
        session_of_lot_start=offsets(sessions.lot, count["lots"]),
        session_stay=narrow(sessions.stay),
        session_container=container,
        session_since=sessions.since,
    )  # fmt: skip
    return carried


def _read_lines(con: duckdb.DuckDBPyConnection, scratch: Scratch) -> tuple[Table, dict[str, Any]]:
    """Ids, times and quantities of all order lines; and their strings, in the same order."""
    import pyarrow as pa  # noqa: PLC0415

    reader = con.sql(naming.LINES).to_arrow_reader(PIECE)
    kinds = {field.name: str(field.type) for field in reader.schema}
    texts = {name: scratch.text_column() for name in TEXTS}
    columns = {
        name: Column(scratch.path(), kind) for name, kind in kinds.items() if name not in TEXTS
    }
    for batch in reader:
        for name, text in texts.items():
            text.add(batch.column(name).cast(pa.string()))
        for name, column in columns.items():
            column.add(batch.column(name).to_numpy(zero_copy_only=False))
    return (
        {name: column.whole() for name, column in columns.items()},
        {name: text.whole() for name, text in texts.items()},
    )


def _in_order(
    con: duckdb.DuckDBPyConnection, scratch: Scratch, lines: Table, wanted: Ints, place: str
) -> Ints:
    """Some rows by SKU, place and time. DuckDB sorts with all processors and spills."""
    import pyarrow as pa  # noqa: PLC0415

    names = ("sku", place, "shipped")
    width = "int32" if len(wanted) < 1 << 31 else "int64"
    kinds = [pa.from_numpy_dtype(lines[name].dtype) for name in names]
    schema = pa.schema([*zip(names, kinds, strict=True), ("row", width)])

    def batches() -> Iterator[Any]:
        for low in range(0, len(wanted), PIECE):
            rows = np.flatnonzero(wanted[low : low + PIECE]) + low
            keys = [pa.array(lines[name][rows]) for name in names]
            yield pa.record_batch([*keys, pa.array(rows.astype(width))], schema=schema)

    con.register("keys", pa.RecordBatchReader.from_batches(schema, batches()))
    found = scratch.fetch(con, f"SELECT row FROM keys ORDER BY sku, {place}, shipped, row")  # noqa: S608
    con.unregister("keys")
    return found["row"]


def _boxed(
    con: duckdb.DuckDBPyConnection,
    scratch: Scratch,
    lines: Table,
    inside: tuple[Carried, Carried],
    skus: Skus,
    count: Mapping[str, int],
) -> tuple[Shelved, Ints, Ints]:
    """Rows a container tells about; which of all rows are left: they name no lot either; and which
    of those it tells about are looked for again at their site, for something in it was unopened.

    `inside` has the lots, and what was unopened.
    """
    carried, dark = inside
    told = (lines["lot"] < 0) & (lines["container"] >= 0) & (lines["shipped"] != NEVER_SHIPPED)
    rows = _in_order(con, scratch, lines, told, "container")
    sku, place, shelf_row = _shelves(lines["sku"][rows], lines["container"][rows])
    stays = _stays_on_shelves(carried, sku, place, count, skus)
    first, last = shelves.rows_held(stays, shelf_row, lines["shipped"][rows])
    kept = shelves.covered(first, last, len(rows)) > 0
    unsure = np.zeros(len(told), bool)
    unsure[rows[kept & _is_dark(dark, sku, place, shelf_row, lines["shipped"][rows], count)]] = True
    before = np.append(0, np.cumsum(kept))
    still = before[shelf_row[1:]] > before[shelf_row[:-1]]
    number = np.cumsum(still) - 1
    stays = stays._replace(shelf=number[stays.shelf])
    shelf_row = np.append(0, before[shelf_row[1:]][still])
    held = shelves.Held(stays, before[first], before[last])
    order, shelf_row, moved, held = shelves.beside_their_lots(sku[still], shelf_row, held)
    pieces, spans = shelves.cut(held.stays, held.first, held.last, shelf_row)
    rows_in = rows[kept][moved]
    is_bare = np.zeros(len(pieces.lots), bool)
    boxed = Shelved(
        rows_in, sku[still][order], place[still][order], shelf_row, pieces, spans, is_bare
    )
    left = (lines["lot"] < 0) & ~told
    left[rows[~kept]] = True
    return boxed, left, unsure


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


def _is_dark(
    dark: Carried, sku: Ints, place: Ints, shelf_row: Ints, shipped: Ints, count: Mapping[str, int]
) -> Ints:
    """For every row of shelves, whether something unopened lay in its container then."""
    if not len(dark.lot):
        return np.zeros(len(shipped), bool)
    stays = _stays_on_shelves(dark, sku, place, count)
    first, last = shelves.rows_held(stays, shelf_row, shipped)
    return shelves.covered(first, last, len(shipped)) > 0


def _stays_on_shelves(
    carried: Carried,
    sku: Ints,
    place: Ints,
    count: Mapping[str, int],
    skus: Skus | None = None,
) -> Stay:
    """What was in the container of each shelf; with `skus` only lots of its SKU, or of none."""
    carried, first = _by_container(carried, place, count["containers"])
    has_any = np.zeros(count["lots"], bool)
    if skus is not None:
        has_any[skus.lot] = True
    found: list[Stay] = []
    for low, high in parts_of(first[place + 1] - first[place]):
        near = spread(first[place[low:high]], first[place[low:high] + 1])
        shelf = np.repeat(np.arange(low, high), (first[place + 1] - first[place])[low:high])
        if skus is not None:
            fit = skus.fits(carried.lot[near], sku[shelf], has_any)
            near, shelf = near[fit], shelf[fit]
        unknown = np.full(len(near), UNKNOWN, np.int64)
        found.append(
            Stay(shelf, carried.lot[near], carried.start[near], carried.end[near], unknown)
        )
    return _together(found)


def _sited(
    con: duckdb.DuckDBPyConnection,
    scratch: Scratch,
    lines: Table,
    left: Ints,
    receipts: Table,
    count: Mapping[str, int],
) -> Shelved:
    """The rest: what lay at a site then. A site that was not recorded may have been any site."""
    rows = _in_order(con, scratch, lines, left, "site")
    sku, place, shelf_row = _shelves(lines["sku"][rows], lines["site"][rows])
    width = count["sites"] + 1
    key = receipts["sku"].astype(np.int64) * width + receipts["site"] + 1
    order = np.argsort(key, kind="stable")
    key = key[order]
    found: list[Stay] = []
    placed = [np.empty(0, bool)]
    said = (receipts["start"] != BEGINNING) | (receipts["until"] != END) | (receipts["site"] >= 0)
    base = sku.astype(np.int64) * width
    whole = place < 0
    wanted = (
        (np.where(whole, base, base + place + 1), np.where(whole, base + width, base + place + 2)),
        (base, np.where(whole, base, base + 1)),
    )
    for lowest, highest in wanted:
        begin, stop = np.searchsorted(key, lowest), np.searchsorted(key, highest)
        for low, high in parts_of(stop - begin):
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
            placed.append(said[near])
    stays = _together(found)
    is_placed = np.concatenate(placed)[stays.start < stays.end]
    stays = Stay(*(column[stays.start < stays.end] for column in stays))
    first, last = shelves.rows_held(stays, shelf_row, lines["shipped"][rows])
    pieces, spans = shelves.cut(stays, first, last, shelf_row)
    told = shelves.covered(first[is_placed], last[is_placed], len(rows))
    is_bare = told[pieces.row[:-1]] == 0
    return Shelved(rows, sku, place, shelf_row, pieces, spans, is_bare)


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
    put: _Writer, parts: tuple[Shelved, Shelved, Shelved], first: int, count: Mapping[str, int]
) -> None:
    """In containers, at sites, and once more at sites those a container does not clear.

    The rows of the last have no numbers of their own: they are counted on behind all others.
    """
    boxed, sited, _ = parts
    edges = [np.searchsorted(one.pieces.row, one.shelf_row) for one in parts]
    before = np.cumsum([0, *(len(one.pieces.lots) for one in parts)]).tolist()
    row_before = np.cumsum([first, *(len(one.rows) for one in parts)]).tolist()
    spans = Spans(
        *(
            np.concatenate([getattr(one.spans, name) for one in parts])
            for name in ("lot", "first", "last", "counts", "quantity")
        )
    )
    moved = np.repeat(before[:-1], [len(one.spans.lot) for one in parts])
    spans = spans._replace(first=spans.first + moved, last=spans.last + moved)
    by_lot = np.argsort(spans.lot, kind="stable")
    step = put.received_step
    pieces = [np.concatenate(column) for column in zip(*(p.pieces for p in parts), strict=True)]
    lots, received, known = pieces[1], pieces[2] // step, pieces[3]
    amount = spans.quantity[by_lot]
    of_sku = [offsets(one.sku, count["skus"]) for one in (boxed, sited)]
    sku_of_shelf = np.concatenate([one.sku for one in parts])
    shelf_piece = _counted_on([one[:-1] for one in edges], before)
    bare = np.flatnonzero(np.concatenate([one.is_bare for one in parts]))
    owner = np.searchsorted(shelf_piece[:-1], bare, side="right") - 1
    by_sku = np.argsort(sku_of_shelf[owner], kind="stable")
    put(
        boxed_row_of_sku=boxed.shelf_row[of_sku[0]] + first,
        sited_row_of_sku=sited.shelf_row[of_sku[1]] + row_before[1],
        shelf_sku=sku_of_shelf,
        shelf_place=np.concatenate([one.place for one in parts]),
        shelf_piece=shelf_piece,
        boxed_of_sku_start=of_sku[0],
        sited_of_sku_start=of_sku[1] + len(boxed.sku),
        piece_row=narrow(_counted_on([one.pieces.row[:-1] for one in parts], row_before)),
        piece=layout.woven(
            piece_lots=narrow(lots), piece_quantity=narrow(np.where(known, received, ~received))
        ),
        bare_of_sku_start=offsets(sku_of_shelf[owner[by_sku]], count["skus"]),
        bare_piece=narrow(bare[by_sku]),
        span_of_lot_start=offsets(spans.lot, count["lots"]),
        span_first=narrow(spans.first[by_lot]), span_last=narrow(spans.last[by_lot]),
        span_counts=spans.counts[by_lot].astype(bool),
        span_quantity=narrow(np.where(amount == UNKNOWN, UNKNOWN, amount // step)),
    )  # fmt: skip


def _counted_on(parts: list[Ints], before: list[int]) -> Ints:
    """Starts of several parts behind one another, and where the last of them ends."""
    moved = [one + begin for one, begin in zip(parts, before, strict=False)]
    return np.append(np.concatenate(moved), before[-1])


def _write_again(put: _Writer, boxed: Ints, again: Ints, first: int) -> None:
    """The numbers of the rows that are looked for again, in that order."""
    order = np.argsort(boxed)
    row = order[np.searchsorted(boxed, again, sorter=order)] + first if len(again) else again
    put(again_row=narrow(row))


def _write_rows(put: _Writer, lines: Table, order: Ints) -> None:
    rows = len(order)
    for name in ("site", "container", "shipped"):
        column = lines[name]
        put.parts(name, column.dtype, rows, (column[part] for part in in_parts(order)))

    _write_quantities(put, lines["customer"], lines["quantity"], order)
    unsaid, begin = [np.empty(0, np.int64)], 0
    for part in in_parts(order):
        unsaid.append(np.flatnonzero(lines["is_unsaid"][part]) + begin)
        begin += len(part)
    put(unsaid_row=np.concatenate(unsaid))


def _write_quantities(put: _Writer, customer: Ints, quantity: Ints, order: Ints) -> None:
    """Running sums: of blocks as they are, within a block in 32 bits where the largest allows it.

    Those within a block lie beside the customers: a large answer reads both of the same rows.

    Quantities are nearly always whole units, that is millions of what is counted in: they are
    divided by what they all have in common.
    """
    size = 1 << layout.BLOCK_BITS
    common, most = 0, 0
    for low in range(0, len(quantity), PIECE):
        some = np.abs(quantity[low : low + PIECE])
        common, most = int(np.gcd(common, np.gcd.reduce(some))), max(most, int(some.max()))
    put.quantity_step = step = max(common, 1)
    sums: list[Ints] = []

    def blocks() -> Iterator[Ints]:
        left = np.empty(0, np.int64)
        for part in in_parts(order):
            left = np.append(left, quantity[part] // step)
            whole = len(left) // size * size
            yield left[:whole].reshape(-1, size)
            left = left[whole:]
        # What all rows have together stands where a row more would begin.
        yield np.append(left, 0)[None, :]

    def inside() -> Iterator[Ints]:
        for block in blocks():
            sums.append(block.sum(axis=1))
            yield (np.cumsum(block, axis=1) - block).ravel()

    def beside() -> Iterator[Ints]:
        begin = 0
        for before in inside():
            who = customer[order[begin : begin + len(before)]]
            # The row more has no customer.
            who = np.append(who, np.full(len(before) - len(who), -1, who.dtype))
            yield layout.woven(customer=who, quantity_in_block=before.astype(kind))
            begin += len(before)

    kind = np.int32 if most // step * size < 1 << 31 else np.int64
    wide = np.dtype([("customer", customer.dtype), ("quantity_in_block", kind)])
    put.parts("row", wide, len(order) + 1, beside())
    put(quantity_of_block=np.append(0, np.cumsum(np.concatenate(sums)[:-1])))


def _write_texts_of_rows(
    put: _Writer, folder: Path, scratch: Scratch, name: str, text: Any, order: Ints
) -> None:
    import pyarrow as pa  # noqa: PLC0415

    column = Column(scratch.path(), "uint64")
    parts = (text.take(pa.array(part)) for part in in_parts(order, PIECE))
    write_texts(folder / f"{name}.arrow", parts, see=lambda piece: column.add(hashes(piece)))
    hashed = column.whole()
    start, row = buckets(hashed)
    put(**{f"{name}_bucket": start, f"{name}_row": row})
    if name == "line":
        _write_splits(put, Texts(folder / "line.arrow"), twins(hashed, start, row), len(order))


def _write_splits(put: _Writer, line: Texts, rows: Ints, of: int) -> None:
    """Lines that are several rows, among the rows that may share their line with another.

    A row has its only other row beside it, or, where there are several, ~n for long line n.
    """
    names = line.take(rows).dictionary_encode()
    number = np.asarray(names.indices)
    times = np.bincount(number) if len(number) else number
    several = times[number] > 1
    rows, number = rows[several], number[several]
    order = np.argsort(number, kind="stable")
    in_pairs = times[number[order]] == 2
    other = np.empty(len(rows), np.int64)
    pairs = order[in_pairs].reshape(-1, 2)
    other[pairs] = rows[pairs[:, ::-1]]
    long = order[~in_pairs]
    _, of_long = np.unique(number[long], return_inverse=True)
    other[long] = ~of_long
    block = rows >> layout.BLOCK_BITS
    put(
        split_of_block_start=narrow(offsets(block, (of >> layout.BLOCK_BITS) + 1)),
        split=layout.woven(split_row=narrow(rows), split_other=narrow(other)),
        long_line_start=offsets(of_long, int(of_long.max(initial=-1)) + 1),
        long_line_row=narrow(rows[long]),
    )
