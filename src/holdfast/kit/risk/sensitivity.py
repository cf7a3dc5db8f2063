"""Which single assumption would change the level: each step a band up or down, severity by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from holdfast.kit.risk.eu_grid import BANDS, LEVELS, Band, assess, band_of
from holdfast.kit.risk.scenario import Scenario, Step, written

CONVENTION = (
    "A step is moved by one band by the ratio of the bands' lower ends, a factor of ten where the "
    "lower end is nought, and kept inside the neighbouring band where that would miss it."
)
# How far inside its edges a moved probability is kept; an edge itself belongs to another band.
INSIDE = Fraction(1, 1000)


@dataclass(frozen=True, slots=True)
class Change:
    """One assumption moved, and the level the product would have then.

    `step` counts from 1 and is 0 where the severity moved, or the probability judged in one go.
    """

    scenario: int
    step: int
    moved: str
    before: str
    after: str
    level: str

    def as_json(self) -> dict[str, object]:
        return {
            "scenario": self.scenario,
            "step": self.step,
            "moved": self.moved,
            "before": self.before,
            "after": self.after,
            "level": self.level,
        }

    @property
    def sentence(self) -> str:
        """In words: “one band less likely in step 2 would make it high”."""
        where = f" in step {self.step}" if self.step else ""
        words = {
            "likelier": f"one band likelier{where}",
            "less_likely": f"one band less likely{where}",
            "worse": "one level more severe",
            "milder": "one level less severe",
        }[self.moved]
        return f"{words} ({self.after} instead of {self.before}) would make it {self.level}"


def a_band_aside(probability: Fraction, *, likelier: bool) -> Fraction | None:
    """The same probability in the neighbouring band; None at the end of the scale."""
    at = BANDS.index(band_of(probability))
    target = at - 1 if likelier else at + 1
    if not 0 <= target < len(BANDS):
        return None
    low, high = BANDS[at].over, BANDS[target].over
    ratio = (
        Fraction(high, low)
        if low and high
        else Fraction(10 if likelier else 1, 10 ** (not likelier))
    )
    floor, ceiling = _inside(BANDS[target])
    return min(max(probability * ratio, floor), ceiling)


def _inside(band: Band) -> tuple[Fraction, Fraction]:
    """(least, most) a moved probability may be in a band, off its edges."""
    at = BANDS.index(band)
    top = BANDS[at - 1].over if at else Fraction(1)
    floor = band.over * (1 + INSIDE) if at else band.over
    return floor, top * (1 - INSIDE) if at == 1 else top


def changes(scenarios: Sequence[Scenario]) -> tuple[Change, ...]:
    """Every single assumption that would change the product's level, scenario by scenario."""
    risks = [assess(one.severity, one.probability).risk for one in scenarios]
    level = worst(risks)
    found: list[Change] = []
    for number, one in enumerate(scenarios):
        others = risks[:number] + risks[number + 1 :]
        for moved, step, before, after, other in _moves(one):
            risk = worst([*others, assess(other.severity, other.probability).risk])
            if risk != level:
                found.append(Change(number + 1, step, moved, before, after, risk))
    return tuple(found)


def worst(risks: Sequence[str]) -> str:
    """The highest of some levels."""
    return max(risks, key=LEVELS.index)


def _moves(one: Scenario) -> list[tuple[str, int, str, str, Scenario]]:
    """(what moved, step, before, after, the scenario then) for every single move."""
    rows: list[tuple[str, int, str, str, Scenario]] = []
    for likelier in (True, False):
        moved = "likelier" if likelier else "less_likely"
        for number, step in enumerate(one.steps):
            other = a_band_aside(step.probability, likelier=likelier)
            if other is not None:
                steps = list(one.steps)
                steps[number] = Step(step.words, other, step.basis)
                then = replace(one, steps=tuple(steps), whole=None)
                rows.append((moved, number + 1, written(step.probability), written(other), then))
        if not one.steps:
            other = a_band_aside(one.probability, likelier=likelier)
            if other is not None:
                then = replace(one, whole=other)
                rows.append((moved, 0, written(one.probability), written(other), then))
    for by in (1, -1):
        if 1 <= one.severity + by <= 4:
            then = replace(one, severity=one.severity + by)
            moved = "worse" if by > 0 else "milder"
            rows.append((moved, 0, str(one.severity), str(then.severity), then))
    return rows
