"""Months in which more is told every year: a Christmas is expected, one bad December is not.

A month counts as a peak only where it stood out in each of the last two or three years, so one
burst of the past explains nothing away; how high it is, all of these years say together. What is
not known to be a peak is expected as ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

LEAST_YEARS = 2  # whole years that have to agree
MOST_YEARS = 3
LEAST_TOLD = 24.0  # weight in these years; below it a thing has no season of its own
SHRINKS_BY = 3.0  # reports of a plain month that every month is mixed with
STANDS_OUT = 1.25  # times a plain month, in every year

NO_PEAKS = (1.0,) * 12


@dataclass
class Months:
    """What was told by month, counted from year 0."""

    weight: dict[int, float] = field(default_factory=dict)
    first: int = -1

    def keep(self, on: date, weight: float) -> None:
        """One more report; days only go forward."""
        at = month_of(on)
        if self.first < 0:
            self.first = at
        self.weight[at] = self.weight.get(at, 0.0) + weight


def month_of(on: date) -> int:
    """The number of a month: January of the year 0 is 0."""
    return on.year * 12 + on.month - 1


def peaks(weight: Mapping[int, float], first: int, upto: int) -> tuple[float, ...] | None:
    """How many times a plain month each calendar month brings, at least 1; None: not known.

    Whole years up to the month before `upto` are looked at, none that begins before the month
    after `first`, which may be half a month.
    """
    years = min(MOST_YEARS, (upto - first - 1) // 12)
    if first < 0 or years < LEAST_YEARS:
        return None
    blocks = [
        [weight.get(upto - 12 * year + place, 0.0) for place in range(12)]
        for year in range(1, years + 1)
    ]
    if sum(map(sum, blocks)) < LEAST_TOLD:
        return None
    plain = [sum(block) / 12 for block in blocks]
    found = [1.0] * 12
    for place in range(12):
        counts = [block[place] for block in blocks]
        each = (_ratio(count, usual) for count, usual in zip(counts, plain, strict=True))
        if min(each) >= STANDS_OUT:
            found[(upto + place) % 12] = _ratio(sum(counts), sum(plain))
    return tuple(found)


def _ratio(count: float, plain: float) -> float:
    return (count + SHRINKS_BY) / (plain + SHRINKS_BY)


@lru_cache(maxsize=4_096)  # every hazard of a product asks for the same
def lift(factors: tuple[float, ...], begins: date, on: date) -> float:
    """How many times a plain stretch the days after `begins` up to and with `on` bring."""
    days = total = 0.0
    for month, number in _stretches(begins, on):
        days += number
        total += number * factors[month % 12]
    return total / days if days else 1.0


def shares(begins: date, on: date) -> list[float]:
    """What part of the days after `begins` up to and with `on` lies in each month of the year."""
    days = [0] * 12
    for month, number in _stretches(begins, on):
        days[month % 12] += number
    return [number / max(1, sum(days)) for number in days]


def _stretches(begins: date, on: date) -> Iterator[tuple[int, int]]:
    """Months that the days after `begins` up to `on` lie in, and how many days of each."""
    at = begins + timedelta(days=1)
    while at <= on:
        month = month_of(at)
        after = date((month + 1) // 12, (month + 1) % 12 + 1, 1)
        last = min(on, after - timedelta(days=1))
        yield month, (last - at).days + 1
        at = last + timedelta(days=1)
