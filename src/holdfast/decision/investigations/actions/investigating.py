"""An investigation: opened from an alarm or by hand, its checklist, and what was found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from holdfast.decision.investigations.events import (
    FindingRecorded,
    InvestigationAssigned,
    InvestigationNarrowed,
    InvestigationOpened,
    InvestigationTaskAdded,
    InvestigationTaskFinished,
)
from holdfast.decision.investigations.lifecycle import ALARM, INVESTIGATION
from holdfast.decision.investigations.models import (
    Alarm,
    Investigation,
    InvestigationFinding,
    InvestigationTask,
)
from holdfast.decision.investigations.policies import may_investigate
from holdfast.decision.investigations.rules import (
    BEARINGS,
    TASK_KINDS,
    first_tasks,
    one_of,
    question_about,
    words_needed,
)
from holdfast.ground.access.models import Organisation
from holdfast.ground.access.queries import actor_named
from holdfast.ground.evidence.models import EvidenceFile
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Unreadable
from holdfast.kit.signals.taxonomy import hazard_named
from holdfast.supply.catalog.models import Product


@transaction.atomic
def open_investigation(
    *,
    alarm: Alarm | None = None,
    product: Product | None = None,
    hazard: str = "",
    lots: Sequence[str] = (),
    question: str = "",
    known_at: datetime | None = None,
    by: Actor,
    now: datetime,
) -> Investigation:
    """Begin to find out; from an alarm in one step, its lots, reports and first knowledge with it.

    An alarm that is investigated already gives the investigation there is.
    """
    may_investigate(by)
    if alarm is not None:
        alarm = Alarm.objects.select_for_update().get(pk=alarm.pk)
        if alarm.state == "investigating" and alarm.investigation is not None:
            return alarm.investigation
        state = ALARM.after(alarm.state, "investigate")
        product, hazard = product or alarm.product, hazard or alarm.hazard
        lots = lots or tuple(alarm.why.get("pointed_lots", ()))
    name = (product.title or product.code) if product else (alarm.product_words if alarm else "")
    if not name:
        raise Unreadable("product_needed", "An investigation is about a product.", hint="Name it.")
    hazard = hazard_named(hazard).key
    lots = _lots(lots)
    investigation = Investigation.objects.create(
        ref=next_ref("I", now),
        question=" ".join(question.split())[:300] or question_about(name, hazard, lots),
        product=product,
        product_words=name[:300],
        hazard=hazard,
        lots=list(lots),
        owner=by.key,
        known_at=known_at or (alarm.known_at if alarm else now),
        opened_at=now,
        opened_by=by.key,
    )
    told = first_tasks(hazard, alarm.reports if alarm else 0)
    InvestigationTask.objects.bulk_create(
        InvestigationTask(
            investigation=investigation, kind=kind, words=words[:500], added_by=by.key, added_at=now
        )
        for kind, words in told
        if alarm is not None or kind != "reports"
    )
    if alarm is not None:
        alarm.state, alarm.investigation = state, investigation
        alarm.judged_at, alarm.judged_by = now, by.key
        alarm.save(update_fields=["state", "investigation", "judged_at", "judged_by"])
    fact = InvestigationOpened(
        investigation=investigation.ref,
        question=investigation.question,
        alarm=alarm.ref if alarm else "",
        product=product.code if product else "",
        lots=lots,
        hazard=hazard,
        owner=by.key,
        known_at=investigation.known_at.isoformat(),
    )
    record(fact, by=by, now=now)
    return investigation


@transaction.atomic
def assign_investigation(
    *, investigation: Investigation, owner: str, by: Actor, now: datetime
) -> Investigation:
    """Give it to somebody else ("person:3")."""
    may_investigate(by)
    investigation = open_one(investigation)
    if not actor_named(owner).is_somebody:
        raise Unreadable("unknown_person", "Nobody who works here is called so.")
    if investigation.owner == owner:
        return investigation
    investigation.owner = owner
    investigation.save(update_fields=["owner"])
    record(InvestigationAssigned(investigation=investigation.ref, owner=owner), by=by, now=now)
    return investigation


@transaction.atomic
def narrow_investigation(
    *, investigation: Investigation, lots: Sequence[str], by: Actor, now: datetime
) -> Investigation:
    """Say which lots are in question; none: all of the product."""
    may_investigate(by)
    investigation = open_one(investigation)
    said = _lots(lots)
    if list(said) == list(investigation.lots):
        return investigation
    investigation.lots = list(said)
    investigation.save(update_fields=["lots"])
    record(InvestigationNarrowed(investigation=investigation.ref, lots=said), by=by, now=now)
    return investigation


@transaction.atomic
def add_task(
    *, investigation: Investigation, kind: str, words: str, by: Actor, now: datetime
) -> InvestigationTask:
    """One more thing that would settle it."""
    may_investigate(by)
    investigation = open_one(investigation)
    task = InvestigationTask.objects.create(
        investigation=investigation,
        kind=one_of(kind or "other", TASK_KINDS, "kind of task"),
        words=words_needed(words, "A task"),
        added_by=by.key,
        added_at=now,
    )
    fact = InvestigationTaskAdded(
        investigation=investigation.ref, task=task.pk, kind=task.kind, said=task.words
    )
    record(fact, by=by, now=now)
    return task


@transaction.atomic
def finish_task(
    *, task: InvestigationTask, note: str = "", by: Actor, now: datetime
) -> InvestigationTask:
    """It was done; done twice is done once."""
    may_investigate(by)
    open_one(task.investigation)
    task = InvestigationTask.objects.select_for_update().get(pk=task.pk)
    if task.done_at:
        return task
    task.done_at, task.done_by, task.note = now, by.key, " ".join(note.split())[:500]
    task.save(update_fields=["done_at", "done_by", "note"])
    fact = InvestigationTaskFinished(
        investigation=task.investigation.ref, task=task.pk, said=task.words, note=task.note
    )
    record(fact, by=by, now=now)
    return task


@transaction.atomic
def record_finding(
    *,
    investigation: Investigation,
    words: str,
    bearing: str = "open",
    evidence: str = "",
    by: Actor,
    now: datetime,
) -> InvestigationFinding:
    """What was found, what it speaks for, and the file that shows it (its SHA-256)."""
    may_investigate(by)
    investigation = open_one(investigation)
    if (
        evidence
        and not EvidenceFile.objects.filter(
            sha256=evidence, subject=investigation.ref, erased_at__isnull=True
        ).exists()
    ):
        raise Unreadable(
            "no_such_file",
            f"No file {evidence[:12]}… is attached to {investigation.ref}.",
            hint="Attach it first.",
        )
    finding = InvestigationFinding.objects.create(
        investigation=investigation,
        number=investigation.findings.count() + 1,
        words=words_needed(words, "A finding"),
        bearing=one_of(bearing or "open", BEARINGS, "bearing"),
        evidence=evidence,
        found_by=by.key,
        found_at=now,
    )
    fact = FindingRecorded(
        investigation=investigation.ref,
        number=finding.number,
        said=finding.words,
        bearing=finding.bearing,
        evidence_sha256=evidence,
    )
    record(fact, by=by, now=now)
    return finding


def open_one(investigation: Investigation) -> Investigation:
    """The investigation, locked; refused where it has ended."""
    found = Investigation.objects.select_for_update().get(pk=investigation.pk)
    INVESTIGATION.after(found.state, "work")
    return found


def next_ref(letter: str, now: datetime) -> str:
    """A-2026-001, I-2026-001 and on; who asks at the same moment waits here."""
    Organisation.objects.select_for_update().filter(pk=1).first()
    start = f"{letter}-{now.year}-"
    model = Alarm if letter == "A" else Investigation
    newest = model.objects.filter(ref__startswith=start).order_by("-pk").values_list("ref").first()
    number = int(newest[0][len(start) :]) + 1 if newest else 1
    return f"{start}{number:03d}"


def _lots(lots: Sequence[str]) -> tuple[str, ...]:
    said = (part for lot in lots for part in re.split(r"[,;\n]", lot))
    return tuple(dict.fromkeys(" ".join(lot.split())[:120] for lot in said if lot.strip()))
