"""Storing the figures of a recall after something happened in it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from holdfast.decision.recalls.models import Recall
from holdfast.ground.access.permissions import require
from holdfast.ground.journal.models import Entry
from holdfast.insight.measures.figures import SHAPE, SMALL, last_entry, lines_in_scope, work_out
from holdfast.insight.measures.models import RecallFigures
from holdfast.kit.actors import Actor

PAUSE = timedelta(minutes=1)
AWAITED = ("ScopeProposed", "ScopeConfirmed")


@transaction.atomic
def refresh_figures(*, recall: Recall, by: Actor, now: datetime) -> RecallFigures:
    """Work the figures out anew. They are derived, so the journal keeps nothing of it."""
    require(by, "recall.view")
    entry = last_entry(recall)
    stored, _made = RecallFigures.objects.update_or_create(
        recall=recall,
        defaults={"figures": work_out(recall, now=now), "entry": entry, "as_of": now},
    )
    return stored


def refresh_figures_of_entry(*, entry: Entry, by: Actor, now: datetime) -> None:
    """What follows from a fact of a recall; a burst of facts is worked out once.

    A large recall is worked out at most once a minute: `refresh_stale` catches what came after.
    Only a scope is told at once, because somebody sits there and waits for its numbers.
    """
    recall = Recall.objects.filter(ref=entry.subject).first()
    if recall is None:
        return
    stored = RecallFigures.objects.filter(recall=recall).first()
    if stored is not None and stored.entry >= entry.index:
        return
    waits = stored is not None and now - stored.as_of < PAUSE and entry.kind not in AWAITED
    if waits and lines_in_scope(recall) > SMALL:
        return
    refresh_figures(recall=recall, by=by, now=now)


def refresh_live_figures(*, entry: Entry, by: Actor, now: datetime) -> None:
    """What follows from new data: every live recall may read otherwise now."""
    for recall in Recall.objects.filter(closed_at=None):
        stored = RecallFigures.objects.filter(recall=recall).first()
        waits = stored is not None and now - stored.as_of < PAUSE
        if not waits or lines_in_scope(recall) <= SMALL:
            refresh_figures(recall=recall, by=by, now=now)


def refresh_stale(*, by: Actor, now: datetime) -> int:
    """Refresh what is older than a minute and behind its journal; called by the worker."""
    done = 0
    for stored in RecallFigures.objects.filter(as_of__lt=now - PAUSE).select_related("recall"):
        old = stored.figures.get("shape") != SHAPE
        if old or stored.entry < last_entry(stored.recall):
            refresh_figures(recall=stored.recall, by=by, now=now)
            done += 1
    return done
