"""A calendar file that every calendar reads the same: UTC, stable, with alarms before the end."""

from __future__ import annotations

import doctest
from datetime import UTC, datetime, timedelta

from icalendar import Calendar

from holdfast.kit.regimes import cities, law_digest, roles, told_times
from holdfast.kit.regimes.deadline_feed import Entry, feed
from holdfast.kit.regimes.law_digest import obligation_digest
from holdfast.kit.regimes.reading import versions
from holdfast.kit.regimes.zones import zone

DUE = datetime(2026, 11, 1, 1, 30, tzinfo=zone("America/New_York"), fold=1)  # shown twice that day
ENTRY = Entry(
    "duty-1@house", "Report; to, the CPSC", DUE, "24 hours.\nFile at: x", "http://x/", 3, DUE
)


def test_an_end_in_the_hour_that_comes_twice_is_one_instant() -> None:
    (event,) = Calendar.from_ical(feed("R-1", [ENTRY])).walk("VEVENT")
    assert event["dtstart"].dt == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert str(event["summary"]) == "Report; to, the CPSC"
    assert event["sequence"] == 3


def test_alarms_ring_a_day_and_four_hours_before() -> None:
    (event,) = Calendar.from_ical(feed("R-1", [ENTRY])).walk("VEVENT")
    before = sorted(alarm["trigger"].dt for alarm in event.walk("VALARM"))
    assert before == [timedelta(hours=-24), timedelta(hours=-4)]


def test_the_same_deadlines_give_the_same_bytes_and_none_give_a_calendar() -> None:
    assert feed("R-1", [ENTRY]) == feed("R-1", [ENTRY])
    assert Calendar.from_ical(feed("R-1", [])).walk("VEVENT") == []


def test_no_two_duties_share_a_digest_and_it_stays_the_same() -> None:
    found = [obligation_digest(law, duty) for law in versions() for duty in law.obligations]
    assert len(set(found)) == len(found)
    assert found == [obligation_digest(law, duty) for law in versions() for duty in law.obligations]


def test_the_examples_hold() -> None:
    for module in (cities, law_digest, roles, told_times):
        assert doctest.testmod(module).failed == 0, module.__name__
