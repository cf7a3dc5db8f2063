"""Page chrome in the reader's language: strings, dates, money, and which language that is."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from holdfast.kit.wording.readers import languages_given

FOLDER = Path(__file__).parent / "chrome"
SPOKEN = ("en", "de", "fr", "es", "ar")
FALLBACK = "en"
NBSP = "\N{NO-BREAK SPACE}"


@cache
def table(language: str) -> dict[str, Any]:
    """All strings of one language."""
    with (FOLDER / f"{language}.toml").open("rb") as handle:
        return tomllib.load(handle)


@dataclass(frozen=True)
class Speech:
    """One language on a page: `say` for strings, `day`, `money` and `number` for values."""

    language: str

    @property
    def direction(self) -> str:
        return str(table(self.language)["direction"])

    def say(self, key: str, **slots: object) -> SafeString:
        """A string with its slots filled; codes and addresses stay left to right."""
        filled = {name: isolate(value) for name, value in slots.items()}
        text = str(table(self.language)[key])
        # our own strings hold no markup; only what fills them is escaped
        return format_html(text, **filled) if filled else mark_safe(text)  # noqa: S308

    def lines(self, key: str) -> list[str]:
        return list(table(self.language)[key])

    def error(self, code: str) -> str:
        errors: dict[str, str] = table(self.language)["errors"]
        return errors.get(code, errors["other"])

    def day(self, on: date, *, with_year: bool = False) -> str:
        """ "Fri 8 May", or "8 May 2026", as the language writes it, in Latin digits."""
        shape = "d MMMM y" if with_year else "EEE d MMM"
        return format_date(on, shape, locale=self._locale()).replace(" ", NBSP)

    def moment(self, at: datetime) -> str:
        return format_datetime(at, "d MMM, HH:mm", locale=self._locale()).replace(" ", NBSP)

    def money(self, amount: Decimal, currency: str) -> str:
        if not currency:
            return self.number(amount)
        return format_currency(amount, currency, locale=self._locale())

    def number(self, value: Decimal | int) -> str:
        return format_decimal(value, locale=self._locale())

    def _locale(self) -> str:
        # Arabic with Latin digits: a code and a date are read aloud together.
        return {"ar": "ar_MA"}.get(self.language, self.language)


def isolate(value: object) -> object:
    """Codes, addresses and sums in their own direction, so that Arabic text cannot turn them."""
    if isinstance(value, SafeString):
        return value
    text = str(value)
    if not (text.isascii() and any(char.isdigit() for char in text)):
        return value
    shape = '<bdi dir="ltr">{}</bdi>' if " " in text else '<bdi dir="ltr" class="c">{}</bdi>'
    return format_html(shape, text)


def address(url: str) -> SafeString:
    """A web address people can type."""
    plain = url.removeprefix("https://").removeprefix("http://")
    return format_html('<b><bdi dir="ltr" class="url">{}</bdi></b>', plain)


def choose_language(
    *,
    asked: str,
    known: str,
    accepted: str,
    offered: Sequence[str] = SPOKEN,
    country: Sequence[str] = (),
    first: str = FALLBACK,
) -> str:
    """The language asked for, else the person's, else the browser's, else the country's.

    The rule of the messages (`kit.wording.readers`), with what a page knows beyond them: what was
    asked for, and what the browser says, which is better than a guess from a country.
    """
    wishes = (asked, known, *_accepted(accepted), *country)
    short = tuple(wish.split("-")[0].split("_")[0].strip().lower() for wish in wishes)
    given = languages_given(short, offered, first)
    return given[0] if given else FALLBACK


def _accepted(header: str) -> Iterable[str]:
    weighted = []
    for at, part in enumerate(header[:200].split(",")):
        tag, _semi, rest = part.partition(";")
        try:
            weight = float(rest.strip().removeprefix("q=") or 1)
        except ValueError:
            weight = 0.0
        weighted.append((-weight, at, tag.strip()))
    return [tag for _weight, _at, tag in sorted(weighted)]
