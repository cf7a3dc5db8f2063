"""A country as shops write it, to its two-letter ISO 3166 code."""

from __future__ import annotations

import unicodedata
from functools import cache

# Names the CLDR does not list, as seen in real shop exports. An empty code is a known non-country.
ALIASES = {
    "eire": "IE",
    "republic of ireland": "IE",
    "rsa": "ZA",
    "south africa": "ZA",
    "uk": "GB",
    "u k": "GB",
    "great britain": "GB",
    "britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "grossbritannien": "GB",
    "usa": "US",
    "u s a": "US",
    "u s": "US",
    "united states of america": "US",
    "america": "US",
    "etats unis": "US",
    "holland": "NL",
    "the netherlands": "NL",
    "nederland": "NL",
    "czech republic": "CZ",
    "tschechische republik": "CZ",
    "turkey": "TR",
    "hong kong": "HK",
    "macedonia": "MK",
    "russia": "RU",
    "korea": "KR",
    "south korea": "KR",
    "uae": "AE",
    "vietnam": "VN",
    "channel islands": "",
    "european community": "",
    "european union": "",
    "europe": "",
    "unspecified": "",
    "unknown": "",
    "other": "",
    "n a": "",
}
# Words for several countries, wide rather than narrow: whoever ever was a member is one of them.
_UNION = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GB GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
)
AREAS = {
    "channel islands": frozenset(["GG", "JE"]),
    "european community": _UNION,
    "european union": _UNION,
}
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "cs", "ar")
# In the CLDR, but no country code of ISO 3166.
NO_COUNTRIES = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"]
)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = (" " if not (c.isalnum() or unicodedata.combining(c)) else c for c in plain)
    return " ".join("".join(c for c in kept if not unicodedata.combining(c)).split())


@cache
def _names() -> dict[str, str]:
    from babel import Locale  # noqa: PLC0415 - only a file with country names pays for it
    from babel.core import get_global  # noqa: PLC0415

    names: dict[str, str] = {}
    codes = _codes()
    for code, targets in get_global("territory_aliases").items():
        name = str(code)
        if len(name) == 3 and name.isalpha() and targets and targets[0] in codes:
            names[name.lower()] = targets[0]
    for language in reversed(LANGUAGES):
        for code, name in Locale(language).territories.items():
            if code in codes:
                names[_folded(str(name))] = str(code)
    return names | ALIASES


@cache
def _codes() -> frozenset[str]:
    from babel import Locale  # noqa: PLC0415

    every = [str(code) for code in Locale("en").territories]
    return frozenset(
        code for code in every if len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES
    )


def is_country(code: str) -> bool:
    """Is this a two-letter country code, as orders keep it?"""
    return code in _codes()


def area(text: str) -> frozenset[str] | None:
    """The countries that a word for several may mean; None where it leaves the country open.

    >>> sorted(area("Channel Islands")), area("Unspecified")
    (['GG', 'JE'], None)
    """
    return AREAS.get(_folded(text[:100]))


@cache
def country_code(text: str) -> str:
    """The alpha-2 code, or the empty word for what names no single country.

    >>> country_code("EIRE"), country_code("Deutschland"), country_code("Channel Islands")
    ('IE', 'DE', '')
    """
    text = text.strip()
    if not text or len(text) > 100:
        return ""
    upper = text.upper()
    if len(upper) == 2 and upper in _codes() and upper != "UK":
        return upper
    return _names().get(_folded(text), "")
