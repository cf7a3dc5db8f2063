"""False discoveries over a whole catalogue: of what is raised, how much is chance.

Sources: Y. Benjamini, Y. Hochberg, Journal of the Royal Statistical Society B 57 (1995) 289-300;
for tests that depend on each other, Y. Benjamini, D. Yekutieli, Annals of Statistics 29 (2001)
1165-1188.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from holdfast.kit.signals.burst import WINDOWS
from holdfast.kit.signals.special import Floats, poisson_at_least


class Counted(Protocol):
    """A finding: what was told (weighed) and what was expected in its best window."""

    @property
    def weighed(self) -> float: ...

    @property
    def expected(self) -> float: ...


def q_values(p_values: Floats, *, dependent: bool = False) -> Floats:
    """The lowest false discovery rate at which each test would be raised."""
    p = np.asarray(p_values, dtype=np.float64)
    number = len(p)
    if not number:
        return p
    order = np.argsort(p, kind="stable")
    factor = float((1 / np.arange(1, number + 1)).sum()) if dependent else 1.0
    raw = p[order] * number * factor / np.arange(1, number + 1)
    settled = np.minimum.accumulate(raw[::-1])[::-1]
    found = np.empty(number)
    found[order] = np.minimum(settled, 1.0)
    return found


def chances(weighed: Floats, expected: Floats) -> Floats:
    """How often chance alone tells as much in any of the windows a score looks at, at most 1.

    Weights stand for counts and every window counts as a look of its own, which is cautious:
    windows overlap.
    """
    return np.minimum(1.0, len(WINDOWS) * poisson_at_least(weighed, expected))


def of_findings(findings: Sequence[Counted], looked_at: int) -> list[float]:
    """For each finding, the share of chance among everything that stands out at least as much.

    `looked_at` is how many products and hazards were looked at in all; those without a finding
    count as nothing unusual, so a catalogue of a million needs more than one of ten.
    """
    number = max(looked_at, len(findings))
    p = np.ones(number)
    p[: len(findings)] = chances(
        np.array([one.weighed for one in findings], dtype=np.float64),
        np.array([one.expected for one in findings], dtype=np.float64),
    )
    return [float(one) for one in q_values(p)[: len(findings)]]
