"""Hides lots that are known and checks the inference against them: coverage and calibration."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from holdfast.kit.trace.certainty import Judge
from holdfast.kit.trace.fifo import MIXING, FirstIn
from holdfast.kit.trace.values import END, Certainty, Shipped, Window
from holdfast.kit.trace.windows import WindowIndex


class Chance(Protocol):
    """The part of a seeded `random.Random` the simulation draws from."""

    def random(self) -> float: ...
    def randint(self, a: int, b: int) -> int: ...
    def uniform(self, a: float, b: float) -> float: ...
    def choice(self, seq: list[str]) -> str: ...


@dataclass(frozen=True, slots=True)
class Warehouse:
    """What arrived and what left one shelf, with the lot of every line written down."""

    windows: tuple[Window, ...]
    lines: tuple[Shipped, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """How the inference did on lines whose lot was hidden.

    `missed` counts truly affected lines that came out excluded: it must be zero. `brier` is the
    mean squared error of the probability (lower is better), over the lines between lots.
    """

    lines: int
    affected: int
    missed: int
    told: int
    between: int
    brier: float | None

    @property
    def coverage(self) -> float | None:
        """Part of the truly affected lines that are told; None where there were none."""
        return None if not self.affected else 1 - self.missed / self.affected


def simulate(
    rng: Chance, *, lots: int = 6, loose: float = 0.2, closed: bool = True, sku: str = "X"
) -> Warehouse:
    """A shelf that mostly serves first in, first out; `loose` of the picks take any lot.

    Lots arrive while older ones are still there. `closed` writes down when a lot was used up;
    otherwise the windows stay open, as in shops that only record what arrives.
    """
    arrivals: list[tuple[int, str, int]] = []
    at = 0
    for number in range(lots):
        units = rng.randint(20, 120)
        arrivals.append((at, f"L{number}", units))
        at += max(5, int(units * rng.uniform(0.4, 1.1)))
    left = {lot: units for _, lot, units in arrivals}
    came = {lot: start for start, lot, _ in arrivals}
    last: dict[str, int] = {}
    lines: list[Shipped] = []
    clock = 0
    while any(left.values()):
        clock += rng.randint(0, 3)
        present = [lot for _, lot, _ in arrivals if left[lot] and came[lot] <= clock]
        if not present:
            clock = min(came[lot] for lot, units in left.items() if units)
            continue
        lot = rng.choice(present) if rng.random() < loose else present[0]
        units = min(left[lot], rng.randint(1, 4))
        left[lot] -= units
        last[lot] = clock
        lines.append(Shipped(len(lines), sku, "Lyon", lot=lot, at=clock, quantity=units))
    windows = tuple(
        Window(lot, sku, "Lyon", start, last[lot] + 1 if closed else END, units)
        for start, lot, units in arrivals
    )
    return Warehouse(windows, tuple(lines))


def score(
    warehouse: Warehouse,
    affected: Iterable[str],
    *,
    fifo: bool = True,
    mixing: float = MIXING,
    keep: int = 0,
) -> Score:
    """Hides the lot of every line (but every `keep`-th) and judges it by what was received."""
    bad = frozenset(affected)
    index = WindowIndex(warehouse.windows)
    hidden = [
        line if keep and line.key % keep == 0 else replace(line, lot="") for line in warehouse.lines
    ]
    better = FirstIn(index, bad, lambda sku, site: hidden, mixing=mixing) if fifo else None
    judge = Judge(index, bad, better=better)
    missed = told = between = hit = 0
    squares = 0.0
    for line, truth in zip(hidden, warehouse.lines, strict=True):
        verdict = judge.judge(line)
        is_affected = truth.lot in bad
        hit += is_affected
        told += verdict.certainty != Certainty.EXCLUDED
        missed += is_affected and verdict.certainty == Certainty.EXCLUDED
        if verdict.rule == "window_some" and verdict.probability is not None:
            between += 1
            squares += (verdict.probability - is_affected) ** 2
    brier = squares / between if between else None
    return Score(len(hidden), hit, missed, told, between, brier)
