"""How many events have happened that nobody has reported yet.

The delay from event to report is learned from reports whose delay could have been seen (right
truncation), by reverse hazards: J. F. Lawless, Canadian Journal of Statistics 22 (1994) 15-31.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

Z95 = 1.959963984540054
LONGEST = 730  # days; later reports count as this late
LEAST_SEEN = 0.05  # below this share nothing is estimated


@dataclass(frozen=True, slots=True)
class Nowcast:
    """Events of one day: told so far, share told by now, and how many in the end with 95 %.

    `estimate`, `low` and `high` are None where too little of the day can have been told.
    """

    on: date
    told: int
    share: float
    estimate: float | None
    low: float | None
    high: float | None


def delay_shares(
    pairs: Iterable[tuple[date, date]], as_of: date, longest: int = LONGEST
) -> list[float]:
    """Share told within 0, 1, … `longest` days, given that it is told within `longest`.

    `pairs` are event and report days; reports after `as_of` and delays below 0 are left out.
    """
    seen = [
        (min((told - on).days, longest), (as_of - on).days)
        for on, told in pairs
        if on <= told <= as_of
    ]
    at = Counter(delay for delay, _ in seen)
    # At risk at d, backwards: told within d, of events that are at least d days old.
    shares = [1.0] * (longest + 1)
    for delay in range(longest, 0, -1):
        risk = sum(one <= delay <= age for one, age in seen) if at[delay] else 0
        hazard = at[delay] / risk if risk else 0.0
        shares[delay - 1] = shares[delay] * (1 - hazard)
    return shares


def nowcast(
    told: Sequence[tuple[date, date]], as_of: date, days: int = 60, longest: int = LONGEST
) -> list[Nowcast]:
    """The last `days` days as they will look in the end, oldest first."""
    shares = delay_shares(told, as_of, longest)
    by_day = Counter(on for on, reported in told if on <= reported <= as_of)
    answer = []
    for back in range(days - 1, -1, -1):
        on = as_of - timedelta(days=back)
        number, share = by_day[on], shares[min(back, longest)]
        if share < LEAST_SEEN:
            answer.append(Nowcast(on, number, share, None, None, None))
            continue
        # Still to come is negative binomial: number + 1 told, each seen with this chance.
        missing = number * (1 - share) / share
        spread = Z95 * sqrt((number + 1) * (1 - share)) / share
        answer.append(
            Nowcast(
                on,
                number,
                share,
                number + missing,
                max(float(number), number + missing - spread),
                number + missing + spread,
            )
        )
    return answer


@dataclass(frozen=True, slots=True)
class Outstanding:
    """Events of the last days: told so far, and how many there will have been, with 95 %.

    `unknown_days` are the newest, of which too little can have been told to say anything.
    """

    told: int
    estimate: float
    low: float
    high: float
    unknown_days: int

    @property
    def to_come(self) -> float:
        """Events that happened and nobody has told of yet."""
        return self.estimate - self.told


def outstanding(
    told: Sequence[tuple[date, date]], as_of: date, days: int = 60, longest: int = LONGEST
) -> Outstanding | None:
    """How much of what happened in the last `days` days is still to be told; None: nothing known.

    Days add up as independent; the newest, where less than a twentieth can have been told, are left
    out and counted.
    """
    known = nowcast(told, as_of, days, longest)
    seen = [one for one in known if one.estimate is not None]
    if not told or not seen:
        return None
    number = sum(one.told for one in seen)
    estimate = sum(one.estimate or 0.0 for one in seen)
    spread = sqrt(sum(((one.high or 0.0) - (one.estimate or 0.0)) ** 2 for one in seen))
    return Outstanding(
        number,
        estimate,
        max(float(number), estimate - spread),
        estimate + spread,
        len(known) - len(seen),
    )
