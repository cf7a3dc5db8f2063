"""What a threshold costs in false alarms to read, and which threshold a team can afford.

The counts are those `holdfast bench signals` prints for the public history of toys and foods
(by publication, recalls found by name); a test holds them to it within two
alarms, since reading changes a little with every word that is learned. They are few: of another
catalogue expect other numbers, and count your own.
"""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.kit.signals.burst import YEAR
from holdfast.kit.signals.detector import THRESHOLD

MAKER_YEARS = 2330.41
# Threshold, alarms, false ones among them.
COUNTED = (
    (3.0, 35, 27),
    (4.0, 26, 20),
    (4.5, 21, 16),
    (5.0, 17, 13),
    (5.5, 15, 11),
    (6.0, 13, 9),
    (6.5, 12, 8),
    (7.0, 10, 6),
    (8.0, 7, 3),
    (10.0, 5, 2),
    (12.0, 5, 2),
)
WEEKS = YEAR / 7


@dataclass(frozen=True, slots=True)
class Cost:
    """A threshold, what was counted at it, and what that would be here in a week."""

    threshold: float
    alarms: int
    false_alarms: int
    per_100_years: float
    false_a_week: float


def costs(things: int) -> tuple[Cost, ...]:
    """The curve for so many things that are told of (products, makers), lowest threshold first."""
    return tuple(
        Cost(at, alarms, false, rate := 100 * false / MAKER_YEARS, rate / 100 * things / WEEKS)
        for at, alarms, false in COUNTED
    )


def threshold_for(false_a_week: float | None, things: int) -> float:
    """The lowest threshold that stays within so many false alarms a week; none said: the constant.

    Where even the highest does not, the highest.
    """
    if false_a_week is None:
        return THRESHOLD
    affordable = [one for one in costs(things) if one.false_a_week <= false_a_week]
    return affordable[0].threshold if affordable else COUNTED[-1][0]
