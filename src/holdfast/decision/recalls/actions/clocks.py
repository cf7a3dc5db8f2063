"""Facts from which legal clocks count: record, take back; and what they are taken from."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from holdfast.decision.intake.queries import first_told
from holdfast.decision.recalls.events import ClockStartRecorded, ClockStartWithdrawn
from holdfast.decision.recalls.models import ClockStart, Recall
from holdfast.decision.recalls.policies import may_record_clocks
from holdfast.decision.recalls.queries.clocks import clock_fact, clock_starts
from holdfast.decision.recalls.rules import ROLES
from holdfast.ground.access.queries import organisation
from holdfast.ground.journal.actions import record
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Unreadable
from holdfast.kit.regimes.clock_facts import NAMES, doubts
from holdfast.kit.regimes.places import place
from holdfast.kit.regimes.reading import regime as regime_named
from holdfast.kit.regimes.told_times import told_zone, zone_words


@transaction.atomic
def record_clock_start(
    *,
    recall: Recall,
    fact: str,
    at: datetime,
    zone: str = "",
    country: str = "",
    regime: str = "",
    occurrence: str = "",
    known_by: str = "",
    source: str = "",
    by: Actor,
    now: datetime,
) -> ClockStart:
    """Record when something was so that clocks count from; the same again changes nothing.

    `at` has an offset; `zone` is how it was told, else that offset. Another time for the same
    fact, country, regime and occurrence supersedes the one there is. A time in the future or in
    an order that cannot be is kept and said (`clock_doubts`): it may be a plan, or the other one
    may be wrong.
    """
    may_record_clocks(by)
    recall = Recall.objects.select_for_update().get(pk=recall.pk)
    start = ClockStart(
        recall=recall,
        fact=_known(fact),
        at=_instant(at, fact),
        zone=_zone(zone, at),
        country=place(country).code if country.strip() else "",
        regime=regime_named(regime.strip()).id if regime.strip() else "",
        occurrence=_short(occurrence, 80),
        known_by=_short(known_by, 200),
        source=_short(source, 300),
        recorded_by=by.key,
        recorded_at=now,
    )
    return _store(start, by, now)


@transaction.atomic
def withdraw_clock_start(
    *, clock_start: ClockStart, reason: str, by: Actor, now: datetime
) -> ClockStart:
    """Take back a fact that was not so; its row stays, with the reason."""
    may_record_clocks(by)
    recall = Recall.objects.select_for_update().get(pk=clock_start.recall_id)
    start = ClockStart.objects.select_for_update().get(pk=clock_start.pk)
    reason = _short(reason, 300)
    if start.withdrawn_at:
        return start
    if not reason:
        raise Unreadable(
            "reason_needed",
            f"Taking back “{NAMES[start.fact]}” needs a reason in words.",
            hint="Say what was wrong: the day, the zone, or that it never happened.",
        )
    start.withdrawn_at, start.withdrawn_by, start.withdrawn_why = now, by.key, reason
    start.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    told = ClockStartWithdrawn(
        start=start.pk,
        fact=start.fact,
        what=NAMES[start.fact],
        at=start.at.astimezone(told_zone(start.zone)).isoformat(),
        country=start.country,
        regime=start.regime,
        occurrence=start.occurrence,
        where=_where(start),
        reason=reason,
    )
    record(told, by=by, now=now, subject=recall.ref)
    return start


@dataclass(frozen=True, slots=True)
class Taken:
    """Which facts an entry of the journal is taken for, and where its time stands."""

    facts: tuple[str, ...]
    source: str
    at_field: str = ""
    occurrence_field: str = ""
    known_by: str = ""


TAKEN_FROM = {
    "RecallOpened": Taken(("first_information",), "the opening of the recall", "known_at"),
    "DecisionSigned": Taken(("decision",), "the signed decision"),
    "TellingBegan": Taken(("initiation", "consumers_notified"), "the launch of the first wave"),
    "HoldStopped": Taken(("action_taken",), "the first stop of goods"),
    "InjuryReported": Taken(
        ("incident_known", "injury_known"), "an injury report", occurrence_field="reference"
    ),
}


@transaction.atomic
def start_clocks_of_entry(*, entry: Entry, by: Actor, now: datetime) -> None:
    """The facts that an entry is: once each, and never against what a person said."""
    recall = Recall.objects.select_for_update().filter(ref=entry.subject).first()
    taken = TAKEN_FROM[entry.kind]
    if recall is None:
        return
    told_at = entry.fields[taken.at_field] if taken.at_field else entry.at
    occurrence = str(entry.fields[taken.occurrence_field]) if taken.occurrence_field else ""
    at = datetime.fromisoformat(told_at).astimezone(told_zone(organisation().zone or "UTC"))
    if entry.kind == "RecallOpened":
        taken = _taken_from_complaints(recall, entry, taken, by=by, now=now)
    for fact in taken.facts:
        if recall.clock_starts.filter(fact=fact, entry=entry.index).exists():
            continue
        if _is_said(recall, fact, occurrence):
            continue
        start = ClockStart(
            recall=recall,
            fact=fact,
            at=at,
            zone=zone_words(at),
            occurrence=occurrence,
            source=taken.source,
            known_by=taken.known_by,
            entry=entry.index,
            recorded_by=by.key,
            recorded_at=now,
        )
        _store(start, by, now)


@transaction.atomic
def catch_up_clock_starts(*, recall: Recall, by: Actor, now: datetime) -> None:
    """The facts of what happened before there were clocks here, from the recall's own journal."""
    may_record_clocks(by)
    known = set(recall.clock_starts.exclude(entry=None).values_list("entry", flat=True))
    entries = Entry.objects.filter(subject=recall.ref, kind__in=TAKEN_FROM).order_by("index")
    for entry in entries.iterator():
        if entry.index not in known:
            start_clocks_of_entry(entry=entry, by=by, now=now)


def catch_up_clocks_of_entry(*, entry: Entry, by: Actor, now: datetime) -> None:
    """When the law is first asked about a recall: what happened in it until then."""
    recall = Recall.objects.filter(ref=entry.subject).first()
    if recall is not None:
        catch_up_clock_starts(recall=recall, by=by, now=now)


def _taken_from_complaints(
    recall: Recall, entry: Entry, taken: Taken, *, by: Actor, now: datetime
) -> Taken:
    """Who knew first, and by which complaint; each injury told so is a fact of its own."""
    if recall.signal is None:
        return taken
    # What was told inside a recall is a report of its own there, with clocks of its own.
    told = list(recall.signal.complaints.exclude(source="recall").order_by("known_at", "pk"))
    zone = told_zone(organisation().zone or "UTC")
    for one in told:
        if not one.harm:
            continue
        at = one.known_at.astimezone(zone)
        for fact in ("incident_known", "injury_known"):
            if recall.clock_starts.filter(fact=fact, occurrence=one.ref).exists():
                continue
            start = ClockStart(
                recall=recall,
                fact=fact,
                at=at,
                zone=zone_words(at),
                occurrence=one.ref,
                known_by=_short(one.known_by, 200),
                source=f"complaint {one.ref}",
                entry=entry.index,
                recorded_by=by.key,
                recorded_at=now,
            )
            _store(start, by, now)
    first = first_told([one.pk for one in told])
    if first is None or first.known_at.isoformat() != entry.fields["known_at"]:
        return taken
    words = f"complaint {first.ref}, {first.known_how}"
    return replace(taken, source=_short(words, 300), known_by=_short(first.known_by, 200))


def _store(start: ClockStart, by: Actor, now: datetime) -> ClockStart:
    recall = start.recall
    before = recall.clock_starts.filter(
        fact=start.fact,
        country=start.country,
        regime=start.regime,
        occurrence=start.occurrence,
        withdrawn_at__isnull=True,
    ).first()
    if before and (before.at, before.zone) == (start.at, start.zone):
        return before
    if before:
        before.withdrawn_at, before.withdrawn_by = now, by.key
        before.withdrawn_why = "superseded"
        before.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    start.save()
    if before:
        before.superseded_by = start
        before.save(update_fields=["superseded_by"])
    told = ClockStartRecorded(
        start=start.pk,
        replaces=before.pk if before else None,
        fact=start.fact,
        what=NAMES[start.fact],
        at=start.at.astimezone(told_zone(start.zone)).isoformat(),
        zone=start.zone,
        country=start.country,
        regime=start.regime,
        occurrence=start.occurrence,
        where=_where(start),
        known_by=_key_only(start.known_by),
        source=start.source,
        replaced=f"Before: {before.at.astimezone(told_zone(before.zone)).isoformat()}."
        if before
        else "",
        doubts=tuple(_doubts_about(start, now)),
    )
    record(told, by=by, now=now, subject=recall.ref)
    return start


def _is_said(recall: Recall, fact: str, occurrence: str) -> bool:
    return recall.clock_starts.filter(
        fact=fact, country="", regime="", occurrence=occurrence, withdrawn_at__isnull=True
    ).exists()


def _doubts_about(start: ClockStart, now: datetime) -> list[str]:
    others = (one for one in clock_starts(start.recall) if one.occurrence == start.occurrence)
    found = doubts(tuple(clock_fact(one) for one in others), now=now)
    return [doubt for doubt in found if start.fact in doubt.replace(",", " ").split()]


def _known(fact: str) -> str:
    if fact in NAMES:
        return fact
    raise Unreadable(
        "unknown_fact",
        f"No clock counts from “{fact[:60]}”.",
        hint="Facts that start clocks: " + ", ".join(NAMES) + ".",
    )


def _instant(at: datetime, fact: str) -> datetime:
    if at.utcoffset() is not None:
        return at
    raise Unreadable(
        "time_without_zone",
        f"The time of {fact}, “{at.isoformat()}”, is a time without a zone: the day could be "
        "another one.",
        hint=f"Add the zone of the place it happened, for example {at.isoformat()}+01:00.",
    )


def _zone(given: str, at: datetime) -> str:
    if not given.strip():
        return zone_words(at)
    told_zone(given)
    return given.strip()


def _where(start: ClockStart) -> str:
    parts = [start.country and f"in {start.country}", start.regime and f"for {start.regime}"]
    parts.append(start.occurrence and f"({start.occurrence})")
    return "".join(f" {part}" for part in parts if part)


def _key_only(known_by: str) -> str:
    is_key = known_by in ROLES or re.fullmatch(r"person:\d+", known_by)
    return known_by if is_key or not known_by else "named in the record"


def _short(text: str, most: int) -> str:
    return " ".join(text.split())[:most]
