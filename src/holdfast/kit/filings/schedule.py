"""The periods of progress reports: months and quarters of the calendar, or days from the start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from holdfast.kit.filings.form import Schedule


@dataclass(frozen=True, slots=True)
class Period:
    """One reporting period, both days included, and the day its report is due."""

    number: int
    first: date
    last: date
    due_on: date


def periods(schedule: Schedule, *, begins: date, until: date) -> list[Period]:
    """The periods that have ended by `until`, oldest first.

    >>> months = Schedule(1, "months", aligned=True, due_after_days=1)
    >>> [(p.first.isoformat(), p.last.isoformat(), p.due_on.isoformat())
    ...  for p in periods(months, begins=date(2026, 4, 20), until=date(2026, 5, 31))]
    [('2026-04-20', '2026-04-30', '2026-05-01'), ('2026-05-01', '2026-05-31', '2026-06-01')]
    """
    found = []
    for one in _all(schedule, begins):
        if one.last > until or (schedule.times and one.number > schedule.times):
            break
        found.append(one)
    return found


def running(schedule: Schedule, *, begins: date, on: date) -> Period | None:
    """The period that `on` lies in, or None before the start and after the last one."""
    if on < begins:
        return None
    for one in _all(schedule, begins):
        if schedule.times and one.number > schedule.times:
            return None
        if one.last >= on:
            return one
    return None


def _all(schedule: Schedule, begins: date) -> Iterator[Period]:
    first, number = begins, 1
    while True:
        last = _last(schedule, first, begins, number)
        yield Period(number, first, last, last + timedelta(days=schedule.due_after_days))
        first, number = last + timedelta(days=1), number + 1


def _last(schedule: Schedule, first: date, begins: date, number: int) -> date:
    if schedule.unit == "calendar_days":
        return first + timedelta(days=schedule.value - 1)
    if schedule.unit != "months":
        raise ValueError(f"no schedule counts in {schedule.unit}")
    if schedule.aligned:
        # the calendar's own: a period of 3 months ends with March, June, September, December
        month = -(-first.month // schedule.value) * schedule.value
        return _month_end(first.year, month)
    return _months_after(begins, schedule.value * number) - timedelta(days=1)


def _month_end(year: int, month: int) -> date:
    over, month = divmod(month, 12)
    return date(year + over, month + 1, 1) - timedelta(days=1)


def _months_after(day: date, months: int) -> date:
    over, month = divmod(day.month - 1 + months, 12)
    year = day.year + over
    last = _month_end(year, month + 1).day
    return date(year, month + 1, min(day.day, last))
