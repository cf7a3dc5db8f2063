"""Scores what was told again and raises an alarm where it is too much: one product, or all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import Max

from holdfast.decision.intake.models import Complaint
from holdfast.decision.investigations.actions.raising import Ground, Suspect, raise_alarms
from holdfast.decision.investigations.actions.tallying import (
    count_days_of_sales,
    keep_habits,
    tally_everything,
    tally_unit,
)
from holdfast.decision.investigations.models import (
    Alarm,
    AlarmSetting,
    ProductScore,
    ProductTally,
    ReportingHabit,
)
from holdfast.decision.investigations.policies import may_score
from holdfast.decision.investigations.queries.grounds import ASKED
from holdfast.decision.investigations.queries.hearing import (
    Heard,
    habits,
    heard,
    key_of,
    own_key,
    watched,
    words_of,
)
from holdfast.decision.investigations.queries.scores import threshold_in_force
from holdfast.decision.investigations.queries.tallies import (
    OURS,
    Sign,
    Unit,
    once_of,
    sign_now,
    tally_of,
    unit_of,
    unpacked,
)
from holdfast.decision.investigations.queries.units import exposures
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import Actor
from holdfast.kit.signals.census import Census
from holdfast.kit.signals.detector import Detector, Finding, Habits
from holdfast.kit.signals.exposure import Exposure
from holdfast.kit.signals.sweep import Seen, Sweep
from holdfast.kit.signals.tally import One, PackedReports, Rows, Tally

SLACK = timedelta(days=1)  # a day in another zone may be tomorrow here
RECENT = timedelta(days=365)  # an alarm older than that would be quiet by now
PAGE = 1_000  # tallies read together
REPORTS = 200_000  # reports scored together
KEPT = (
    "stream", "maker", "names", "hazards", "content",
    "product_id", "product__code", "product__brand", "product__title",
)  # fmt: skip
RAISED = 50  # suspects in one transaction: others who write wait for a second or two, not for all
NONE: tuple[str, float, int, int, float] = ("", 0.0, 0, 0, 0.0)  # nothing stands out
# Of a hundred thousand products, a third of what the ORM takes for the same.
KEEP = """
INSERT INTO investigations_productscore
  (watched, product_words, hazard, score, reports, "window", expected, "on", upto)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (watched) DO UPDATE SET hazard = excluded.hazard, score = excluded.score,
  reports = excluded.reports, "window" = excluded."window", expected = excluded.expected,
  "on" = excluded."on", upto = excluded.upto
"""

Key = tuple[str, str, str]  # stream, maker, product


@dataclass
class Scored:
    """What a scoring did: reports heard, products, and the alarms it raised."""

    reports: int = 0
    products: int = 0
    alarms: list[Alarm] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Watched:
    """One thing that is scored: its tally, its name there, and our product if it is one."""

    key: Key
    tally: Tally
    name: str
    rows: Rows
    row: int
    product: int | None
    words: str = ""


@transaction.atomic
def score_product(*, complaint: Complaint, again: bool = False, by: Actor, now: datetime) -> Scored:
    """Score what this complaint is about, with it; nothing where it was counted before.

    Every complaint that is stored counts, so of a flood the first scoring does the work of all.
    `again` where what it is about has changed since.
    """
    may_score(by)
    key = None if complaint.duplicate_of_id else key_of(complaint)
    today = now.date() + SLACK
    if key is None or (complaint.published_at or complaint.received_at).date() > today:
        return Scored()
    row = _locked(key, complaint)
    if row.upto >= complaint.pk and not again:
        return Scored()
    if not ReportingHabit.objects.exists():
        count_everything(by=by, now=now)
    tally = tally_unit(unit_of(complaint))
    name = OURS if complaint.product_id else key[2]
    rows = tally.of_name(name)
    rows = rows[rows["day"] <= today.toordinal()]
    newest = date.fromordinal(int(rows["day"].max()))
    sold = count_days_of_sales()
    about = _Watched(key, tally, name, rows, 0, complaint.product_id)
    known = exposures([(key, complaint.product_id)], sold.sold_from, sold.sold_until)
    detector = _detector(about, today, habits(), known)
    findings = detector.look_again(newest)
    _keep(row, findings, int(rows["complaint"].max()), newest)
    raised = raise_alarms([_suspect(one, detector, complaint.pk) for one in findings], by, now)
    return Scored(len(rows), 1, raised)


def _locked(key: Key, complaint: Complaint) -> ProductScore:
    row = ProductScore.objects.select_for_update().filter(watched=watched(key)).first()
    if row is not None:
        return row
    mine = next(heard(Complaint.objects.filter(pk=complaint.pk)))
    made, _ = ProductScore.objects.select_for_update().get_or_create(
        watched=watched(key), defaults={"on": mine.on, "product_words": words_of(mine)}
    )
    return made


def _detector(
    about: _Watched, upto: date, known: Mapping[str, Habits], sold: Mapping[Key, Exposure]
) -> Detector:
    detector = Detector(known, sold)
    one = One.of(about.tally, about.name, about.key, upto)
    detector.restore(about.key, one.whole, one.hazards, one.months)
    return detector


def _suspect(finding: Finding, detector: Detector, complaint: int) -> Suspect:
    reports = finding.reports
    harm = reports.worst_harm if isinstance(reports, PackedReports) else 0
    return Suspect(
        watched((finding.stream, finding.maker, finding.product)),
        finding.hazard,
        finding.on,
        finding.score,
        finding.weighed,
        harm,
        lambda: _ground(finding, detector, complaint),
    )


def _ground(finding: Finding, detector: Detector, complaint: int) -> Ground:
    """With its reports as they were told: what the alarm will show."""
    packed = finding.reports
    keys = packed.complaints if isinstance(packed, PackedReports) else []
    found: dict[int, Heard] = {}
    for at in range(0, len(keys), ASKED):
        told = heard(Complaint.objects.filter(pk__in=keys[at : at + ASKED]))
        found.update({one.complaint: one for one in told})
    last = found.get(complaint) or found[keys[-1]]
    read = tuple(found[key].report for key in keys)
    course = detector.course(finding)
    return Ground(replace(finding, reports=read), course, last.product, words_of(last))


def score_complaint_of_entry(*, entry: Entry, by: Actor, now: datetime) -> None:
    """The reaction to a complaint that came in, or is heard of something else or no more."""
    number = str(entry.fields["complaint"]).removeprefix("C-")
    complaint = Complaint.objects.select_related("product").filter(pk=int(number)).first()
    if complaint is None:
        return
    again = entry.kind != "ComplaintReceived"
    score_product(complaint=complaint, again=again, by=by, now=now)
    for unit in once_of(complaint) if again else ():
        _score_without(unit, by, now)


@transaction.atomic
def _score_without(unit: Unit, by: Actor, now: datetime) -> None:
    """What the complaint was heard of before, if it still counts there."""
    kept = ProductTally.objects.filter(unit=unit.key).first()
    if kept is None or Sign(kept.reports, kept.total, kept.mixed) == sign_now(unit):
        return
    newest = unit.told().order_by("pk").last()
    if newest is None:
        tally_unit(unit)
    else:
        score_product(complaint=newest, again=True, by=by, now=now)


def score_import_of_entry(*, entry: Entry, by: Actor, now: datetime) -> None:
    """The reaction to a file of complaints: the last year is scored again, day by day."""
    score_catalogue(by=by, now=now)


def count_everything(*, by: Actor, now: datetime) -> Census:
    """Bring every tally up to date, and what each source is like with them."""
    may_score(by)
    tally_everything()
    census = Census()
    for page in _pages("stream", "hazards", "content"):
        by_stream: dict[str, list[Tally]] = {}
        for _row, stream, hazards, content in page:
            by_stream.setdefault(stream, []).append(unpacked(content, (), hazards))
        for stream, tallies in by_stream.items():
            census.add(stream, tallies)
    with transaction.atomic():
        keep_habits(census.habits())
    return census


def score_catalogue(*, since: date | None = None, by: Actor, now: datetime) -> Scored:
    """Score everything day by day from `since` (a year back) on, as it was known on each day.

    Read and worked out outside the transaction, so that nobody waits for it; out of the tallies,
    so that of ten million complaints only those are read that came since.
    """
    may_score(by)
    begin = since or (now - RECENT).date()
    last = Complaint.objects.aggregate(last=Max("pk"))["last"] or 0
    census = count_everything(by=by, now=now)
    with transaction.atomic():
        sold = count_days_of_sales()
    known, threshold, scored = habits(), threshold_in_force(), Scored()
    known_on = cache(census.habits_on)
    suspects: list[Suspect] = []
    for portion in _portions():
        days = (sold.sold_from, sold.sold_until)
        units = exposures([(one.key, one.product) for one in portion], *days)
        about = {one.key: one for one in portion}
        sweep = Sweep(
            [(one.key, one.tally, one.name) for one in portion],
            census, known, now.date() + SLACK, units,
        )  # fmt: skip
        suspects += [
            _suspected(one, about[one.product].row, about[one.product].name, known_on, sold)
            for one in sweep.since(begin, threshold)
        ]
        _keep_all(portion, {one.product: one for one in sweep.now(now.date())}, now.date())
        scored.reports += sum(len(one.rows) for one in portion)
        scored.products += len(portion)
    ProductScore.objects.filter(on__lt=now.date(), upto__lte=last, score__gt=0).update(
        hazard="", score=0.0, reports=0, window=0, expected=0.0
    )  # nothing is told of these any more
    suspects.sort(key=lambda one: (one.on, -one.score, one.watched, one.hazard))
    for at in range(0, len(suspects), RAISED):
        with transaction.atomic():
            scored.alarms += raise_alarms(suspects[at : at + RAISED], by, now)
    with transaction.atomic():
        setting, _ = AlarmSetting.objects.select_for_update().get_or_create(pk=1)
        setting.scored_at, setting.scored_reports = now, scored.reports
        setting.save(update_fields=["scored_at", "scored_reports"])
    return scored


def _pages(*fields: str) -> Iterator[list[tuple[Any, ...]]]:
    """Every tally by its number; as rows, which cost a third of models."""
    kept, last = ProductTally.objects.order_by("pk").values_list("pk", *fields), 0
    while page := list(kept.filter(pk__gt=last)[:PAGE]):
        last = page[-1][0]
        yield page


def _portions() -> Iterator[list[_Watched]]:
    """Everything that is watched, so much at once as can be held."""
    portion: list[_Watched] = []
    held = 0
    for page in _pages(*KEPT):
        for row, stream, maker, names, hazards, content, product, code, brand, title in page:
            tally = unpacked(content, names, hazards)
            if product:
                key, words = own_key(stream, code, brand), (title or code)[:300]
                rows = tally.of_name(OURS)
                portion.append(_Watched(key, tally, OURS, rows, row, product, words))
            else:
                portion += [
                    _Watched((stream, maker, name), tally, name, rows, row, None)
                    for name in tally.names
                    if len(rows := tally.of_name(name))
                ]
            held += len(tally.rows)
        if held >= REPORTS:
            yield portion
            portion, held = [], 0
    if portion:
        yield portion


def _suspected(
    seen: Seen, row: int, name: str, known_on: Callable[[str, date], Habits], sold: AlarmSetting
) -> Suspect:
    def ground() -> Ground:
        """The detector as it stood on that day."""
        kept = ProductTally.objects.get(pk=row)
        tally = tally_of(kept)
        about = _Watched(seen.product, tally, name, tally.of_name(name), row, kept.product_id)
        known = {seen.product[0]: known_on(seen.product[0], seen.on)}
        units = exposures([(seen.product, kept.product_id)], sold.sold_from, sold.sold_until)
        detector = _detector(about, seen.on, known, units)
        found = detector.look_again(seen.on)
        return _ground(next(one for one in found if one.hazard == seen.hazard), detector, 0)

    return Suspect(
        watched(seen.product), seen.hazard, seen.on, seen.score, seen.weighed, seen.harm, ground
    )


def _keep(row: ProductScore, findings: list[Finding], upto: int, on: date) -> None:
    best = findings[0] if findings else None
    row.on, row.upto = on, upto
    row.hazard, row.score = (best.hazard, best.score) if best else ("", 0.0)
    row.reports = len(best.reports) if best else 0
    row.window, row.expected = (best.window, best.expected) if best else (0, 0.0)
    row.save()


@transaction.atomic
def _keep_all(portion: Sequence[_Watched], best: Mapping[Key, Seen], on: date) -> None:
    names = [watched(one.key) for one in portion]
    wordless = [name for one, name in zip(portion, names, strict=True) if not one.words]
    known: set[str] = set()
    for at in range(0, len(wordless), ASKED):
        found = ProductScore.objects.filter(watched__in=wordless[at : at + ASKED])
        known.update(found.values_list("watched", flat=True))
    rows: dict[str, tuple[str | float | date, ...]] = {}
    for one, name in zip(portion, names, strict=True):
        seen = best.get(one.key)
        numbers = one.rows["complaint"]
        words = one.words if one.words or name in known else _words(numbers)
        score = NONE
        if seen:
            score = (seen.hazard, seen.score, seen.reports, seen.window, seen.expected)
        rows[name] = (name, words, *score, on, int(numbers.max()))
    with connection.cursor() as cursor:
        cursor.executemany(KEEP, list(rows.values()))


def _words(complaints: np.ndarray) -> str:
    """What the newest of them calls it."""
    newest = Complaint.objects.filter(pk=int(complaints.max()))
    return next((words_of(one) for one in heard(newest)), "")
