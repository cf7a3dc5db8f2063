"""Duties done, found not to apply, opened again; their owners and our own limits."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.db import transaction

from holdfast.decision.recalls.actions import record_clock_start
from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.rules import ROLES
from holdfast.ground.access.models import Person
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden, NotFound, Unreadable
from holdfast.kit.regimes.told_times import zone_words
from holdfast.kit.regimes.zones import zone
from holdfast.response.duties.actions.reworking import rework_clocks
from holdfast.response.duties.events import (
    DutyAssigned,
    DutyMet,
    DutyReopened,
    DutyWaived,
    HouseTargetSet,
)
from holdfast.response.duties.lifecycle import DUTY, OPEN
from holdfast.response.duties.models import DutyClock
from holdfast.response.duties.policies import may_work_on_duties
from holdfast.response.duties.queries.clocks import duty_clock
from holdfast.response.duties.queries.telling import moment_of, title_of
from holdfast.response.duties.rules import left_words, step_at

LEEWAY = timedelta(minutes=5)


def meet_duty(
    *,
    recall: Recall,
    regime: str,
    obligation: str,
    country: str,
    reference: str,
    occurrence: str = "",
    at: datetime | None = None,
    is_told: bool = True,
    by: Actor,
    now: datetime,
) -> DutyClock:
    """Record that a duty was done, as a filing does; `is_told` says that the authority knows now.

    Then `authority_notified` is a fact of this recall for that law and country, unless an earlier
    one stands. The same reference again changes nothing.
    """
    clock = duty_clock(recall, regime, obligation, country, occurrence)
    if clock is None:
        raise NotFound(
            "no_duty",
            f"{recall.ref} has no duty {regime}.{obligation} in {country}.",
            hint="Its countries, categories and roles give none; check them on the deadlines page.",
        )
    return settle_duty(
        clock=clock, state="met", reference=reference, at=at, is_told=is_told, by=by, now=now
    )


@transaction.atomic
def settle_duty(
    *,
    clock: DutyClock,
    state: str,
    reference: str = "",
    reason: str = "",
    at: datetime | None = None,
    is_told: bool = False,
    by: Actor,
    now: datetime,
) -> DutyClock:
    """A duty is `met` with the reference that shows it, or `not_applicable` with the reason."""
    may_work_on_duties(by)
    clock = _locked(clock)
    reference, reason = _short(reference, 200), _short(reason, 500)
    if clock.state == state and (state != "met" or clock.reference == reference):
        return clock
    if state == "met":
        return _met(clock, reference, _told(at, now), is_told, by, now)
    if state != "not_applicable":
        raise Unreadable(
            "unknown_state",
            f"A duty cannot be settled as “{state[:40]}”.",
            hint="met, not_applicable",
        )
    clock.state = DUTY.after(clock.state, "waive", {"has_reason": bool(reason)})
    clock.reason, clock.settled_at, clock.settled_by = reason, now, by.key
    _save(clock, now)
    fact = DutyWaived(**_what(clock), reason=reason)
    record(fact, by=by, now=now, subject=clock.recall.ref)
    return clock


@transaction.atomic
def reopen_duty(*, clock: DutyClock, reason: str, by: Actor, now: datetime) -> DutyClock:
    """A duty that was settled by mistake runs again, by the facts of today."""
    may_work_on_duties(by)
    clock = _locked(clock)
    if clock.state in OPEN:
        return clock
    reason = _short(reason, 500)
    clock.state = DUTY.after(clock.state, "reopen", {"has_reason": bool(reason)})
    clock.reference, clock.reason, clock.settled_at, clock.settled_by = "", "", None, ""
    _save(clock, now)
    fact = DutyReopened(**_what(clock), reason=reason)
    record(fact, by=by, now=now, subject=clock.recall.ref)
    rework_clocks(recall=clock.recall, because=f"{title_of(clock)} is open again", by=by, now=now)
    clock.refresh_from_db()
    return clock


@transaction.atomic
def assign_duty(*, clock: DutyClock, owner: str, by: Actor, now: datetime) -> DutyClock:
    """Give a duty to a person (`person:3`, an e-mail address) or to a role of the recall."""
    may_work_on_duties(by)
    clock = _locked(clock)
    key = _owner(owner)
    if clock.owner == key:
        return clock
    clock.owner = key
    clock.save(update_fields=["owner"])
    fact = DutyAssigned(**_what(clock), owner=key)
    record(fact, by=by, now=now, subject=clock.recall.ref)
    return clock


@transaction.atomic
def set_house_target(
    *, clock: DutyClock, at: datetime | None, reason: str = "", by: Actor, now: datetime
) -> DutyClock:
    """Our own limit for a duty, no law; never later than the law's end. None gives up our own."""
    may_work_on_duties(by)
    clock = _locked(clock)
    if clock.state not in OPEN:
        raise Forbidden("lifecycle", f"{title_of(clock)} is settled; a limit changes nothing.")
    if at is not None:
        at = _before_the_law(clock, at)
    if (clock.target_at if clock.is_own_target else None) == at:
        return clock
    clock.is_own_target, clock.target_at = at is not None, at
    clock.acts_by = min(filter(None, (clock.due_at, clock.at_latest, at)), default=None)
    clock.escalated = min(clock.escalated, step_at(clock.acts_by, now))
    _save(clock, now)
    said = moment_of(clock, at) if at else "given up"
    fact = HouseTargetSet(
        **_what(clock), at=said, acts_by=_local(clock, clock.acts_by), reason=_short(reason, 500)
    )
    record(fact, by=by, now=now, subject=clock.recall.ref)
    if at is None:
        rework_clocks(recall=clock.recall, because="an own limit was given up", by=by, now=now)
        clock.refresh_from_db()
    return clock


def _met(
    clock: DutyClock, reference: str, at: datetime, is_told: bool, by: Actor, now: datetime
) -> DutyClock:
    if clock.state == "met":  # another reference for what is done: both stand in the journal
        state = clock.state
    else:
        state = DUTY.after(clock.state, "meet", {"has_reference": bool(reference)})
    clock.state, clock.reference = state, reference or clock.reference
    clock.settled_at, clock.settled_by, clock.reason = at, by.key, ""
    _save(clock, now)
    late = clock.due_at is not None and at > clock.due_at
    lateness = f"{left_words(clock.due_at, at)} late." if late and clock.due_at else ""
    fact = DutyMet(
        **_what(clock),
        reference=clock.reference,
        met_at=_local(clock, at),
        due_at=_local(clock, clock.due_at),
        lateness=lateness,
    )
    record(fact, by=by, now=now, subject=clock.recall.ref)
    if is_told:
        _tell_the_clocks(clock, at, by, now)
    return clock


def _tell_the_clocks(clock: DutyClock, at: datetime, by: Actor, now: datetime) -> None:
    """From the first report to this authority other clocks count."""
    known = clock.recall.clock_starts.filter(
        fact="authority_notified",
        regime=clock.regime,
        country=clock.country,
        occurrence=clock.occurrence,
        withdrawn_at__isnull=True,
    )
    if known.filter(at__lte=at).exists():
        return
    told_at = at.astimezone(zone(clock.zone))
    record_clock_start(
        recall=clock.recall,
        fact="authority_notified",
        at=told_at,
        zone=zone_words(told_at),
        country=clock.country,
        regime=clock.regime,
        occurrence=clock.occurrence,
        source=f"{title_of(clock)}: {clock.reference}"[:300],
        by=by,
        now=now,
    )


def _locked(clock: DutyClock) -> DutyClock:
    Recall.objects.select_for_update().get(pk=clock.recall_id)
    return DutyClock.objects.select_for_update().select_related("recall").get(pk=clock.pk)


def _save(clock: DutyClock, now: datetime) -> None:
    clock.revision += 1
    clock.changed_at = now
    clock.save()


def _what(clock: DutyClock) -> dict[str, str]:
    return {
        "duty": f"{clock.regime}.{clock.obligation}",
        "country": clock.country,
        "occurrence": clock.occurrence,
        "title": title_of(clock),
    }


def _told(at: datetime | None, now: datetime) -> datetime:
    if at is None:
        return now
    if at.utcoffset() is None:
        raise Unreadable(
            "time_without_zone",
            f"“{at.isoformat()}” is a time without a zone: the day could be another one.",
            hint="Add the offset of the place it was done, for example +01:00.",
        )
    if at > now + LEEWAY:
        raise Unreadable(
            "in_the_future",
            f"{at.isoformat()} lies in the future: nothing was done then yet.",
            hint="Check the day and the zone.",
        )
    return at


def _before_the_law(clock: DutyClock, at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise Unreadable("time_without_zone", f"“{at.isoformat()}” is a time without a zone.")
    if clock.due_at is not None and at > clock.due_at:
        raise Forbidden(
            "after_the_law",
            f"The law's own end is earlier: {moment_of(clock, clock.due_at)}.",
            hint="An own limit may only come before it.",
        )
    return at


def _owner(text: str) -> str:
    text = text.strip()
    if text in ROLES:
        return text
    people = Person.objects.filter(is_active=True)
    found = re.fullmatch(r"person:(\d+)", text)
    person = (
        people.filter(pk=found[1]).first() if found else people.filter(email__iexact=text).first()
    )
    if person is None:
        raise NotFound(
            "no_owner",
            f"Nobody here is “{text[:60]}”, and no role is called so.",
            hint=f"Name the e-mail address of somebody here, or a role: {', '.join(ROLES)}.",
        )
    return f"person:{person.pk}"


def _local(clock: DutyClock, at: datetime | None) -> str:
    return at.astimezone(zone(clock.zone)).isoformat(timespec="seconds") if at else ""


def _short(text: str, most: int) -> str:
    return " ".join(text.split())[:most]
