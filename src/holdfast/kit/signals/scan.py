"""Where among lots, dates of manufacture, suppliers, sites or regions the reports crowd.

Kulldorff's scan statistic (Communications in Statistics 26 (1997) 1481-1496) on the reports given:
the window whose share is least explained by its share of units, and how often chance alone would
give a window as crowded anywhere. Chance comes in as a generator, so an answer can be repeated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from holdfast.kit.refusals import Unreadable
from holdfast.kit.signals.special import Floats

ROUNDS = 999
WIDEST = 0.5  # share of the values in one window


@dataclass(frozen=True, slots=True)
class Crowd:
    """The most crowded window: its values, reports, what was expected, and how likely by chance."""

    values: tuple[str, ...]
    reports: int
    expected: float
    score: float
    p_value: float


def scan(
    reports: Mapping[str, int],
    units: Mapping[str, float],
    chance: np.random.Generator,
    *,
    ordered: Sequence[str] = (),
    rounds: int = ROUNDS,
) -> Crowd | None:
    """Find the crowd; `units` are what was made or sold of each value, or all 1 if nobody knows.

    With `ordered` (days, consecutive lots) windows of neighbours are looked at, else single values.
    None where nothing is reported or only one value exists.

    Raises:
        Unreadable: a reported value has no units.
    """
    values = list(ordered) or sorted(units)
    missing = sorted(value for value, n in reports.items() if n and units.get(value, 0) <= 0)
    if missing:
        raise Unreadable(
            "no_units", f"No units are known of {', '.join(missing[:5])}.", hint="Give all of them."
        )
    count = np.array([reports.get(value, 0) for value in values], dtype=np.float64)
    made = np.array([max(units.get(value, 0.0), 0.0) for value in values], dtype=np.float64)
    total = int(count.sum())
    if total == 0 or len(values) < 2 or made.sum() <= 0:
        return None
    share = made / made.sum()
    widest = max(1, int(len(values) * WIDEST)) if ordered else 1
    score, first, width = _most(count[None, :], share, widest)
    thrown = chance.multinomial(total, share, size=rounds).astype(np.float64)
    by_chance, _, _ = _most(thrown, share, widest)
    p = (1 + int((by_chance >= score[0] - 1e-9).sum())) / (rounds + 1)
    inside = slice(int(first[0]), int(first[0]) + int(width[0]))
    return Crowd(
        tuple(values[inside]),
        int(count[inside].sum()),
        float(share[inside].sum() * total),
        float(score[0]),
        p,
    )


def _most(counts: Floats, share: Floats, widest: int) -> tuple[Floats, Floats, Floats]:
    """The best score of each row, with the start and the width of its window."""
    rows, places = counts.shape
    total = counts.sum(axis=1)
    sums = np.concatenate([np.zeros((rows, 1)), counts.cumsum(axis=1)], axis=1)
    shares = np.concatenate([[0.0], share.cumsum()])
    best = np.zeros(rows)
    first, wide = np.zeros(rows), np.ones(rows)
    for width in range(1, min(widest, places - 1) + 1):
        inside = sums[:, width:] - sums[:, :-width]
        expected = (shares[width:] - shares[:-width])[None, :] * total[:, None]
        score = _ratio(inside, expected, total[:, None])
        at = score.argmax(axis=1)
        value = score[np.arange(rows), at]
        better = value > best
        best = np.where(better, value, best)
        first, wide = np.where(better, at, first), np.where(better, width, wide)
    return best, first, wide


def _ratio(inside: Floats, expected: Floats, total: Floats) -> Floats:
    outside, rest = total - inside, total - expected
    with np.errstate(divide="ignore", invalid="ignore"):
        one = np.where(inside > 0, inside * np.log(inside / expected), 0.0)
        two = np.where(outside > 0, outside * np.log(outside / rest), 0.0)
    return np.where(inside > expected, one + two, 0.0)
