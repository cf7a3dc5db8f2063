"""The one fact base at one moment: what is known, from whom; forms read nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from holdfast.kit.filings.values import number


@dataclass(frozen=True, slots=True)
class FactValue:
    """What one fact says at one place. `unknown` is the reason where somebody said it is not known.

    `source` is where it comes from in words; `by` who stated it, or the name of a computed source.
    """

    key: str
    place: str
    value: Any
    source: str
    by: str
    as_of: datetime | None = None
    unknown: str = ""
    filing: int | None = None  # an answer that belongs to one filing only

    @property
    def is_known(self) -> bool:
        """Does it say something, be it that it is not known?"""
        return bool(self.unknown) or self.value not in (None, "", [], {})


Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class FactBase:
    """All facts of one recall as they were known at `cut_off`.

    `stated` are entered by people, `computed` are worked out; where both speak the stated one is
    used, and `contradictions` compares the two. `answers` belong to the filing that is filled.
    """

    cut_off: datetime
    stated: Mapping[Key, FactValue] = field(default_factory=dict)
    computed: Mapping[Key, FactValue] = field(default_factory=dict)
    answers: Mapping[str, FactValue] = field(default_factory=dict)
    period: tuple[date, date] | None = None

    def get(self, key: str, place: str = "") -> FactValue | None:
        """What is known; a place without a value of its own is not filled from another one."""
        found = self.stated.get((key, place)) or self.computed.get((key, place))
        return found if found is not None and found.is_known else None

    def nearest(self, key: str, *places: str) -> FactValue | None:
        """The first of several places that says something, ending with everywhere."""
        for place in (*places, ""):
            found = self.get(key, place)
            if found is not None:
                return found
        return None

    def number(self, key: str, place: str = "") -> Any:
        """The number of a fact, or None."""
        found = self.get(key, place)
        return None if found is None or found.unknown else number(found.value)

    def places(self, key: str) -> list[str]:
        """Every place that says something about a fact, sorted."""
        both = {place for one, place in (*self.stated, *self.computed) if one == key}
        return sorted(place for place in both if self.get(key, place))


def keyed(values: Iterable[FactValue]) -> dict[Key, FactValue]:
    """Values by fact and place; of several the one known last wins, in the order given."""
    return {(one.key, one.place): one for one in values}
