"""Scenarios, the stages of a drill, and how it is scored, as pure functions."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from holdfast.kit.refusals import NotFound

FOLDER = Path(__file__).parent / "scenarios"
MARKER = "DRILL"
TITLE = f"{MARKER} "

# Goals in seconds: tracing within a minute, people within two; food practice allows two hours.
STAGES: dict[str, tuple[str, int]] = {
    "units": ("Lot to units", 60),
    "people": ("Units to people", 120),
    "stop": ("Stop-sale list", 180),
    "notice": ("Notice ready", 600),
    "contacts": ("Contacts tested, dry", 600),
    "balance": ("Mass balance", 900),
}
TRACED_GOAL = 1.0
REACHED_GOAL = 0.95


@dataclass(frozen=True)
class Scenario:
    """What is invented: the danger, the first message, and what goes wrong on the way."""

    name: str
    title: str
    outcome: str
    mechanism: str
    letter: str
    faults: tuple[str, ...]

    @property
    def knows_lot(self) -> bool:
        return "{lot}" in self.letter

    def first_message(self, *, product: str, lot: str) -> str:
        return self.letter.strip().format(product=product, lot=lot) + "\n"


@cache
def scenarios() -> dict[str, Scenario]:
    """Every scenario of the library by name; to add one, copy a file."""
    found = {}
    for path in sorted(FOLDER.glob("*.toml")):
        values = tomllib.loads(path.read_text("utf-8"))
        values["faults"] = tuple(values["faults"])
        found[values["name"]] = Scenario(**values)
    return found


def scenario_named(name: str) -> Scenario:
    """A scenario of the library; refused with the choices where there is none."""
    found = scenarios().get(name)
    if found is None:
        raise NotFound(
            "unknown_scenario", f"There is no scenario {name!r}.", hint=", ".join(scenarios())
        )
    return found


@dataclass(frozen=True)
class Traced:
    """What a drill found: counts that the score is made of."""

    units: int
    units_accounted: int
    people: int
    people_reachable: int
    languages_missing: tuple[str, ...] = ()
    holds_open: int = 0
    orders_without_customer: int = 0


def score(
    *,
    started_at: datetime,
    reached: Mapping[str, datetime | None],
    traced: Traced,
    faults: Sequence[str] = (),
) -> dict[str, object]:
    """Seconds per stage against its goal, shares traced and reachable, and the gaps in words."""
    stages: dict[str, dict[str, object]] = {}
    gaps: list[str] = []
    for name, (label, goal) in STAGES.items():
        at = reached.get(name)
        seconds = None if at is None else round((at - started_at).total_seconds())
        stages[name] = {"label": label, "seconds": seconds, "goal": goal}
        if seconds is None:
            gaps.append(f"{label}: not reached.")
        elif seconds > goal:
            gaps.append(f"{label}: {seconds} s, the goal is {goal} s.")
    units_share = _share(traced.units_accounted, traced.units)
    people_share = _share(traced.people_reachable, traced.people)
    if units_share is not None and float(units_share) < TRACED_GOAL:
        lost = traced.units - traced.units_accounted
        gaps.append(f"{lost} of {traced.units} units have no state.")
    if people_share is not None and float(people_share) < REACHED_GOAL:
        lost = traced.people - traced.people_reachable
        gaps.append(f"{lost} of {traced.people} people have no working channel.")
    if traced.orders_without_customer:
        gaps.append(f"{traced.orders_without_customer} orders name no buyer.")
    if traced.languages_missing:
        gaps.append(f"No approved text in: {', '.join(traced.languages_missing)}.")
    if traced.holds_open:
        gaps.append(f"{traced.holds_open} places to stop are still open.")
    return {
        "stages": stages,
        "units_traced": units_share,
        "people_reachable": people_share,
        "gaps": gaps,
        "faults": list(faults),
    }


def _share(part: int, whole: int) -> str | None:
    """A share as exact text: the journal keeps no floats."""
    return f"{part / whole:.4f}" if whole else None


def turn_of(ref: str) -> int:
    """Which product the drill picks: another one each time."""
    return int(ref.rsplit("-", 1)[-1]) * 7


def next_ref(year: int, taken: Sequence[str]) -> str:
    """D-2026-001, counting on within the year."""
    head = f"D-{year}-"
    numbers = [int(ref[len(head) :]) for ref in taken if ref.startswith(head)]
    return f"{head}{max(numbers, default=0) + 1:03d}"
