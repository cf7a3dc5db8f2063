"""How far a history reaches: a few wrong years must not make it decades longer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from holdfast.kit.signals.report import Report

GAP_DAYS = 1_095
FEW = 20  # one report in so many, and always one, may be a slip of the pen


def spans(reports: Iterable[Report]) -> dict[str, tuple[date, date]]:
    """The first and the last day of each source's history, by the day of report.

    Few reports that come years before or after all others have a wrong day, and lengthen nothing.
    """
    days: dict[str, Counter[date]] = {}
    for one in reports:
        days.setdefault(one.stream, Counter())[one.reported_on] += 1
    return {
        stream: (_edge(told, sorted(told, reverse=True)), _edge(told, sorted(told)))
        for stream, told in days.items()
    }


def _edge(told: Mapping[date, int], days: list[date]) -> date:
    """The last of these days, without few that lie years beyond all others."""
    slips, beyond, edge = max(1, sum(told.values()) // FEW), 0, days[-1]
    for inner, outer in zip(days[-2::-1], days[:0:-1], strict=True):
        beyond += told[outer]
        if beyond > slips:
            break
        if abs((outer - inner).days) > GAP_DAYS:
            edge = inner
    return edge
