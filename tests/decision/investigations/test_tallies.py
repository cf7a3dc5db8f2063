"""Tallies are kept up report by report, and are never anything but what the complaints make."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from holdfast.config.reactions import REACTIONS
from holdfast.config.reactions import SCORE as SCORE_ONE
from holdfast.decision.intake.actions import (
    count_rush_of_entry,
    forget_informant,
    link_complaint,
    mark_duplicate,
    take_in_all,
    take_in_complaint,
    undo_duplicate,
    withdraw_link,
)
from holdfast.decision.intake.models import Complaint, ComplaintLink
from holdfast.decision.intake.rules.told import Told
from holdfast.decision.investigations.actions import (
    raising,
    score_catalogue,
    score_complaint_of_entry,
    score_product,
    scoring,
)
from holdfast.decision.investigations.actions.scoring import count_everything
from holdfast.decision.investigations.models import Alarm, ProductScore, ProductTally
from holdfast.decision.investigations.queries.hearing import habits, heard
from holdfast.decision.investigations.queries.tallies import (
    sign_now,
    sign_of,
    signs_now,
    tally_of,
    tellings,
    unit_of,
)
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import SYSTEM, Actor
from holdfast.kit.signals.detector import Detector
from holdfast.kit.signals.report import Report
from holdfast.kit.signals.tally import Tally
from tests.decision.conftest import LEAD, NOW, Shop
from tests.decision.investigations.conftest import BURNING, burning, tell, ten

pytestmark = pytest.mark.django_db
# Of lots, orders and a rush too; PostgreSQL is also asked to wait for who else takes in.
MOST_ASKED = {"sqlite": 47, "postgresql": 49}
HEARD = {kind for kind, actions in REACTIONS.items() if SCORE_ONE in actions}
SCORE = ("watched", "hazard", "score", "reports", "window", "expected")


def told(chance: random.Random, number: int, now: datetime) -> Told:
    """Somebody of a few, about one of three products or a maker's, on any day of the last year."""
    about = chance.choice([{"product": "KETTLE"}, {"product": "LAMP"}, {"product": "FAN"},
                           {"product": "", "maker": "Acme", "product_name": "Grill"},
                           {"product": "", "maker": "Acme", "product_name": "Oven"}])  # fmt: skip
    who = chance.choice(["", "", "ana", "bo", f"p{number}"])
    return burning(
        chance.randrange(10),
        now - timedelta(days=chance.choice([0, 0, chance.randrange(380)])),
        text=f"{chance.choice(BURNING)} It was the {chance.randrange(9)}th of {number}.",
        email=f"{who}@example.org" if who else "",
        kind=chance.choice(["complaint", "complaint", "review"]),
        lot="",
        harm=chance.choice([None, 0, 2]),
        source="test",
        source_id=str(number),
        **about,
    )


def made_anew(row: ProductTally, one: Complaint) -> Tally:
    return Tally.of(tellings(unit_of(one).told()))


def all_agree() -> None:
    """Every tally that is up to date by its sign holds what reading all complaints again gives."""
    for one in Complaint.objects.filter(duplicate_of=None):
        row = ProductTally.objects.filter(unit=unit_of(one).key).first()
        if row is None or (row.reports, row.total, row.mixed) != sign_now(unit_of(one)):
            continue
        kept, anew = tally_of(row), made_anew(row, one)
        assert (kept.content, kept.names, kept.hazards) == (anew.content, anew.names, anew.hazards)
        assert sign_of(kept) == sign_now(unit_of(one))


@pytest.mark.parametrize("seed", range(2))
def test_whatever_happens_to_complaints_a_tally_is_as_made_anew(shop: Shop, seed: int) -> None:
    """Taken in late, repeated, parted, linked elsewhere, unlinked, forgotten: in any order."""
    chance = random.Random(seed)
    for code in ("KETTLE", "LAMP", "FAN"):
        shop.product(code)
    now, done = NOW, -1
    waiting: list[Entry] = []
    for number in range(45):
        now += timedelta(hours=chance.randrange(60))
        known = list(Complaint.objects.order_by("pk"))
        some = chance.choice(known) if known else None
        happens = chance.choice(["in", "in", "in", "repeats", "parted", "linked", "back", "forgot"])
        if some is None or happens == "in":
            some = take_in_complaint(told=told(chance, number, now), by=LEAD, now=now)
        elif happens == "repeats":
            other = chance.choice(known)
            if (other.duplicate_of_id or other.pk) != some.pk:
                mark_duplicate(complaint=some, of=other, by=LEAD, now=now)
        elif happens == "parted":
            undo_duplicate(complaint=some, by=LEAD, now=now)
        elif happens == "linked":
            code = chance.choice(["KETTLE", "LAMP"])
            link_complaint(complaint=some, product=code, by=LEAD, now=now)
        elif happens == "back":
            link = ComplaintLink.objects.filter(complaint=some, product__isnull=False).last()
            if link is not None:
                withdraw_link(link=link, by=LEAD, now=now)
        else:
            forget_informant(complaint=some, by=LEAD, now=now)
        for entry in Entry.objects.filter(index__gt=done, kind__in=HEARD).order_by("index"):
            waiting.append(entry)
            done = entry.index
        if chance.random() < 0.8:
            while waiting:
                score_complaint_of_entry(entry=waiting.pop(0), by=LEAD, now=now)
        if number % 12 == 0:
            all_agree()
    for entry in waiting:
        score_complaint_of_entry(entry=entry, by=LEAD, now=now)
    all_agree()
    counted, census = habits(), count_everything(by=LEAD, now=now).habits()
    assert counted == census == habits()
    held = {row.unit for row in ProductTally.objects.filter(reports__gt=0)}
    assert held == {unit_of(one).key for one in Complaint.objects.filter(duplicate_of=None)}


def test_scored_one_by_one_or_all_at_once_is_the_same_as_by_the_detector(shop: Shop) -> None:
    for code in ("KETTLE", "LAMP", "FAN"):
        shop.product(code)
    shop.line("KETTLE", day=-600, quantity=900)
    chance = random.Random(5)
    tolds = [told(chance, number, NOW) for number in range(80)]
    taken = take_in_all(tolds=tolds, by=LEAD, now=NOW)
    for one in Complaint.objects.filter(pk__in=[new.pk for new in taken.complaints]):
        score_product(complaint=one, again=True, by=LEAD, now=NOW)
    newest = {}
    for one in heard(Complaint.objects.all()):
        newest[one.key] = max(one.on, newest.get(one.key, one.on))
    today = [" · ".join(key) for key, on in newest.items() if on == NOW.date()]
    scores = ProductScore.objects.filter(watched__in=today).order_by("watched")
    one_by_one = list(scores.values_list(*SCORE))
    assert len(one_by_one) >= 3
    scored = score_catalogue(by=LEAD, now=NOW)
    assert scored.products == len(newest)
    for kept, anew in zip(one_by_one, scores.values_list(*SCORE), strict=True):
        assert kept[:2] == anew[:2]
        assert kept[2:] == pytest.approx(anew[2:])
    detector, days, spoke = Detector(habits()), {}, {}  # type: ignore[var-annotated]
    for one in sorted(heard(Complaint.objects.all()), key=lambda one: (one.on, one.complaint)):
        last = spoke.get((one.voice, one.key), date.min)
        if one.voice and (one.on - last).days <= 365:
            continue
        spoke[one.voice, one.key] = one.on
        days.setdefault(one.on, []).append(one.report)
    for on, reports in sorted(days.items()):
        detector.remember(on, [_without_print(one) for one in reports])
    found = detector.look_again(NOW.date())
    assert found
    for finding in found:
        name = f"{finding.stream} · {finding.maker} · {finding.product}"
        if "kettle" in name:  # of which sales are known
            continue
        row = ProductScore.objects.get(watched=name)
        assert row.score >= finding.score - 1e-9
        if row.hazard == finding.hazard:
            assert (row.score, row.reports, row.window) == pytest.approx(
                (finding.score, len(finding.reports), finding.window)
            )


def _without_print(report: Report) -> Report:
    """The intake knows the same words by product; the detector of a replay by maker."""
    return Report(*(getattr(report, name) for name in Report.__slots__[:14]))


def test_an_import_alarms_as_of_the_day_it_would_have_been_known(shop: Shop) -> None:
    """What came in late tells what could have been known, with its course and reports."""
    shop.product("KETTLE")
    shop.product("LAMP")
    tolds = [*ten(NOW - timedelta(days=200)), burning(1, NOW, product="LAMP", text=BURNING[2])]
    take_in_all(tolds=tolds, by=LEAD, now=NOW)
    scored = score_catalogue(by=LEAD, now=NOW)
    alarm = scored.alarms[0]
    assert (alarm.hazard, alarm.on < (NOW - timedelta(days=170)).date()) == ("fire", True)
    Alarm.objects.all().update(state="open")
    tell(ten(NOW - timedelta(days=200)))  # known already: nothing is raised again
    assert Alarm.objects.count() == len(scored.alarms)
    course = alarm.why["course"]
    assert sum(step["reports"] for step in course if step["is_in_window"]) == alarm.reports
    assert len(alarm.why["complaints"]) == alarm.reports
    assert alarm.product == shop.products["KETTLE"]
    assert score_catalogue(by=LEAD, now=NOW).alarms == []


def test_many_alarms_are_raised_in_portions_and_what_broke_off_is_caught_up(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = ("KETTLE", "LAMP", "TOASTER")
    for code in codes:
        shop.product(code)
    told = [replace(one, product=code, email="") for code in codes for one in ten()]
    take_in_all(tolds=told, by=LEAD, now=NOW + timedelta(days=30))
    monkeypatch.setattr(scoring, "RAISED", 1)
    raise_alarms = scoring.raise_alarms
    portions: list[int] = []

    def broken_off(suspects: list[raising.Suspect], by: Actor, now: datetime) -> list[Alarm]:
        portions.append(len(suspects))
        if len(portions) == 3:
            raise ConnectionError("the database went away")
        return raise_alarms(suspects, by, now)

    at = NOW + timedelta(days=31)
    monkeypatch.setattr(scoring, "raise_alarms", broken_off)
    with pytest.raises(ConnectionError):
        score_catalogue(by=LEAD, now=at)
    monkeypatch.setattr(scoring, "raise_alarms", raise_alarms)
    before = set(Alarm.objects.values_list("ref", flat=True))
    assert portions == [1, 1, 1]
    assert before, "what was raised before stays"
    score_catalogue(by=LEAD, now=at)
    whole = set(Alarm.objects.values_list("watched", "hazard", "on", "score", "reports"))
    assert before < set(Alarm.objects.values_list("ref", flat=True))
    Alarm.objects.update(replaced_by=None)
    Alarm.objects.all().delete()
    monkeypatch.setattr(scoring, "RAISED", 1_000)
    score_catalogue(by=LEAD, now=at)
    assert set(Alarm.objects.values_list("watched", "hazard", "on", "score", "reports")) == whole


def test_a_sign_counts_every_kind_and_maker_and_reads_an_index_alone(shop: Shop) -> None:
    shop.product("KETTLE")
    for number, more in enumerate(
        ({}, {"maker": "Acme"}, {"maker": "Bolt"}, {"kind": "review"}, {"kind": "return"})
    ):
        take_in_complaint(told=burning(number, NOW, **more), by=LEAD, now=NOW)
        other = {"product": "", "product_name": "Grill", "maker": "Acme", **more}
        take_in_complaint(told=burning(5 + number, NOW, **other), by=LEAD, now=NOW)
    units = {unit_of(one) for one in Complaint.objects.all()}
    told = {unit: sorted(unit.told().values_list("pk", flat=True)) for unit in units}
    assert sorted(map(len, told.values())) == [1, 1, 1, 3, 4]
    assert signs_now() == {unit: sign_now(unit) for unit in units}
    assert {unit: sign[:2] for unit, sign in signs_now().items()} == {
        unit: (len(numbers), sum(numbers)) for unit, numbers in told.items()
    }
    if connection.vendor == "postgresql":
        return  # which reads a table this small whichever way it likes
    with CaptureQueriesContext(connection) as asked:
        signs_now()
        for unit in units:
            sign_now(unit)
    with connection.cursor() as cursor:
        for one in asked.captured_queries:
            plan = str(cursor.execute(f"EXPLAIN QUERY PLAN {one['sql']}").fetchall())
            assert "complaint_heard" in plan, plan
            assert "TEMP B-TREE" not in plan, plan


def test_one_more_report_asks_the_database_a_few_times_however_many_there_are(shop: Shop) -> None:
    """From the door to the score; what it repeats and who bought it is looked for too."""
    shop.product("KETTLE")
    for number in range(20):
        told = burning(number, NOW, text=f"Smoke came out of it after {number} minutes.")
        with CaptureQueriesContext(connection) as queries:
            one = take_in_complaint(told=told, by=LEAD, now=NOW)
            entry = Entry.objects.filter(kind="ComplaintReceived").latest("index")
            count_rush_of_entry(entry=entry, by=SYSTEM, now=NOW)
            score_complaint_of_entry(entry=entry, by=SYSTEM, now=NOW)
        assert one.duplicate_of_id is None
        asked = [query["sql"][:90] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(asked) <= MOST_ASKED[connection.vendor], asked
