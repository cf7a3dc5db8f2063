"""Rushes are kept complaint by complaint, and are those of a recount of everything."""

from __future__ import annotations

from datetime import timedelta

import pytest

from holdfast.config.reactions import REACTIONS, RUSH
from holdfast.decision.intake.actions import (
    count_rush_of_entry,
    count_rushes_of_entry,
    link_complaint,
    mark_duplicate,
    take_in_complaint,
    undo_duplicate,
)
from holdfast.decision.intake.models import Complaint, ProductRush
from holdfast.decision.intake.queries import RushSeen, recent_rushes
from holdfast.decision.intake.rules.told import Told
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import SYSTEM
from tests.decision.conftest import LEAD, NOW, Shop

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=5)


def tell(number: int, product: str, hours: float) -> Complaint:
    told = Told(
        text=f"It hums, says number {number} of {product}, and so does my neighbour’s.",
        product=product,
        email=f"n{number}@example.org",
        received_at=NOW + timedelta(hours=hours),
    )
    return take_in_complaint(told=told, by=LEAD, now=LATER)


def react(upto: int) -> int:
    """What the worker does with the entries since, one after the other."""
    for entry in Entry.objects.filter(index__gt=upto).order_by("index"):
        upto = entry.index
        if RUSH in REACTIONS[entry.kind]:
            count_rush_of_entry(entry=entry, by=SYSTEM, now=LATER)
    return upto


def kept() -> list[RushSeen]:
    return recent_rushes(LATER)


def recounted() -> list[RushSeen]:
    before = kept()
    ProductRush.objects.all().delete()
    count_rushes_of_entry(entry=Entry.objects.latest("index"), by=SYSTEM, now=LATER)
    after = kept()
    assert {(one.about, one.rush) for one in before} == {(one.about, one.rush) for one in after}
    return after


def test_what_is_counted_one_by_one_is_what_a_recount_of_everything_finds(shop: Shop) -> None:
    kettle, lamp = shop.product("KETTLE"), shop.product("LAMP")
    done = 0
    told = []
    for number in range(20):
        told.append(tell(number, "KETTLE", number))
        tell(100 + number, "GHOST", number)
        done = react(done)
        assert len(kept()) == (2 if number == 19 else 0), "not before the twentieth person"
    found = recounted()
    assert {(one.code, one.name, one.rush.voices) for one in found} == {
        ("KETTLE", str(kettle), 20),
        ("", "GHOST", 20),
    }
    link_complaint(complaint=told[0], product="LAMP", by=LEAD, now=LATER)
    done = react(done)
    assert {one.name for one in recounted()} == {"GHOST"}, "nineteen are none"
    link_complaint(complaint=told[0], product="KETTLE", by=LEAD, now=LATER)
    done = react(done)
    assert all(one.holds(told[3]) for one in recounted() if one.code)
    mark_duplicate(complaint=told[5], of=told[4], by=LEAD, now=LATER)
    done = react(done)
    assert len(recounted()) == 1
    undo_duplicate(complaint=told[5], by=LEAD, now=LATER)
    done = react(done)
    assert len(recounted()) == 2
    assert not ProductRush.objects.filter(product=lamp, ends__isnull=False).exists()


def test_what_is_told_often_every_day_is_no_rush_and_nothing_of_it_is_read(
    shop: Shop, django_assert_max_num_queries
) -> None:
    usual = shop.product("USUAL")
    Complaint.objects.bulk_create(
        Complaint(
            kind="review", channel="import", identity=f"u{n}", product=usual, received_at=at,
            known_at=at, taken_in_at=LATER, taken_in_by="bench", text="It hums.",
        )
        for n in range(800)
        for at in [NOW - timedelta(days=n % 100)]
    )  # fmt: skip
    tell(1, "USUAL", 0)
    entry = Entry.objects.get(kind="ComplaintReceived")
    with django_assert_max_num_queries(9):
        count_rush_of_entry(entry=entry, by=SYSTEM, now=LATER)
    assert not ProductRush.objects.exists()
    assert recounted() == []
