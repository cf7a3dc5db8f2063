"""Raises an alarm for a finding, unless one for the same was raised or judged not long ago."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from holdfast.decision.intake.queries import About, RushTold, rush_behind
from holdfast.decision.investigations.actions.investigating import next_ref
from holdfast.decision.investigations.events import AlarmRaised
from holdfast.decision.investigations.lifecycle import ALARM
from holdfast.decision.investigations.models import Alarm, ProductScore
from holdfast.decision.investigations.queries.grounds import (
    ASKED,
    crowds,
    first_known,
    flood_of,
    pointed_lots,
)
from holdfast.decision.investigations.queries.scores import threshold_in_force, watched_things
from holdfast.decision.investigations.rules import Before, answer_to, is_urgent, joins_rush
from holdfast.ground.journal.actions import record
from holdfast.ground.journal.rules import masked
from holdfast.kit.actors import Actor
from holdfast.kit.signals.course import Step
from holdfast.kit.signals.detector import Finding
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


@dataclass(frozen=True, slots=True)
class Suspect:
    """What may be an alarm, before its reports are read; `ground` reads them."""

    watched: str
    hazard: str
    on: date
    score: float
    weighed: float
    harm: int
    ground: Callable[[], Ground]


def raise_alarms(suspects: Iterable[Suspect], by: Actor, now: datetime) -> list[Alarm]:
    """The alarms these make, in their order; called inside a scoring's transaction."""
    threshold = threshold_in_force()
    high = [one for one in suspects if one.score >= threshold]
    if not high:
        return []
    newest = _newest({(one.watched, one.hazard) for one in high})
    looked_at = max(1, watched_things()) * len(taxonomy().hazards)
    raised = []
    for one in high:
        about = (one.watched, one.hazard)
        alarm = _raise(one, newest[about], threshold, looked_at, by, now)
        if alarm is not None:
            newest[about] = alarm
            raised.append(alarm)
    return raised


def _newest(wanted: set[tuple[str, str]]) -> dict[tuple[str, str], Alarm | None]:
    """The last alarm of each, locked. What is scored is locked first, and all before a number is
    taken: two scorings raise the same alarm once, and none waits for the other crosswise."""
    names = sorted({name for name, _hazard in wanted})
    pages = [names[at : at + ASKED] for at in range(0, len(names), ASKED)]
    for page in pages:
        rows = ProductScore.objects.filter(watched__in=page).select_for_update()
        list(rows.order_by("watched").values_list("pk"))
    found: dict[tuple[str, str], Alarm | None] = dict.fromkeys(wanted)
    for page in pages:
        by_hazard = Alarm.objects.filter(watched__in=page).values("watched", "hazard").order_by()
        last = by_hazard.annotate(last=Max("pk")).values_list("watched", "hazard", "last")
        keys = [key for name, hazard, key in last if (name, hazard) in wanted]
        for alarm in Alarm.objects.select_for_update().filter(pk__in=keys).order_by("pk"):
            found[alarm.watched, alarm.hazard] = alarm
    return found


def _raise(
    suspect: Suspect,
    last: Alarm | None,
    threshold: float,
    looked_at: int,
    by: Actor,
    now: datetime,
) -> Alarm | None:
    answer = answer_to(
        _before(last),
        on=suspect.on,
        weighed=suspect.weighed,
        score=suspect.score,
        harm=suspect.harm,
    )
    if answer == "quiet":
        return None
    ground = suspect.ground()
    finding = ground.finding
    days = [one.reported_on for one in finding.reports]
    own = About(ground.product)
    about = own if ground.product else About(None, finding.maker, finding.product)
    rush = rush_behind(days, about=about, on=finding.on)
    if rush and answer == "raise" and joins_rush(_harms_in(rush, suspect), suspect.harm):
        return None  # the rush's alarm names every hazard that is told of in it
    numbers = [int(one.id.removeprefix("C-")) for one in finding.reports]
    alarm = Alarm(
        ref=next_ref("A", now),
        watched=suspect.watched,
        product_id=ground.product,
        # What people wrote where a product's name belongs may be how to reach them.
        product_words=masked(ground.product_words),
        hazard=finding.hazard,
        sentence=masked(sentence(finding))[:500],
        on=finding.on,
        score=finding.score,
        threshold=threshold,
        reports=len(finding.reports),
        weighed=finding.weighed,
        expected=finding.expected,
        window=finding.window,
        harm=suspect.harm,
        is_urgent=is_urgent(finding.hazard, suspect.harm),
        known_at=first_known(numbers) or now,
        why=_why(ground, rush, looked_at),
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


def _harms_in(rush: RushTold, suspect: Suspect) -> list[int]:
    """The worst harm of each alarm that this rush has raised for the same product."""
    since = Alarm.objects.filter(watched=suspect.watched, on__gte=rush.rush.begins)
    return [one.harm for one in since.only("harm", "why") if one.why.get("rush")]


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


def _why(ground: Ground, rush: RushTold | None, looked_at: int) -> dict[str, object]:
    finding, product = ground.finding, ground.product
    found = crowds(finding.reports, product)
    return {
        "complaints": [one.id for one in finding.reports[-KEPT:]],
        "course": [step.as_json() for step in ground.course],
        "lots": lots_named(finding),
        "crowds": [one.as_json() for one in found],
        "pointed_lots": [lot for lot in pointed_lots(finding.reports, found) if lot == masked(lot)],
        "settle": hazard_named(finding.hazard).settle,
        # How much of what stands out at least as much is chance, over all that is watched.
        "chance": f"{of_findings([finding], looked_at)[0]:.4f}",
        "flood": flood_of(finding, product),
        "rush": rush.as_json() if rush else None,
        "maker_key": finding.maker,
        "brands": sorted({one.brand for one in finding.reports if one.brand}),
        "hurt": sum(bool(one.harm) for one in finding.reports),
    }
