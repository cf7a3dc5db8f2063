"""Counting as the law counts: hours, days, working days and months from an instant in a zone."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from holdfast.kit.regimes.calendars import Calendar

COUNTED = ("hours", "calendar_days", "working_days", "months")
_END_OF_DAY = time(23, 59, 59)
# No period of any law comes near; a data fault must not count for ever.
_MOST_DAYS = 20_000


@dataclass(frozen=True, slots=True)
class RollOver:
    """An end on a day off moves on; `is_certain` only where the text was read."""

    saturdays: bool = True
    is_certain: bool = False


@dataclass(frozen=True, slots=True)
class Period:
    """How long, counted how. `stricter` is a second reading of the same words, in hours or days."""

    value: int
    unit: str
    counts_first_day: bool = False
    hours_skip_days_off: bool = False
    roll_over: RollOver | None = None
    is_before: bool = False
    stricter: Period | None = None


@dataclass(frozen=True, slots=True)
class End:
    """When a period ends; `rolls_to` is a later end that the law may grant, not one to rely on."""

    at: datetime
    rolls_to: datetime | None = None


def end_of(start: datetime, period: Period, zone: ZoneInfo, calendar: Calendar) -> End:
    """The end of a period in the authority's zone: the second where hours are counted, else the
    last second of the last day.

    A roll-over that nobody read in the text moves nothing: the earlier day is the safe one.
    """
    if start.utcoffset() is None:
        raise ValueError("a clock starts at an instant with an offset")
    if period.is_before and period.value:
        raise ValueError("a period that runs backwards from an act is not counted")
    local = start.astimezone(zone)
    if period.is_before:
        found = End(local)
    elif period.unit == "hours":
        found = End(_after_hours(start, period, zone, calendar))
    else:
        found = _roll(_last_day(local.date(), period, calendar), period, zone, calendar)
    if period.stricter is None:
        return found
    other = end_of(start, period.stricter, zone, calendar)
    return min(found, other, key=lambda end: end.at)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The last second of a day in a zone; the later one where the clocks show it twice."""
    return datetime.combine(day, _END_OF_DAY, zone).replace(fold=1)


def _after_hours(start: datetime, period: Period, zone: ZoneInfo, calendar: Calendar) -> datetime:
    left = timedelta(hours=period.value)
    at = start.astimezone(UTC)
    if not period.hours_skip_days_off or not left:
        return (at + left).astimezone(zone)
    # Instants are compared in UTC: a day of a change of the clocks has 23 or 25 hours.
    for _ in range(_MOST_DAYS):
        day = at.astimezone(zone).date()
        midnight = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
        if calendar.is_working(day):
            if at + left <= midnight:
                return (at + left).astimezone(zone)
            left -= midnight - at
        at = midnight
    raise ValueError(f"{period} does not end")


def _last_day(first: date, period: Period, calendar: Calendar) -> date:
    if period.unit == "months":
        return _months_after(first, period)
    if period.unit == "calendar_days":
        less = 1 if period.counts_first_day and period.value > 0 else 0
        return first + timedelta(days=period.value - less)
    if period.unit == "working_days":
        return _working_days_after(first, period, calendar)
    raise ValueError(f"{period.unit} is no unit that is counted")


def _working_days_after(first: date, period: Period, calendar: Calendar) -> date:
    day, left = first, period.value
    if period.counts_first_day and left and calendar.is_working(day):
        left -= 1
    for _ in range(_MOST_DAYS):
        if left == 0:
            return day
        day += timedelta(days=1)
        left -= calendar.is_working(day)
    raise ValueError(f"{period} does not end")


def _months_after(first: date, period: Period) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + period.value, 12)
    last = monthrange(year, month + 1)[1]
    if first.day > last:  # the month is too short to have that day
        return date(year, month + 1, last)
    less = 1 if period.counts_first_day and period.value > 0 else 0
    return date(year, month + 1, first.day) - timedelta(days=less)


def _roll(last: date, period: Period, zone: ZoneInfo, calendar: Calendar) -> End:
    stated = end_of_day(last, zone)
    roll = period.roll_over
    if roll is None or period.unit == "working_days" or not _is_off(last, roll, calendar):
        return End(stated)
    day = last
    for _ in range(_MOST_DAYS):
        day += timedelta(days=1)
        if not _is_off(day, roll, calendar):
            break
    moved = end_of_day(day, zone)
    return End(moved) if roll.is_certain else End(stated, moved)


def _is_off(day: date, roll: RollOver, calendar: Calendar) -> bool:
    if not roll.saturdays and day.weekday() == 5 and not calendar.holiday(day):
        return False
    return not calendar.is_working(day)
