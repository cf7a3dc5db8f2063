"""Whose lots fail more often than everybody else's, and how likely that is by chance alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from holdfast.kit.sampling.curves import hypergeometric_at_most
from holdfast.kit.signals.discovery import q_values


@dataclass(frozen=True, slots=True)
class Failures:
    """One supplier's failed lots and tests of all of them, beside the share of all others.

    `p` is Fisher's exact one-sided test against the others; `q` bounds the false discoveries among
    all suppliers (Benjamini and Hochberg).
    """

    supplier: str
    failed: int
    looked_at: int
    share_of_others: float | None
    p: float
    q: float

    @property
    def share(self) -> float:
        return self.failed / self.looked_at


def unusual(counts: Mapping[str, tuple[int, int]]) -> list[Failures]:
    """Every supplier of `{supplier: (failed, looked at)}`, the least likely by chance first."""
    told = {name: one for name, one in counts.items() if one[1] > 0}
    if not told:
        return []
    failed = sum(bad for bad, _ in told.values())
    all_ = sum(total for _, total in told.values())
    p = [
        1.0 if not bad else max(0.0, 1 - hypergeometric_at_most(bad - 1, all_, failed, total))
        for bad, total in told.values()
    ]
    q = q_values(np.asarray(p, dtype=np.float64))
    found = [
        Failures(
            name,
            bad,
            total,
            (failed - bad) / (all_ - total) if all_ > total else None,
            p[at],
            float(q[at]),
        )
        for at, (name, (bad, total)) in enumerate(told.items())
    ]
    return sorted(found, key=lambda one: (one.p, -one.failed, one.supplier))
