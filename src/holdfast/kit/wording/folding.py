"""Text made comparable: no case, accents, vowel marks or look-alikes; places kept."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

# Letters of other scripts that look Latin; used to slip a banned word past a reader of bytes.
_CYRILLIC_AND_GREEK = dict(
    zip(
        "аеорсухіјѕԁԛԝьһοαερτυνικχ",
        "aeopcyxijsdqwbhoaepruvikx",
        strict=True,
    )
)
_HYPHENS = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\ufe58\ufe63\uff0d", "-")
_QUOTES = dict.fromkeys("\u2018\u2019\u201b\u02bc\u2032\u0060\u00b4", "'")
_ARABIC = {"ة": "ه", "ى": "ي", "ـ": "", "ٱ": "ا", "ی": "ي", "ک": "ك", "؟": "?", "،": ",", "؛": ";"}


class _Folds(dict[str, str]):
    """Character to its folded form, computed once per character."""

    def __init__(self, *, latin: bool) -> None:
        super().__init__()
        self.latin = latin

    def __missing__(self, char: str) -> str:
        self[char] = folded = self._fold(char)
        return folded

    def _fold(self, char: str) -> str:
        if char in _HYPHENS or char in _QUOTES:
            return _HYPHENS.get(char) or _QUOTES[char]
        out: list[str] = []
        for part in unicodedata.normalize("NFKD", char).casefold():
            if unicodedata.category(part) in ("Mn", "Cf", "Me"):
                continue
            part = _ARABIC.get(part, part)
            if self.latin:
                part = _CYRILLIC_AND_GREEK.get(part, part)
            if part.isdecimal():
                part = str(unicodedata.decimal(part))
            out.append(part)
        return "".join(out)


_FOLDS = {True: _Folds(latin=True), False: _Folds(latin=False)}


@dataclass(frozen=True, slots=True)
class Folded:
    """The folded text and, for each of its characters, the place in the text it came from."""

    text: str
    places: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original text behind `text[start:end]`."""
        if start >= len(self.places):
            last = self.places[-1] + 1 if self.places else 0
            return last, last
        return self.places[start], self.places[end - 1] + 1


def fold(text: str, *, latin: bool = True) -> Folded:
    """Lower case without accents; blanks become one space, an empty line a line feed."""
    folds = _FOLDS[latin]
    chars: list[str] = []
    places: list[int] = []
    blank_from = -1
    breaks = 0
    for place, char in enumerate(text):
        if char.isspace():
            if blank_from < 0:
                blank_from, breaks = place, 0
            breaks += char == "\n"
            continue
        folded = folds[char]
        if not folded:
            continue
        if blank_from >= 0:
            # A word broken at the end of a line ("volun-\ntary") is one word again.
            if breaks == 1 and chars and chars[-1] == "-" and folded[0].isalpha():
                chars.pop()
                places.pop()
            else:
                chars.append("\n" if breaks > 1 else " ")
                places.append(blank_from)
            blank_from = -1
        for one in folded:
            chars.append(one)
            places.append(place)
    return Folded("".join(chars), places)


def fold_pattern(pattern: str, *, latin: bool = True) -> str:
    """A pattern as matched on folded text; ASCII, so all of its own signs, stays as it is."""
    folds = _FOLDS[latin]
    return "".join(char if char.isascii() else folds[char] for char in pattern)
