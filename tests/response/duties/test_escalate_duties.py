"""A duty that comes near is told once a step: after silence, by many workers, when killed."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection

from holdfast.config.worker import post_to_staff, run_reactions
from holdfast.decision.recalls.actions import (
    open_recall,
    record_clock_start,
    set_legal_profile,
)
from holdfast.decision.recalls.models import Recall
from holdfast.ground.access.models import Organisation, Person
from holdfast.ground.journal.models import Entry
from holdfast.ground.outbox.actions import found_mark
from holdfast.ground.outbox.carriers import WayOut
from holdfast.ground.outbox.models import StaffMail
from holdfast.kit.actors import SYSTEM, Actor
from holdfast.response.duties.actions import escalate_duties, escalating, settle_duty
from holdfast.response.duties.models import DutyClock
from holdfast.response.duties.rules import STEPS, step_at
from tests.patience import patient

LEAD = Actor("person:1", "Lea", frozenset({"lead"}), 1, alone=True)
START = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)  # Monday 10:00 in Washington
DUE = START + timedelta(hours=24)


def running(now: datetime = START) -> Recall:
    recall = open_recall(outcome="fire", products=("VL-10K",), known_at=START, by=LEAD, now=now)
    set_legal_profile(
        recall=recall,
        categories=["toys"],
        sold_in=["US"],
        roles={"": ["importer"]},
        by=LEAD,
        now=now,
    )
    record_clock_start(recall=recall, fact="reportable_information", at=START, by=LEAD, now=now)
    run_reactions(now=now)
    return recall


@pytest.fixture
def recall(db: None) -> Recall:
    return running()


def told_steps() -> list[str]:
    return [
        str(entry.fields["step"])
        for entry in Entry.objects.filter(kind="DutyEscalated").order_by("index")
        if entry.fields["duty"] == "us_cpsc_consumer.s15b_initial"
    ]


@pytest.mark.parametrize(
    ("left", "step"),
    [
        (timedelta(hours=24, seconds=1), 0),
        (timedelta(hours=24), 1),
        (timedelta(hours=4, seconds=1), 1),
        (timedelta(hours=4), 2),
        (timedelta(seconds=1), 2),
        (timedelta(0), 3),
        (timedelta(days=-3), 3),
    ],
)
def test_steps_lie_a_day_and_four_hours_before_the_end(left: timedelta, step: int) -> None:
    assert step_at(DUE, DUE - left) == step
    assert step_at(None, DUE) == 0
    assert list(STEPS) == sorted(STEPS, reverse=True)


def test_every_step_is_told_once(recall: Recall) -> None:
    moments = [DUE - timedelta(minutes=m) for m in (1500, 1430, 1420, 200, 100, 1, 0, -1, -600)]
    for now in moments:
        escalate_duties(by=SYSTEM, now=now)
        escalate_duties(by=SYSTEM, now=now)
    assert told_steps() == ["less than 24 hours left", "less than 4 hours left", "overdue"]


def test_after_three_days_in_which_nothing_ran_the_end_is_told_once(recall: Recall) -> None:
    for minutes in (0, 1, 2):
        escalate_duties(by=SYSTEM, now=START + timedelta(hours=72, minutes=minutes))
    assert told_steps() == ["overdue"]


def test_a_clock_set_back_tells_nothing_again(recall: Recall) -> None:
    escalate_duties(by=SYSTEM, now=DUE + timedelta(minutes=1))
    for back in (timedelta(hours=1), timedelta(hours=6), timedelta(0)):
        escalate_duties(by=SYSTEM, now=DUE + timedelta(minutes=1) - back)
    assert told_steps() == ["overdue"]


def test_what_is_settled_is_not_told(recall: Recall) -> None:
    clock = DutyClock.objects.get(obligation="s15b_initial")
    settle_duty(clock=clock, state="met", reference="SP-1", by=LEAD, now=START)
    escalate_duties(by=SYSTEM, now=DUE + timedelta(days=3))
    assert told_steps() == []


def test_an_end_that_moved_away_is_told_again_when_it_comes_near(recall: Recall) -> None:
    escalate_duties(by=SYSTEM, now=DUE - timedelta(hours=3))
    later = START + timedelta(days=2)
    record_clock_start(
        recall=recall,
        fact="reportable_information",
        at=later,
        by=LEAD,
        now=DUE - timedelta(hours=2),
    )
    run_reactions(now=DUE - timedelta(hours=2))
    escalate_duties(by=SYSTEM, now=DUE)
    assert told_steps() == ["less than 4 hours left"]
    escalate_duties(by=SYSTEM, now=later + timedelta(hours=23))
    assert told_steps() == ["less than 4 hours left"] * 2


def test_killed_in_between_it_is_told_by_the_next(
    recall: Recall, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(escalating, "record", die)
        with pytest.raises(KeyboardInterrupt):
            escalate_duties(by=SYSTEM, now=DUE)
    assert DutyClock.objects.get(obligation="s15b_initial").escalated == 0
    escalate_duties(by=SYSTEM, now=DUE)
    assert told_steps() == ["overdue"]


POST: list[tuple[str, bytes]] = []


class Bag:
    """A carrier that keeps what it is given."""

    sender, retry_for, trouble, down_for = "recall@shop.example", 60.0, "the line is cut", 0.0

    def __init__(self, **_: object) -> None:
        self.waiting: list[object] = []

    @staticmethod
    def way_out(*, ask: bool) -> WayOut:
        return WayOut(True, "a bag", is_asked=ask)

    def put(self, parcels) -> None:
        for key, address, data in parcels:
            POST.append((address, data))
            self.waiting.append(key)

    def turn(self, timeout: float) -> list[SimpleNamespace]:
        return [SimpleNamespace(key=k, outcome="accepted", reply="250 taken") for k in self.waiting]

    def close(self) -> None: ...


CHANNELS = {"email": "tests.response.duties.test_escalate_duties.Bag"}


@pytest.fixture
def owner(recall: Recall, settings, tmp_path: Path) -> Person:
    POST.clear()
    settings.HOME = tmp_path
    settings.CHANNELS = "tests.response.duties.test_escalate_duties.CHANNELS"
    found_mark(home=tmp_path, mark="m", by=SYSTEM, now=START)
    Organisation.objects.update_or_create(pk=1, defaults={"contact_email": "shop@shop.example"})
    lea = Person.objects.create(email="lea@shop.example", name="Lea", roles=["lead"])
    DutyClock.objects.exclude(obligation="s15b_initial").delete()
    DutyClock.objects.update(owner=f"person:{lea.pk}")
    return lea


def settled() -> list[tuple[str, str]]:
    rows = Entry.objects.filter(kind="StaffMailSettled").order_by("index")
    return [(str(row.fields["outcome"]), str(row.fields["why"])) for row in rows]


def test_whoever_owns_the_duty_is_mailed_once_a_step(owner: Person) -> None:
    for minutes in (1430, 1420, 200, 190):
        escalate_duties(by=SYSTEM, now=DUE - timedelta(minutes=minutes))
        post_to_staff()
    assert [address for address, _ in POST] == ["lea@shop.example"] * 2
    mail = message_from_bytes(POST[1][1], policy=policy.default)
    assert "less than 4 hours left" in mail["Subject"]
    said = mail.get_content()
    assert "Due Tue 2026-11-17 10:00 Washington" in said
    assert f"/recalls/R-2026-001/deadlines/{DutyClock.objects.get().pk}/" in said
    assert settled() == [("accepted", "250 taken")] * 2
    owner.email = "owner@localhost"
    owner.save()
    escalate_duties(by=SYSTEM, now=DUE)
    post_to_staff()
    assert POST[-1][0] == "shop@shop.example"  # nobody reads mail at localhost


def test_where_there_is_no_way_nobody_is_mailed_and_that_is_told(
    owner: Person, settings, tmp_path: Path
) -> None:
    escalate_duties(by=SYSTEM, now=DUE - timedelta(hours=5))
    settings.DRILL = True
    post_to_staff()
    assert settled() == [("unsent", "no mail server: nothing can leave from here")]
    settings.DRILL, settings.HOME = False, tmp_path / "a copy"
    escalate_duties(by=SYSTEM, now=DUE - timedelta(hours=1))
    post_to_staff()
    assert settled()[-1][0] == "unsent"
    assert "home folder" in settled()[-1][1]
    assert POST == []


def test_a_sender_that_died_leaves_its_message_to_the_next(owner: Person, monkeypatch) -> None:
    escalate_duties(by=SYSTEM, now=DUE)

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Bag, "put", die)
        with pytest.raises(KeyboardInterrupt):
            post_to_staff()
    post_to_staff()
    assert POST == []  # the claim still holds
    StaffMail.objects.update(leased_until=START)
    post_to_staff()
    assert len(POST) == 1
    assert StaffMail.objects.get().attempts == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_it_once() -> None:
    running()
    gate = threading.Barrier(2)
    told: list[int] = []

    def work() -> None:
        try:
            gate.wait(10)
            told.append(patient(lambda: len(escalate_duties(by=SYSTEM, now=DUE))))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(30)
    assert sorted(told) == [0, 1]
    assert told_steps() == ["overdue"]
