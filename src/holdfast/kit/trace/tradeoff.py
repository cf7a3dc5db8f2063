"""What a scope costs either way: units told for nothing against affected units left out.

Nothing here narrows a scope. It shows what leaving the least likely lines out would spare and
risk, and what one more fact would settle, so that people look for the fact instead. Lines whose
probability nobody can say are never among those left out: no record is no alibi.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

POINTS = 40
"""Points of a curve that people read; a scope of a million lines may have as many probabilities."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One line of a scope, or some of one shelf that share a probability and a person.

    `probability` is that of the line being affected: 1 for confirmed, None where unknown. `units`
    after cancellations; `lines` how many are added up here. `serials` of them say their serial.
    """

    probability: float | None
    units: float
    person: Hashable = None
    sku: str = ""
    site: str = ""
    rule: str = ""
    lines: int = 1
    serials: int = 0


@dataclass(frozen=True, slots=True)
class Point:
    """Telling all lines with at least this probability, and those of unknown probability.

    `spared_units` and `spared_people` are left out; of those units `missed_units` are affected, as
    expected. `any_missed` is at most this likely (the sum of the left-out lines' probabilities,
    which holds however lines hang together). `over_units` are told for nothing, as expected.
    Units of unknown probability stand in neither sum.
    """

    at_least: float
    told_lines: int
    told_units: float
    told_people: int
    over_units: float
    spared_lines: int
    spared_units: float
    spared_people: int
    missed_units: float
    any_missed: float

    def cost(self, *, told: float, missed: float) -> float:
        """Money: `told` for each unit told for nothing, `missed` for each affected one missed."""
        return self.over_units * told + self.missed_units * missed


@dataclass(frozen=True, slots=True)
class Worth:
    """What one fact would settle.

    `saves_units` is how many units fewer would be told for nothing, as expected; None where no
    probability is known, so that nobody can say.
    """

    fact: str  # "bins", "receipts", "serials"
    sku: str
    site: str
    lines: int
    units: float
    saves_units: float | None


def curve(doubts: Iterable[Doubt], *, points: int = POINTS) -> list[Point]:
    """The trade-off from telling everybody to telling only what is certain or unknown."""
    held = list(doubts)
    best: dict[Hashable, float] = {}
    for doubt in held:
        if doubt.person is not None:
            chance = 1.0 if doubt.probability is None else doubt.probability
            best[doubt.person] = max(chance, best.get(doubt.person, 0.0))
    ordered = sorted(
        (doubt for doubt in held if doubt.probability is not None),
        key=lambda doubt: doubt.probability or 0.0,
    )
    people = sorted(best.values())
    units = sum(doubt.units for doubt in held)
    lines = sum(doubt.lines for doubt in held)
    over = sum(doubt.units * (1 - (doubt.probability or 0.0)) for doubt in ordered)
    found: list[Point] = []
    gone_lines, gone_units, missed, any_missed = 0, 0.0, 0.0, 0.0
    spot = person = 0
    for level in _levels([doubt.probability or 0.0 for doubt in ordered], points):
        while spot < len(ordered) and (ordered[spot].probability or 0.0) < level:
            doubt, chance = ordered[spot], ordered[spot].probability or 0.0
            gone_lines += doubt.lines
            gone_units += doubt.units
            missed += doubt.units * chance
            over -= doubt.units * (1 - chance)
            any_missed += doubt.lines * chance
            spot += 1
        while person < len(people) and people[person] < level:
            person += 1
        found.append(
            Point(
                at_least=level,
                told_lines=lines - gone_lines,
                told_units=units - gone_units,
                told_people=len(people) - person,
                over_units=max(0.0, over),
                spared_lines=gone_lines,
                spared_units=gone_units,
                spared_people=person,
                missed_units=missed,
                any_missed=min(1.0, any_missed),
            )
        )
    return found


def _levels(chances: Sequence[float], points: int) -> list[float]:
    """Thresholds to show, ascending: all there are, or as many quantiles of the lines."""
    distinct = sorted({0.0, *chances})
    if len(distinct) <= points:
        return distinct
    step = (len(distinct) - 1) / (points - 1)
    return [distinct[math.floor(number * step + 0.5)] for number in range(points)]


def worth(doubts: Iterable[Doubt]) -> list[Worth]:
    """What one more fact would settle, the most helpful first.

    - bins: which lot each pick of a shelf took. Every line between lots becomes certain.
    - receipts: which lots lay there when nothing was recorded.
    - serials: which serials of an affected lot are affected; helps as far as lines name theirs.
    """
    between: dict[tuple[str, str], list[Doubt]] = defaultdict(list)
    blank: dict[tuple[str, str], list[Doubt]] = defaultdict(list)
    certain: dict[str, list[Doubt]] = defaultdict(list)
    for doubt in doubts:
        if doubt.probability is None:
            if doubt.rule == "no_record":  # what an order does not say, no receipt can tell
                blank[doubt.sku, doubt.site].append(doubt)
        elif doubt.probability < 1:
            between[doubt.sku, doubt.site].append(doubt)
        elif doubt.serials:
            certain[doubt.sku].append(doubt)
    found = [
        Worth(
            "bins",
            sku,
            site,
            sum(doubt.lines for doubt in held),
            sum(doubt.units for doubt in held),
            sum(doubt.units * (1 - (doubt.probability or 0.0)) for doubt in held),
        )
        for (sku, site), held in between.items()
    ]
    found += [
        Worth("receipts", sku, site, sum(d.lines for d in held), sum(d.units for d in held), None)
        for (sku, site), held in blank.items()
    ]
    found += [
        Worth("serials", sku, "", sum(d.serials for d in held), sum(d.units for d in held), None)
        for sku, held in certain.items()
    ]
    return sorted(
        found, key=lambda one: (-(one.saves_units or 0.0), -one.units, one.fact, one.sku, one.site)
    )
