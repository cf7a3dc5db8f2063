"""Asks of every value whether it comes with an outcome more often than by chance.

Which questions are asked depends on the margins alone, never on the counts that are tested, so
leaving out those that could show nothing at all (R. E. Tarone, Biometrics 46 (1990) 515-522)
does not bias the rest. False discoveries are held over all that are asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from holdfast.kit.recurrence.chance import Margins, chance_of, least_chance
from holdfast.kit.signals.discovery import q_values

HELD_AT = 0.05
"""The share of false ones among the patterns that are said to hold."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that either shows an outcome or not: a lot, an inspection, a product.

    What shares a fate is one thing, however often it was told of. `stratum` keeps apart what is not
    alike from the start: chance is worked out within each.
    """

    key: str
    values: frozenset[str]
    outcomes: frozenset[str]
    stratum: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Things of one kind, seen by one dimension, for example inspections by supplier."""

    kind: str
    dimension: str
    things: tuple[Thing, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One question with its answer.

    Of `things` there are, `marked` have the outcome, `taken` the value, and `count` both, where
    chance would give `expected`. `p` is the exact chance of as many, `q` the false discovery rate
    at which it would be raised.
    """

    kind: str
    dimension: str
    value: str
    outcome: str
    count: int
    marked: int
    taken: int
    things: int
    expected: float
    p: float
    q: float = 1.0

    @property
    def holds(self) -> bool:
        return self.q <= HELD_AT


@dataclass(frozen=True, slots=True)
class Answers:
    """All questions asked, the least likely first, and how many could not have shown anything."""

    patterns: tuple[Pattern, ...]
    asked: int
    unanswerable: int

    @property
    def held(self) -> tuple[Pattern, ...]:
        """Those that hold after correcting for everything that was asked."""
        return tuple(one for one in self.patterns if one.holds)


def ask(tables: Iterable[Table]) -> Answers:
    """Ask all tables everything, and correct for all of it together."""
    asked: list[Pattern] = []
    unanswerable = 0
    for table in tables:
        for pattern in _questions(table):
            if pattern is None:
                unanswerable += 1
            else:
                asked.append(pattern)
    return corrected(asked, unanswerable)


def corrected(asked: Sequence[Pattern], unanswerable: int = 0) -> Answers:
    """The same questions with their false discovery rates, the least likely first."""
    qs = q_values(np.array([one.p for one in asked], dtype=np.float64))
    found = [_with_q(one, float(q)) for one, q in zip(asked, qs, strict=True)]
    found.sort(key=lambda one: (one.p, -one.count, one.kind, one.dimension, one.value))
    return Answers(tuple(found), len(asked), unanswerable)


def _with_q(one: Pattern, q: float) -> Pattern:
    return Pattern(
        one.kind, one.dimension, one.value, one.outcome, one.count, one.marked, one.taken,
        one.things, one.expected, one.p, q,
    )  # fmt: skip


def _questions(table: Table) -> Iterable[Pattern | None]:
    by_value: dict[str, list[Thing]] = defaultdict(list)
    whole: dict[int, int] = defaultdict(int)
    marked: dict[tuple[str, int], int] = defaultdict(int)
    for thing in table.things:
        whole[thing.stratum] += 1
        for value in thing.values:
            by_value[value].append(thing)
        for outcome in thing.outcomes:
            marked[outcome, thing.stratum] += 1
    outcomes = sorted({outcome for outcome, _stratum in marked})
    if len(by_value) < 2:
        return
    for value in sorted(by_value):
        taken: dict[int, int] = defaultdict(int)
        for thing in by_value[value]:
            taken[thing.stratum] += 1
        for outcome in outcomes:
            strata = [
                Margins(whole[one], marked[outcome, one], taken[one])
                for one in sorted(whole)
                if taken[one] and marked[outcome, one]
            ]
            if not strata or least_chance(strata) > HELD_AT:
                yield None
                continue
            count = sum(outcome in thing.outcomes for thing in by_value[value])
            yield Pattern(
                table.kind,
                table.dimension,
                value,
                outcome,
                count,
                sum(marked[outcome, one] for one in whole),
                len(by_value[value]),
                len(table.things),
                sum(one.expected for one in strata),
                chance_of(count, strata),
            )
