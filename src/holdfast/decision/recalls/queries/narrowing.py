"""What dates, markets and sites say of a line: that it is out, or that nobody knows."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from holdfast.decision.recalls.queries.rows import Clock, Row
from holdfast.kit.tables.countries import area, country_code
from holdfast.kit.trace.criteria import Criteria


class Narrowing:
    """The criteria of a scope that are held against each line, apart from its lot.

    A line is left out by what is recorded; where nothing is, it is counted in `unsaid` and stays.
    """

    def __init__(self, criteria: Criteria, clock: Clock) -> None:
        self._clock = clock
        self.sites = frozenset(site.casefold() for site in criteria.sites)
        self.markets = frozenset(country_code(m) or m.upper() for m in criteria.markets)
        first, last = criteria.shipped_from, criteria.shipped_to
        self.first = clock.start_of(first) if first else None
        self.last = clock.start_of(last + timedelta(days=1)) if last else None
        self.dated = first is not None or last is not None
        self.unsaid: Counter[str] = Counter()

    def __bool__(self) -> bool:
        return self.dated or bool(self.markets or self.sites)

    def outside(self, row: Row) -> str:
        """What recorded fact keeps a line out, apart from its lot; empty where there is none."""
        if row[6] <= 0:
            return "cancelled"
        if self.markets and row[7] not in self.markets and (row[7] or self._is_elsewhere(row[14])):
            return f"Sold to {row[7] or row[14]}, which is not in the scope."
        if self.sites and row[3] and row[3].casefold() not in self.sites:
            return f"Shipped from {row[3]}, which is not in the scope."
        return self._outside_dates(row) if self.dated else ""

    def doubt(self, row: Row) -> str:
        """What a line does not say that was asked for; empty where it says everything."""
        words = []
        if self.markets and not row[7]:
            self.unsaid["market"] += 1
            asked = " or ".join(sorted(self.markets))
            known = f"The order says “{row[14]}”" if row[14] else "No market is recorded"
            words.append(f"{known}, so {asked} cannot be ruled out.")
        if self.sites and not row[3]:
            self.unsaid["site"] += 1
            words.append("No site is recorded, so that it left from there cannot be ruled out.")
        if self.dated and row[2] is None:
            self.unsaid["ship or order date"] += 1
            words.append("No ship or order date is recorded, so these days cannot be ruled out.")
        return " ".join(words)

    def sql(self) -> tuple[list[str], list[object]]:
        """(conditions, values) for what the database can leave out.

        Lines that do not say their date or market are read, so that they can be counted.
        """
        parts, values = list[str](), list[object]()
        for sign, at in ((">=", self.first), ("<", self.last)):
            if at is not None:
                parts.append(f"(moved_at IS NULL OR moved_at {sign} %s)")
                values.append(self._clock.stored(at))
        if self.markets:
            parts.append(f"market IN ({', '.join(['%s'] * len(self.markets))}, '')")
            values += sorted(self.markets)
        return parts, values

    def _is_elsewhere(self, country: str) -> bool:
        """Does a word for several countries mean none of those asked for?"""
        countries = area(country) if country else None
        return countries is not None and not countries & self.markets

    def _outside_dates(self, row: Row) -> str:
        at = self._clock.instant(row[2])
        if at is None:
            return ""
        if self.first is not None and at < self.first:
            return f"Shipped {self._clock.day(at):%-d %b %Y}, before the dates in the scope."
        if self.last is not None and at >= self.last:
            return f"Shipped {self._clock.day(at):%-d %b %Y}, after the dates in the scope."
        return ""
