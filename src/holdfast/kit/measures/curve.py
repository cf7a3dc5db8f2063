"""The correction curve of one level: corrected units by day, with the reference lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic

from holdfast.kit.measures.levels import L, Quantity, Units
from holdfast.kit.measures.rates import CorrectionRate


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    """A published share to read the curve against, not to aim for."""

    share: float
    label: str


# US CPSC, closed cases of fiscal years 2013-2016, consumer level (recall effectiveness workshop).
REFERENCES = (
    ReferenceLine(0.06, "6 % · US cases, press release only"),
    ReferenceLine(0.50, "50 % · US cases, at least 95 % contacted directly"),
)


@dataclass(frozen=True, slots=True)
class CurvePoint(Generic[L]):
    """The rate at the end of one day."""

    day: int
    on: date
    rate: CorrectionRate[L]


def correction_curve(
    in_scope: Units[L],
    changes: Iterable[tuple[date, Quantity]],
    *,
    launched_on: date,
    until: date,
    denominator: str,
) -> tuple[CurvePoint[L], ...]:
    """One point a day from launch to `until`; what happened before launch counts on day 0.

    `changes` are signed: +2 when two units became corrected, -1 when one was taken back.
    """
    if until < launched_on:
        return ()
    by_day: dict[date, Quantity] = {}
    for on, units in changes:
        day = max(on, launched_on)
        by_day[day] = by_day.get(day, 0) + units
    points: list[CurvePoint[L]] = []
    total: Quantity = 0
    for number in range((until - launched_on).days + 1):
        on = launched_on + timedelta(days=number)
        total += by_day.get(on, 0)
        rate = CorrectionRate(Units(in_scope.level, total), in_scope, denominator)
        points.append(CurvePoint(number, on, rate))
    return tuple(points)
