"""Stored duties: found, put in order, and told as the law engine tells them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from holdfast.decision.recalls.models import Recall
from holdfast.kit.refusals import NotFound
from holdfast.kit.regimes.clock_facts import ClockFact
from holdfast.kit.regimes.duties import Duty
from holdfast.kit.regimes.law import Regime
from holdfast.kit.regimes.places import place
from holdfast.kit.regimes.reading import versions
from holdfast.kit.regimes.told_times import told_zone
from holdfast.kit.regimes.zones import zone
from holdfast.response.duties.lifecycle import OPEN
from holdfast.response.duties.models import DutyClock


def clocks_of(recall: Recall) -> list[DutyClock]:
    """Every duty of a recall but those that fell away: what is to be acted on first comes first."""
    found = recall.duty_clocks.exclude(state="superseded")
    return list(found.order_by(F("acts_by").asc(nulls_last=True), "state", "country", "pk"))


def open_clocks() -> QuerySet[DutyClock]:
    """Duties of all recalls that are neither met nor found not to apply."""
    return DutyClock.objects.filter(state__in=OPEN)


def next_deadline(recall: Recall) -> DutyClock | None:
    """The open duty that has to be acted on first."""
    found = recall.duty_clocks.filter(state__in=OPEN, acts_by__isnull=False)
    return found.order_by("acts_by", "pk").first()


def urgent_clocks(*, now: datetime, within: timedelta) -> list[DutyClock]:
    """Open duties of all recalls that end soon or have ended, the most urgent first."""
    found = open_clocks().filter(acts_by__lte=now + within).select_related("recall")
    return list(found.order_by("acts_by", "pk"))


def duty_clock(
    recall: Recall, regime: str, obligation: str, country: str, occurrence: str = ""
) -> DutyClock | None:
    """One duty by what it is, also where it fell away."""
    return recall.duty_clocks.filter(
        regime=regime, obligation=obligation, country=country, occurrence=occurrence
    ).first()


def clock_named(recall: Recall, text: str, about: str = "") -> DutyClock:
    """A duty as people name it: `REGIME.OBLIGATION` or `REGIME.OBLIGATION@CC`."""
    left, _sign, country = text.strip().partition("@")
    regime, _dot, obligation = left.partition(".")
    found = [
        one
        for one in clocks_of(recall)
        if one.regime == regime
        and one.obligation == obligation
        and (not country or one.country == place(country).code)
        and (not about or one.occurrence == about)
    ]
    if len(found) == 1:
        return found[0]
    names = sorted({named(one) for one in (found or clocks_of(recall))})
    if found:
        raise NotFound(
            "which_duty",
            f"“{text[:80]}” is a duty {len(found)} times in {recall.ref}.",
            hint="Name one of: " + "; ".join(names) + ".",
        )
    raise NotFound(
        "no_duty",
        f"{recall.ref} has no duty “{text[:80]}”.",
        hint=("Duties: " + ", ".join(names[:12]) + ("…" if len(names) > 12 else ""))
        if names
        else f"First say what it is and where it was sold: holdfast recall clock {recall.ref}.",
    )


def named(clock: DutyClock) -> str:
    """The name of a duty on the command line."""
    about = f' --about "{clock.occurrence}"' if clock.occurrence else ""
    return f"{clock.regime}.{clock.obligation}@{clock.country}{about}"


def law_of(clock: DutyClock) -> Regime | None:
    """The version of the law a clock was counted by; the newest where that is gone."""
    known = [one for one in versions() if one.id == clock.regime]
    same = [one for one in known if str(one.valid_from or "") == clock.law_from]
    found = same or known
    return found[-1] if found else None


def kit_duty(clock: DutyClock) -> Duty | None:
    """A stored duty as the law engine tells one; None where the data no longer has it."""
    regime = law_of(clock)
    known = {one.id: one for one in regime.obligations} if regime else {}
    obligation = known.get(clock.obligation)
    if regime is None or obligation is None:
        return None
    return Duty(
        regime=regime,
        obligation=obligation,
        place=place(clock.country),
        zone=clock.zone,
        calendar=clock.calendar,
        started_by=_start(clock),
        due_at=local(clock, clock.due_at),
        missing=tuple(clock.missing),
        at_latest=local(clock, clock.at_latest),
        rolls_to=local(clock, clock.rolls_to),
        target_at=local(clock, clock.target_at),
        opened_by=clock.opened_by,
        warnings=tuple(clock.warnings),
        versions=clock.versions,
    )


def local(clock: DutyClock, at: datetime | None) -> datetime | None:
    """An instant on the wall clock of the authority."""
    return at.astimezone(zone(clock.zone)) if at else None


def _start(clock: DutyClock) -> ClockFact | None:
    if not clock.start_fact or clock.started_at is None:
        return None
    at = clock.started_at.astimezone(told_zone(clock.start_zone or "UTC"))
    return ClockFact(clock.start_fact, at, clock.start_country)
