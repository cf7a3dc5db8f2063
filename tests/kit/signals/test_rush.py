"""Many people at once are a rush; many reports of few people, and what is usual, are none."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from holdfast.kit.signals.rush import fullest, may_be_rush, rushes

DAY = date(2026, 4, 14)


def spoken(number: int, *, days: int = 1, people: int = 0, begin: date = DAY) -> list:
    """So many reports over so many days, each of somebody else, or of so many people in turn."""
    return [
        (begin + timedelta(days=n % days), f"{begin} {n % people if people else n}")
        for n in range(number)
    ]


def test_twenty_people_in_three_days_are_a_rush_and_nineteen_are_none() -> None:
    (rush,) = rushes(spoken(21, days=3))
    assert (rush.begins, rush.ends) == (DAY, DAY + timedelta(days=2))
    assert (rush.reports, rush.voices, rush.usual) == (21, 21, 0.0)
    assert rush.holds(DAY)
    assert not rush.holds(DAY + timedelta(days=3))
    assert rushes(spoken(19, days=3)) == ()
    assert rushes(spoken(40, days=20)) == (), "two a day are none"


def test_one_person_with_fifty_complaints_is_no_rush_and_fifty_unknown_ones_are() -> None:
    assert rushes(spoken(50, people=1)) == ()
    assert rushes([(DAY, "")] * 50)[0].voices == 50


def test_what_comes_every_day_is_no_rush_for_a_busy_product() -> None:
    usual = [one for n in range(120) for one in spoken(30, begin=DAY - timedelta(days=120 - n))]
    later = DAY - timedelta(days=20)
    assert not any(rush.ends > later for rush in rushes([*usual, *spoken(60)]))
    assert rushes([*usual, *spoken(600)])[-1].holds(DAY)


def test_what_numbers_by_day_do_not_allow_is_no_rush_and_every_rush_is_allowed() -> None:
    usual = [one for n in range(120) for one in spoken(30, begin=DAY - timedelta(days=120 - n))]
    for told in (usual, [*usual, *spoken(600)], spoken(21, days=3), spoken(40, days=20)):
        since = DAY - timedelta(days=30)
        days = Counter(day for day, _ in told)
        assert may_be_rush(days, since) == any(rush.ends >= since for rush in rushes(told))


def test_a_call_that_goes_on_for_a_week_is_one_rush() -> None:
    (rush,) = rushes(spoken(140, days=7))
    assert (rush.ends - rush.begins).days == 6
    assert rush.reports == 140
    assert len(rushes([*spoken(30), *spoken(30, begin=DAY + timedelta(days=30))])) == 2


def test_the_fullest_days_are_found() -> None:
    days = [DAY, DAY + timedelta(days=40), DAY + timedelta(days=41), DAY + timedelta(days=42)]
    assert fullest(days) == (3, days[1], days[3])
    assert fullest([]) is None
