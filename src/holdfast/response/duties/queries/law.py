"""What counsel confirmed, and which open recalls a changed statement of the law touches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from holdfast.kit.regimes.law import MATTERS, Regime
from holdfast.kit.regimes.law_digest import obligation_digest, statement_digest
from holdfast.response.duties.models import CounselConfirmation, DutyClock
from holdfast.response.duties.queries.clocks import law_of, open_clocks


@dataclass(frozen=True, slots=True)
class Touched:
    """An open duty whose law the data now tells differently from when its clock was set.

    `why` is `changed`, `gone` (the data has no such duty) or `expired` (not in force any more).
    """

    clock: DutyClock
    why: str


def current_digest(regime: Regime, obligation: str = "", matter: str = "") -> str:
    """The digest of what the data says now of a duty or a matter; empty where it says nothing."""
    if obligation:
        known = {one.id: one for one in regime.obligations}
        return obligation_digest(regime, known[obligation]) if obligation in known else ""
    if matter in MATTERS and matter in regime.statements:
        return statement_digest(regime, matter, regime.statements[matter])
    return ""


def changed_law(*, now: datetime) -> list[Touched]:
    """Every open duty of every recall that a change of the law's data touches."""
    found = []
    for clock in open_clocks().select_related("recall").order_by("recall__ref", "acts_by", "pk"):
        why = _touched(clock, now)
        if why:
            found.append(Touched(clock, why))
    return found


def _touched(clock: DutyClock, now: datetime) -> str:
    regime = law_of(clock)
    digest = current_digest(regime, clock.obligation) if regime else ""
    if regime is None or not digest:
        return "gone"
    if digest != clock.law:
        return "changed"
    # A clock that has started runs by the law of that day, whatever came later.
    return "" if clock.started_at or regime.applies_on(now.date()) else "expired"


def confirmations(regime: str = "") -> list[CounselConfirmation]:
    """What counsel confirmed and nobody took back, the newest first."""
    found = CounselConfirmation.objects.filter(withdrawn_at__isnull=True)
    if regime:
        found = found.filter(regime=regime)
    return list(found.order_by("-confirmed_on", "-pk"))


def confirmation_for(
    known: list[CounselConfirmation], regime: Regime, obligation: str = "", matter: str = ""
) -> CounselConfirmation | None:
    """The newest confirmation of exactly what the data says now; one of older words is none."""
    digest = current_digest(regime, obligation, matter)
    for one in known:
        if (one.regime, one.obligation, one.matter, one.law) == (
            regime.id,
            obligation,
            matter,
            digest,
        ):
            return one
    return None
