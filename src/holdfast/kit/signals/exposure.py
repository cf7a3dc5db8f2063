"""Units out there: what is told of a product grows with them; only what goes beyond alarms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from holdfast.kit.signals.special import Floats

LIFE_DAYS = 730  # a unit counts for so long after it was sold
LEAST_UNITS = 20.0  # mean units out there before the window; below it sales say nothing
MOST_TIMES = 8.0  # sales may explain so many times the usual number, and so little of it


@dataclass(frozen=True)
class Exposure:
    """Days and units of sales of one product, in the order of days; returns are negative."""

    days: NDArray[np.int64]
    units: Floats

    @classmethod
    def of(cls, sales: Iterable[tuple[date, float]]) -> Exposure:
        """From days and units in any order."""
        ordered = sorted((day.toordinal(), units) for day, units in sales)
        return cls(
            np.array([day for day, _ in ordered], dtype=np.int64),
            np.array([units for _, units in ordered], dtype=np.float64),
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

        1 where too few were out there before: then sales say nothing.
        """
        before = self.mean(earlier, begins)
        if before < LEAST_UNITS:
            return 1.0
        return float(np.clip(self.mean(begins, on) / before, 1 / MOST_TIMES, MOST_TIMES))
