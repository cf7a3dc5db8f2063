"""Scores what was told again and raises an alarm where it is too much: one product, or all."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from holdfast.decision.intake.models import Complaint
from holdfast.decision.investigations.actions.counting import count_habits
from holdfast.decision.investigations.actions.raising import (
    Ground,
    ground_of,
    raise_alarms,
)
from holdfast.decision.investigations.models import (
    Alarm,
    AlarmSetting,
    ProductScore,
)
from holdfast.decision.investigations.policies import may_score
from holdfast.decision.investigations.queries.hearing import (
    Heard,
    by_day,
    habits,
    heard,
    of_same,
    watched,
    watched_by,
    words_of,
)
from holdfast.decision.investigations.queries.scores import threshold_in_force
from holdfast.decision.investigations.queries.units import exposures
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import Actor
from holdfast.kit.signals.detector import Detector, Finding, Habits

SLACK = timedelta(days=1)  # a day in another zone may be tomorrow here
RECENT = timedelta(days=365)  # an alarm older than that would be quiet by now
MOST_AT_ONCE = 500_000  # reports that are held in memory together

Key = tuple[str, str, str]  # stream, maker, product


@dataclass
class Scored:
    """What a scoring did: reports heard, products, and the alarms it raised."""

    reports: int = 0
    products: int = 0
    alarms: list[Alarm] = field(default_factory=list)


@transaction.atomic
def score_product(*, complaint: Complaint, again: bool = False, by: Actor, now: datetime) -> Scored:
    """Score what this complaint is about, with it; nothing where it was counted before.

    Every complaint that is stored counts, so of a flood the first scoring does the work of all.
    `again` where what it is about has changed since.
    """
    may_score(by)
    if complaint.duplicate_of_id or not (complaint.product_id or complaint.maker):
        return Scored()
    known = watched_by(complaint)
    if (
        known
        and not again
        and ProductScore.objects.filter(watched=known, upto__gte=complaint.pk).exists()
    ):
        return Scored()
    mine = next(heard(Complaint.objects.filter(pk=complaint.pk)), None)
    today = now.date() + SLACK
    if mine is None or mine.on > today:
        return Scored()
    row, _ = ProductScore.objects.select_for_update().get_or_create(
        watched=watched(mine.key),
        defaults={"on": mine.on, "product_words": words_of(mine)},
    )
    if row.upto >= complaint.pk and not again:
        return Scored()
    count_habits()
    told = [one for one in heard(of_same(complaint)) if one.key == mine.key and one.on <= today]
    detector = Detector(habits(), exposures([(mine.key, mine.product)]))
    for on, day in by_day(told):
        detector.remember(on, [one.report for one in day])
    newest = max(one.on for one in told)
    findings = detector.look_again(newest)
    _keep(row, findings, told, newest)
    raised = raise_alarms([ground_of(one, detector, mine) for one in findings], by, now)
    return Scored(len(told), 1, raised)


def score_complaint_of_entry(*, entry: Entry, by: Actor, now: datetime) -> None:
    """The reaction to a complaint that came in."""
    number = str(entry.fields["complaint"]).removeprefix("C-")
    complaint = Complaint.objects.filter(pk=int(number)).first()
    if complaint is not None:
        again = entry.kind != "ComplaintReceived"
        score_product(complaint=complaint, again=again, by=by, now=now)


def score_import_of_entry(*, entry: Entry, by: Actor, now: datetime) -> None:
    """The reaction to a file of complaints: the last year is scored again, day by day."""
    score_catalogue(by=by, now=now)


def score_catalogue(*, since: date | None = None, by: Actor, now: datetime) -> Scored:
    """Score everything day by day from `since` (a year back) on, as it was known on each day.

    Read and worked out outside the transaction, so that nobody waits for it.
    """
    may_score(by)
    begin = since or (now - RECENT).date()
    with transaction.atomic():
        count_habits(anew=True)
    scored = Scored()
    whole = Complaint.objects.filter(duplicate_of__isnull=True)
    if whole.count() <= MOST_AT_ONCE:
        _score(_replay(whole, None, begin, now.date()), scored, by, now)
    else:  # product by product, with the habits as they are today
        products = whole.order_by().values_list("product_id", flat=True).distinct()
        for product in products.iterator():
            alone = whole.filter(product_id=product)
            _score(_replay(alone, habits(), begin, now.date()), scored, by, now)
    with transaction.atomic():
        setting, _ = AlarmSetting.objects.select_for_update().get_or_create(pk=1)
        setting.scored_at, setting.scored_reports = now, scored.reports
        setting.save(update_fields=["scored_at", "scored_reports"])
    return scored


@dataclass
class _Replayed:
    """What a replay gave: grounds for alarms, and by what is watched its reports and scores."""

    grounds: list[Ground] = field(default_factory=list)
    heard: dict[Key, list[Heard]] = field(default_factory=dict)
    findings: dict[Key, list[Finding]] = field(default_factory=dict)


def _replay(
    found: QuerySet[Complaint], known: dict[str, Habits] | None, begin: date, today: date
) -> _Replayed:
    threshold = threshold_in_force()
    told = [one for one in heard(found) if one.on <= today + SLACK]
    detector = Detector(known, exposures((one.key, one.product) for one in told))
    done = _Replayed()
    for one in told:
        done.heard.setdefault(one.key, []).append(one)
    for on, day in by_day(told):
        reports = [one.report for one in day]
        if on < begin:
            detector.remember(on, reports)
            continue
        for finding in detector.hear(on, reports):
            if finding.score >= threshold:
                last = done.heard[finding.stream, finding.maker, finding.product][-1]
                done.grounds.append(ground_of(finding, detector, last))
    for finding in detector.look_again(today) if told else ():
        key = (finding.stream, finding.maker, finding.product)
        done.findings.setdefault(key, []).append(finding)
    return done


@transaction.atomic
def _score(done: _Replayed, scored: Scored, by: Actor, now: datetime) -> None:
    names = [watched(key) for key in done.heard]
    rows = ProductScore.objects.in_bulk(names, field_name="watched")
    for key, members in done.heard.items():
        row = rows.get(watched(key)) or ProductScore(
            watched=watched(key), product_words=words_of(members[-1])
        )
        _keep(row, done.findings.get(key, []), members, now.date())
    scored.reports += sum(len(members) for members in done.heard.values())
    scored.products += len(done.heard)
    scored.alarms += raise_alarms(done.grounds, by, now)


def _keep(row: ProductScore, findings: list[Finding], told: list[Heard], on: date) -> None:
    best = findings[0] if findings else None
    row.on, row.upto = on, max(one.complaint for one in told)
    row.hazard, row.score = (best.hazard, best.score) if best else ("", 0.0)
    row.reports = len(best.reports) if best else 0
    row.window, row.expected = (best.window, best.expected) if best else (0, 0.0)
    row.save()
