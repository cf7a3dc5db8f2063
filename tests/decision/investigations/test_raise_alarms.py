"""From complaints to an alarm: what raises one, what does not, and what it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from holdfast.decision.intake.actions import take_in_all
from holdfast.decision.intake.models import Complaint
from holdfast.decision.investigations.actions import (
    dismiss_alarm,
    open_investigation,
    score_catalogue,
    score_product,
    set_alarm_budget,
    take_back_dismissal,
)
from holdfast.decision.investigations.models import Alarm, ProductScore, ReportingHabit
from holdfast.decision.investigations.queries import (
    alarm_reports,
    alarms_waiting,
    complaints_behind,
    floods,
    reports_since,
    threshold_in_force,
)
from holdfast.ground.journal.models import Entry
from holdfast.kit.refusals import Forbidden, NotPermitted, Unreadable
from tests.decision.conftest import LEAD, NOW, VIEWER, Shop
from tests.decision.investigations.conftest import BURNING, burning, tell, ten

pytestmark = pytest.mark.django_db
AGAIN = "It was smoking again, from the switch."


def test_complaints_raise_one_alarm_that_says_why(shop: Shop) -> None:
    for lot in ("A1", "A2", "A3", "B16", "B17", "B18", "C1"):
        shop.receipt(lot, "KETTLE", quantity=500, supplier="SHENZHEN-1" if lot == "B17" else "S2")
    tell(ten())
    alarm = alarms_waiting().get(hazard="fire")
    assert alarm.state == "open"
    assert alarm.product == shop.products["KETTLE"]
    assert alarm.sentence.startswith(f"{alarm.reports} reports in {alarm.window} days on ")
    assert " on KETTLE speak of " in alarm.sentence
    assert "fire, smoke, overheating" in alarm.sentence
    assert alarm.score >= alarm.threshold == 6.0
    assert alarm.is_urgent
    assert alarm.known_at == NOW, "the first complaint is the earliest knowledge"
    assert alarm.why["pointed_lots"] == ["B17"]
    kinds = {crowd["kind"] for crowd in alarm.why["crowds"]}
    assert {"lot", "supplier"} <= kinds
    course = alarm.why["course"]
    assert sum(step["reports"] for step in course if step["is_in_window"]) == alarm.reports
    assert "heat" in alarm.why["settle"]
    assert alarm.why["flood"] is None
    assert [one.ref for one in alarm_reports(alarm)]
    entry = Entry.objects.filter(kind="AlarmRaised").latest("index")
    assert entry.fields["alarm"] == alarm.ref
    everything = "".join(Entry.objects.values_list("payload", flat=True))
    assert not any(text[:20] in everything for text in BURNING)
    assert "example.org" not in everything
    before = reports_since(alarm)
    tell([burning(7, NOW + timedelta(days=40), text=AGAIN, email="x@example.org")])
    assert reports_since(alarm) == before + 1


def test_a_score_of_one_product_is_that_of_the_whole_catalogue(shop: Shop) -> None:
    shop.product("KETTLE")
    shop.product("LAMP")
    tell(ten()[:2])
    tell([replace(burning(0, NOW, text="The lamp fell over and broke my toe."), product="LAMP")])
    before = ProductScore.objects.get(watched__contains="kettle")
    tell([burning(2, NOW + timedelta(days=6))])
    one = ProductScore.objects.get(pk=before.pk)
    assert one.score > before.score
    alone = (one.score, one.reports, one.window, one.expected, one.upto)
    habits = list(ReportingHabit.objects.values_list("stream", "heard", "by_hazard"))
    scored = score_catalogue(by=LEAD, now=NOW + timedelta(days=6))
    assert (scored.reports, scored.products) == (4, 2)
    one.refresh_from_db()
    assert (one.score, one.reports, one.window, one.expected, one.upto) == pytest.approx(alone)
    assert habits == list(ReportingHabit.objects.values_list("stream", "heard", "by_hazard"))


def test_a_dismissed_alarm_is_quiet_until_it_grows(shop: Shop) -> None:
    shop.product("KETTLE")
    begin = [burning(n, NOW + timedelta(days=n), harm=0) for n in range(4)]
    tell(begin)
    alarm = Alarm.objects.get(hazard="fire")
    with pytest.raises(Forbidden):
        dismiss_alarm(alarm=alarm, reason="  ", by=LEAD, now=NOW)
    with pytest.raises(NotPermitted):
        dismiss_alarm(alarm=alarm, reason="no", by=VIEWER, now=NOW)
    alarm = dismiss_alarm(
        alarm=alarm, reason="Steam, on all four photos.", by=LEAD, now=NOW + timedelta(days=4)
    )
    assert alarm.state == "dismissed"
    assert alarm.quiet_until is not None
    assert not alarms_waiting().exists()
    tell([burning(5, NOW + timedelta(days=6), harm=0)])
    assert not alarms_waiting().exists(), "one more is no growth"
    tell([burning(n, NOW + timedelta(days=7 + n), harm=0) for n in (6, 7, 8, 9)])
    returned = alarms_waiting().get()
    assert returned.reports > alarm.reports
    with pytest.raises(Forbidden):
        take_back_dismissal(alarm=returned, reason="never was", by=LEAD, now=NOW)
    assert take_back_dismissal(alarm=alarm, reason="A mistake.", by=LEAD, now=NOW).state == "open"


def test_an_alarm_that_grows_while_it_is_investigated_joins_the_investigation(shop: Shop) -> None:
    shop.product("KETTLE")
    tell([burning(n, NOW + timedelta(days=n), harm=0) for n in range(4)])
    alarm = Alarm.objects.get(hazard="fire")
    found = open_investigation(alarm=alarm, by=LEAD, now=NOW + timedelta(days=4))
    tell([burning(4, NOW + timedelta(days=5), harm=3)])
    alarm.refresh_from_db()
    assert alarm.state == "superseded"
    assert alarm.replaced_by is not None
    assert alarm.replaced_by.investigation == found
    assert (alarm.replaced_by.state, alarm.replaced_by.harm) == ("investigating", 3)


def test_a_flood_of_pasted_complaints_makes_at_most_one_alarm_and_are_shown(shop: Shop) -> None:
    shop.product("KETTLE")
    flood = [
        burning(
            n,
            NOW,
            email=f"bot{n}@example.org",
            text=f"It caught fire and smoked, order {n}. Shame on you.",
            source="paste",
            source_id=str(n),
        )
        for n in range(120)
    ]
    taken = take_in_all(tolds=flood, by=LEAD, now=NOW)
    counted = [score_product(complaint=one, by=LEAD, now=NOW) for one in taken.complaints]
    assert sum(len(scored.alarms) for scored in counted) <= 1
    assert sum(1 for scored in counted if scored.products) <= 2, "the first scoring did it for all"
    for alarm in Alarm.objects.all():
        assert alarm.why["flood"]["reports"] == 120
    (shown,) = floods(NOW)
    assert (shown["reports"], shown["product__code"]) == (120, "KETTLE")
    score_catalogue(by=LEAD, now=NOW + timedelta(days=1))
    assert Alarm.objects.count() <= 1


def test_reports_of_one_file_from_after_the_day_of_the_alarm_are_said_to_have_come_since(
    shop: Shop,
) -> None:
    shop.product("KETTLE")
    later = NOW + timedelta(days=90)
    take_in_all(tolds=ten(every=7), by=LEAD, now=later)
    score_catalogue(by=LEAD, now=later)
    alarm = alarms_waiting().get(hazard="fire")
    told = Complaint.objects.filter(hazards__hazard="fire", hazards__is_denied=False).count()
    assert alarm.reports < told
    assert reports_since(alarm) == told - alarm.reports
    found = open_investigation(alarm=alarm, by=LEAD, now=later)
    assert len(complaints_behind(found)) == told


def test_what_is_told_of_nobody_knows_what_raises_nothing(shop: Shop) -> None:
    told = [burning(n, NOW + timedelta(days=n), product="", lot="") for n in range(5)]
    tell(told)
    assert Complaint.objects.count() == 5
    assert not Alarm.objects.exists()


def test_taste_and_price_raise_nothing(shop: Shop) -> None:
    shop.product("KETTLE")
    dull = ["The water tastes stale.", "Far too expensive for what it is.", "The box was dented."]
    tell(
        [
            burning(n, NOW + timedelta(days=n), text=f"{dull[n % 3]} Number {n} of my letters.")
            for n in range(12)
        ]
    )
    assert not Alarm.objects.exists()


def test_who_reads_more_sets_a_lower_threshold(shop: Shop) -> None:
    assert threshold_in_force() == 6.0
    shop.product("KETTLE")
    tell(ten()[:1])
    set_alarm_budget(false_a_week=1.0, by=LEAD, now=NOW)
    assert threshold_in_force() == 3.0
    for bad in (0.0, -1.0, 5_000.0):
        with pytest.raises(Unreadable):
            set_alarm_budget(false_a_week=bad, by=LEAD, now=NOW)
    set_alarm_budget(false_a_week=None, by=LEAD, now=NOW)
    assert threshold_in_force() == 6.0


def test_a_number_to_call_in_a_products_name_hides_no_alarm(shop: Shop) -> None:
    del shop
    said = {"product": "", "maker": "Acme", "product_name": "kettle, call +49 171 1234567"}
    tell(ten(**said, lot="+49 30 12345678"))
    alarm = alarms_waiting().get(hazard="fire")
    assert alarm.product_words.startswith("kettle, call [number]")
    assert "171" not in alarm.sentence
    assert alarm.why["pointed_lots"] == []
    found = open_investigation(alarm=alarm, by=LEAD, now=NOW + timedelta(days=40))
    assert "[number]" in found.question
