"""Numbers, shares and ages as people of one language read them."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import format_decimal

Number = int | float | Decimal
NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?")


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language.replace("-", "_"))
    except (ValueError, LookupError):
        return Locale.parse("en")


def count(value: Number | None, language: str = "en") -> str:
    """Whole units grouped by thousands; fractions keep what they have; nothing is “–”."""
    if value is None:
        return "–"
    text: str = format_decimal(value, format="#,##0.######", locale=_locale(language))
    return text.replace("-", MINUS, 1) if text.startswith("-") else text


def signed(value: Number, language: str = "en") -> str:
    """A difference with its sign: +118, −3, 0."""
    return ("+" if value > 0 else "") + count(value or 0, language)


def percent(part: Number, whole: Number, language: str = "en") -> str:
    """A share in whole per cent; never rounds up to 100 or down to 0, “–” of nothing."""
    if not whole:
        return "–"
    share = Decimal(part) * 100 / Decimal(whole)
    whole_share = int(share.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    if whole_share == 100 and share < 100:
        whole_share = 99
    if whole_share == 0 and share > 0:
        return f"<{NBSP}1{NBSP}%"
    return f"{count(whole_share, language)}{NBSP}%"


def span(delta: timedelta) -> tuple[int, str]:
    """The largest sensible unit of a time span: (n, 'days' | 'hours' | 'minutes')."""
    minutes = int(abs(delta).total_seconds() // 60)
    if minutes >= 2 * 24 * 60:
        return minutes // (24 * 60), "days"
    if minutes >= 60:
        return minutes // 60, "hours"
    return minutes, "minutes"


def times_in(words: str) -> str:
    r"""Words with their machine times made readable.

    >>> times_in("began: 2026-03-02T10:00:00.5+00:00.")
    'began: 2026-03-02\xa010:00\xa0UTC.'
    """
    return _STAMP.sub(_readable, words)


def _readable(found: re.Match[str]) -> str:
    day, clock, zone = found.groups()
    at_zero = zone in ("Z", "+00:00")
    return f"{day}{NBSP}{clock}" + (f"{NBSP}{'UTC' if at_zero else zone}" if zone else "")
