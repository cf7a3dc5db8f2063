"""Residence windows, indexed: which lots of a SKU lay at a site at one instant."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain

from holdfast.kit.trace.values import Units, Window


class Timeline:
    """The stock of one SKU at one site, cut where a window opens or closes.

    Between two cuts the candidates are the same, so an answer worked out once for a piece serves
    every line shipped within it.
    """

    __slots__ = ("_pieces", "cuts", "windows")

    def __init__(self, windows: Iterable[Window]) -> None:
        self.windows = tuple(window for window in windows if window.start < window.end)
        self.cuts = sorted({t for w in self.windows for t in (w.start, w.end)})
        self._pieces: dict[int, tuple[Window, ...]] = {}

    def piece(self, at: int) -> int:
        """The number of the piece that holds this instant; piece 0 lies before every window."""
        return bisect_right(self.cuts, at)

    def present(self, piece: int) -> tuple[Window, ...]:
        """The windows that hold throughout one piece."""
        found = self._pieces.get(piece)
        if found is None:
            start = self.cuts[piece - 1] if piece else None
            found = () if start is None else tuple(w for w in self.windows if w.holds(start))
            self._pieces[piece] = found
        return found


class WindowIndex:
    """All receipts of an instance, by SKU and site."""

    def __init__(self, windows: Iterable[Window]) -> None:
        self._by_sku: dict[str, dict[str, list[Window]]] = defaultdict(lambda: defaultdict(list))
        self._skus_of: dict[str, set[str]] = defaultdict(set)
        self._timelines: dict[tuple[str, str], Timeline] = {}
        for window in windows:
            self._by_sku[window.sku][window.site].append(window)
            self._skus_of[window.lot].add(window.sku)

    def skus_of(self, lot: str) -> frozenset[str]:
        """The SKUs under which a lot was ever received; empty where it never was."""
        return frozenset(self._skus_of.get(lot, ()))

    def timeline(self, sku: str, site: str) -> Timeline:
        """The stock a line of this SKU and site can have come from.

        A line without a site can have come from any; a receipt without one can have gone to any.
        """
        key = (sku, site)
        found = self._timelines.get(key)
        if found is None:
            found = self._timelines[key] = Timeline(self.of(sku, site))
        return found

    def of(self, sku: str, site: str) -> Iterator[Window]:
        """The receipts of a SKU that a line of this site could have been served from."""
        sites = self._by_sku.get(sku)
        if not sites:
            return iter(())
        if not site:
            return chain.from_iterable(sites.values())
        return chain(sites.get(site, ()), sites.get("", ()))


def quantities(windows: Iterable[Window]) -> dict[str, Units | None]:
    """Units by lot over some windows; None for a lot of which any window has no quantity."""
    found: dict[str, Units | None] = {}
    for window in windows:
        if window.lot not in found:
            found[window.lot] = window.quantity
            continue
        known = found[window.lot]
        whole = None if known is None or window.quantity is None else known + window.quantity
        found[window.lot] = whole
    return found
