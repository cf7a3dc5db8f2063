"""Units out there: what is told of a product grows with them; only what goes beyond alarms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from holdfast.kit.signals.special import Floats

LIFE_DAYS = 730  # a unit counts for so long after it was sold
NEW_DAYS = 90  # first sold so long after sales became known: its whole life is known
LEAST_BEFORE = 180  # days before the window in which units out there are known
LATE_DAYS = 60  # sales that stop so long before today were not brought in, not lost
LEAST_UNITS = 20.0  # mean units out there before the window; below it sales say nothing
MOST_TIMES = 8.0  # sales may explain so many times the usual number, and so little of it


@dataclass(frozen=True)
class Exposure:
    """Days and units of sales of one product, in the order of days; returns are negative.

    All sales of the firm are known from `known_from` to `known_until`; None: they always were.
    """

    days: NDArray[np.int64]
    units: Floats
    known_from: date | None = None
    known_until: date | None = None

    @classmethod
    def of(
        cls,
        sales: Iterable[tuple[date, float]],
        known_from: date | None = None,
        known_until: date | None = None,
    ) -> Exposure:
        """From days and units in any order."""
        ordered = sorted((day.toordinal(), units) for day, units in sales)
        return cls(
            np.array([day for day, _ in ordered], dtype=np.int64),
            np.array([units for _, units in ordered], dtype=np.float64),
            known_from,
            known_until,
        )

    def mean(self, begins: date, ends: date) -> float:
        """Mean units out there on the days after `begins` up to and with `ends`.

        Only sales up to `ends` count, so nothing of later is known.
        """
        first, last = begins.toordinal(), ends.toordinal()
        if last <= first or not len(self.days):
            return 0.0
        out = np.minimum(self.days + LIFE_DAYS, last + 1) - np.maximum(self.days, first + 1)
        return float((np.maximum(out, 0) * self.units).sum() / (last - first))

    def times(self, earlier: date, begins: date, on: date) -> float:
        """Units out there in (`begins`, `on`] over those in (`earlier`, `begins`].

        1 where sales say nothing: too few were out there before, or not all of them are known. What
        was sold before sales were known still is out there, and would make them seem to grow.
        """
        if self.known_until is not None and (on - self.known_until).days > LATE_DAYS:
            return 1.0
        earlier = self._known_since(earlier)
        if (begins - earlier).days < LEAST_BEFORE:
            return 1.0
        before = self.mean(earlier, begins)
        if before < LEAST_UNITS:
            return 1.0
        return float(np.clip(self.mean(begins, on) / before, 1 / MOST_TIMES, MOST_TIMES))

    def _known_since(self, earlier: date) -> date:
        """From when on the units out there are known, `earlier` at the earliest."""
        if self.known_from is None or not len(self.days):
            return earlier
        if int(self.days[0]) - self.known_from.toordinal() > NEW_DAYS:
            return earlier
        return max(earlier, self.known_from + timedelta(days=LIFE_DAYS))
