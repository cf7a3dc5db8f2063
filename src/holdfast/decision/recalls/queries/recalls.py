"""Finds a recall, its current scope and decision, and tells its timeline."""

from __future__ import annotations

import json

from django.db.models import QuerySet

from holdfast.decision.recalls.lifecycle import LIVE
from holdfast.decision.recalls.models import Decision, Recall, ScopeVersion
from holdfast.ground.journal.events import kinds
from holdfast.ground.journal.models import Entry
from holdfast.kit.refusals import NotFound
from holdfast.kit.trace.criteria import Criteria

LANES = {
    "RecallOpened": "known",
    "HazardEvaluated": "known",
    "RiskPresumed": "known",
    "FirmClassSet": "known",
    "AuthorityClassRecorded": "known",
    "ClockStartRecorded": "known",
    "ClockStartWithdrawn": "known",
    "EvidenceAttached": "known",
    "EvidenceAdded": "known",
    "ScopeProposed": "decided",
    "ScopeConfirmed": "decided",
    "ScopeRefused": "decided",
    "DecisionProposed": "decided",
    "DecisionSigned": "decided",
    "DissentRecorded": "decided",
    "RecallClosed": "decided",
    "RecallReopened": "decided",
    "RecallWithdrawn": "decided",
}


def recall_named(ref: str) -> Recall:
    """The recall with this short id, whatever its letter case."""
    found = Recall.objects.filter(ref__iexact=ref.strip()).first()
    if found:
        return found
    known = list(Recall.objects.order_by("-pk").values_list("ref", flat=True)[:5])
    raise NotFound(
        "no_recall",
        f"There is no recall “{ref[:60]}”.",
        hint=f"Known: {', '.join(known)}." if known else "Open one: holdfast recall open --help",
    )


def live_recalls() -> QuerySet[Recall]:
    """Recalls that are neither closed nor withdrawn, newest first."""
    return Recall.objects.filter(state__in=LIVE).order_by("-opened_at", "-pk")


def latest_scope(recall: Recall) -> ScopeVersion | None:
    """The newest version, whatever its state."""
    return recall.scopes.order_by("-number").first()


def confirmed_scope(recall: Recall) -> ScopeVersion | None:
    """The version that counts now."""
    return recall.scopes.filter(state="confirmed").order_by("-number").first()


def signed_decision(recall: Recall) -> Decision | None:
    """The decision that counts now."""
    return recall.decisions.filter(state="signed").order_by("-number").first()


def asked_criteria(recall: Recall) -> Criteria:
    """What to look for when nobody says: the last version's words, else those of the opening."""
    last = latest_scope(recall)
    if last:
        return Criteria.from_json(last.criteria)
    facts = recall.signal.facts if recall.signal else {}
    stored = facts.get("criteria")
    if isinstance(stored, dict):
        return Criteria.from_json(stored)
    return Criteria(
        products=(recall.product_code,) if recall.product_code else (),
        lots=(recall.lot,) if recall.lot else (),
    )


def timeline(recall: Recall, *, most: int = 500) -> list[dict[str, object]]:
    """What happened and when it was known here, oldest first, in three lanes."""
    told = kinds()
    rows: list[dict[str, object]] = [
        {
            "happened_at": recall.known_at.isoformat(),
            "known_at": recall.known_at.isoformat(),
            "kind": "Known",
            "lane": "known",
            "words": "First information received",
            "by": "",
        }
    ]
    entries = Entry.objects.filter(subject=recall.ref).order_by("index")
    for entry in entries[:most]:
        payload = json.loads(entry.payload)
        fact = told.get(entry.kind)
        rows.append(
            {
                "happened_at": entry.at,
                "known_at": entry.at,
                "kind": entry.kind,
                "lane": LANES.get(entry.kind, "told"),
                "words": _words(fact.words if fact else entry.kind, payload),
                "by": entry.by,
                "entry": entry.index,
            }
        )
    return rows


def _words(words: str, payload: dict[str, object]) -> str:
    said = {
        name: ", ".join(map(str, value)) if isinstance(value, list) else value
        for name, value in payload.items()
    }
    try:
        return words.format(**said).strip()
    except (KeyError, IndexError):
        return words
