"""A rush: many different people speak of one product within a few days, far beyond its usual.

It has two explanations that no count can tell apart: something happened to many at once, or
somebody called for it (review bombing). So a rush is named and shown, and it takes nothing away
from what was told; it only keeps one rush from making one alarm for every hazard it names.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

DAYS = 3  # in which they speak
VOICES = 20  # different people; who is not known counts as one each
TIMES = 5.0  # as many as usual in so many days
BEFORE = 90  # days whose mean is the usual
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rush:
    """From `begins` to `ends`, both with: reports and the people behind them, and the usual."""

    begins: date
    ends: date
    reports: int
    voices: int
    usual: float

    def holds(self, on: date) -> bool:
        """Whether a day lies in it."""
        return self.begins <= on <= self.ends


def rushes(told: Sequence[tuple[date, str]]) -> tuple[Rush, ...]:
    """The rushes in what was told of one product, as `(day, voice)`, in their order.

    Windows that touch are one rush: a call that goes on for a week is one. What goes on for longer
    than about 18 days becomes the usual, and the rush is over.
    """
    ordered = sorted(told)
    days = [day for day, _ in ordered]
    spans: list[tuple[date, date]] = []
    for begins in sorted(set(days)):
        ends = begins + (DAYS - 1) * DAY
        inside = ordered[bisect_left(days, begins) : bisect_right(days, ends)]
        ends = inside[-1][0]  # no further than somebody spoke
        last = spans[-1] if spans else None
        joins = last is not None and begins <= last[1] + DAY
        if _voices(inside) < max(VOICES, TIMES * _usual(days, begins) * DAYS):
            continue
        if joins and last is not None:
            spans[-1] = (last[0], max(last[1], ends))
        else:
            spans.append((begins, ends))
    return tuple(_rush(ordered, days, span) for span in spans)


def may_be_rush(days: Mapping[date, int], since: date) -> bool:
    """Whether numbers of reports by day allow a rush from a day on; voices may still say no."""
    for ends in (day for day in days if day >= since):
        for back in range(DAYS):
            begins = ends - back * DAY
            told = sum(days.get(begins + n * DAY, 0) for n in range(DAYS))
            if told < VOICES:
                continue
            before = sum(days.get(begins - n * DAY, 0) for n in range(1, BEFORE + 1))
            if told >= TIMES * before / BEFORE * DAYS:
                return True
    return False


def fullest(days: Sequence[date]) -> tuple[int, date, date] | None:
    """How many of these days lie in the fullest stretch of `DAYS`, and its first and last day."""
    ordered = sorted(days)
    best: tuple[int, date, date] | None = None
    for at, begins in enumerate(ordered):
        upto = bisect_right(ordered, begins + (DAYS - 1) * DAY)
        if best is None or upto - at > best[0]:
            best = (upto - at, begins, ordered[upto - 1])
    return best


def _rush(
    ordered: Sequence[tuple[date, str]], days: Sequence[date], span: tuple[date, date]
) -> Rush:
    begins, ends = span
    inside = ordered[bisect_left(days, begins) : bisect_right(days, ends)]
    length = (ends - begins).days + 1
    return Rush(begins, ends, len(inside), _voices(inside), _usual(days, begins) * length)


def _usual(days: Sequence[date], begins: date) -> float:
    """Reports a day before it began."""
    return (bisect_left(days, begins) - bisect_left(days, begins - BEFORE * DAY)) / BEFORE


def _voices(told: Sequence[tuple[date, str]]) -> int:
    known = {voice for _, voice in told if voice}
    return len(known) + sum(not voice for _, voice in told)
