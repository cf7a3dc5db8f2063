"""Working days of one authority: weekend and public holidays, with the version they come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

import holidays

from holdfast.kit.refusals import NotFound

VERSION = f"holidays {holidays.__version__}"
_FIRST_YEAR, _LAST_YEAR = 1990, 2100


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days an authority works; `id` is `CC` or `CC-SUBDIVISION`."""

    id: str
    version: str = VERSION
    _days: Any = field(repr=False, compare=False, default=None)

    def is_working(self, day: date) -> bool:
        """Neither weekend nor public holiday; a weekend day that is worked instead counts."""
        if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            raise NotFound(
                "calendar_ends",
                f"The calendar {self.id} has no holidays for {day.year}.",
                hint=f"It knows the years {_FIRST_YEAR} to {_LAST_YEAR}.",
            )
        return bool(self._days.is_working_day(day))

    def holiday(self, day: date) -> str:
        """The name of a public holiday on that day, or nothing."""
        return str(self._days.get(day) or "")

    def doubts(self, first: date, last: date) -> list[str]:
        """Holidays between two days that the calendar itself calls estimated."""
        return [
            f"{day.isoformat()}: {name}"
            for day in days(first, last)
            if "estimated" in (name := self.holiday(day))
        ]


def days(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last, both included."""
    for step in range((last - first).days + 1):
        yield first + timedelta(days=step)


@cache
def calendar(code: str) -> Calendar:
    """The calendar of a country, or of a part of it (`GB-ENG`)."""
    country, _, part = code.partition("-")
    try:
        found = holidays.country_holidays(country, subdiv=part or None)
    except (NotImplementedError, KeyError) as error:
        raise NotFound("unknown_calendar", f"There is no holiday calendar “{code}”.") from error
    return Calendar(code, VERSION, found)
