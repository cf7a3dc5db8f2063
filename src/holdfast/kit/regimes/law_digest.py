"""A short hash of what the data says of one duty, to see later whether it says something else."""

from __future__ import annotations

import hashlib

from holdfast.kit.regimes.law import Obligation, Regime, Statement


def obligation_digest(regime: Regime, obligation: Obligation) -> str:
    """Of a duty with everything its end is counted by; 32 hexadecimal digits."""
    counted = (regime.id, regime.authority, regime.counting, obligation)
    return hashlib.sha256(repr(counted).encode()).hexdigest()[:32]


def statement_digest(regime: Regime, matter: str, statement: Statement) -> str:
    """Of what a regime says about one matter; 32 hexadecimal digits."""
    return hashlib.sha256(repr((regime.id, matter, statement)).encode()).hexdigest()[:32]
