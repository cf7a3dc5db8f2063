"""Where the reports behind an alarm crowd: lots, suppliers, sites, days of manufacture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from holdfast.kit.signals.scan import scan

BY_CHANCE = 0.05  # shown is what chance gives less often, after counting how often we looked
LEAST_TOLD = 3  # reports that name a value at all
MOST_SHOWN = 8  # values of one crowd


@dataclass(frozen=True, slots=True)
class Place:
    """One kind of place to look in: reports and units by value.

    `units` are what was made or received of each value; without them every value counts the same.
    `is_ordered` where neighbours belong together (days, weeks).
    """

    kind: str
    told: Mapping[str, int]
    units: Mapping[str, float]
    is_ordered: bool = False


@dataclass(frozen=True, slots=True)
class Pointer:
    """A crowd: `reports` of `of` name these values, where their share of units gives `expected`.

    `chance` is how often chance alone would crowd as much anywhere we looked, at most 1.
    """

    kind: str
    values: tuple[str, ...]
    reports: int
    of: int
    expected: float
    chance: float
    is_by_units: bool

    def as_json(self) -> dict[str, object]:
        """With numbers as text, so that it has one form."""
        return {
            "kind": self.kind,
            "values": list(self.values),
            "reports": self.reports,
            "of": self.of,
            "expected": f"{self.expected:.2f}",
            "chance": f"{self.chance:.4f}",
            "is_by_units": self.is_by_units,
        }


def pointers(places: Sequence[Place], *, seed: int) -> tuple[Pointer, ...]:
    """The crowds that chance does not explain, the least likely first; the same for a seed."""
    looked = [place for place in places if _is_worth_it(place)]
    found = []
    for number, place in enumerate(looked):
        units, is_by_units = _units(place)
        chance = np.random.Generator(np.random.SFC64([seed, number]))
        order = sorted(units) if place.is_ordered else ()
        crowd = scan(place.told, units, chance, ordered=order)
        if crowd is None:
            continue
        likely = min(1.0, crowd.p_value * len(looked))
        if likely <= BY_CHANCE:
            of = sum(place.told.values())
            values = tuple(one for one in crowd.values if place.told.get(one))[:MOST_SHOWN]
            found.append(
                Pointer(place.kind, values, crowd.reports, of, crowd.expected, likely, is_by_units)
            )
    return tuple(sorted(found, key=lambda one: (one.chance, one.kind)))


def _is_worth_it(place: Place) -> bool:
    told = {value for value, number in place.told.items() if number}
    values = told | {value for value, units in place.units.items() if units > 0}
    return sum(place.told.values()) >= LEAST_TOLD and len(values) > 1


def _units(place: Place) -> tuple[dict[str, float], bool]:
    """Units of every value; where one that is told of has none, all count the same."""
    known = {value: float(units) for value, units in place.units.items() if units > 0}
    told = [value for value, number in place.told.items() if number]
    if known and all(value in known for value in told):
        return known, True
    return dict.fromkeys([*known, *told], 1.0), False
