"""Texts as folded words; `PS-LX350H` on one side and `PSLX350H` on the other are one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from string import ascii_lowercase

_WORD = re.compile(r"[^\W_]+(?:[-/.'’][^\W_]+)*")
_PART = re.compile(r"[-/.'’]")
_ACCENTS = re.compile("[\u0300-\u036f]")
SHORTEST_JOINED, LONGEST_JOINED = 3, 24
SHORTEST_MODEL = 4
LONGEST_WORD = 40


def folded(text: str) -> str:
    """Small letters without accents, in the compatibility form; Japanese voicing marks stay.

    >>> folded("Ｃrème BRÛLÉE"), folded("ストーブ")
    ('creme brulee', 'ストーブ')
    """
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    return unicodedata.normalize("NFC", _ACCENTS.sub("", plain))


def words(text: str) -> Iterator[str]:
    """Each word of a text, its parts, and the parts joined.

    >>> sorted(set(words("Sony PS-LX350H turntable")))
    ['lx350h', 'ps', 'pslx350h', 'sony', 'turntable']
    """
    for found in _WORD.findall(folded(text)):
        if len(found) > LONGEST_WORD:
            continue
        if found.isalnum():
            yield found
            continue
        parts = _PART.split(found)
        yield from parts
        joined = "".join(parts)
        if SHORTEST_JOINED <= len(joined) <= LONGEST_JOINED:
            yield joined


def is_model(word: str) -> bool:
    """Whether a folded word looks like a model number: letters and digits, four or more.

    >>> [is_model(word) for word in ("pslx350h", "sony", "12345", "35mm", "12cup")]
    [True, False, False, False, False]
    """
    if len(word) < SHORTEST_MODEL or word.isalpha() or word.isdigit():
        return False
    return not _MEASURE.fullmatch(word)


def without_finish(model: str) -> str:
    """A model number without the letters at its end, which mostly tell its colour or its market.

    >>> [without_finish(model) for model in ("ss550pbk", "ss550p", "dcm290", "4gbsd")]
    ['ss550', 'ss550', 'dcm290', '4gbsd']
    """
    stem = model.rstrip(ascii_lowercase)
    return stem if len(stem) >= SHORTEST_MODEL and not stem.isdigit() else model


def spaced_models(text: str) -> Iterator[str]:
    """Model numbers that a blank parts after their first letters, in one piece.

    >>> list(spaced_models("Sony KDL 46XBR9 television, 12 pieces"))
    ['kdl46xbr9']
    """
    for found in _SPACED.finditer(folded(text)):
        joined = found.group(1) + found.group(2)
        if len(joined) > SHORTEST_MODEL and is_model(joined):
            yield joined


def halves_of_model(model: str) -> tuple[str, ...]:
    """What a blank after its first letters would leave of it; nothing for other models.

    >>> halves_of_model("kdl46xbr9"), halves_of_model("4gbsd")
    (('kdl', '46xbr9'), ())
    """
    found = _HALVES.fullmatch(model)
    return found.groups() if found else ()


_HALVES = re.compile(r"([a-z]{2,5})(\d[a-z0-9]*)")
_SPACED = re.compile(r"(?<![^\W_])([a-z]{2,5}) (?=(\d[a-z0-9]*)(?![^\W_]))")
_MEASURE = re.compile(
    r"\d+(?:x\d+)*(?:[a-z]{3,}|st|nd|rd|th|mm|cm|m|km|in|ft|mg|g|kg|lb|oz|ml|l|w|kw|v|va|a|hz|"
    r"kb|mb|gb|tb|ct|pk|pc|x|p|k|mp|db|hr)?"
)
"""Quantities with their unit, which say how much and not which."""
