"""False discoveries over a whole catalogue: of what is raised, how much is chance.

Sources: Y. Benjamini, Y. Hochberg, Journal of the Royal Statistical Society B 57 (1995) 289-300;
for tests that depend on each other, Y. Benjamini, D. Yekutieli, Annals of Statistics 29 (2001)
1165-1188.
"""

from __future__ import annotations

import numpy as np

from holdfast.kit.signals.special import Floats


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
