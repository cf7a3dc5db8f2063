"""A second counter of legal periods, written from the rules in prose, to hold the first against.

It knows nothing of Holdfast and reads the law's YAML itself. It never computes where it can walk:
hours are ticked off in quarters, days on a calendar that lies open. So it is slow, and there is
little in it that could be wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import tzdata
import yaml

LAW = Path(__file__).parents[3] / "src" / "holdfast" / "kit" / "regimes"
COUNTED = ("hours", "calendar_days", "working_days", "months")

ONE_DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)  # every offset since 1972 changes on one
NOTHING = timedelta(0)


def read(path: Path) -> Any:
    """One YAML file as it is."""
    with path.open(encoding="utf-8") as file:
        return yaml.load(file, getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def due(
    regime: dict[str, Any], obligation: dict[str, Any], start: datetime, place: dict[str, Any]
) -> datetime | None:
    """When the duty is due in the authority's own time; None where the law gives no number.

    `start` is an instant with its offset, `place` the line of places.yaml of the country of sale.
    """
    period = obligation["deadline"]
    if period["value"] is None or period["unit"] not in COUNTED:
        return None
    authority = regime["authority"]
    zone = _zone(authority.get("zone") or place["zone"])
    working = WorkingDays(authority.get("calendar") or place["calendar"])
    begin = start.astimezone(UTC)
    if period.get("before"):
        return begin.astimezone(zone)
    readings = [period]
    if "stricter" in period:
        readings.append({**period, **period["stricter"]})
    rules = Rules(regime, obligation)
    return min(_end(reading, begin, zone, working, rules) for reading in readings)


@cache
def _zone(name: str) -> ZoneInfo:
    # Not the machine's own rules of time, which may be years old.
    with (Path(tzdata.__file__).parent / "zoneinfo" / name).open("rb") as rules:
        return ZoneInfo.from_file(rules, key=name)


class Rules:
    """How a duty counts: as it says itself, else as its regime says, as far as that was read."""

    def __init__(self, regime: dict[str, Any], obligation: dict[str, Any]) -> None:
        own, common = obligation["deadline"], regime.get("counting", {})
        # A first day that counts brings the end forward, so it counts even where nobody read it.
        self.first_day_counts = own.get("first_day", common.get("first_day")) == "counted"
        if "hours_skip_non_working_days" in own:
            skip, read = own["hours_skip_non_working_days"], obligation["confidence"]
        else:
            skip, read = common.get("hours_skip_non_working_days", False), common.get("confidence")
        self.hours_stand_still = bool(skip) and read == "verified"
        roll = own.get("roll_over", common.get("roll_over"))
        self.rolls = roll is not None and roll["confidence"] == "verified"
        self.saturday_rolls = roll is None or roll.get("saturdays", True)


class WorkingDays:
    """The open calendar of one place; `in` says whether offices work on that day."""

    def __init__(self, calendar: str) -> None:
        self.calendar = calendar

    def __contains__(self, day: date) -> bool:
        return day in _decade(self.calendar, day.year // 10)[0]

    def is_sunday_or_holiday(self, day: date) -> bool:
        return day.weekday() == 6 or day in _decade(self.calendar, day.year // 10)[1]


@cache
def _decade(calendar: str, decade: int) -> tuple[frozenset[date], frozenset[date]]:
    """All working days and all holidays of ten years, each written down."""
    country, _, part = calendar.partition("-")
    first, last = date(decade * 10, 1, 1), date(decade * 10 + 9, 12, 31)
    # A year more on both sides: a holiday of January can be kept in December.
    around = range(first.year - 1, last.year + 2)
    book = holidays.country_holidays(country, subdiv=part or None, years=around)
    off = set(book.keys())
    working = set()
    for day in _days_from(first):
        if day > last:
            break
        if day in book.weekend_workdays or (day not in off and not book.is_weekend(day)):
            working.add(day)
    return frozenset(working), frozenset(off)


def _days_from(day: date) -> Iterator[date]:
    while True:
        yield day
        day += ONE_DAY


def _end(
    period: dict[str, Any], begin: datetime, zone: ZoneInfo, working: WorkingDays, rules: Rules
) -> datetime:
    if period["unit"] == "hours":
        last = _tick_off(period["value"], begin, zone, working, rules.hours_stand_still)
        return last.astimezone(zone)
    day = begin.astimezone(zone).date()
    if period["unit"] == "months":
        day = _months_on(day, period["value"], rules.first_day_counts)
    else:
        only_working = period["unit"] == "working_days"
        day = _days_on(day, period["value"], working if only_working else None, rules)
    if rules.rolls and period["unit"] != "working_days":
        day = _rolled(day, working, rules)
    return _last_second(day, zone)


def _tick_off(
    hours: int, begin: datetime, zone: ZoneInfo, working: WorkingDays, stands_still: bool
) -> datetime:
    """Walk from quarter to quarter; one on a day off costs nothing where the hours stand still."""
    left, now = timedelta(hours=hours), begin
    while left > NOTHING:
        past = timedelta(minutes=now.minute % 15, seconds=now.second, microseconds=now.microsecond)
        step = QUARTER - past
        if stands_still and now.astimezone(zone).date() not in working:
            now += step
            continue
        step = min(step, left)
        now += step
        left -= step
    return now


def _days_on(day: date, wanted: int, working: WorkingDays | None, rules: Rules) -> date:
    """The day on which the wanted number of days has been counted."""
    if wanted == 0:
        return day
    number = 0
    for candidate in _days_from(day):
        if candidate == day and not rules.first_day_counts:
            continue
        if working is not None and candidate not in working:
            continue
        number += 1
        if number == wanted:
            return candidate
    raise AssertionError("a calendar has no end")


def _months_on(day: date, wanted: int, first_day_counts: bool) -> date:
    """The day with the same number, or the one before it where the first day counts.

    A month too short to have that number ends the period with its last day.
    """
    turned = 0
    for candidate in _days_from(day):
        tomorrow = candidate + ONE_DAY
        if turned == wanted and candidate.day == day.day:
            return candidate - ONE_DAY if first_day_counts and wanted else candidate
        if turned == wanted and tomorrow.day == 1:
            return candidate
        if tomorrow.day == 1:
            turned += 1
    raise AssertionError("a calendar has no end")


def _rolled(day: date, working: WorkingDays, rules: Rules) -> date:
    for candidate in _days_from(day):
        if rules.saturday_rolls and candidate in working:
            return candidate
        if not rules.saturday_rolls and not working.is_sunday_or_holiday(candidate):
            return candidate
    raise AssertionError("a calendar has no end")


def _last_second(day: date, zone: ZoneInfo) -> datetime:
    """The last second that the zone's wall clocks show with this date, in whichever offset."""
    now = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=42)
    while now.astimezone(zone).date() != day:
        now -= QUARTER
    return (now + QUARTER - timedelta(seconds=1)).astimezone(zone)
