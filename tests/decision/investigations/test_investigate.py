"""An investigation from its alarm to its end, and the recall it leads to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from holdfast.decision.intake.models import Complaint
from holdfast.decision.investigations.actions import (
    add_task,
    conclude_investigation,
    finish_task,
    narrow_investigation,
    open_investigation,
    record_finding,
    reopen_investigation,
)
from holdfast.decision.investigations.models import Alarm, Investigation
from holdfast.decision.recalls.actions import open_recall_from, start_clocks_of_entry
from holdfast.ground.evidence.actions import attach_file
from holdfast.ground.evidence.queries import files_of
from holdfast.ground.journal.models import Entry
from holdfast.kit.refusals import Forbidden, NotPermitted, Unreadable
from tests.decision.conftest import LEAD, NOW, VIEWER, Shop
from tests.decision.investigations.conftest import tell, ten

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=30)


@pytest.fixture
def alarm(shop: Shop) -> Alarm:
    shop.product("KETTLE")
    tell(ten())
    return Alarm.objects.filter(hazard="fire", state="open").latest("pk")


def test_one_click_opens_it_with_what_would_settle_it(alarm: Alarm) -> None:
    with pytest.raises(NotPermitted):
        open_investigation(alarm=alarm, by=VIEWER, now=LATER)
    found = open_investigation(alarm=alarm, by=LEAD, now=LATER)
    assert open_investigation(alarm=alarm, by=LEAD, now=LATER) == found, "twice is once"
    assert found.ref == f"I-{LATER.year}-001"
    assert (found.product, found.hazard, found.owner) == (alarm.product, "fire", "person:1")
    assert found.known_at == alarm.known_at == NOW
    assert found.lots == ["B17"]
    assert [task.kind for task in found.tasks.order_by("pk")] == [
        "reports",
        "test",
        "supplier",
        "stock",
    ]
    assert Investigation.objects.count() == 1


def test_findings_and_tasks_are_kept_and_end_with_it(alarm: Alarm, settings, tmp_path) -> None:
    settings.HOME = tmp_path
    found = open_investigation(alarm=alarm, by=LEAD, now=LATER)
    task = add_task(investigation=found, kind="test", words="Drop it twice", by=LEAD, now=LATER)
    finish_task(task=task, note="nothing broke", by=LEAD, now=LATER)
    finish_task(task=task, note="again", by=LEAD, now=LATER + timedelta(hours=1))
    task.refresh_from_db()
    assert (task.note, task.done_at) == ("nothing broke", LATER)
    with pytest.raises(Unreadable):
        record_finding(investigation=found, words="hot", evidence="a" * 64, by=LEAD, now=LATER)
    file = attach_file(
        subject=found.ref, about="finding", name="heat.csv", content=[b"1"], by=LEAD, now=LATER
    )
    finding = record_finding(
        investigation=found, words="140 degrees at the base", bearing="for",
        evidence=file.sha256, by=LEAD, now=LATER,
    )  # fmt: skip
    assert (finding.number, finding.bearing) == (1, "for")
    with pytest.raises(Forbidden):
        conclude_investigation(
            investigation=found, outcome="no_hazard", reason="", by=LEAD, now=LATER
        )
    conclude_investigation(
        investigation=found, outcome="watching", reason="One base of ten.", by=LEAD, now=LATER
    )
    alarm.refresh_from_db()
    assert alarm.state == "settled"
    for closed in (
        lambda: add_task(investigation=found, kind="", words="more", by=LEAD, now=LATER),
        lambda: record_finding(investigation=found, words="more", by=LEAD, now=LATER),
        lambda: narrow_investigation(investigation=found, lots=["C1"], by=LEAD, now=LATER),
    ):
        with pytest.raises(Forbidden):
            closed()
    reopen_investigation(investigation=found, reason="Another one.", by=LEAD, now=LATER)
    alarm.refresh_from_db()
    assert alarm.state == "investigating"


def test_the_recall_carries_lots_files_and_the_first_knowledge_as_clock_facts(
    alarm: Alarm, settings, tmp_path
) -> None:
    settings.HOME = tmp_path
    found = open_investigation(alarm=alarm, by=LEAD, now=LATER)
    attach_file(
        subject=found.ref, about="finding", name="heat.csv", content=[b"1"], by=LEAD, now=LATER
    )
    narrow_investigation(investigation=found, lots=["B17", "B18"], by=LEAD, now=LATER)
    at = LATER + timedelta(days=2)
    recall = open_recall_from(
        investigation=found, mechanism="the switch does not cut off", by=LEAD, now=at
    )
    assert (recall.product_code, recall.lot, recall.outcome) == ("KETTLE", "B17, B18", "fire")
    assert recall.known_at == NOW
    assert [file.name for file in files_of(recall.ref)] == ["heat.csv"]
    entry = Entry.objects.get(kind="RecallOpened")
    start_clocks_of_entry(entry=entry, by=LEAD, now=at)
    starts = {(one.fact, one.occurrence): one.at for one in recall.clock_starts.all()}
    assert starts["first_information", ""] == NOW
    assert starts["investigation_started", ""] == LATER
    behind = {ref for one in found.alarms.all() for ref in one.why["complaints"]}
    carried = {one.ref for one in Complaint.objects.filter(signal=recall.signal)}
    fires = Complaint.objects.filter(hazards__hazard="fire", hazards__is_denied=False)
    assert behind < carried, "those told since the alarm belong to it too"
    assert carried == {one.ref for one in fires}
    hurt = [fact for fact, occurrence in starts if occurrence and fact == "injury_known"]
    assert len(hurt) == 1, "one of the ten was hurt"
    found.refresh_from_db()
    alarm.refresh_from_db()
    assert (found.state, found.recall_ref, alarm.state) == ("recall_opened", recall.ref, "settled")
    with pytest.raises(Forbidden):
        open_recall_from(investigation=found, by=LEAD, now=at)


def test_an_investigation_may_begin_without_an_alarm(shop: Shop) -> None:
    found = open_investigation(product=shop.product("LAMP"), hazard="shock", by=LEAD, now=NOW)
    assert found.tasks.filter(kind="reports").count() == 0
    with pytest.raises(Unreadable):
        open_investigation(hazard="shock", by=LEAD, now=NOW)
