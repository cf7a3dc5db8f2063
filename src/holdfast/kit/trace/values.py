"""The small values of a trace: certainty, residence window, order line, verdict."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

Units = int | Decimal

BEGINNING = -(2**62)
"""The instant before all others: a window whose start was never recorded."""
END = 2**62
"""The instant after all others: a window that was never closed."""


class Certainty(StrEnum):
    """How sure we are that a line holds an affected unit."""

    CONFIRMED = "confirmed"
    PROBABLE = "probable"
    CANNOT_RULE_OUT = "cannot_rule_out"
    EXCLUDED = "excluded"


IN_SCOPE = (Certainty.CONFIRMED, Certainty.PROBABLE, Certainty.CANNOT_RULE_OUT)
"""The certainties whose owners are told."""


@dataclass(frozen=True, slots=True)
class Window:
    """One receipt as a half-open stay: `lot` of `sku` lay at `site` for start <= t < end.

    Times are whole microseconds since the epoch (UTC). An empty site was never recorded and
    matches every site. `quantity` is in units, None where nobody wrote it down.
    """

    lot: str
    sku: str
    site: str = ""
    start: int = BEGINNING
    end: int = END
    quantity: Units | None = None

    @property
    def is_placed(self) -> bool:
        """Is it said where or when the lot lay? If not it may have been there: no alibi."""
        return bool(self.site) or self.start != BEGINNING or self.end != END

    def holds(self, at: int) -> bool:
        """Was the lot there at this instant?"""
        return self.start <= at < self.end


NEVER_A_LOT = (
    r"\d{18}|\(00\)\d{18}|\((8003|8004|253|254|402|414)\).+|\(01\)\d{14}"
    r"|urn:epc:id:(sscc|grai|giai|sgln|gdti|gsin):.+"
)
"""What GS1 keys of pallets, crates and other assets look like, and a product's without a lot.

As rows have them (`kit.epcis.things.trace_key`). A bare word may be a lot's, and counts as one.
"""


@dataclass(frozen=True, slots=True)
class Shipped:
    """One order line as the trace sees it: what left, from where, when, and what was noted."""

    key: int
    sku: str
    site: str = ""
    lot: str = ""
    container: str = ""
    at: int | None = None
    quantity: Units = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """The certainty of one line, the rule that gave it, and what the reason is made of.

    `probability` is the share of the candidate units (or lots) that are affected, None where
    the rule needs none. `basis` says where it comes from: quantity, count, picking.
    """

    certainty: Certainty
    rule: str
    probability: float | None = None
    basis: str = ""
    lots: tuple[str, ...] = ()
    affected: tuple[str, ...] = ()
