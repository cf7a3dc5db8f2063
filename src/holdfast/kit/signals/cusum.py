"""CUSUM with exposure: adds up what is too much and forgets what is too little.

For a jump from a known rate to a known higher one it is the fastest rule for its false alarms
(G. V. Moustakides, Annals of Statistics 14 (1986) 1379-1387), so it is the yardstick of the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log

from holdfast.kit.refusals import Unreadable


def cusum(
    counts: Sequence[float], expected: Sequence[float], relative_risk: float = 2.0
) -> list[float]:
    """The sum after each period; `expected` is from exposure (units sold times the usual rate).

    Raises:
        Unreadable: unequal lengths, or a risk that is not above 1.
    """
    if len(counts) != len(expected):
        raise Unreadable("unequal", "As many expected numbers are needed as counts.")
    if relative_risk <= 1:
        raise Unreadable("bad_risk", "The relative risk to look for is above 1.")
    total, sums = 0.0, []
    for count, usual in zip(counts, expected, strict=True):
        total = max(0.0, total + count * log(relative_risk) - usual * (relative_risk - 1))
        sums.append(total)
    return sums


def first_crossing(sums: Sequence[float], threshold: float) -> int | None:
    """The first period whose sum reaches the threshold."""
    return next((at for at, value in enumerate(sums) if value >= threshold), None)
