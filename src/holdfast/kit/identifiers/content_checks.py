"""Checks of one component of an element's value; each says what it expected, or nothing.

Codes of currencies, packages and coupons are checked for their form only: those lists are
others' and change often.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from functools import cache

from holdfast.kit.identifiers.check_digits import check_digit, has_check_pair

Check = Callable[[str], str]


def _check(part: str) -> str:
    if not part.isdigit() or len(part) < 2:
        return "digits"
    wanted = check_digit(part[:-1])
    return "" if part[-1] == wanted else f"check digit {wanted}"


def _pair(part: str) -> str:
    return "" if has_check_pair(part) else "two check characters that fit"


def _prefix(part: str) -> str:
    return "" if len(part) >= 4 and part[:4].isdigit() else "a company prefix in front"


def _prefix2(part: str) -> str:
    return _prefix(part[1:])


def _day(part: str, *, may_be_whole_month: bool = False) -> str:
    # Centuries turn with the present year; 28 days of February or 29 is all that depends on it.
    year, month, day = 2000 + int(part[:2]), int(part[2:4]), int(part[4:6])
    good = 1 <= month <= 12 and (day > 0 or may_be_whole_month)
    if good and day <= calendar.monthrange(year, month)[1]:
        return ""
    return "a day as YYMMDD"


def _day0(part: str) -> str:
    return _day(part, may_be_whole_month=True)


def _longday(part: str) -> str:
    year, month, day = int(part[:4]), int(part[4:6]), int(part[6:8])
    if year and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]:
        return ""
    return "a day as YYYYMMDD"


def _hour(part: str) -> str:
    return "" if int(part) < 24 else "an hour from 00 to 23"


def _minute(part: str) -> str:
    return "" if int(part) < 60 else "00 to 59"


def _time(part: str) -> str:
    if part == "9999":  # no time was stated
        return ""
    return "" if int(part[:2]) < 24 and int(part[2:]) < 60 else "a time as HHMM"


@cache
def _countries() -> frozenset[str]:
    from babel.core import get_global  # noqa: PLC0415 (only elements with countries need it)

    # From 895 on the numbers are private use.
    return frozenset(
        code
        for code in map(str, get_global("territory_aliases"))
        if code.isdigit() and int(code) < 895
    )


@cache
def _country_letters() -> frozenset[str]:
    from babel import Locale  # noqa: PLC0415 (as above)

    return frozenset(code for code in map(str, Locale("en").territories) if len(code) == 2)


def _country(part: str) -> str:
    return "" if part in _countries() else "a country of ISO 3166 in three digits"


def _country999(part: str) -> str:
    return "" if part == "999" else _country(part)


def _country2(part: str) -> str:
    return "" if part in _country_letters() else "a country of ISO 3166 in two letters"


def _currency(part: str) -> str:
    return "" if part != "000" else "a currency of ISO 4217 in three digits"


def _fits(pattern: str, expected: str) -> Check:
    wanted = re.compile(pattern)
    return lambda part: "" if wanted.fullmatch(part) else expected


def _latitude(part: str) -> str:
    return "" if int(part) <= 1_800_000_000 else "a latitude, 0000000000 to 1800000000"


def _longitude(part: str) -> str:
    return "" if int(part) <= 3_600_000_000 else "a longitude, 0000000000 to 3600000000"


def _nonzero(part: str) -> str:
    return "" if int(part) else "a number above zero"


def _piece(part: str) -> str:
    piece, total = int(part[:2]), int(part[2:])
    return "" if 0 < piece <= total else "a piece from 01 to the total"


def _sequence(part: str) -> str:
    found = re.fullmatch(r"(\d)/(\d)", part)
    good = found is not None and 0 < int(found[1]) <= int(found[2])
    return "" if good else "a position and a total: 1/2"


def _iban(part: str) -> str:
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{1,30}", part):
        return "an IBAN"
    digits = "".join(str(int(ch, 36)) for ch in part[4:] + part[:4])
    return "" if int(digits) % 97 == 1 else "an IBAN whose check digits fit"


CHECKS: dict[str, Check] = {
    "bit": _fits("[01]", "0 or 1"),
    "check": _check,
    "country": _country,
    "country2": _country2,
    "country999": _country999,
    "coupon": _fits(r"[0-6]\d{5,69}", "a coupon in digits"),
    "currency": _currency,
    "day": _day,
    "day0": _day0,
    "hour": _hour,
    "hyphen": _fits("-", "a minus sign"),
    "iban": _iban,
    "importer": _fits(r"[-_0-9A-Za-z]", "a letter, a digit, - or _"),
    "latitude": _latitude,
    "longday": _longday,
    "longitude": _longitude,
    "media": _fits(r"0[1-9]|10|[89]\d", "a kind of carrier, 01 to 10 or 80 to 99"),
    "minute": _minute,
    "nondigit": _fits(r".*\D.*", "at least one character that is no digit"),
    "nonzero": _nonzero,
    "nozero": _fits(r"0|[1-9]\d*", "a number without leading zero"),
    "offer": _fits(r"[01]\d{5,69}", "a coupon in digits"),
    "package": _fits(r"[0-9A-Z]{1,4}", "a package of UNECE recommendation 21"),
    "pair": _pair,
    "percent": _fits(r"(?:[^%]|%[0-9A-Fa-f]{2})*", "% before two hexadecimal digits"),
    "piece": _piece,
    "prefix": _prefix,
    "prefix2": _prefix2,
    "sequence": _sequence,
    "sex": _fits("[0129]", "0, 1, 2 or 9"),
    "time": _time,
    "winding": _fits("[019]", "0, 1 or 9"),
    "zero": _fits("0", "0"),
}
