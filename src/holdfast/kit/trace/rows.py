"""One row of the published order: what it says, and which lots it may have been taken from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from holdfast.kit.trace.contents import inside_at
from holdfast.kit.trace.published.layout import Published
from holdfast.kit.trace.ranges import Ints, spread
from holdfast.kit.trace.values import BEGINNING


@dataclass(frozen=True, slots=True)
class Candidates:
    """The lots a row may have been taken from, with millionths received where that is known.

    `rule` is lot_named, container, window or no_record. `ways` has, for a container, the stays
    that lead to each lot; `places` has, for a site, the receipts that hold, by lot. `otherwise` is
    what decides where none of these lots is affected, for a container with something unopened.
    """

    rule: str
    lots: dict[int, int | None]
    ways: dict[int, tuple[int, ...]]
    receipts: dict[int, list[int]]
    otherwise: Candidates | None = None

    @property
    def every_lot(self) -> set[int]:
        """All lots it may have been."""
        return {*self.lots, *(self.otherwise.every_lot if self.otherwise else ())}


class RowReader:
    """Reads single rows; whole answers are counted by ranges and never come here."""

    def __init__(self, published: Published) -> None:
        self.published = published

    def sku_of(self, row: int) -> int:
        """The SKU a row says."""
        own = self.published.arrays
        if row < self.published.first_boxed:
            return int(own.named_sku[self.group_of(row)])
        return int(own.shelf_sku[self.shelf_of(self.piece_of(row))])

    def group_of(self, row: int) -> int:
        """The group of SKU and lot of a row that names its lot."""
        return int(np.searchsorted(self.published.arrays.named_row, row, side="right")) - 1

    def piece_of(self, row: int) -> int:
        """The piece of a row that names no lot."""
        return int(self.published.pieces_of(np.array([row]))[0])

    def shelf_of(self, piece: int) -> int:
        """The shelf of a piece."""
        return int(np.searchsorted(self.published.arrays.shelf_piece, piece, side="right")) - 1

    def shipped_by(self, rows: Ints, at: int | None) -> list[int]:
        """Those shipped up to a moment."""
        shipped = self.published.arrays.shipped
        return [row for row in rows.tolist() if at is None or shipped[row] <= at]

    def fits(self, lot: int, sku: int) -> bool:
        """Is it a lot of that SKU, or of unknown SKU?"""
        own = self.published.arrays
        begin, end = own.sku_of_lot_start[lot : lot + 2].tolist()
        return begin == end or sku in own.sku_of_lot[begin:end].tolist()

    def candidates(self, row: int) -> Candidates:
        """The three cases of the contract for one row."""
        own = self.published.arrays
        if row < self.published.first_boxed:
            lot = int(own.named_lot[self.group_of(row)])
            return Candidates("lot_named", {lot: None}, {}, {})
        at, sku = int(own.shipped[row]), self.sku_of(row)
        if row < self.published.first_sited:
            inside = inside_at(self.published, int(own.container[row]), at)
            ways = {lot: way for lot, way in inside.items() if self.fits(lot, sku)}
            again = int(self.published.again_pieces_of(np.array([row]))[0]) >= 0
            otherwise = self._beside(sku, int(own.site[row]), at) if again else None
            return Candidates("container", dict.fromkeys(ways), ways, {}, otherwise)
        return self._beside(sku, int(own.site[row]), at)

    def _beside(self, sku: int, site: int, at: int) -> Candidates:
        """The lots of a SKU at a site then."""
        own = self.published.arrays
        receipts = self._receipts(sku, site, at)
        lots: dict[int, int | None] = {}
        for lot, places in receipts.items():
            amounts = own.receipt_quantity[places].tolist()
            lots[lot] = None if min(amounts) < 0 else sum(amounts)
        return Candidates("window" if lots else "no_record", lots, {}, receipts)

    def _receipts(self, sku: int, site: int, at: int) -> dict[int, list[int]]:
        own = self.published.arrays
        if at < BEGINNING:
            return {}  # a line without a time lies in no window
        pairs = np.flatnonzero(own.sku_of_lot == sku)
        lots = np.searchsorted(own.sku_of_lot_start, pairs, side="right") - 1
        starts, ends = own.receipt_of_lot_start[lots], own.receipt_of_lot_start[lots + 1]
        near = spread(starts, ends)
        owner = np.repeat(lots, ends - starts)
        holds = (own.receipt_start[near] <= at) & (at < own.receipt_end[near])
        holds &= own.receipt_sku[near] == sku
        if site >= 0:
            there = own.receipt_site[near]
            holds &= (there == site) | (there < 0)
        found: dict[int, list[int]] = {}
        for lot, place in zip(owner[holds].tolist(), near[holds].tolist(), strict=True):
            found.setdefault(lot, []).append(place)
        return found
