"""How what was told ran beside what was to be expected, step by step, up to an alarm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

# Days of one step by days of the alarm's window: each window is a whole number of steps.
STEP = {15: 5, 30: 10, 60: 20, 90: 30, 180: 30, 365: 73}
STEPS_BEFORE = 9


@dataclass(frozen=True, slots=True)
class Step:
    """After `begins` up to and with `ends`: reports, their weight, and the weight to be expected.

    `is_in_window` marks the days the alarm's score looks at.
    """

    begins: date
    ends: date
    reports: int
    weighed: float
    expected: float
    is_in_window: bool

    def as_json(self) -> dict[str, object]:
        """With numbers as text, so that it has one form."""
        return {
            "begins": self.begins.isoformat(),
            "ends": self.ends.isoformat(),
            "reports": self.reports,
            "weighed": f"{self.weighed:.2f}",
            "expected": f"{self.expected:.4f}",
            "is_in_window": self.is_in_window,
        }


def course(
    *,
    on: date,
    window: int,
    expected: float,
    first: date,
    number: Callable[[date, date], int],
    weighed: Callable[[date, date], float],
    usual: Callable[[date, int], float],
) -> tuple[Step, ...]:
    """Steps of equal length, the last one ends on the alarm's day.

    `number` and `weighed` count between two days, `usual(upto, days)` says what was to be expected
    in the days before, as it was known then. Inside the window it is the alarm's own number, so
    that the steps add up to what the alarm says. Nothing is shown of before the source's `first`.
    """
    days = STEP[window]
    inside = window // days
    found = []
    for back in range(inside + STEPS_BEFORE):
        ends = on - timedelta(days=back * days)
        begins = ends - timedelta(days=days)
        if ends < first:
            break
        is_in = back < inside
        found.append(
            Step(
                begins,
                ends,
                number(begins, ends),
                weighed(begins, ends),
                expected / inside if is_in else usual(ends, days),
                is_in,
            )
        )
    return tuple(reversed(found))
