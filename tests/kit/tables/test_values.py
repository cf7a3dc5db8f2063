"""Numbers, dates, countries and identifiers as people write them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.kit.tables import (
    DateReader,
    NumberReader,
    country_code,
    survey_styles,
    tidy_identifier,
)

pytestmark = pytest.mark.once
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "point", "comma"),
    [
        ("6", 6, 6),
        ("-6", -6, -6),
        ("5-", -5, -5),
        ("(5)", -5, -5),
        ("\u22125", -5, -5),
        ("6.0", "6.0", None),
        ("1,234.5", "1234.5", None),
        ("1.234,5", None, "1234.5"),
        ("1.234", "1.234", 1234),
        ("1 234", 1234, 1234),
        ("£2.55", "2.55", None),
        ("2,55 €", None, "2.55"),
        ("EUR 5", 5, 5),
    ],
)
def test_numbers_are_read_with_the_sign_of_the_file(
    text: str, point: str | int | None, comma: str | int | None
) -> None:
    for sign, wanted in ((".", point), (",", comma)):
        assert NumberReader(sign).read(text) == (None if wanted is None else Decimal(wanted))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-",
        "--6",
        "nan",
        "inf",
        "1e3",
        "1e999",
        "0x10",
        "1_000",
        "=1+1",
        "six",
        "1,2,3.4.5",
    ],
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert NumberReader(".").read(text) is None


@given(st.decimals(-(10**9), 10**9, places=3))
def test_a_written_number_comes_back(number: Decimal) -> None:
    assert NumberReader(".").read(f"{number:f}") == number
    assert NumberReader(",").read(f"{number:f}".replace(".", ",")) == number
    assert NumberReader(".").read(f"{number:,f}") == number


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-03-02 14:30:00", (2026, 3, 2, 13, 30)),
        ("2026-07-02 14:30", (2026, 7, 2, 12, 30)),
        ("2026-03-02T14:30:00Z", (2026, 3, 2, 14, 30)),
        ("2026-03-02 14:30:00 -0500", (2026, 3, 2, 19, 30)),
        ("2026-03-02T14:30:00.123+01:00", (2026, 3, 2, 13, 30)),
        ("2026-03-02 14:30:00 UTC", (2026, 3, 2, 14, 30)),
        ("2026/3/2", (2026, 3, 1, 23, 0)),
        ("20260302", (2026, 3, 1, 23, 0)),
        ("31.12.2025 8:26", (2025, 12, 31, 7, 26)),
        ("5/3/26 2:30 PM", (2026, 3, 5, 13, 30)),
        ("5 Mar 2026", (2026, 3, 4, 23, 0)),
        ("March 5, 2026", (2026, 3, 4, 23, 0)),
        ("1. März 2026", (2026, 2, 28, 23, 0)),
    ],
)
def test_dates_are_read_in_the_zone_of_the_shop(text: str, wanted: tuple[int, ...]) -> None:
    assert DateReader("dmy", BERLIN).read(text) == datetime(*wanted, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize("text", ["", "2026-02-30", "32.01.2026", "10:30", "soon", "13/13/2026"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert DateReader("dmy", UTC).read(text) is None


def test_a_date_that_fits_both_ways_is_none_until_the_order_is_known() -> None:
    assert DateReader("", UTC).read("03/04/2026") is None
    assert DateReader("mdy", UTC).read("03/04/2026") == datetime(2026, 3, 4, tzinfo=UTC)


def styles(dates: list[str], numbers: list[str], separator: str = ",") -> object:
    rows = [(n, list(pair)) for n, pair in enumerate(zip(dates, numbers, strict=True), 2)]
    return survey_styles(rows, [0], [1], separator=separator)


def test_the_order_of_dates_is_decided_by_the_rows() -> None:
    assert styles(["03/04/2026", "13/04/2026"], ["1", "1"]).date_order == "dmy"  # type: ignore[attr-defined]
    assert styles(["03/04/2026", "04/13/2026"], ["1", "1"]).date_order == "mdy"  # type: ignore[attr-defined]
    undecided = styles(["03/04/2026", "05/06/2026"], ["1", "1"])
    assert undecided.ambiguous
    assert undecided.ambiguous_line == 2
    late = ["03/04/2026"] * 5_000 + ["25/04/2026"]
    assert styles(late, ["1"] * 5_001).date_order == "dmy"  # type: ignore[attr-defined]


def test_the_decimal_sign_is_decided_by_the_rows() -> None:
    assert styles(["2026-01-01"] * 2, ["1.234", "1,5"]).decimal == ","  # type: ignore[attr-defined]
    assert styles(["2026-01-01"] * 2, ["1.234", "2.55"]).decimal == "."  # type: ignore[attr-defined]
    assert styles(["2026-01-01"], ["1.234"], ";").decimal == ","  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("United Kingdom", "GB"),
        ("EIRE", "IE"),
        ("USA", "US"),
        ("RSA", "ZA"),
        ("UK", "GB"),
        ("Deutschland", "DE"),
        ("Allemagne", "DE"),
        ("España", "ES"),
        ("Türkiye", "TR"),
        ("Czech Republic", "CZ"),
        ("de", "DE"),
        ("DEU", "DE"),
        ("Channel Islands", ""),
        ("European Community", ""),
        ("Unspecified", ""),
        ("Atlantis", ""),
        ("", ""),
    ],
)
def test_countries_get_their_code_or_none(text: str, code: str) -> None:
    assert country_code(text) == code


@given(st.text("0123456789ABC-.", min_size=1, max_size=20))
def test_leading_zeros_and_letters_survive(text: str) -> None:
    tidy = tidy_identifier(text)
    assert tidy == text or (
        text.rstrip("0").rstrip(".") == tidy.rstrip("0") and text[0] in "123456789"
    )
