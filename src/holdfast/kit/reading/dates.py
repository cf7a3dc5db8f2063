"""Days and ranges of days as people write them in four languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from holdfast.kit.reading.words import MONTHS

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY = r"(\d{1,2})(?:st|nd|rd|th|er|\.)?"
_TO = r"\s{0,3}(?:-|–|—|to|until|bis|au|al|a|y|and|und|et)\s{0,3}(?:the|zum|el|le)?\s{0,3}"
_OF = r"\s{0,3}(?:of|de|\.)?\s{0,3}"
_YEAR = r"(?:\s{0,3}(?:,|de|del)?\s{0,3}(\d{4}))?"
_DOTTED = r"(\d{1,2})[./](\d{1,2})[./](\d{4})"

_PATTERNS = (
    ("iso_range", rf"(\d{{4}})-(\d\d)-(\d\d){_TO}(\d{{4}})-(\d\d)-(\d\d)"),
    ("iso", r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)"),
    (
        "dotted_range",
        rf"(?<!\d)(\d{{1,2}})[./](\d{{1,2}})[./]?(\d{{4}})?{_TO}{_DOTTED}",
    ),
    ("dotted", r"(?<!\d)(\d{1,2})[./](\d{1,2})[./](\d{4})(?!\d)"),
    (
        "two_months",
        rf"(?<!\d){_DAY}{_OF}\b({_MONTH})\b\.?{_YEAR}{_TO}{_DAY}{_OF}\b({_MONTH})\b\.?{_YEAR}",
    ),
    ("days_of_month", rf"(?<!\d){_DAY}{_TO}{_DAY}{_OF}\b({_MONTH})\b\.?{_YEAR}"),
    ("day_of_month", rf"(?<!\d){_DAY}{_OF}\b({_MONTH})\b\.?{_YEAR}"),
    (
        "month_day",
        rf"\b({_MONTH})\b\.?\s{{1,3}}(\d{{1,2}})(?:st|nd|rd|th)?(?:\s{{0,3}},?\s{{0,3}}(\d{{4}}))?(?!\d)",
    ),
)
_COMPILED = [(name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _PATTERNS]


@dataclass(frozen=True, slots=True)
class Days:
    """A first and last day where the text names them, and whether the year was filled in."""

    start: int
    end: int
    first: date
    last: date
    is_guessed: bool = False


def find_days(text: str, year: int | None) -> Iterator[Days]:
    """Every day or range in the text, in its order; a missing year is `year`, or not found.

    01/02/2026 is read day first, as everywhere outside the United States, and marked as guessed.
    """
    taken = [False] * (len(text) + 1)
    found = []
    for name, pattern in _COMPILED:
        for match in pattern.finditer(text):
            if any(taken[match.start() : match.end()]):
                continue
            days = _days(name, match, year)
            if days is not None:
                taken[match.start() : match.end()] = [True] * (match.end() - match.start())
                found.append(days)
    yield from sorted(found, key=lambda days: days.start)


def _days(name: str, match: re.Match[str], year: int | None) -> Days | None:
    g = match.groups()
    guessed = False
    try:
        if name == "iso_range":
            first, last = _date(g[0], g[1], g[2]), _date(g[3], g[4], g[5])
        elif name == "iso":
            first = last = _date(g[0], g[1], g[2])
        elif name == "dotted_range":
            first, last = _date(g[2] or g[5], g[1], g[0]), _date(g[5], g[4], g[3])
        elif name == "dotted":
            first, guessed = _either_order(g[0], g[1], g[2])
            last = first
        elif name == "two_months":
            second_year = g[5] or g[2] or year
            first = _date(g[2] or second_year, MONTHS[g[1].lower()], g[0])
            last = _date(second_year, MONTHS[g[4].lower()], g[3])
            guessed = not (g[5] or g[2])
        elif name == "days_of_month":
            month, written = MONTHS[g[2].lower()], g[3] or year
            first, last, guessed = (
                _date(written, month, g[0]),
                _date(written, month, g[1]),
                not g[3],
            )
        elif name == "day_of_month":
            first = last = _date(g[2] or year, MONTHS[g[1].lower()], g[0])
            guessed = not g[2]
        else:
            first = last = _date(g[2] or year, MONTHS[g[0].lower()], g[1])
            guessed = not g[2]
    except (ValueError, TypeError):
        return None
    if last < first:
        return None
    return Days(match.start(), match.end(), first, last, guessed)


def _date(year: str | int | None, month: str | int, day: str | int) -> date:
    if year is None:
        raise ValueError("no year")
    return date(int(year), int(month), int(day))


def _either_order(first: str, second: str, year: str) -> tuple[date, bool]:
    if int(second) > 12:
        return _date(year, first, second), False
    return _date(year, second, first), int(first) <= 12 and first != second
