"""Writes a network as a folder of five tables, a million rows at a time, as Parquet or CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from holdfast.kit.trace.worlds.columns import few, ids, spelled, texts, times, units
from holdfast.kit.trace.worlds.network import (
    BEGIN,
    CONTAINER_ONLY,
    DAY,
    DAYS,
    LOT_AND_CASE,
    NO_LOT,
    ON_SALE,
    ON_THE_WAY,
    Network,
    Numbers,
    _scramble,
)

AT_ONCE = 1 << 20
REPEATED = ["unit", "from_site", "to_site", "sku", "site", "lot", "supplier", "child"]
CUSTOMERS_A_LINE = 1 / 30
SUPPLIERS = 40


def write_network(
    network: Network,
    folder: Path,
    *,
    form: str = "parquet",
    told: Callable[[str], None] = lambda _: None,
) -> dict[str, Path]:
    """One file a table in `folder`; `form` is `parquet` or `csv`, `told` hears of each table."""
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for table, count in network.rows.items():
        path = folder / f"{table}.{form}"
        _write(path, _pieces(network, table, count), form)
        told(f"{count:,} {table}")
        written[table] = path
    return written


def _pieces(network: Network, table: str, count: int) -> Iterator[Any]:
    make = MAKERS[table]
    for number, begin in enumerate(range(0, count, AT_ONCE)):
        rows = np.arange(begin, min(begin + AT_ONCE, count))
        yield make(network, rows, network.chance(10 + list(MAKERS).index(table), number))


def _write(path: Path, pieces: Iterator[Any], form: str) -> None:
    """One thread makes the next piece while another writes the last."""
    first = next(pieces)
    schema = first.schema
    with ThreadPoolExecutor(1) as pool:
        if form == "csv":
            sink: Any = pyarrow.csv.CSVWriter(path, schema)
        else:
            repeated = [name for name in REPEATED if name in schema.names]
            sink = pq.ParquetWriter(path, schema, compression="lz4", use_dictionary=repeated)
        with sink:
            writing = pool.submit(sink.write_table, first)
            for piece in pieces:
                writing.result()
                writing = pool.submit(sink.write_table, piece)
            writing.result()


def _transformations(network: Network, rows: Numbers, chance: np.random.Generator) -> Any:
    kind, source, to = (column[rows] for column in network.recipes)
    made_of = np.where(kind == 2, to, np.where(kind == 1, to, to * 7))
    at = network.made_at(np.minimum(made_of, network.lots - 1))
    return pa.table(
        {
            "input_lot": texts(_named(kind, source, b"IMF")),
            "output_lot": texts(_named(kind, to, b"MFF")),
            "at": times(at),
            "quantity": units(chance.integers(50, 5000, len(rows))),
            "unit": few("u", np.zeros(len(rows), np.int64), 1, 1),
        }
    )


def _named(kind: Numbers, numbers: Numbers, letters: bytes) -> Any:
    """Lots of several kinds, each with the letter of its kind."""
    matrix = spelled("?", numbers, 8)
    matrix[:, 0] = np.frombuffer(letters, np.uint8)[kind]
    return matrix


def _packings(network: Network, rows: Numbers, chance: np.random.Generator) -> Any:
    """First every case with its lot, then every case on its pallet."""
    case = rows % network.cases
    onto_pallet = rows >= network.cases
    lot = network.lot_of_case(case)
    load = network.load_of(case)
    made = network.made_at(lot)
    container = np.where(onto_pallet, network.pallet_of(load), case)
    matrix, children = spelled("C", container, 10), spelled("F", lot, 8)
    wide = spelled("C", case, 10)
    matrix[onto_pallet, 0] = ord("P")
    return pa.table(
        {
            "container": texts(matrix),
            "child": _either(onto_pallet, wide, children),
            "packed_at": times(np.where(onto_pallet, network.loaded_at(load), made)),
            "unpacked_at": times(
                np.where(onto_pallet, network.unloaded_at(load), made + 60 * DAY),
                given=onto_pallet | (chance.random(len(rows)) < 0.3),
            ),
        }
    )


def _either(first: Any, wide: Any, narrow: Any) -> Any:
    """Rows of one matrix of identifiers or of another that is narrower."""
    if first.all() or not first.any():
        return texts(wide if first.any() else narrow)
    return pa.concat_arrays([texts(narrow[~first]), texts(wide[first])])


def _shipments(network: Network, rows: Numbers, chance: np.random.Generator) -> Any:
    """Every load from the plant and on to a warehouse, then cases on their own."""
    load = rows % network.loads
    leg = rows // network.loads
    alone = leg >= 2
    case = chance.integers(0, network.cases, len(rows))
    number = np.where(alone, case, network.pallet_of(load))
    matrix = spelled("P", number, 10)
    matrix[alone, 0] = ord("C")
    lot = network.lot_of_case(np.where(alone, case, np.minimum(load * 12, network.cases - 1)))
    site = network.site_of(lot, chance.integers(0, 3, len(rows)))
    left = np.where(alone, network.made_at(lot) + DAY, network.loaded_at(load) + leg * DAY)
    return pa.table(
        {
            "container_or_lot": texts(matrix),
            "from_site": few("D", np.where(leg == 0, 0, 1 + site % 6), 3, 7),
            "to_site": few("W", site, 3, network.sites),
            "shipped_at": times(left),
            "received_at": times(left + DAY, given=chance.random(len(rows)) < 0.98),
        }
    )


def _receipts(network: Network, rows: Numbers, chance: np.random.Generator) -> Any:
    """Finished lots at their warehouses, then ingredient lots from their suppliers."""
    lots, numbers = network.windows
    finished = rows < len(lots)
    row = np.minimum(rows, len(lots) - 1)
    lot, number = lots[row], numbers[row]
    ingredient = rows - len(lots)
    matrix = spelled("F", np.where(finished, lot, ingredient), 8)
    matrix[~finished, 0] = ord("I")
    made = network.made_at(lot)
    count = len(rows)
    received = np.where(finished, made + DAY + chance.integers(0, DAY, count), BEGIN)
    share = network.sizes[lot] * network.rows["order_lines"] * 2 / 3 * 2
    sku = np.where(finished, network.sku_of[lot], network.skus + ingredient % 50)
    site = np.where(finished, network.site_of(lot, number), network.sites)
    return pa.table(
        {
            "lot": texts(matrix),
            "sku": few("S", sku, 5, network.skus + 50),
            "site": few("W", site, 3, network.sites + 1),
            "received_at": times(received),
            "depleted_at": times(
                made + ON_THE_WAY + ON_SALE + chance.integers(0, DAY, count),
                given=finished & (chance.random(count) >= 0.01),
            ),
            "quantity": units(np.maximum(share, 1), given=chance.random(count) >= 0.02),
            "supplier": ids("V", _scramble(ingredient) % SUPPLIERS, 4, given=~finished),
        }
    )


def _order_lines(network: Network, rows: Numbers, chance: np.random.Generator) -> Any:
    """Lines in the order of their shipping; a line is taken from one of the lots on sale then."""
    count, total = len(rows), network.rows["order_lines"]
    begin = BEGIN + 2 * ON_THE_WAY
    step = (DAYS * DAY - ON_SALE - 2 * ON_THE_WAY) / total
    at = begin + (rows * step).astype(np.int64)
    newest = network.lot_made_at(at - ON_THE_WAY)
    oldest = network.lot_made_at(at - ON_THE_WAY - ON_SALE)
    before = np.arange(network.lots + 1)
    low, high = (np.interp(lot, before, network.sold_before) for lot in (oldest, newest))
    taken = low + (high - low) * chance.random(count)
    lot = np.clip(
        np.searchsorted(network.sold_before, taken, side="right") - 1, 0, network.lots - 1
    )
    place = chance.integers(0, 3, count)
    line = rows.copy()
    # A line of two rows: its second row is of the same product, of the next lot where that fits.
    second = np.flatnonzero(chance.random(count) < 0.02)
    second = second[second > 0]
    second = second[np.diff(second, prepend=-2) > 1]
    following = np.minimum(lot[second - 1] + 1, network.lots - 1)
    same = network.sku_of[following] == network.sku_of[lot[second - 1]]
    lot[second] = np.where(same, following, lot[second - 1])
    line[second], place[second], at[second] = line[second - 1], place[second - 1], at[second - 1]
    sku = network.sku_of[lot]
    site = network.site_of(lot, place)
    order = line * 10 // 22
    people = max(int(total * CUSTOMERS_A_LINE), 10)
    customer = ((_scramble(order) / (1 << 24)) ** 1.2 * people).astype(np.int64)
    known = _scramble(order + 7) % 100 != 0
    kind = site % 6
    quantity = 1 + (chance.random(count) ** 6 * 12).astype(np.int64)
    returned = chance.random(count) < 0.002
    return pa.table(
        {
            "line": ids("L", line, 10),
            "order": ids("O", order, 10),
            "customer": ids("K", customer, 8, given=known),
            "sku": few("S", sku, 5, network.skus),
            "lot": ids("F", lot, 8, given=(kind != NO_LOT) & (kind != CONTAINER_ONLY)),
            "container": _taken_from(network, lot, at, kind, chance),
            "site": few("W", site, 3, network.sites),
            "shipped_at": times(at),
            "quantity": units(np.where(returned, -quantity, quantity)),
        }
    )


def _taken_from(
    network: Network, lot: Numbers, at: Numbers, kind: Numbers, chance: np.random.Generator
) -> Any:
    """The case or the pallet a line was taken from, where its warehouse writes it down."""
    written = (kind == CONTAINER_ONLY) | (kind == LOT_AND_CASE)
    written &= network.case_begin[lot + 1] > network.case_begin[lot]
    lot, at, kind = lot[written], at[written], kind[written]
    first, over = network.case_begin[lot], network.case_begin[lot + 1]
    case = first + (chance.random(len(lot)) * (over - first)).astype(np.int64)
    load = network.load_of(case)
    by_pallet = (kind == CONTAINER_ONLY) & (chance.random(len(lot)) < 0.5)
    by_pallet &= (network.loaded_at(load) <= at) & (at < network.unloaded_at(load))
    matrix = spelled("C", np.where(by_pallet, network.pallet_of(load), case), 10)
    matrix[by_pallet, 0] = ord("P")
    return texts(matrix, given=written)


MAKERS: dict[str, Callable[[Network, Numbers, np.random.Generator], Any]] = {
    "transformations": _transformations,
    "packings": _packings,
    "shipments": _shipments,
    "receipts": _receipts,
    "order_lines": _order_lines,
}
