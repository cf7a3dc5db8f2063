"""Which languages a person reads, and in which of the texts there are they are told: one rule.

As they told us, else as their order was, else as their country: where that has several official
languages they are told in two. E-mail, letters, merge rows, message files and pages all ask here.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from babel.languages import get_official_languages

MOST_GIVEN = 2
# Official, and spoken; what people there write and read is the language it belongs to.
_NOT_WRITTEN = frozenset(("gsw",))


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
    found = (code.partition("_")[0] for code in _official(land))
    return tuple(dict.fromkeys(code for code in found if code not in _NOT_WRITTEN))


def _official(land: str) -> tuple[str, ...]:
    return get_official_languages(land, regional=False, de_facto=True)


def languages_given(reads: Collection[str], texts: Collection[str], first: str) -> tuple[str, ...]:
    """The texts a person gets, in order: two at most of those they read, else one other.

    The other one is the organisation's `first`, else English, else any; none where no text is.

    >>> languages_given(("fr", "lb", "de"), ("de", "en", "fr"), "en")
    ('fr', 'de')
    """
    read = tuple(code for code in reads if code in texts)[:MOST_GIVEN]
    if read:
        return read
    return next(((code,) for code in (first, "en", *sorted(texts)) if code in texts), ())


def languages_lacking(
    reads: Collection[str], texts: Collection[str], writable: Collection[str]
) -> tuple[str, ...]:
    """The languages a person should be told in and is not: those they are not covered in.

    They should be told in the first two they read that can be written (have a library), and in the
    first they read of all: most people of a country read that one.

    >>> languages_lacking(("nl", "fr", "de"), ("fr",), ("de", "en", "fr"))
    ('nl', 'de')
    """
    wanted = [code for code in reads if code in writable][:MOST_GIVEN]
    wanted[:0] = [code for code in tuple(reads)[:1] if code not in wanted]
    return tuple(code for code in wanted if code not in texts)
