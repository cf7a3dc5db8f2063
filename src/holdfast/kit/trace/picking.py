"""From which lot a line was probably picked, learnt from the lines whose lot is known.

Every unit that lies on a shelf has the same pull, times `exp(-habit * rank)`, where rank 0 is the
oldest lot present: a habit of 0 takes anything, a large one is first in, first out, a negative one
takes the newest. What a line probably took is carried forward, so that later lines find less of
it. The habit of a shelf is the one under which its own known lines are most likely; without
known lines it is `USUAL`. It needs the quantities of all candidate lots and at least one open
window; elsewhere the plain share of `certainty` stays.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from holdfast.kit.trace.values import END, Shipped, Window
from holdfast.kit.trace.windows import WindowIndex

USUAL = 1.5
"""Assumed where too few lines of a shelf name their lot: rather the oldest, but far from always.

Set beforehand and fitted to nothing; `make bench BENCH=calibration` says how well it does.
"""
HABITS = (-4.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
"""The habits that are tried on the known lines of a shelf; at equal merit, USUAL stays."""
FLOOR = 0.02
"""Part of every pull that ignores age: nothing that lies there is ever impossible."""
IMPOSSIBLE = 0.005
"""The chance of a line that came from a lot the habit believes gone: wrong, but counts happen."""
ENOUGH = 8
"""Known lines with a choice that a shelf needs before its own habit is believed."""

Outflow = Callable[[str, str], Iterable[Shipped]]
"""(sku, site) -> every sale line of that SKU at that site; an empty site asks for all of them."""


@dataclass(slots=True)
class _Stock:
    window: Window
    left: float


@dataclass(slots=True)
class _Run:
    """One pass over a shelf: the probability of each open line, and how the known ones fared."""

    found: dict[int, float] = field(default_factory=dict)
    likelihood: float = 0.0
    known: int = 0


class Picking:
    """Works out, shelf by shelf and only when asked, which share of each line was affected."""

    def __init__(
        self,
        index: WindowIndex,
        affected: Collection[str],
        outflow: Outflow,
        *,
        habit: float | None = None,
    ) -> None:
        self.index, self.affected, self.outflow = index, frozenset(affected), outflow
        self.habit = habit
        self._shelves: dict[tuple[str, str], dict[int, float]] = {}

    def __call__(self, line: Shipped, present: tuple[Window, ...]) -> float | None:
        """The probability for one line, or None where the plain share is all there is."""
        if not _applies(present):
            return None
        key = (line.sku, line.site)
        shelf = self._shelves.get(key)
        if shelf is None:
            shelf = self._shelves[key] = self._work_out(*key)
        return shelf.get(line.key)

    def _work_out(self, sku: str, site: str) -> dict[int, float]:
        arrivals = sorted(
            (w for w in self.index.of(sku, site) if w.quantity is not None and w.start < w.end),
            key=lambda w: (w.start, w.lot),
        )
        lines = sorted(
            (line for line in self.outflow(sku, site) if line.at is not None and line.quantity > 0),
            key=lambda line: (line.at or 0, line.key),
        )
        if self.habit is not None:
            return self._run(arrivals, lines, self.habit).found
        usual = self._run(arrivals, lines, USUAL)
        if usual.known < ENOUGH:
            return usual.found
        best = usual
        for habit in HABITS:
            tried = self._run(arrivals, lines, habit)
            if tried.likelihood > best.likelihood:
                best = tried
        return best.found

    def _run(self, arrivals: Sequence[Window], lines: Sequence[Shipped], habit: float) -> _Run:
        run = _Run()
        stock: list[_Stock] = []
        here: list[_Stock] = []
        coming = 0
        for line in lines:
            at = line.at or 0
            while coming < len(arrivals) and arrivals[coming].start <= at:
                here.append(_Stock(arrivals[coming], float(arrivals[coming].quantity or 0)))
                coming += 1
            here = [s for s in here if s.window.end > at]
            stock = [s for s in here if s.left > 1e-9]
            shares = _pull(stock, habit)
            if line.lot:
                # By the record, not by what the habit believes is left: all habits are judged on
                # the same lines.
                if len(here) > 1:
                    _judge(run, line.lot, stock, shares)
                _take(stock, [float(s.window.lot == line.lot) for s in stock], line)
                continue
            if stock:
                hit = sum(
                    share
                    for s, share in zip(stock, shares, strict=True)
                    if s.window.lot in self.affected
                )
                run.found[line.key] = min(1.0, hit)
            _take(stock, shares, line)
        return run


def _pull(stock: Sequence[_Stock], habit: float) -> list[float]:
    """Each stock's chance to serve the next unit; sums to 1."""
    whole = sum(s.left for s in stock)
    last = len(stock) - 1
    # Counted from whichever end is preferred, so that the exponent never overflows.
    ranks = range(len(stock)) if habit >= 0 else range(last, -1, -1)
    pulls = [s.left * math.exp(-abs(habit) * rank) for s, rank in zip(stock, ranks, strict=True)]
    total = sum(pulls)
    if not total:
        return [s.left / whole for s in stock] if whole else []
    return [
        FLOOR * s.left / whole + (1 - FLOOR) * pull / total
        for s, pull in zip(stock, pulls, strict=True)
    ]


def _judge(run: _Run, lot: str, stock: Sequence[_Stock], shares: Sequence[float]) -> None:
    chance = sum(share for s, share in zip(stock, shares, strict=True) if s.window.lot == lot)
    run.known += 1
    run.likelihood += math.log(max(chance, IMPOSSIBLE))


def _take(stock: Sequence[_Stock], shares: Sequence[float], line: Shipped) -> None:
    """Carry forward what the line probably took; what one lot cannot give, the others do."""
    wanted = float(line.quantity)
    for s, share in zip(stock, shares, strict=True):
        part = min(s.left, wanted * share)
        s.left -= part
        wanted -= part
    for s, share in zip(stock, shares, strict=True):
        if wanted <= 1e-9:
            return
        if share:
            part = min(s.left, wanted)
            s.left -= part
            wanted -= part


def _applies(present: tuple[Window, ...]) -> bool:
    # Where every candidate was closed, the windows say more than a habit does.
    return any(w.end == END for w in present) and all(w.quantity is not None for w in present)
