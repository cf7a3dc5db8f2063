"""Numbers, dates and identifiers as people write them, read without guessing in silence."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal

BIGGEST = Decimal(10) ** 12

_CURRENCY = re.compile(
    r"^(?:[A-Z]{3}|[^\w\s.,+\-()']{1,2}|kr|zł|Kč)?\s*(.*?)\s*(?:[A-Z]{3}|[^\w\s.,+\-()']{1,2}|kr|zł|Kč)?$"
)
_POINT = re.compile(r"^\d+(?:\.\d+)?$|^\.\d+$|^\d{1,3}(?:[,' \u00a0\u202f]\d{3})+(?:\.\d+)?$")
_COMMA = re.compile(r"^\d+(?:,\d+)?$|^,\d+$|^\d{1,3}(?:[.' \u00a0\u202f]\d{3})+(?:,\d+)?$")
_GROUPS_POINT = str.maketrans("", "", ",' \u00a0\u202f")
_GROUPS_COMMA = str.maketrans(",", ".", ".' \u00a0\u202f")

_ISO = re.compile(
    r"^(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[T ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([AaPp]\.?[Mm]\.?)?)?"
    r"\s*(Z|UTC|GMT|[+-]\s?\d{2}:?\s?\d{2}|[+-]\d{2})?$"
)
_COMPACT = re.compile(
    r"^((?:19|20)\d{2})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(?:\.\d+)?()(Z)?)?$"
)
_YMD = re.compile(
    r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})"
    r"(?:[T ,]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([AaPp]\.?[Mm]\.?)?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$"
)
_TWO_WAYS = re.compile(
    r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})"
    r"(?:[T ,]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([AaPp]\.?[Mm]\.?)?)?"
    r"\s*(Z|UTC|GMT|[+-]\s?\d{2}:?\s?\d{2})?$"
)
_NAMED = re.compile(
    r"^(?:[A-Za-zé]{2,9}\.?,?\s+)??(?:(\d{1,2})(?:st|nd|rd|th|\.)?[\s\-/]+([^\W\d]{3,10})\.?"
    r"|([^\W\d]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?),?[\s\-/]+(\d{4})"
    r"(?:[T ,]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([AaPp]\.?[Mm]\.?)?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$"
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janv janvier ene enero",
            "feb february februar fev fevr fevrier febrero",
            "mar march marz maerz mrz mars marzo",
            "apr april avr avril abr abril",
            "may mai mayo",
            "jun june juni juin junio",
            "jul july juli juil juillet julio",
            "aug august aout ago agosto",
            "sep sept september septembre septiembre",
            "oct october okt oktober octobre octubre",
            "nov november novembre noviembre",
            "dec december dez dezember decembre dic diciembre",
        ),
        start=1,
    )
    for name in names.split()
}
_PLAIN = str.maketrans("äéèêûôç", "aeeeuoc")


class NumberReader:
    """Reads decimals written with one decimal sign; a text that is no number gives `None`."""

    def __init__(self, decimal: str = ".") -> None:
        self._pattern = _COMMA if decimal == "," else _POINT
        self._groups = _GROUPS_COMMA if decimal == "," else _GROUPS_POINT
        self.decimal = decimal

    def read(self, text: str) -> Decimal | None:
        """The number, or `None`; NaN, infinity, exponents and formulas are no numbers.

        >>> NumberReader(",").read("1.234,50")
        Decimal('1234.50')
        >>> NumberReader().read("1e999") is None
        True
        """
        text = text.strip().replace("\u2212", "-")
        if not text.isascii() or not text.lstrip("-+").isdigit():
            text, negative = self._sign(text)
            if not self._pattern.match(text) or not text.isprintable() or len(text) > 40:
                return None
            text = text.translate(self._groups)
        else:
            if len(text) > 40 or text.count("-") + text.count("+") > 1:
                return None
            negative = text[0] == "-"
            text = text.lstrip("-+")
        try:
            value = Decimal(text)
        except ArithmeticError:
            return None
        if value > BIGGEST:
            return None
        return -value if negative else value

    @staticmethod
    def _sign(text: str) -> tuple[str, bool]:
        negative = False
        if text.startswith("(") and text.endswith(")"):
            text, negative = text[1:-1].strip(), True
        for _ in range(2):
            if text.startswith(("-", "+")):
                negative = negative or text[0] == "-"
                text = text[1:].lstrip()
            elif text.endswith("-"):
                text, negative = text[:-1].rstrip(), True
            found = _CURRENCY.match(text)
            text = found.group(1) if found else text
        return text, negative


class DateReader:
    """Reads dates and times; a text without zone is taken in `zone`, the shop's own.

    `order` is `dmy`, `mdy` or empty; while it is empty, 03/04/2024 is no date.
    """

    def __init__(self, order: str, zone: tzinfo) -> None:
        self.order, self.zone = order, zone

    def read(self, text: str) -> datetime | None:
        """An aware UTC datetime, or `None` when the text is no date."""
        text = text.strip()
        if not text or len(text) > 60:
            return None
        found = _ISO.match(text) or _YMD.match(text) or _COMPACT.match(text)
        if found:
            year, month, day, *clock = found.groups()
            return self._build(int(year), int(month), int(day), clock)
        if found := _TWO_WAYS.match(text):
            first, second, year, *clock = found.groups()
            if not self.order:
                return None
            day, month = (first, second) if self.order == "dmy" else (second, first)
            number = int(year) + (2000 if len(year) == 2 else 0)
            return self._build(number, int(month), int(day), clock)
        if found := _NAMED.match(text):
            day1, name1, name2, day2, year, *clock = found.groups()
            named = _MONTHS.get((name1 or name2).lower().translate(_PLAIN))
            return self._build(int(year), named, int(day1 or day2), clock) if named else None
        return None

    def _build(self, year: int, month: int, day: int, clock: list[str | None]) -> datetime | None:
        hour, minute, second, half, offset = clock
        number = int(hour or 0)
        if half:
            if not 1 <= number <= 12:
                return None
            number = number % 12 + (12 if half[0] in "Pp" else 0)
        try:
            naive = datetime(year, month, day, number, int(minute or 0), int(second or 0))  # noqa: DTZ001 - the zone follows
            moment = naive.replace(tzinfo=_offset(offset) if offset else self.zone)
            return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            return None


def _offset(text: str) -> tzinfo:
    if text in ("Z", "UTC", "GMT"):
        return UTC
    digits = re.sub(r"\D", "", text)
    minutes = int(digits[:2]) * 60 + int(digits[2:4] or 0)
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def two_ways(text: str) -> tuple[int, int] | None:
    """The first two numbers of a date whose order is not obvious, else `None`."""
    found = _TWO_WAYS.match(text.strip())
    return (int(found.group(1)), int(found.group(2))) if found else None


_FLOAT_ID = re.compile(r"^([1-9]\d{0,14})\.0+$")


def tidy_identifier(text: str) -> str:
    """An identifier as written; only a number that a spreadsheet turned into 17850.0 loses `.0`.

    >>> tidy_identifier(" 17850.0 "), tidy_identifier("00123"), tidy_identifier("007.0")
    ('17850', '00123', '007.0')
    """
    text = text.strip()
    if text.endswith("0") and (found := _FLOAT_ID.match(text)):
        return found.group(1)
    return text
