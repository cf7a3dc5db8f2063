"""A recall that follows from an investigation: what it found is carried over, with its clocks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from holdfast.decision.intake.models import Complaint, SafetySignal
from holdfast.decision.intake.queries import first_told
from holdfast.decision.investigations.actions import link_recall
from holdfast.decision.investigations.lifecycle import INVESTIGATION
from holdfast.decision.investigations.models import Investigation
from holdfast.decision.investigations.queries import complaints_behind
from holdfast.decision.investigations.rules import OUTCOME_OF
from holdfast.decision.recalls.actions.clocks import record_clock_start
from holdfast.decision.recalls.actions.opening import open_recall
from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.policies import may_open
from holdfast.ground.access.queries import organisation
from holdfast.ground.evidence.actions import attach_file
from holdfast.ground.evidence.queries import content_of, files_of
from holdfast.kit.actors import Actor
from holdfast.kit.regimes.told_times import told_zone


@transaction.atomic
def open_recall_from(
    *,
    investigation: Investigation,
    outcome: str = "",
    outcome_words: str = "",
    mechanism: str = "",
    title: str = "",
    profile: str = "eu_gpsr",
    by: Actor,
    now: datetime,
) -> Recall:
    """Open the recall an investigation leads to, and end that.

    Product, lots, hazard, files and reports come with it; so do the facts clocks count from: the
    earliest we were told, the start of the investigation, and the first incident where nobody was
    hurt (each injury is a fact of its own, taken from its complaint). An outcome for people that
    the hazard does not say has to be named.
    """
    may_open(by)
    found = Investigation.objects.select_for_update().get(pk=investigation.pk)
    INVESTIGATION.after(found.state, "open_recall")
    behind = complaints_behind(found)
    first = first_told([one.pk for one in behind])
    known_at = min(found.known_at, first.known_at) if first else found.known_at
    alarms = list(found.alarms.order_by("pk"))
    signal = SafetySignal.objects.create(
        text="\n".join([f"{found.ref}: {found.question}", *(str(one) for one in alarms)]),
        facts={
            "investigation": found.ref,
            "alarms": [one.ref for one in alarms],
            "complaints": [one.ref for one in behind],
        },
        known_at=known_at,
        recorded_at=now,
        recorded_by=by.key,
    )
    lots = tuple(str(lot) for lot in found.lots)
    recall = open_recall(
        outcome=outcome or OUTCOME_OF.get(found.hazard, ""),
        outcome_words=outcome_words,
        title=title
        or (f"{found.product_words}, lot {', '.join(lots)}" if lots else found.product_words),
        products=(found.product.code,) if found.product else (),
        lots=lots,
        mechanism=mechanism,
        signal=signal,
        complaints=behind,
        known_at=known_at,
        profile=profile,
        by=by,
        now=now,
    )
    for file in files_of(found.ref):
        if file.erased_at is None:
            attach_file(
                subject=recall.ref,
                about=f"investigation:{found.ref}",
                name=file.name,
                content=content_of(file),
                note=file.note,
                by=by,
                now=now,
            )
    _start_clocks(recall, found, behind, by, now)
    link_recall(investigation=found, recall=recall.ref, by=by, now=now)
    return recall


def _start_clocks(
    recall: Recall, found: Investigation, behind: Sequence[Complaint], by: Actor, now: datetime
) -> None:
    zone = told_zone(organisation().zone or "UTC")

    def start(fact: str, at: datetime, source: str, **where: str) -> None:
        record_clock_start(
            recall=recall, fact=fact, at=at.astimezone(zone), source=source, by=by, now=now, **where
        )

    start("investigation_started", found.opened_at, f"investigation {found.ref}")
    if behind and not any(one.harm for one in behind):  # injuries begin clocks of their own
        first = behind[0]
        start("incident_known", first.known_at, f"complaint {first.ref}", occurrence=first.ref)
