"""Which languages a person reads: as they told us, else the order's, else the country's."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from babel.languages import get_official_languages


@lru_cache(maxsize=4096)
def languages_read(known: str, order: str, country: str) -> tuple[str, ...]:
    """Languages in order of preference; several where a country has several, or none.

    >>> languages_read("", "de-CH", "CH"), languages_read("", "", "BE")[:2]
    (('de',), ('nl', 'fr'))
    """
    for said in (known, order):
        code = said.strip().replace("_", "-").partition("-")[0].lower()
        if code.isalpha() and 2 <= len(code) <= 3:
            return (code,)
    land = country.strip().upper()
    if len(land) != 2 or not land.isalpha():
        return ()
    found = get_official_languages(land, regional=False, de_facto=True)
    return tuple(dict.fromkeys(code.partition("_")[0] for code in found))


def language_given(wanted: Iterable[str], texts: Iterable[str], first: str) -> str:
    """The text a person gets: the first they read, else the organisation's first, else English."""
    there = set(texts)
    for choice in (*wanted, first, "en", *sorted(there)):
        if choice in there:
            return choice
    return ""
