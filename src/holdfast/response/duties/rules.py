"""When somebody is told that a duty comes near, and what has to be acted on first."""

from __future__ import annotations

from datetime import datetime, timedelta

# Steps of an escalation, each told once: how long before the end it is due.
STEPS = (timedelta(hours=24), timedelta(hours=4), timedelta(0))
STEP_WORDS = ("", "less than 24 hours left", "less than 4 hours left", "overdue")
OVERDUE = len(STEPS)
FIRST = STEPS[0]


def step_at(acts_by: datetime | None, now: datetime) -> int:
    """How many steps are reached: 0 none, 1 a day before, 2 four hours before, 3 overdue.

    A duty of which one day and four hours are over at once reaches the last step directly.
    """
    if acts_by is None:
        return 0
    return sum(now >= acts_by - before for before in STEPS)


def left_words(end: datetime, now: datetime) -> str:
    """How long until an end, or how late, in short: `5 h 12 min`, `3 d 4 h`.

    >>> from datetime import UTC
    >>> left_words(datetime(2026, 1, 1, 5, 12, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
    '5 h 12 min'
    """
    minutes = int(abs((end - now).total_seconds()) // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
