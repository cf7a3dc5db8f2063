"""A duty that comes near is told once a step: after silence, by many workers, when killed."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from holdfast.config.worker import run_reactions
from holdfast.decision.recalls.actions import (
    open_recall,
    record_clock_start,
    set_legal_profile,
)
from holdfast.decision.recalls.models import Recall
from holdfast.ground.journal.models import Entry
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
