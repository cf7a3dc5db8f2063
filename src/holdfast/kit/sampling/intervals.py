"""Exact intervals: what share of the process, or how many of the lot, the sample leaves open."""

from __future__ import annotations

from holdfast.kit.refusals import Unreadable
from holdfast.kit.sampling.curves import binomial_at_most, hypergeometric_at_most

SURE = 0.95
_HALVINGS = 60


def share_interval(found: int, looked_at: int, sure: float = SURE) -> tuple[float, float]:
    """Clopper and Pearson's interval of the share nonconforming (Biometrika 26 (1934) 404-413)."""
    _check(found, looked_at)
    doubt = (1 - sure) / 2
    low = 0.0 if found == 0 else _share(found - 1, looked_at, 1 - doubt)
    high = 1.0 if found == looked_at else _share(found, looked_at, doubt)
    return low, high


def lot_interval(found: int, looked_at: int, lot_size: int, sure: float = SURE) -> tuple[int, int]:
    """Fewest and most nonconforming in the whole lot, both tails exact (hypergeometric)."""
    _check(found, looked_at)
    if looked_at > lot_size:
        raise Unreadable(
            "sample_larger_than_lot", f"{looked_at} were looked at in a lot of {lot_size}."
        )
    doubt = (1 - sure) / 2
    # P(X ≥ found) grows with the number in the lot, P(X ≤ found) falls.
    lowest, highest = found, lot_size - (looked_at - found)
    low, high = lowest, highest
    while low < high:
        middle = (low + high) // 2
        if 1 - hypergeometric_at_most(found - 1, lot_size, middle, looked_at) > doubt:
            high = middle
        else:
            low = middle + 1
    fewest = low
    low, high = lowest, highest
    while low < high:
        middle = (low + high + 1) // 2
        if hypergeometric_at_most(found, lot_size, middle, looked_at) > doubt:
            low = middle
        else:
            high = middle - 1
    return fewest, low


def _share(most: int, looked_at: int, probability: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if binomial_at_most(most, looked_at, middle) > probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _check(found: int, looked_at: int) -> None:
    if not 0 <= found <= looked_at or looked_at < 1:
        raise Unreadable("bad_sample", f"{found} of {looked_at} cannot be nonconforming.")
