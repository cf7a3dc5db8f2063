"""First in, first out: a better probability for lines between lots that nobody closed.

Goods mostly leave in the order in which they came, not always. The model takes `1 - mixing` of
every line from the oldest lot that still has units and `mixing` of it from everything that lies
there, in proportion; what is left is carried forward from line to line. Lines that name their lot
take it from that lot. It needs quantities of all candidate lots and at least one open window:
where every candidate was closed, the windows say more than a model, and the plain share stays.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from holdfast.kit.trace.values import END, Shipped, Window
from holdfast.kit.trace.windows import WindowIndex

MIXING = 0.25
"""Assumed part of the picks that ignore age; the hidden-lot bench prints how well it does."""

Outflow = Callable[[str, str], Iterable[Shipped]]
"""(sku, site) -> every sale line of that SKU at that site; an empty site asks for all of them."""


@dataclass(slots=True)
class _Stock:
    window: Window
    left: float


class FirstIn:
    """Works out, queue by queue and only when asked, which share of each line was affected."""

    def __init__(
        self,
        index: WindowIndex,
        affected: Collection[str],
        outflow: Outflow,
        *,
        mixing: float = MIXING,
    ) -> None:
        self.index, self.affected, self.outflow = index, frozenset(affected), outflow
        self.mixing = mixing
        self._queues: dict[tuple[str, str], dict[int, float]] = {}

    def __call__(self, line: Shipped, present: tuple[Window, ...]) -> float | None:
        """The probability for one line, or None where the plain share is all there is."""
        if not _applies(present):
            return None
        key = (line.sku, line.site)
        queue = self._queues.get(key)
        if queue is None:
            queue = self._queues[key] = self._run(*key)
        return queue.get(line.key)

    def _run(self, sku: str, site: str) -> dict[int, float]:
        arrivals = sorted(
            (w for w in self.index.of(sku, site) if w.quantity is not None and w.start < w.end),
            key=lambda w: (w.start, w.lot),
        )
        lines = sorted(
            (line for line in self.outflow(sku, site) if line.at is not None and line.quantity > 0),
            key=lambda line: (line.at or 0, line.key),
        )
        found: dict[int, float] = {}
        stock: list[_Stock] = []
        next_arrival = 0
        for line in lines:
            at = line.at or 0
            while next_arrival < len(arrivals) and arrivals[next_arrival].start <= at:
                window = arrivals[next_arrival]
                stock.append(_Stock(window, float(window.quantity or 0)))
                next_arrival += 1
            stock = [s for s in stock if s.left > 1e-9 and s.window.end > at]
            wanted = float(line.quantity)
            if line.lot:
                _take([s for s in stock if s.window.lot == line.lot], wanted)
                continue
            hit, taken = self._pick(stock, wanted)
            if taken > 0:
                found[line.key] = min(1.0, hit / taken)
        return found

    def _pick(self, stock: list[_Stock], wanted: float) -> tuple[float, float]:
        hit = taken = 0.0
        whole = sum(s.left for s in stock)
        loose = min(wanted, whole) * self.mixing
        if whole > 0:
            for s in stock:
                part = s.left * loose / whole
                s.left -= part
                taken += part
                hit += part if s.window.lot in self.affected else 0.0
        for s, part in _take(stock, wanted - loose):
            taken += part
            hit += part if s.window.lot in self.affected else 0.0
        return hit, taken


def _take(stock: list[_Stock], wanted: float) -> list[tuple[_Stock, float]]:
    taken: list[tuple[_Stock, float]] = []
    for s in stock:
        if wanted <= 0:
            break
        part = min(s.left, wanted)
        s.left -= part
        wanted -= part
        taken.append((s, part))
    return taken


def _applies(present: tuple[Window, ...]) -> bool:
    return any(w.end == END for w in present) and all(w.quantity is not None for w in present)
