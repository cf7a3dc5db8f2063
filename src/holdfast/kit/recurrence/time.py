"""Recurrence in time: the same month year after year, and the same hazard again after a fix."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from holdfast.kit.recurrence.chance import binomial_at_least
from holdfast.kit.recurrence.questions import Pattern

FEWEST_YEARS = 2
FEWEST_A_YEAR = 3
MONTHS = 12


def seasons(days: Mapping[str, Iterable[date]]) -> list[Pattern]:
    """For each outcome: was the same month the worst of its year more often than one in twelve?

    A burst counts once, as one year. Only years with at least three reports count, and at least two
    of them; a year whose worst month is shared has none.
    """
    found = []
    for outcome in sorted(days):
        years: dict[int, Counter[int]] = defaultdict(Counter)
        for day in days[outcome]:
            years[day.year][day.month] += 1
        full = {year: months for year, months in years.items() if months.total() >= FEWEST_A_YEAR}
        if len(full) < FEWEST_YEARS:
            continue
        worst = Counter(_worst(months) for months in full.values())
        for month in range(1, MONTHS + 1):
            count = worst[month]
            found.append(
                Pattern(
                    "complaint",
                    "month",
                    f"{month:02}",
                    outcome,
                    count,
                    len(full),
                    len(full),
                    len(full),
                    len(full) / MONTHS,
                    binomial_at_least(count, len(full), 1 / MONTHS),
                )
            )
    return found


def _worst(months: Counter[int]) -> int:
    (first, most), *rest = months.most_common(2)
    return 0 if rest and rest[0][1] == most else first


@dataclass(frozen=True, slots=True)
class Fix:
    """What was told of a product and a hazard after its recall was closed.

    `usual` reports of this hazard came from all other products in `usual_days` product-days.
    """

    recall: str
    product: str
    hazard: str
    closed_on: date
    reports: int
    days: int
    usual: int
    usual_days: int

    @property
    def expected(self) -> float:
        """Reports in these days if the product were like all others."""
        return self.usual * self.days / self.usual_days if self.usual_days else 0.0

    @property
    def p(self) -> float:
        """The exact chance of as many if it were; 1 where there is nothing to compare with.

        Given the sum of both counts, this product's share is binomial with its share of the days.
        """
        if not self.days or not self.usual_days:
            return 1.0
        share = self.days / (self.days + self.usual_days)
        return binomial_at_least(self.reports, self.reports + self.usual, share)

    def as_pattern(self) -> Pattern:
        """The same as a question among all others."""
        return Pattern(
            "complaint",
            "after closure",
            self.product,
            self.hazard,
            self.reports,
            self.reports + self.usual,
            self.days,
            self.days + self.usual_days,
            self.expected,
            self.p,
        )
