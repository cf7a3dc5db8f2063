"""What must be the same in every language: lots, numbers, dates, phones, web addresses."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from babel import Locale
from babel.dates import get_month_names

_EASTERN = {chr(base + digit): str(digit) for base in (0x660, 0x6F0) for digit in range(10)}
_BLANKS = dict.fromkeys("\u00a0\u202f\u2009", " ")
_DIGITS = str.maketrans({**_EASTERN, **_BLANKS, "٫": ".", "٬": ","})
# Patterns start only where a word starts and repeats are bounded: a megabyte stays linear.
_URL = re.compile(
    r"(?<![\w.@-])(?:https?://)?"
    r"(?:(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24}|(?:\d{1,3}\.){3}\d{1,3}(?=[:/])|localhost(?=[:/]))"
    r"(?::\d{2,5})?(?:/[\w./%~+-]{0,200})?(?![\w@])",
    re.IGNORECASE,
)
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,6}[a-z]{2,24}", re.IGNORECASE)
_CODE = re.compile(
    r"(?<![\w-])(?=[A-Z0-9-]{2,40}(?![\w-]))(?=[0-9-]{0,40}[A-Z])(?=[A-Z-]{0,40}[0-9])[A-Z0-9-]{2,40}"
)
_PHONE = re.compile(r"(?<![\w])\+?\(?[0-9](?:[ ()/.-]{0,2}[0-9]){6,16}(?!\w)")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_NUMERIC_DATE = re.compile(r"(?<!\d)(\d{1,2})[./](\d{1,2})[./](\d{4})(?!\d)")
_NUMBER = re.compile(r"(?<![\w.,])(?:\d{1,3}(?:[ .,']\d{3}){1,5}|\d{1,20})(?:[.,]\d{1,2})?(?![\w])")


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one text, in one spelling; each set maps a fact to the place where it stands."""

    urls: dict[str, int]
    mails: dict[str, int]
    codes: dict[str, int]
    phones: dict[str, int]
    dates: dict[str, int]
    numbers: dict[str, int]


@cache
def _months(language: str) -> dict[str, int]:
    """Month names of a language, long and short, nominative and as used in dates."""
    locale = Locale.parse(language)
    found: dict[str, int] = {}
    for width in ("wide", "abbreviated"):
        for context in ("format", "stand-alone"):
            names = get_month_names(width, context, locale)
            found.update({_plain(name).rstrip("."): number for number, name in names.items()})
    return found


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if unicodedata.category(char) not in ("Mn", "Cf"))


@cache
def _worded_date(language: str) -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in sorted(_months(language), key=len, reverse=True))
    return re.compile(
        rf"(?:(?P<d1>\d{{1,2}})(?:\.|er|st|nd|rd|th)?(?: de)? )?(?P<month>{names})\.?"
        rf"(?:(?: (?P<d2>\d{{1,2}}),)?(?:,? (?:de |del )?(?P<year>\d{{4}})))?(?!\w)"
    )


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]


def _number(written: str) -> str:
    """One spelling for `1,234.50`, `1.234,50`, `1 234,50`."""
    tail = re.search(r"[.,](\d{1,2})$", written)
    digits = re.sub(r"[^\d]", "", written[: tail.start()] if tail else written)
    cents = (tail.group(1) + "0")[:2] if tail else ""
    whole = digits.lstrip("0") or "0"
    return f"{whole}.{cents}" if cents and cents != "00" else whole


def facts_of(text: str, language: str) -> Facts:
    """The facts of a text, each kind taken out before the next is looked for."""
    code = language.split("-")[0].lower()
    left = "".join(
        " " if unicodedata.category(char) == "Cf" else char for char in text.translate(_DIGITS)
    )
    urls: dict[str, int] = {}
    mails: dict[str, int] = {}
    codes: dict[str, int] = {}
    phones: dict[str, int] = {}
    dates: dict[str, int] = {}
    numbers: dict[str, int] = {}
    for pattern, there in ((_MAIL, mails), (_URL, urls)):
        for match in pattern.finditer(left):
            plain = match.group().lower().removeprefix("https://").removeprefix("http://")
            there.setdefault(plain.rstrip("./"), match.start())
        left = pattern.sub(lambda found: " " * len(found.group()), left)
    for match in _ISO.finditer(left):
        dates.setdefault("-".join(match.groups()), match.start())
    left = _ISO.sub(lambda found: " " * len(found.group()), left)
    for match in _NUMERIC_DATE.finditer(left):
        day, month, year = match.groups()
        dates.setdefault(f"{year}-{int(month):02}-{int(day):02}", match.start())
    left = _NUMERIC_DATE.sub(lambda found: " " * len(found.group()), left)
    left = _take_worded_dates(left, code, dates)
    for match in _CODE.finditer(left):
        codes.setdefault(match.group(), match.start())
    left = _CODE.sub(lambda found: " " * len(found.group()), left)
    for match in _PHONE.finditer(left):
        digits = re.sub(r"\D", "", match.group())
        if len(digits) >= 7:
            phones.setdefault(digits, match.start())
            left = _blank(left, match.start(), match.end())
    for match in _NUMBER.finditer(left):
        numbers.setdefault(_number(match.group()), match.start())
    return Facts(urls, mails, codes, phones, dates, numbers)


def _take_worded_dates(text: str, language: str, dates: dict[str, int]) -> str:
    plain = "".join(_plain(char)[:1] or " " for char in text)
    spans: list[tuple[int, int]] = []
    for match in _worded_date(language).finditer(plain):
        day = match["d1"] or match["d2"]
        if not day and not match["year"]:
            continue
        if match.start() and plain[match.start() - 1].isalnum():
            continue
        found = f"{match['year'] or ''}-{_months(language)[match['month']]:02}"
        dates.setdefault(found + (f"-{int(day):02}" if day else ""), match.start())
        spans.append(match.span())
    for start, end in reversed(spans):
        text = _blank(text, start, end)
    return text
