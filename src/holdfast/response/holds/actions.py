"""Stops: list the places, add one, give it an owner, stop it, say why not."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from holdfast.decision.recalls.lifecycle import LIVE
from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.queries import recall_named
from holdfast.ground.journal.actions import record
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden, Unreadable
from holdfast.response.holds.events import (
    HoldAdded,
    HoldAssigned,
    HoldFailed,
    HoldNotNeeded,
    HoldStopped,
    PlacesListed,
)
from holdfast.response.holds.lifecycle import HOLD
from holdfast.response.holds.models import Hold
from holdfast.response.holds.policies import may_work_on_holds
from holdfast.response.holds.queries import hold_named, known_places
from holdfast.response.holds.rules import kind_of


@transaction.atomic
def list_places(*, recall: Recall, by: Actor, now: datetime) -> list[Hold]:
    """Add a stop for every place the data knows and the recall has not; again, nothing new."""
    may_work_on_holds(by)
    recall = _live(recall)
    new = [
        Hold.objects.create(recall=recall, kind=kind, name=name[:200], asked_at=now)
        for kind, name in known_places(recall)
        if hold_named(recall, kind, name[:200]) is None
    ]
    if new:
        fact = PlacesListed(count=len(new), kinds=tuple(sorted({hold.kind for hold in new})))
        record(fact, by=by, now=now, subject=recall.ref)
    return new


def list_places_of_entry(*, entry: Entry, by: Actor, now: datetime) -> None:
    """What follows from an opened recall or a confirmed scope: its places, once each."""
    recall = recall_named(entry.subject)
    if recall.state in LIVE:
        list_places(recall=recall, by=by, now=now)


@transaction.atomic
def add_hold(
    *,
    recall: Recall,
    kind: str,
    name: str,
    owner: str = "",
    quantity: Decimal | None = None,
    by: Actor,
    now: datetime,
) -> Hold:
    """Ask for a stop in one place; a place that is on the list already stays one item."""
    may_work_on_holds(by)
    recall = _live(recall)
    kind, name = kind_of(kind), " ".join(name.split())[:200]
    if not name:
        raise Unreadable("name_needed", "A place needs a name.")
    hold = hold_named(recall, kind, name)
    if hold is None:
        hold = Hold.objects.create(
            recall=recall, kind=kind, name=name, owner=owner, quantity=quantity, asked_at=now
        )
        fact = HoldAdded(hold=hold.pk, kind=kind, name=name)
        record(fact, by=by, now=now, subject=recall.ref)
    return hold


@transaction.atomic
def assign_hold(*, hold: Hold, owner: str, by: Actor, now: datetime) -> Hold:
    """Say who stops it ("person:3" or a role)."""
    may_work_on_holds(by)
    hold = _locked(hold)
    if hold.owner == owner:
        return hold
    hold.owner = owner[:80]
    hold.save(update_fields=["owner"])
    fact = HoldAssigned(hold=hold.pk, kind=hold.kind, name=hold.name, owner=hold.owner)
    record(fact, by=by, now=now, subject=hold.recall.ref)
    return hold


@transaction.atomic
def stop_hold(*, hold: Hold, proof: str, proof_sha256: str = "", by: Actor, now: datetime) -> Hold:
    """Record that goods stopped there, with what shows it: words, or an attached file's hash."""
    may_work_on_holds(by)
    hold = _locked(hold)
    proof = proof.strip()
    if hold.state == "stopped" and (hold.proof, hold.proof_sha256) == (proof, proof_sha256):
        return hold
    if hold.state == "stopped" and not proof and not proof_sha256:
        return hold
    if hold.state != "stopped":
        hold.state = HOLD.after(hold.state, "stop", {"has_proof": bool(proof or proof_sha256)})
        hold.stopped_at, hold.stopped_by = now, by.key
    hold.proof, hold.proof_sha256 = proof, proof_sha256
    hold.save()
    fact = HoldStopped(
        hold=hold.pk, kind=hold.kind, name=hold.name, proof=proof, proof_sha256=proof_sha256
    )
    record(fact, by=by, now=now, subject=hold.recall.ref)
    return hold


@transaction.atomic
def fail_hold(*, hold: Hold, reason: str, by: Actor, now: datetime) -> Hold:
    """Record that goods could not be stopped, or that they move again; the item is open anew."""
    may_work_on_holds(by)
    hold = _locked(hold)
    hold.state = HOLD.after(hold.state, "fail", {"has_reason": bool(reason.strip())})
    hold.stopped_at, hold.stopped_by = None, ""
    hold.save()
    fact = HoldFailed(hold=hold.pk, kind=hold.kind, name=hold.name, reason=reason.strip())
    record(fact, by=by, now=now, subject=hold.recall.ref)
    return hold


@transaction.atomic
def waive_hold(*, hold: Hold, reason: str, by: Actor, now: datetime) -> Hold:
    """Record that nothing affected is there, with what shows it."""
    may_work_on_holds(by)
    hold = _locked(hold)
    if hold.state == "not_needed":
        return hold
    hold.state = HOLD.after(hold.state, "waive", {"has_reason": bool(reason.strip())})
    hold.proof = reason.strip()
    hold.save()
    fact = HoldNotNeeded(hold=hold.pk, kind=hold.kind, name=hold.name, reason=reason.strip())
    record(fact, by=by, now=now, subject=hold.recall.ref)
    return hold


def _live(recall: Recall) -> Recall:
    recall = Recall.objects.select_for_update().get(pk=recall.pk)
    if recall.state not in LIVE:
        raise Forbidden(
            "lifecycle",
            f"Recall {recall.ref} is {recall.state}; nothing more can be stopped in it.",
            hint="Reopen it first.",
        )
    return recall


def _locked(hold: Hold) -> Hold:
    _live(hold.recall)
    return Hold.objects.select_for_update().select_related("recall").get(pk=hold.pk)
