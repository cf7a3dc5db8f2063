"""A wall clock with the zone it was told in becomes one instant, or is refused with the reason."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from holdfast.kit.refusals import Unreadable
from holdfast.kit.regimes.roles import roles_of
from holdfast.kit.regimes.told_times import told_time, told_zone, zone_words


@pytest.mark.parametrize(
    ("written", "where", "instant"),
    [
        ("2026-11-20T22:15", "America/New_York", "2026-11-21T03:15:00+00:00"),
        ("2026-11-20 22:15", "-05:00", "2026-11-21T03:15:00+00:00"),
        ("2026-07-20T22:15", "America/New_York", "2026-07-21T02:15:00+00:00"),
        ("2026-11-20T22:15:00+01:00", "America/New_York", "2026-11-20T21:15:00+00:00"),
        ("2026-11-20T22:15", "UTC", "2026-11-20T22:15:00+00:00"),
        ("2026-11-20T22:15", "+0530", "2026-11-20T16:45:00+00:00"),
    ],
)
def test_a_wall_clock_in_its_zone_is_one_instant(written: str, where: str, instant: str) -> None:
    at = told_time(written, where, "decision")
    assert at.astimezone(UTC).isoformat() == instant


def test_a_time_that_the_clocks_showed_twice_is_the_earlier_one() -> None:
    twice = told_time("2026-10-25T02:30", "Europe/Berlin", "decision")
    assert twice.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "where", "code"),
    [
        ("2026-11-20", "Europe/Berlin", "time_without_zone"),
        ("2026-11-20T22:15", "", "time_without_zone"),
        ("2026-11-20T22:15", "Berlin", "unknown_zone"),
        ("2026-11-20T22:15", "../../etc/passwd", "unknown_zone"),
        ("2026-11-20T22:15", "Europe", "unknown_zone"),
        ("2026-11-20T22:15", "+99:00", "unknown_zone"),
        ("2026-03-29T02:30", "Europe/Berlin", "no_such_time"),
        ("yesterday", "Europe/Berlin", "bad_time"),
        ("", "Europe/Berlin", "bad_time"),
    ],
)
def test_what_is_no_instant_is_refused_with_what_to_write(
    written: str, where: str, code: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        told_time(written, where, "decision")
    assert refused.value.code == code
    assert refused.value.hint


def test_a_zone_is_kept_by_its_name_or_its_offset() -> None:
    assert zone_words(told_time("2026-11-20T22:15", "Asia/Tokyo", "decision")) == "Asia/Tokyo"
    assert zone_words(datetime.fromisoformat("2026-11-20T22:15-05:00")) == "-05:00"
    assert zone_words(datetime(2026, 1, 1, tzinfo=UTC)) == "+00:00"
    for kept in ("Asia/Tokyo", "-05:00", "+00:00"):
        at = datetime(2026, 1, 1, tzinfo=told_zone(kept))
        assert zone_words(at) == kept


def test_roles_are_read_by_country_and_an_unknown_one_is_refused() -> None:
    assert roles_of(["importer", "uk=online-marketplace", "GB=retailer"]) == {
        "": frozenset({"importer"}),
        "GB": frozenset({"marketplace", "retailer"}),
    }
    with pytest.raises(Unreadable) as refused:
        roles_of(["boss"])
    assert refused.value.code == "unknown_role"
    assert "importer" in refused.value.hint
