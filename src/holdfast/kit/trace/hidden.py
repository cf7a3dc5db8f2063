"""Hides lots that are known and checks the inference against them: coverage and calibration."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from holdfast.kit.trace.certainty import Judge
from holdfast.kit.trace.picking import Picking
from holdfast.kit.trace.values import Certainty, Shipped, Window
from holdfast.kit.trace.windows import WindowIndex

BINS = 10
"""Rows of a reliability table: said 0–10 %, 10–20 %, …"""


@dataclass(frozen=True, slots=True)
class Warehouse:
    """What arrived and what left one shelf, with the lot of every line written down."""

    windows: tuple[Window, ...]
    lines: tuple[Shipped, ...]


@dataclass(frozen=True, slots=True)
class Reliability:
    """Lines to which a probability between `low` and `high` was given, and how many were hit.

    Well calibrated means `observed` is near `said`.
    """

    low: float
    high: float
    lines: int
    said: float
    observed: float


@dataclass(frozen=True, slots=True)
class Score:
    """How the inference did on lines whose lot was hidden.

    `missed` counts truly affected lines that came out excluded: it must be zero. `said` holds,
    for each line between lots, the probability and whether it was in truth affected.
    """

    lines: int = 0
    affected: int = 0
    missed: int = 0
    told: int = 0
    said: tuple[tuple[float, bool], ...] = ()

    def __add__(self, other: Score) -> Score:
        return Score(
            self.lines + other.lines,
            self.affected + other.affected,
            self.missed + other.missed,
            self.told + other.told,
            self.said + other.said,
        )

    @property
    def coverage(self) -> float | None:
        """Part of the truly affected lines that are told; None where there were none."""
        return None if not self.affected else 1 - self.missed / self.affected

    @property
    def brier(self) -> float | None:
        """Mean squared error of the probability, over the lines between lots; lower is better."""
        if not self.said:
            return None
        return sum((chance - truth) ** 2 for chance, truth in self.said) / len(self.said)

    def reliability(self) -> list[Reliability]:
        """What was said against what was so, by tenths; tenths without a line are left out."""
        bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
        for chance, truth in self.said:
            bins[min(BINS - 1, int(chance * BINS))].append((chance, truth))
        return [
            Reliability(
                number / BINS,
                (number + 1) / BINS,
                len(held),
                sum(chance for chance, _ in held) / len(held),
                sum(truth for _, truth in held) / len(held),
            )
            for number, held in enumerate(bins)
            if held
        ]

    @property
    def calibration_error(self) -> float | None:
        """Mean distance of said from observed over the tenths, weighted by their lines."""
        rows = self.reliability()
        lines = sum(row.lines for row in rows)
        return (
            sum(row.lines * abs(row.said - row.observed) for row in rows) / lines if rows else None
        )


def score(
    warehouse: Warehouse, affected: Iterable[str], *, learning: bool = True, keep: int = 0
) -> Score:
    """Hides the lot of every line (but every `keep`-th) and judges it by what was received.

    `learning=False` gives the plain share of the units that lie there.
    """
    bad = frozenset(affected)
    index = WindowIndex(warehouse.windows)
    hidden = [
        line if keep and line.key % keep == 0 else replace(line, lot="") for line in warehouse.lines
    ]
    better = Picking(index, bad, lambda sku, site: hidden) if learning else None
    judge = Judge(index, bad, better=better)
    missed = told = hit = 0
    said: list[tuple[float, bool]] = []
    for line, truth in zip(hidden, warehouse.lines, strict=True):
        verdict = judge.judge(line)
        is_affected = truth.lot in bad
        hit += is_affected
        told += verdict.certainty != Certainty.EXCLUDED
        missed += is_affected and verdict.certainty == Certainty.EXCLUDED
        if verdict.rule == "window_some" and verdict.probability is not None:
            said.append((verdict.probability, is_affected))
    return Score(len(hidden), hit, missed, told, tuple(said))


def score_all(
    warehouses: Iterable[Warehouse],
    affected: Sequence[str],
    *,
    learning: bool = True,
    keep: int = 0,
) -> Score:
    """The sum over some warehouses, each with its own shelf."""
    whole = Score()
    for warehouse in warehouses:
        whole += score(warehouse, affected, learning=learning, keep=keep)
    return whole
