"""What the data knows of each country and category, with what is missing shown as missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from holdfast.kit.regimes.law import MATTERS, Regime
from holdfast.kit.regimes.places import Category, Place, categories, places
from holdfast.kit.regimes.reading import regimes


@dataclass(frozen=True, slots=True)
class Known:
    """How sure the data is of one matter of one law: counts of statements by confidence."""

    verified: int = 0
    recalled: int = 0
    unknown: int = 0

    @property
    def is_missing(self) -> bool:
        """Is there no statement at all?"""
        return not (self.verified or self.recalled or self.unknown)

    @property
    def confidence(self) -> str:
        """The weakest confidence, or `missing`."""
        if self.is_missing:
            return "missing"
        return "unknown" if self.unknown else "recalled" if self.recalled else "verified"


@dataclass(frozen=True, slots=True)
class Cell:
    """One category in one country: the laws that cover it; none is a gap, not freedom."""

    place: Place
    category: Category
    laws: tuple[Regime, ...]


def covers(regime: Regime, place: Place, kinds: frozenset[str]) -> bool:
    """Does a law hold for goods of these kinds in that country?"""
    if place.code in regime.not_in:
        return False
    if regime.jurisdiction not in place.laws and place.code not in regime.also_in:
        return False
    return bool(kinds & set(regime.categories)) and not kinds & set(regime.excludes)


def known(regime: Regime) -> dict[str, Known]:
    """How sure the data is of a law's duties and of each other matter."""
    found = {"duties": _counted([duty.confidence for duty in regime.obligations])}
    for matter in MATTERS:
        statement = regime.statements.get(matter)
        found[matter] = _counted([statement.confidence] if statement else [])
    return found


def coverage(on: date) -> list[Cell]:
    """Every country whose zone is known × every category, by the law of that day."""
    here = regimes(on)
    return [
        Cell(place, kind, tuple(one for one in here if covers(one, place, kind.kinds)))
        for place in places()
        if place.code != "EU"
        for kind in categories().values()
    ]


def _counted(confidences: list[str]) -> Known:
    return Known(*(confidences.count(name) for name in ("verified", "recalled", "unknown")))
