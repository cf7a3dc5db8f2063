"""Goods stop place by place, each with proof; nothing counts as stopped without it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from holdfast.kit.refusals import Forbidden, Unreadable
from holdfast.response.holds.actions import (
    add_hold,
    assign_hold,
    fail_hold,
    list_places,
    stop_hold,
    waive_hold,
)
from holdfast.response.holds.lifecycle import HOLD
from holdfast.response.holds.queries import holds_of, open_holds
from holdfast.response.holds.rules import waited
from holdfast.supply.parties.models import Consignee, Site


def test_the_table_reaches_everything():
    assert HOLD.unreachable() == ()
    assert HOLD.stuck() == ()


def test_the_data_names_the_places_once(small):
    small.line(channel="shop")
    small.line(channel="market place", site="Lyon")
    small.line(source="shopify")
    Site.objects.create(code="Gdańsk")
    Consignee.objects.create(code="C1", name="Corner store")
    new = list_places(recall=small.recall, by=small.by, now=small.now)
    assert {(h.kind, h.name) for h in new} == {
        ("channel", "shop"),
        ("channel", "market place"),
        ("channel", "Shopify"),
        ("warehouse", "Lyon"),
        ("warehouse", "Gdańsk"),
        ("consignee", "Corner store"),
    }
    assert list_places(recall=small.recall, by=small.by, now=small.now) == []


def test_stopping_needs_something_that_shows_it(small):
    hold = add_hold(recall=small.recall, kind="channel", name="shop", by=small.by, now=small.now)
    with pytest.raises(Forbidden, match="Nothing shows"):
        stop_hold(hold=hold, proof=" ", by=small.by, now=small.now)
    later = small.now + timedelta(minutes=130)
    stop_hold(hold=hold, proof="listing off", by=small.by, now=later)
    row = holds_of(small.recall, now=later)[0]
    assert (row["state"], row["took"], row["proof"]) == ("stopped", "2 h 10 min", "listing off")
    assert open_holds(small.recall) == 0


def test_what_moves_again_is_open_again(small):
    hold = add_hold(recall=small.recall, kind="transit", name="SH-1", by=small.by, now=small.now)
    stop_hold(hold=hold, proof="carrier confirmed", by=small.by, now=small.now)
    fail_hold(hold=hold, reason="seen on the way", by=small.by, now=small.now)
    assert open_holds(small.recall) == 1
    assert holds_of(small.recall, now=small.now)[0]["state"] == "failed"
    waive_hold(hold=hold, reason="held only lot B18", by=small.by, now=small.now)
    assert open_holds(small.recall) == 0


def test_the_same_place_is_one_item_whatever_its_case(small):
    one = add_hold(recall=small.recall, kind="channel", name="Shop", by=small.by, now=small.now)
    two = add_hold(recall=small.recall, kind="channel", name=" shop ", by=small.by, now=small.now)
    assert one.pk == two.pk
    assert assign_hold(hold=one, owner="person:2", by=small.by, now=small.now).owner == "person:2"


def test_an_unknown_kind_and_a_nameless_place_are_refused(small):
    for kind, name in (("moon", "x"), ("channel", " ")):
        with pytest.raises(Unreadable):
            add_hold(recall=small.recall, kind=kind, name=name, by=small.by, now=small.now)


def test_a_closed_recall_stops_nothing_more(small):
    small.recall.state = "closed"
    small.recall.save()
    with pytest.raises(Forbidden, match="closed"):
        list_places(recall=small.recall, by=small.by, now=small.now)


def test_waiting_is_said_in_days_hours_and_minutes(small):
    assert waited(small.now, small.now + timedelta(days=2, hours=3)) == "2 d 3 h"
    assert waited(small.now, small.now + timedelta(minutes=5)) == "5 min"
