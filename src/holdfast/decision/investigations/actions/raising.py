"""Raises an alarm for a finding, unless one for the same was raised or judged not long ago."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from holdfast.decision.investigations.actions.investigating import next_ref
from holdfast.decision.investigations.events import AlarmRaised
from holdfast.decision.investigations.lifecycle import ALARM
from holdfast.decision.investigations.models import Alarm
from holdfast.decision.investigations.queries.grounds import (
    crowds,
    first_known,
    flood_of,
    pointed_lots,
)
from holdfast.decision.investigations.queries.hearing import Heard, watched, words_of
from holdfast.decision.investigations.queries.scores import threshold_in_force, watched_things
from holdfast.decision.investigations.rules import Before, answer_to, is_urgent
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.signals.course import Step
from holdfast.kit.signals.detector import Detector, Finding
from holdfast.kit.signals.discovery import of_findings
from holdfast.kit.signals.taxonomy import hazard_named, taxonomy
from holdfast.kit.signals.telling import lots as lots_named
from holdfast.kit.signals.telling import sentence

KEPT = 400  # reports an alarm keeps by number
TOLD = 50  # of these in the journal


@dataclass(frozen=True, slots=True)
class Ground:
    """A finding with its course, our product if it is one, and what the product is called."""

    finding: Finding
    course: tuple[Step, ...]
    product: int | None
    product_words: str


def ground_of(finding: Finding, detector: Detector, of_key: Heard) -> Ground:
    """What an alarm would rest on, taken while the detector stands at the finding's day."""
    return Ground(finding, detector.course(finding), of_key.product, words_of(of_key))


def raise_alarms(grounds: Iterable[Ground], by: Actor, now: datetime) -> list[Alarm]:
    """The alarms these findings make, in their order; called inside a scoring's transaction."""
    threshold = threshold_in_force()
    high = (one for one in grounds if one.finding.score >= threshold)
    raised = [_raise(one, threshold, by, now) for one in high]
    return [alarm for alarm in raised if alarm is not None]


def _raise(ground: Ground, threshold: float, by: Actor, now: datetime) -> Alarm | None:
    finding = ground.finding
    key = (finding.stream, finding.maker, finding.product)
    last = (
        Alarm.objects.select_for_update()
        .filter(watched=watched(key), hazard=finding.hazard)
        .order_by("-pk")
        .first()
    )
    harm = max((one.harm or 0 for one in finding.reports), default=0)
    answer = answer_to(
        _before(last), on=finding.on, weighed=finding.weighed, score=finding.score, harm=harm
    )
    if answer == "quiet":
        return None
    numbers = [int(one.id.removeprefix("C-")) for one in finding.reports]
    alarm = Alarm(
        ref=next_ref("A", now),
        watched=watched(key),
        product_id=ground.product,
        product_words=ground.product_words,
        hazard=finding.hazard,
        sentence=sentence(finding)[:500],
        on=finding.on,
        score=finding.score,
        threshold=threshold,
        reports=len(finding.reports),
        weighed=finding.weighed,
        expected=finding.expected,
        window=finding.window,
        harm=harm,
        is_urgent=is_urgent(finding.hazard, harm),
        known_at=first_known(numbers) or now,
        why=_why(ground),
        raised_at=now,
    )
    if answer == "supersede" and last is not None and last.investigation_id:
        alarm.state = ALARM.after(alarm.state, "investigate")
        alarm.investigation_id = last.investigation_id
    alarm.save()
    if answer == "supersede" and last is not None:
        last.state, last.replaced_by = ALARM.after(last.state, "supersede"), alarm
        last.save(update_fields=["state", "replaced_by"])
    _tell(alarm, last.ref if answer == "supersede" and last else "", by, now)
    return alarm


def _tell(alarm: Alarm, replaces: str, by: Actor, now: datetime) -> None:
    fact = AlarmRaised(
        alarm=alarm.ref,
        product=alarm.product.code if alarm.product else alarm.product_words,
        hazard=alarm.hazard,
        sentence=alarm.sentence,
        known_on=alarm.on.isoformat(),
        score=f"{alarm.score:.2f}",
        threshold=f"{alarm.threshold:g}",
        reports=alarm.reports,
        complaints=tuple(alarm.why["complaints"][:TOLD]),
        window_days=alarm.window,
        expected=f"{alarm.expected:.3f}",
        lots=tuple(alarm.why["pointed_lots"]),
        replaces=replaces,
    )
    record(fact, by=by, now=now)


def _before(last: Alarm | None) -> Before | None:
    if last is None:
        return None
    judged = last.judged_at.date() if last.state == "dismissed" and last.judged_at else None
    return Before(last.state, max(judged or last.on, last.on), last.weighed, last.score, last.harm)


def _looked_at() -> int:
    return max(1, watched_things()) * len(taxonomy().hazards)


def _why(ground: Ground) -> dict[str, object]:
    finding, product = ground.finding, ground.product
    found = crowds(finding.reports, product)
    return {
        "complaints": [one.id for one in finding.reports[-KEPT:]],
        "course": [step.as_json() for step in ground.course],
        "lots": lots_named(finding),
        "crowds": [one.as_json() for one in found],
        "pointed_lots": list(pointed_lots(finding.reports, found)),
        "settle": hazard_named(finding.hazard).settle,
        # How much of what stands out at least as much is chance, over all that is watched.
        "chance": f"{of_findings([finding], _looked_at())[0]:.4f}",
        "flood": flood_of(finding, product),
        "maker_key": finding.maker,
        "brands": sorted({one.brand for one in finding.reports if one.brand}),
        "hurt": sum(bool(one.harm) for one in finding.reports),
    }
