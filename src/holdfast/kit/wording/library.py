"""The phrase library: whole sentences with named slots, version, reviewer and status."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list

from holdfast.kit.refusals import NotFound, Unreadable

FOLDER = Path(__file__).parent / "phrases"
SLOT = re.compile(r"\{([a-z_]+)\}")
# Filled in for each person when the message is made; everything else is set in the draft.
PERSONAL = frozenset(("name", "items", "order", "month", "link", "code"))
LTR_ISOLATE, FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2066", "\u2068", "\u2069"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]+")
# Values that are read from left to right whatever the language around them.
_LEFT_TO_RIGHT = frozenset(("lot", "url", "phone", "email", "code", "order", "link"))


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence of the library."""

    id: str
    language: str
    text: str
    version: int
    reviewer: str
    status: str

    @property
    def slots(self) -> frozenset[str]:
        """The names in braces."""
        return frozenset(SLOT.findall(self.text))


@dataclass(frozen=True, slots=True)
class Library:
    """All sentences of one language."""

    language: str
    version: int
    reviewer: str
    status: str
    phrases: dict[str, Phrase]

    @property
    def is_rtl(self) -> bool:
        """Whether the language is written from right to left."""
        return Locale.parse(self.language).text_direction == "rtl"

    def __contains__(self, key: str) -> bool:
        return key in self.phrases

    def say(self, key: str, **values: str | tuple[str, ...]) -> str:
        """The sentence with its slots filled; personal slots stay open, a missing value is refused.

        Several values are listed as the language does it. In a right-to-left language each value
        is isolated, so a code cannot turn the sentence.
        """
        phrase = self.phrases.get(key)
        if phrase is None:
            raise NotFound(
                "unknown_phrase", f"The {self.language} library has no sentence “{key}”."
            )
        missing = phrase.slots - values.keys() - PERSONAL
        if missing:
            raise Unreadable(
                "slot_empty",
                f"The sentence “{key}” needs a value for {', '.join(sorted(missing))}.",
            )
        return SLOT.sub(lambda match: self._value(match, values), phrase.text)

    def _value(self, match: re.Match[str], values: Mapping[str, str | tuple[str, ...]]) -> str:
        name = match.group(1)
        if name not in values:
            return match.group()
        given, is_code = values[name], name in _LEFT_TO_RIGHT
        if isinstance(given, str):
            return self.isolate(given, left_to_right=is_code)
        return listed([self.isolate(one, left_to_right=is_code) for one in given], self.language)

    def isolate(self, value: str, *, left_to_right: bool = False) -> str:
        """A value as it may stand in a sentence of this language."""
        clean = " ".join(_CONTROLS.sub(" ", value).split())
        if not self.is_rtl or not clean:
            return clean
        opening = LTR_ISOLATE if left_to_right else FIRST_STRONG_ISOLATE
        return f"{opening}{clean}{POP_ISOLATE}"


def library_languages() -> tuple[str, ...]:
    """The languages that have a phrase library."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def library(language: str) -> Library:
    """The library of a language; refuses a language without one."""
    path = FOLDER / f"{language}.toml"
    if not language.isalpha() or not path.is_file():
        raise NotFound(
            "no_library",
            f"There is no phrase library for “{language[:20]}”.",
            hint=f"There is one for: {', '.join(library_languages())}.",
        )
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    versions = data.get("versions", {})
    return Library(
        language=data["language"],
        version=data["library_version"],
        reviewer=data["reviewer"],
        status=data["status"],
        phrases={
            key: Phrase(
                key, data["language"], text, versions.get(key, 1), data["reviewer"], data["status"]
            )
            for key, text in data["phrases"].items()
        },
    )


def day_in_words(day: date, language: str) -> str:
    """`18 March 2026` in the language's own order; digits stay Latin, as codes have them."""
    return _latin_digits(format_date(day, format="long", locale=_locale(language)))


def month_in_words(day: date, language: str) -> str:
    """`March 2026`."""
    return _latin_digits(format_skeleton("yMMMM", day, locale=_locale(language)))


def listed(items: list[str], language: str) -> str:
    """`B17, B18 and B19`."""
    return format_list(items, locale=language) if items else ""


def language_name(language: str, in_language: str = "en") -> str:
    """The name of a language, for people."""
    name = Locale.parse(language).get_display_name(in_language)
    return (name or language).capitalize()


def country_name(code: str, language: str) -> str:
    """The name of a country in a language; what is no country's code stays as it is."""
    return str(Locale.parse(language).territories.get(code.upper(), code))


def _locale(language: str) -> str:
    # English dates are read in many countries; "4 May" cannot be mistaken for the fifth of April.
    return "en_GB" if language == "en" else language


def _latin_digits(text: str) -> str:
    return text.translate(
        {base + digit: str(digit) for base in (0x660, 0x6F0) for digit in range(10)}
    )
