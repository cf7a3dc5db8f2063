"""Two do the same thing at one moment: the second comes between what the first read and wrote."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from holdfast.decision.intake.actions import (
    Sampled,
    inspecting,
    link_complaint,
    record_inspection,
    relink_complaints_of_entry,
    relinking,
    take_in_all,
    take_in_complaint,
    taking,
)
from holdfast.decision.intake.models import Complaint, Inspection
from holdfast.decision.intake.rules.told import Told
from holdfast.decision.investigations.actions import raising, score_catalogue, score_product
from holdfast.decision.investigations.models import Alarm
from holdfast.response.answers.actions import add_mention_source, hearing, take_in_posts
from holdfast.response.answers.models import Mention
from holdfast.response.answers.rules import Post
from tests.decision.conftest import LEAD, NOW, Shop
from tests.decision.investigations.conftest import ten

WAITS = "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE pid = %s AND NOT granted)"
LONGEST = 24_000  # looks, five milliseconds apart; then something hangs


class Between:
    """Runs `second` on another connection once `first` passed a function, before it goes on.

    `first` goes on when the second is done or waits for a lock that `first` holds. SQLite lets one
    write at a time, so there the second comes after.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch

    def run(
        self, first: Callable[[], object], where: Any, name: str, second: Callable[[], object]
    ) -> None:
        """Raises what either raised."""
        faults: list[Exception] = []
        other = threading.Thread(target=self._second, args=(second, faults))
        self._pid, self._is_known = 0, threading.Event()
        mine, passed = threading.current_thread(), getattr(where, name)

        def hooked(*given: Any, **named: Any) -> Any:
            answer = passed(*given, **named)
            is_first = threading.current_thread() is mine and other.ident is None
            if is_first and connection.vendor == "postgresql":
                other.start()
                self._wait_for(other)
            return answer

        with self._patch.context() as patch:
            patch.setattr(where, name, hooked)
            first()
        if other.ident is None:
            assert connection.vendor != "postgresql", f"{name} was not passed"
            other.start()
        other.join()
        if faults:
            raise faults[0]

    def _second(self, second: Callable[[], object], faults: list[Exception]) -> None:
        try:
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_backend_pid()")
                    self._pid = cursor.fetchone()[0]
            self._is_known.set()
            second()
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    def _wait_for(self, other: threading.Thread) -> None:
        assert self._is_known.wait(120)
        for _ in range(LONGEST):
            other.join(0.005)
            if not other.is_alive():
                return
            with connection.cursor() as cursor:
                cursor.execute(WAITS, [self._pid])
                if cursor.fetchone()[0]:
                    return
        raise AssertionError("the second neither ended nor waits for the first")


def alarm_once(between: Between, shop: Shop) -> None:
    shop.product("KETTLE")
    at = NOW + timedelta(days=30)
    last = take_in_all(tolds=ten(), by=LEAD, now=at).complaints[-1]
    between.run(
        lambda: score_catalogue(by=LEAD, now=at),
        raising,
        "_newest",
        lambda: score_product(complaint=last, again=True, by=LEAD, now=at),
    )
    fire = Alarm.objects.filter(hazard="fire")
    assert fire.exclude(state="superseded").count() == 1, list(fire.values_list("ref", "state"))


def a_person_outweighs_a_rule(between: Between, shop: Shop) -> None:
    told = Told(text="It hums.", product="TOASTER", email="t@example.org")
    one = take_in_complaint(told=told, by=LEAD, now=NOW)
    shop.product("TOASTER")
    lamp = shop.product("LAMP")
    between.run(
        lambda: relink_complaints_of_entry(
            entry=SimpleNamespace(fields={}, index=1),
            by=LEAD,
            now=NOW,  # type: ignore[arg-type]
        ),
        relinking,
        "best_product",
        lambda: link_complaint(complaint=one, product="LAMP", by=LEAD, now=NOW),
    )
    assert Complaint.objects.get(pk=one.pk).product == lamp


def a_lot_is_judged_by_what_is_due_after_the_one_before(between: Between, shop: Shop) -> None:
    lots = [
        Sampled(
            product=shop.product("CELL"), supplier=None, lot=f"L{n}", looked_at=80, found=found,
            inspected_at=NOW - timedelta(days=3 - n), lot_size=1_000, aql="1.0",
        )
        for n, found in enumerate((9, 9, 0))
    ]  # fmt: skip
    record_inspection(sampled=lots[0], by=LEAD, now=NOW)
    between.run(
        lambda: record_inspection(sampled=lots[1], by=LEAD, now=NOW),
        inspecting,
        "play",
        lambda: record_inspection(sampled=lots[2], by=LEAD, now=NOW),
    )
    severities = Inspection.objects.order_by("lot").values_list("severity", flat=True)
    assert list(severities) == ["normal", "normal", "tightened"], "two of three failed"


def the_same_words_are_one_mention(between: Between, shop: Shop) -> None:
    sources = [
        add_mention_source(kind="file", title=title, by=LEAD, now=NOW) for title in ("one", "two")
    ]
    first, second = (
        lambda source=source: take_in_posts(
            posts=[(1, Post("It burned my hand"))], source=source, by=LEAD, now=NOW
        )
        for source in sources
    )
    between.run(first, hearing, "read_post", second)
    assert Mention.objects.get().copies == 2


def one_incident_at_two_doors_is_one(between: Between, shop: Shop) -> None:
    shop.product("STOVE")
    said = "The stove went up in flames while my son stood beside it, nobody was near."
    told = Told(text=said, product="STOVE", channel="api", source="Tickets", source_id="T-000001")
    mail = replace(told, channel="email", source="mail", source_id="m1@example.org")

    def taken(one: Told) -> Callable[[], object]:
        return lambda: take_in_complaint(told=one, by=LEAD, now=NOW)

    between.run(taken(told), taking, "_new_ones", taken(told))
    words = "Its cable burned a hole into the wooden floor of our kitchen last night."
    number = replace(told, source_id="T-000002", text=words)
    between.run(taken(number), taking, "_new_ones", taken(replace(mail, text=words)))
    same, first, second = Complaint.objects.filter(product__code="STOVE").order_by("pk")
    assert same.text == said
    assert (first.duplicate_of_id, second.duplicate_of_id) == (None, first.pk)


@pytest.mark.django_db(transaction=True)
def test_what_two_do_at_one_moment_is_as_if_one_came_after_the_other(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    between = Between(monkeypatch)
    alarm_once(between, shop)
    a_person_outweighs_a_rule(between, shop)
    a_lot_is_judged_by_what_is_due_after_the_one_before(between, shop)
    the_same_words_are_one_mention(between, shop)
    one_incident_at_two_doors_is_one(between, shop)
