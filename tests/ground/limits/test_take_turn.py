"""Turns are counted once for all processes, and a forged header takes nobody else's."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from holdfast.ground.limits.actions import take_turn
from holdfast.ground.limits.models import Allowance
from holdfast.ground.limits.rules import Limit, Trusted, next_free, place_of
from holdfast.kit.actors import PUBLIC
from tests.patience import patient

NOW = datetime(2026, 5, 4, 8, 31, tzinfo=UTC)
FEW = Limit("test", 3, timedelta(seconds=10))


def take(place="192.0.2.1", at=0.0, limit=FEW) -> bool:
    return take_turn(limit=limit, place=place, by=PUBLIC, now=NOW + timedelta(seconds=at))


@pytest.mark.django_db
def test_so_many_in_a_row_then_one_by_one():
    assert [take() for _ in range(4)] == [True, True, True, False]
    assert take(at=9) is False
    assert take(at=10) is True
    assert take(at=10) is False
    assert [take(at=3600) for _ in range(4)] == [True, True, True, False]


@pytest.mark.django_db
def test_places_and_kinds_do_not_share():
    assert [take() for _ in range(4)][-1] is False
    assert take("192.0.2.2")
    assert take(limit=Limit("other", 3, timedelta(seconds=10)))


@pytest.mark.django_db
def test_no_address_is_kept_and_quiet_places_are_forgotten():
    take("198.51.100.77")
    assert "198.51.100.77" not in str(list(Allowance.objects.values_list()))
    take("192.0.2.9", at=60)
    assert Allowance.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_processes_that_ask_at_once_share_what_is_left():
    limit = Limit("crowd", 10, timedelta(hours=1))
    take(limit=limit)
    said = []

    def ask() -> None:
        try:
            said.extend(patient(lambda: take(limit=limit)) for _ in range(5))
        finally:
            connection.close()

    crowd = [threading.Thread(target=ask) for _ in range(4)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert len(said) == 20
    # whoever lost every race is told no; never is one more let in
    assert 5 <= sum(said) <= 9


@given(st.lists(st.integers(0, 30), max_size=60))
def test_no_window_lets_more_through_than_the_bucket_and_its_refill(steps):
    at, free, let = NOW, None, []
    for step in steps:
        at += timedelta(seconds=step)
        after = next_free(FEW, free, at)
        if after is not None:
            free = after
            let.append(at)
    for first in range(len(let)):
        for last in range(first, len(let)):
            seconds = (let[last] - let[first]).total_seconds()
            assert last - first + 1 <= FEW.most + seconds / 10 + 1e-9


def test_a_home_with_ipv6_is_one_place():
    assert place_of("2001:db8:1:2::a") == place_of("2001:db8:1:2:ffff::b")
    assert place_of("2001:db8:1:2::a") != place_of("2001:db8:1:3::a")
    assert place_of("::ffff:192.0.2.1") == "192.0.2.1"
    assert place_of("unix:") == "unix:"


@pytest.mark.parametrize(
    ("setting", "peer", "forwarded", "client"),
    [
        # by default nobody is believed
        ("", "192.0.2.1", "", "192.0.2.1"),
        ("", "192.0.2.1", "203.0.113.5", "192.0.2.1"),
        # one proxy: only what it appended counts
        ("1", "10.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("1", "10.0.0.1", "1.1.1.1, 203.0.113.5", "203.0.113.5"),
        ("1", "10.0.0.1", "8.8.8.8,1.1.1.1 ,203.0.113.5", "203.0.113.5"),
        ("1", "10.0.0.1", "", "10.0.0.1"),
        ("1", "10.0.0.1", "1.1.1.1, gibberish", "10.0.0.1"),
        ("2", "10.0.0.1", "1.1.1.1, 203.0.113.5, 10.0.0.2", "203.0.113.5"),
        ("2", "10.0.0.1", "203.0.113.5", "203.0.113.5"),
        # networks: a peer that is none of ours is believed nothing
        ("10.0.0.0/8", "192.0.2.1", "203.0.113.5", "192.0.2.1"),
        ("10.0.0.0/8", "10.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("10.0.0.0/8", "10.0.0.1", "1.1.1.1, 203.0.113.5, 10.9.9.9", "203.0.113.5"),
        ("10.0.0.0/8", "10.0.0.1", "10.1.1.1", "10.1.1.1"),
        ("10.0.0.0/8, ::1", "::1", "2001:db8::5", "2001:db8::5"),
        ("10.0.0.0/8", "10.0.0.1", "[2001:db8::5]:4431", "2001:db8::5"),
        ("10.0.0.0/8", "10.0.0.1", "203.0.113.5:4431", "203.0.113.5"),
        ("10.0.0.0/8", "::ffff:10.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("10.0.0.0/8", "10.0.0.1", "'; DROP TABLE", "10.0.0.1"),
    ],
)
def test_only_trusted_proxies_say_who_asks(setting, peer, forwarded, client):
    assert Trusted.parse(setting).client(peer, forwarded) == client


@pytest.mark.parametrize("setting", ["ten", "10.0.0.0/99", "-1", "99", "1,2,x"])
def test_a_setting_that_cannot_be_read_is_refused(setting):
    with pytest.raises(ValueError):
        Trusted.parse(setting)


@given(st.lists(st.ip_addresses(v=4).map(str), max_size=6))
def test_whatever_a_stranger_forges_one_proxy_tells_the_strangers_own_address(forged):
    told = ", ".join([*forged, "203.0.113.5"])
    assert Trusted.parse("1").client("10.0.0.1", told) == "203.0.113.5"
    assert Trusted.parse("").client("203.0.113.5", told) == "203.0.113.5"
