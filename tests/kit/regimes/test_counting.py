"""Time is counted as the law counts it: across changes of the clocks, leap days and days off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.kit.regimes.calendars import calendar
from holdfast.kit.regimes.counting import Period, RollOver, end_of
from holdfast.kit.regimes.zones import zone

BERLIN, WASHINGTON, TOKYO = (
    zone("Europe/Berlin"),
    zone("America/New_York"),
    zone("Asia/Tokyo"),
)
GERMAN, FEDERAL, JAPANESE = calendar("DE"), calendar("US"), calendar("JP")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def ends(start: str, period: Period, place: str = "DE") -> str:
    where = {"DE": (BERLIN, GERMAN), "US": (WASHINGTON, FEDERAL), "JP": (TOKYO, JAPANESE)}[place]
    return end_of(at(start), period, *where).at.isoformat()


def test_elapsed_hours_cross_the_spring_change_of_the_clocks() -> None:
    # The night of 29 March 2026 has one hour less in Berlin.
    assert ends("2026-03-28T12:00:00+01:00", Period(24, "hours")) == "2026-03-29T13:00:00+02:00"


def test_elapsed_hours_cross_the_autumn_change_of_the_clocks() -> None:
    assert ends("2026-10-24T12:00:00+02:00", Period(24, "hours")) == "2026-10-25T11:00:00+01:00"


def test_hours_that_skip_days_off_stand_still_from_friday_midnight_to_monday() -> None:
    period = Period(24, "hours", hours_skip_days_off=True)
    assert ends("2026-11-20T22:15:00-05:00", period, "US") == "2026-11-23T22:15:00-05:00"


def test_hours_that_skip_days_off_start_on_monday_when_the_clock_starts_on_a_sunday() -> None:
    period = Period(24, "hours", hours_skip_days_off=True)
    assert ends("2026-11-22T15:00:00-05:00", period, "US") == "2026-11-24T00:00:00-05:00"


def test_the_day_of_a_change_of_the_clocks_is_a_sunday_and_costs_no_counted_hour() -> None:
    # 1 November 2026: 25 hours in Washington, none of which count.
    period = Period(24, "hours", hours_skip_days_off=True)
    assert ends("2026-10-30T18:00:00-04:00", period, "US") == "2026-11-02T18:00:00-05:00"


def test_calendar_days_end_with_the_last_second_of_the_last_day() -> None:
    assert ends("2028-02-27T09:00:00+01:00", Period(2, "calendar_days")) == (
        "2028-02-29T23:59:59+01:00"  # a leap day
    )


def test_the_first_day_counts_where_the_law_says_so() -> None:
    period = Period(10, "calendar_days", counts_first_day=True)
    assert ends("2026-11-20T09:00:00+09:00", period, "JP") == "2026-11-29T23:59:59+09:00"


def test_the_day_is_that_of_the_authority_not_of_whoever_told() -> None:
    # Late on the 20th in New York is the 21st in Tokyo.
    period = Period(10, "calendar_days", counts_first_day=True)
    assert ends("2026-11-20T22:15:00-05:00", period, "JP") == "2026-11-30T23:59:59+09:00"


def test_working_days_leave_out_weekends_and_public_holidays() -> None:
    assert ends("2026-12-23T10:00:00+01:00", Period(3, "working_days")) == (
        "2026-12-29T23:59:59+01:00"  # 24, 28, 29: Christmas and the weekend do not count
    )


def test_an_observed_holiday_is_a_day_off() -> None:
    # 4 July 2026 is a Saturday; federal offices are closed on Friday the 3rd.
    assert ends("2026-07-02T10:00:00-04:00", Period(1, "working_days"), "US") == (
        "2026-07-06T23:59:59-04:00"
    )


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31T10:00:00+01:00", 1, "2026-02-28T23:59:59+01:00"),
        ("2028-01-31T10:00:00+01:00", 1, "2028-02-29T23:59:59+01:00"),
        ("2026-11-30T10:00:00+01:00", 3, "2027-02-28T23:59:59+01:00"),
        ("2026-12-15T10:00:00+01:00", 12, "2027-12-15T23:59:59+01:00"),
    ],
)
def test_months_end_on_the_same_day_or_on_the_last(start: str, months: int, end: str) -> None:
    assert ends(start, Period(months, "months")) == end


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2027-01-15T10:00:00+09:00", 1, "2027-02-14T23:59:59+09:00"),
        ("2027-03-01T10:00:00+09:00", 12, "2028-02-29T23:59:59+09:00"),
        ("2027-01-31T10:00:00+09:00", 1, "2027-02-28T23:59:59+09:00"),  # there is no 31st
    ],
)
def test_months_whose_first_day_counts_end_a_day_sooner(start: str, months: int, end: str) -> None:
    assert ends(start, Period(months, "months", counts_first_day=True), "JP") == end


def test_a_day_whose_last_hour_comes_twice_ends_with_the_second_of_them() -> None:
    # Brazil's clocks went back at midnight: 17 February 2018 had 25 hours.
    end = end_of(
        at("2018-02-15T10:00:00-02:00"),
        Period(2, "calendar_days"),
        zone("America/Sao_Paulo"),
        calendar("BR"),
    )
    assert end.at.isoformat() == "2018-02-17T23:59:59-03:00"


def test_a_day_that_begins_at_one_has_the_hours_it_has() -> None:
    # On 4 November 2018 there was no midnight in Brazil; the hours that count begin on Monday.
    period = Period(24, "hours", hours_skip_days_off=True)
    end = end_of(at("2018-11-01T12:00:00-03:00"), period, zone("America/Sao_Paulo"), calendar("BR"))
    assert end.at.isoformat() == "2018-11-05T12:00:00-02:00"  # without the holiday on Friday


def test_hours_that_are_used_up_at_midnight_end_then_and_not_after_the_weekend() -> None:
    period = Period(24, "hours", hours_skip_days_off=True)
    assert ends("2026-11-20T00:00:00-05:00", period, "US") == "2026-11-21T00:00:00-05:00"


def test_no_hours_end_where_they_start_on_a_day_off_too() -> None:
    period = Period(0, "hours", hours_skip_days_off=True)
    assert ends("2026-11-21T15:00:00-05:00", period, "US") == "2026-11-21T15:00:00-05:00"


def test_a_period_backwards_from_an_act_is_refused_and_not_counted_forwards() -> None:
    with pytest.raises(ValueError, match="backwards"):
        ends("2026-11-20T10:00:00+01:00", Period(5, "working_days", is_before=True))


def test_a_roll_over_that_nobody_read_moves_nothing_but_is_told() -> None:
    period = Period(2, "calendar_days", roll_over=RollOver(is_certain=False))
    found = end_of(at("2026-11-19T10:00:00+01:00"), period, BERLIN, GERMAN)
    assert found.at.isoformat() == "2026-11-21T23:59:59+01:00"  # a Saturday
    assert found.rolls_to is not None
    assert found.rolls_to.isoformat() == "2026-11-23T23:59:59+01:00"


def test_a_roll_over_that_was_read_moves_the_end() -> None:
    period = Period(2, "calendar_days", roll_over=RollOver(is_certain=True))
    assert ends("2026-11-19T10:00:00+01:00", period) == "2026-11-23T23:59:59+01:00"


def test_a_saturday_stays_where_only_sundays_and_holidays_move_an_end() -> None:
    period = Period(2, "calendar_days", roll_over=RollOver(saturdays=False, is_certain=True))
    assert ends("2026-11-19T10:00:00+01:00", period) == "2026-11-21T23:59:59+01:00"
    assert ends("2026-11-20T10:00:00+01:00", period) == "2026-11-23T23:59:59+01:00"


def test_of_two_readings_the_earlier_end_is_due() -> None:
    period = Period(2, "calendar_days", stricter=Period(48, "hours"))
    assert ends("2026-11-20T10:00:00+01:00", period) == "2026-11-22T10:00:00+01:00"


def test_what_must_come_before_an_act_is_due_with_it() -> None:
    period = Period(0, "calendar_days", is_before=True)
    assert ends("2026-11-20T10:00:00+01:00", period) == "2026-11-20T10:00:00+01:00"
    assert ends("2026-11-20T10:00:00+01:00", Period(0, "calendar_days")) == (
        "2026-11-20T23:59:59+01:00"
    )


def test_an_instant_without_offset_starts_no_clock() -> None:
    with pytest.raises(ValueError, match="offset"):
        end_of(datetime(2026, 11, 20), Period(1, "hours"), BERLIN, GERMAN)


INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))
PERIODS = st.builds(
    Period,
    value=st.integers(0, 60),
    unit=st.sampled_from(["hours", "calendar_days", "working_days", "months"]),
    counts_first_day=st.booleans(),
    hours_skip_days_off=st.booleans(),
)


@given(INSTANTS, PERIODS)
def test_no_period_ends_before_it_starts(start: datetime, period: Period) -> None:
    assert end_of(start, period, WASHINGTON, FEDERAL).at >= start


@given(INSTANTS, PERIODS, st.timedeltas(timedelta(0), timedelta(days=40)))
def test_a_later_start_never_ends_earlier(start: datetime, period: Period, by: timedelta) -> None:
    first = end_of(start, period, WASHINGTON, FEDERAL).at
    assert end_of(start + by, period, WASHINGTON, FEDERAL).at >= first
