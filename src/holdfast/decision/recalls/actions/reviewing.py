"""A live scope is worked out again when data comes in; what joined and what left is proposed."""

from __future__ import annotations

import json
from datetime import datetime

from holdfast.decision.recalls.actions.gathering import gather_scope
from holdfast.decision.recalls.actions.scope import propose_scope
from holdfast.decision.recalls.lifecycle import LIVE
from holdfast.decision.recalls.models import Recall, ScopeVersion
from holdfast.decision.recalls.policies import may_propose_scope
from holdfast.decision.recalls.queries.recalls import confirmed_scope, latest_scope
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import Actor
from holdfast.kit.trace.criteria import Criteria
from holdfast.supply.orders.rules import EVENTS

DATA = ("FileImported", "ReceiptRecorded", "EventsImported", "DocumentsImported")
FILES = ("orders", "receipts")


def review_live_scopes(*, entry: Entry, by: Actor, now: datetime) -> None:
    """The reaction to data that came in: every live scope it may have changed is looked at."""
    may_propose_scope(by)
    if not _may_change_scopes(entry):
        return
    for recall in Recall.objects.filter(state__in=LIVE).order_by("pk"):
        review_scope(recall=recall, by=by, now=now)


def review_settled_scope(*, entry: Entry, by: Actor, now: datetime) -> None:
    """The reaction to a settled proposal: data that came while it was open is looked at now."""
    may_propose_scope(by)
    recall = Recall.objects.get(ref=entry.subject)
    last = latest_scope(recall)
    if last is None or recall.state not in LIVE:
        return
    proposed = Entry.objects.filter(subject=recall.ref, kind="ScopeProposed").latest("index")
    since = Entry.objects.filter(kind__in=DATA, index__gt=proposed.index)
    if any(_may_change_scopes(one) for one in since):
        review_scope(recall=recall, by=by, now=now)


def review_scope(*, recall: Recall, by: Actor, now: datetime) -> ScopeVersion | None:
    """Propose what the confirmed scope would be on the data of now; None where nothing changes.

    Nobody is told and nothing is released before a person confirms it. A proposal somebody still
    has to settle is left alone, and what was refused is not proposed again.
    """
    may_propose_scope(by)
    confirmed, last = confirmed_scope(recall), latest_scope(recall)
    if confirmed is None or last is None or last.state == "proposed":
        return None
    criteria = Criteria.from_json(confirmed.criteria)
    found = gather_scope(criteria=criteria, by=by, now=now)
    if found.digest == confirmed.digest or found.digest == last.digest:
        return None
    return propose_scope(
        recall=recall,
        criteria=criteria,
        rationale=f"Data came in after scope v{confirmed.number}; worked out again by the system.",
        found=found,
        by=by,
        now=now,
    )


def _may_change_scopes(entry: Entry) -> bool:
    if entry.kind != "FileImported":
        return entry.kind in DATA
    # Recorded lines that were taken in for a scope are in that scope already.
    payload = json.loads(entry.payload)
    return payload.get("kind") in FILES and payload.get("source") != EVENTS
