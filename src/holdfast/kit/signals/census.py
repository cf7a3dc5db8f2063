"""What each source is like as a whole and was like on each day, counted over all tallies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from holdfast.kit.signals.burst import hazard_prior
from holdfast.kit.signals.detector import Habits
from holdfast.kit.signals.report import SECOND_HAZARD_WEIGHT
from holdfast.kit.signals.seasons import month_of
from holdfast.kit.signals.special import Floats
from holdfast.kit.signals.tally import COUNTS, NO_HAZARD, Tally, is_told, joined, those

BEGINS = date(1950, 1, 1).toordinal()  # what is told of before counts as told on that day
DAYS = date(2201, 1, 1).toordinal() - BEGINS


class Census:
    """Add every tally of a source once; then ask."""

    def __init__(self) -> None:
        self._heard: dict[str, Floats] = {}
        self._told: dict[str, Floats] = {}
        self._hazards: dict[str, dict[str, Floats]] = {}
        self._first: dict[str, int] = {}

    def add(self, stream: str, tallies: Sequence[Tally]) -> None:
        """What these tallies of one source add."""
        rows = joined(one.rows for one in tallies)
        codes: dict[str, int] = {}
        lookup = np.full((len(tallies), 256), NO_HAZARD, np.uint8)
        for at, one in enumerate(tallies):
            known = [codes.setdefault(hazard, len(codes)) for hazard in one.hazards]
            lookup[at, : len(known)] = known
        owner = np.repeat(np.arange(len(tallies)), [len(one.rows) for one in tallies])
        counts = (rows["flags"] & COUNTS) > 0
        rows, owner = those(rows, counts), owner[counts]
        if not len(rows):
            return
        first = int(rows["day"].min())
        self._first[stream] = min(first, self._first.get(stream, first))
        days = np.clip(rows["day"] - BEGINS, 0, DAYS - 1).astype(np.int64)
        _add(self._heard, stream, days, 1.0)
        _add(self._told, stream, days[is_told(rows)], 1.0)
        kept = self._hazards.setdefault(stream, {})
        low, wide = int(days.min()), int(np.ptp(days)) + 1
        for place, share in (("first", 1.0), ("second", SECOND_HAZARD_WEIGHT)):
            of = lookup[owner, rows[place]].astype(np.int64)
            is_one = of != NO_HAZARD
            at = of[is_one] * wide + days[is_one] - low
            found = np.bincount(at, minlength=len(codes) * wide).reshape(-1, wide)
            for hazard, code in codes.items():
                if found[code].any():
                    kept.setdefault(hazard, np.zeros(DAYS))[low : low + wide] += found[code] * share

    def habits(self) -> dict[str, Habits]:
        """By source, as of today."""
        return {stream: self.habits_on(stream, None) for stream in self._heard}

    def habits_on(self, stream: str, on: date | None) -> Habits:
        """As they were known on a day, with what was told on it; None: today."""
        upto = DAYS if on is None else on.toordinal() - BEGINS + 1
        by_hazard = {
            hazard: weight
            for hazard, days in self._hazards.get(stream, {}).items()
            if (weight := float(days[:upto].sum()))
        }
        return Habits(
            date.fromordinal(self._first[stream]),
            int(self._heard[stream][:upto].sum()),
            by_hazard,
            _by_month(self._told.get(stream, np.zeros(0))[:upto]),
        )

    def common(self, stream: str, hazard: str, begin: date, days: int) -> Floats:
        """How common a hazard was among what was told, on so many days from `begin` on."""
        low = begin.toordinal() - BEGINS
        heard = self._heard[stream].cumsum()[low : low + days]
        told = self._hazards.get(stream, {}).get(hazard)
        weights = np.zeros(days) if told is None else told.cumsum()[low : low + days]
        pairs = zip(weights.tolist(), heard.tolist(), strict=True)
        return np.array([hazard_prior(weight, of_all) for weight, of_all in pairs])


def _add(kept: dict[str, Floats], key: str, days: np.ndarray, share: float) -> None:
    if key not in kept:
        kept[key] = np.zeros(DAYS)
    if len(days):
        low = int(days.min())
        found = np.bincount(days - low) * share
        kept[key][low : low + len(found)] += found


def _by_month(days: Floats) -> Mapping[int, float]:
    found: dict[int, float] = {}
    for at in np.flatnonzero(days).tolist():
        month = month_of(date.fromordinal(BEGINS) + timedelta(days=at))
        found[month] = found.get(month, 0.0) + float(days[at])
    return found
