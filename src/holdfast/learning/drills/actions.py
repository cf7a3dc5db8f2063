"""Starting, beginning and ending drills. The copy itself is made by `copying`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from holdfast.decision.intake.actions import record_signal
from holdfast.decision.intake.queries import read_message
from holdfast.decision.recalls.actions import add_task, open_recall
from holdfast.decision.recalls.models import Recall
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden
from holdfast.learning.drills.events import DrillEnded, DrillStarted
from holdfast.learning.drills.models import Drill
from holdfast.learning.drills.policies import require_drilling
from holdfast.learning.drills.queries import drill_recall, pick_product
from holdfast.learning.drills.rules import TITLE, next_ref, scenario_named, turn_of


@transaction.atomic
def start_drill(*, scenario: str, by: Actor, now: datetime) -> Drill:
    """Note a drill in the real instance; the copy is made from what is committed then."""
    require_drilling(by)
    chosen = scenario_named(scenario)
    ref = next_ref(now.year, list(Drill.objects.values_list("ref", flat=True)))
    drill = Drill.objects.create(
        ref=ref,
        scenario=chosen.name,
        folder=f"drills/{ref}",
        started_at=now,
        started_by=by.key,
    )
    record(DrillStarted(ref, chosen.name), by=by, now=now)
    return drill


@transaction.atomic
def begin_scenario(*, about: Mapping[str, str], by: Actor, now: datetime) -> Recall:
    """Inside the copy: the message arrives and the recall is opened, once; the clock runs."""
    require_drilling(by)
    begun = drill_recall(about)
    if begun is not None:
        raise Forbidden("drill_begun", f"The message of this drill arrived; it opened {begun.ref}.")
    chosen = scenario_named(about["scenario"])
    product, lot = pick_product(turn_of(about["ref"]))
    text = chosen.first_message(product=product, lot=lot or "unknown")
    letter, reading = read_message(text.encode(), now=now)
    signal = record_signal(letter=letter, reading=reading, by=by, now=now)
    lots = (lot,) if lot and chosen.knows_lot else ()
    recall = open_recall(
        title=f"{TITLE}{product}" + (f", lot {lot}" if lots else ""),
        products=(product,),
        lots=lots,
        mechanism=chosen.mechanism,
        outcome=chosen.outcome,
        signal=signal,
        by=by,
        now=now,
    )
    for fault in chosen.faults:
        add_task(recall=recall, phase="contain", words=f"DRILL: {fault}", by=by, now=now)
    return recall


@transaction.atomic
def note_gaps(*, recall: Recall, gaps: list[str], by: Actor, now: datetime) -> int:
    """Inside the copy: every gap becomes a task, once."""
    require_drilling(by)
    made = 0
    for gap in gaps:
        words = f"Gap: {gap}"
        if not recall.tasks.filter(words=words[:300]).exists():
            add_task(recall=recall, phase="account", words=words, by=by, now=now)
            made += 1
    return made


@transaction.atomic
def end_drill(
    *, drill: Drill, score: Mapping[str, object], by: Actor, now: datetime, reason: str = ""
) -> Drill:
    """Keep the score in the real instance; ending twice keeps the first."""
    require_drilling(by)
    drill = Drill.objects.select_for_update().get(pk=drill.pk)
    if drill.ended_at is not None:
        return drill
    drill.ended_at, drill.score, drill.end_reason = now, dict(score), reason[:200]
    drill.save()
    gaps = score.get("gaps")
    minutes = round((now - drill.started_at).total_seconds() / 60)
    record(
        DrillEnded(drill.ref, minutes, len(gaps) if isinstance(gaps, list) else 0, dict(score)),
        by=by,
        now=now,
    )
    return drill
