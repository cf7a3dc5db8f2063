"""Mass balance of one level: what the scope says there is, against the states that hold it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic

from holdfast.kit.measures.levels import L, Quantity, Units, plain


@dataclass(frozen=True, slots=True)
class Balance(Generic[L]):
    """Units in scope on one side, units by state on the other; `gap` is never hidden."""

    in_scope: Units[L]
    by_state: Mapping[str, Quantity]
    unknown_states: frozenset[str]

    @property
    def level(self) -> type[L]:
        return self.in_scope.level

    @property
    def held(self) -> Quantity:
        """Units that stand in some state."""
        return sum(self.by_state.values())

    @property
    def gap(self) -> Quantity:
        """Units the scope knows and no state holds (positive), or the other way round."""
        return self.in_scope.count - self.held

    @property
    def balances(self) -> bool:
        return self.gap == 0

    @property
    def unknown(self) -> Quantity:
        """Units whose state says only that nobody has answered for them."""
        return sum(n for state, n in self.by_state.items() if state in self.unknown_states)

    @property
    def accounted_for(self) -> Quantity:
        return self.held - self.unknown

    def sentence(self) -> str:
        """The finding in words, in units."""
        if self.balances:
            total = plain(self.in_scope.count)
            return f"{self.level.label}: {total} in scope, every one in one state."
        if self.gap > 0:
            gap, total = plain(self.gap), plain(self.in_scope.count)
            return f"{self.level.label}: {gap} of {total} have no state."
        return (
            f"{self.level.label}: the ledger holds {plain(-self.gap)} more than the "
            f"{plain(self.in_scope.count)} in scope."
        )

    def as_json(self) -> dict[str, object]:
        return {
            "level": self.level.name,
            "in_scope": plain(self.in_scope.count),
            "by_state": {state: plain(n) for state, n in self.by_state.items()},
            "held": plain(self.held),
            "gap": plain(self.gap),
            "accounted_for": plain(self.accounted_for),
            "unknown": plain(self.unknown),
            "balances": self.balances,
        }
