"""How far a history reaches: one wrong year must not make it decades longer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from holdfast.kit.signals.report import Report

GAP_DAYS = 1_095
FEW = 200  # one report in so many, and always one, may be a slip of the pen


def ends(reports: Iterable[Report]) -> dict[str, date]:
    """The last day of each source's history, by the day of report.

    Few reports that come years after all others have a wrong day, and lengthen nothing.
    """
    days: dict[str, Counter[date]] = {}
    for one in reports:
        days.setdefault(one.stream, Counter())[one.reported_on] += 1
    return {stream: _end(told) for stream, told in days.items()}


def _end(told: Counter[date]) -> date:
    days = sorted(told)
    slips, after, end = max(1, told.total() // FEW), 0, days[-1]
    for earlier, later in zip(days[-2::-1], days[:0:-1], strict=True):
        after += told[later]
        if after > slips:
            break
        if (later - earlier).days > GAP_DAYS:
            end = earlier
    return end
