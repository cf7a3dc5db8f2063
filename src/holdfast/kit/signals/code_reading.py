"""Lots, UPCs, serials, models, items and dates out of prose such as a recall's code information.

The text is read from left to right: a label (`Lot #`, `UPC`, `Best by`) says what the codes after
it are, until another label or an ordinary word; what it says of days holds until the sentence ends.
A date between lots does not end the list of lots. A label that is not known (`Seal #`) ends it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from holdfast.kit.identifiers.faults import BadIdentifier
from holdfast.kit.identifiers.gtin import Gtin
from holdfast.kit.signals.code_words import LABELS, TOKEN

MOST_CHARACTERS = 100_000
# Words between codes that do not end a list.
_GOES_ON = frozenset(
    "and or to through thru with und bis et à y a e the of is are also range ranging from der "
    "number numbers code codes no nr s x between in following ranges beginning starting".split()
)
# Weights, sizes and years are no codes: 12oz, 48-inch, 5-gallon, 2010-2012.
_UNIT = re.compile(
    r"[\d.,/-]+\s?(?:oz|lbs?|g|kg|mg|ml|l|ct|count|pk|st|nd|rd|th|mm|cm|in|ft|cc|hp|v|w|mah|psi|x\d*)\.?"
    r"|[\d.,/]+-[a-z]{3,}|(?:19|20)\d\d(?:-(?:19|20)?\d\d)?",
    re.I,
)
_LOWER_WORD, _WITH_DIGIT = re.compile(r"\b[a-z]{2,}\b"), re.compile(r"\w*\d\w*")
_FEW_WORDS = 14
_CODE_KINDS = ("lot", "serial", "model", "item")
_DAY_KINDS = ("expiry", "made", "sold")
_LABELLED = frozenset(name for name, _ in LABELS)
# A number after such a word is of a place, no code.
_OF_A_PLACE = re.compile(
    r"(?:stores?|plants?|establishment|est\.?|permit|phone|tel\.?|route)\s*#?\s*$", re.I
)


@dataclass(frozen=True, slots=True)
class Code:
    """One code as written and where; `guessed` where no label says what it is."""

    kind: str
    text: str
    start: int
    end: int
    guessed: bool = False


@dataclass
class Codes:
    """What a text names. `all_lots` and `no_codes` where it says so in words."""

    codes: list[Code] = field(default_factory=list)
    all_lots: bool = False
    no_codes: bool = False
    cut: bool = False

    def of(self, kind: str) -> list[str]:
        """The texts of one kind (lot, upc, serial, model, item, expiry, made, sold), each once."""
        return list(dict.fromkeys(one.text for one in self.codes if one.kind == kind))

    @property
    def gtins(self) -> list[str]:
        """UPCs whose check digit is right, as 14 digits."""
        found = []
        for text in self.of("upc"):
            try:
                found.append(Gtin.parse(re.sub(r"\D", "", text)).value)
            except BadIdentifier:
                continue
        return list(dict.fromkeys(found))


def read_codes(text: str) -> Codes:
    """Read one text; only its first 100,000 characters."""
    cut = len(text) > MOST_CHARACTERS
    text = text[:MOST_CHARACTERS]
    reader = _Reader(text, Codes(cut=cut), in_prose=_is_prose(text))
    for token in TOKEN.finditer(text):
        if reader.state or not _says_nothing(token):
            reader.take(token)
    if not reader.found.codes and re.fullmatch(r"\s*#?\d{3,}\s*", text):
        bare = text.strip()
        at = text.index(bare)
        reader.found.codes.append(Code("lot", bare, at, at + len(bare), guessed=True))
    return reader.found


def _says_nothing(token: re.Match[str]) -> bool:
    """Where no label has said what follows: a word without a digit, or an end of sentence."""
    kind = token.lastgroup
    return kind == "stop" or (kind == "code" and not _has_digit(token.group()))


def _has_digit(said: str) -> bool:
    return not said.isalpha() and any(map(str.isdigit, said))


@dataclass
class _Reader:
    """One text on the way from left to right."""

    text: str
    found: Codes
    state: str = ""  # what the last label says that follows
    before: str = ""  # what the last label of codes said
    in_prose: bool = False  # sentences, in which a word with digits is no code without a label
    bare: bool = False  # since the label nothing but digits in the form of a day

    def take(self, token: re.Match[str]) -> None:
        """One label, code, day or word more."""
        kind, said = token.lastgroup or "", token.group().strip()
        span = (token.start(), token.start() + len(said))
        if kind == "all":
            self.found.all_lots = True
        elif kind == "none":
            self.found.no_codes = True
        elif kind in _LABELLED:
            self.before = self.state if self.state in _CODE_KINDS else self.before
            self.state, self.bare = kind, True
        elif kind == "unknown":
            self.state = "other"
        elif kind == "stop":
            if not token.group().startswith(":") and not _list_goes_on(self.text, token):
                self.state = ""
        elif kind == "date":
            self._day(said, span)
        elif kind == "digits":
            self._digits(said, span)
        elif _has_digit(said):
            self._code(said, span)
        else:
            self._word(said, span)

    def _day(self, said: str, span: tuple[int, int]) -> None:
        if self.state == "lot" and self.bare and re.fullmatch(r"[\d/.-]+", said):
            self._keep("lot", said, span)  # `Lot 17-11-04`
        else:
            self.bare = False
            self._keep(self.state if self.state in _DAY_KINDS else "date", said, span)

    def _digits(self, said: str, span: tuple[int, int]) -> None:
        """Twelve to fourteen digits: as the label says, else a UPC if its check digit is right."""
        if self.state in ("lot", "serial") and " " not in said:
            self._keep(self.state, said, span)
        elif self.state == "upc" or _is_gtin(said):
            self._keep("upc", said, span)
        elif self.state != "other":
            self._keep("lot", said, span, guessed=True)

    def _word(self, said: str, span: tuple[int, int]) -> None:
        """A word without a digit: a code in capitals, or the end of a list of codes."""
        in_codes = self.state in ("lot", "serial", "model")
        shortest = 2 if self.state == "model" else 3
        if in_codes and said.isupper() and shortest <= len(said) <= 12:
            self._keep(self.state, said, span)
        elif self.state in _DAY_KINDS or len(said) <= 1 or said.lower().strip(".") in _GOES_ON:
            pass
        else:
            self.state = ""

    def _code(self, said: str, span: tuple[int, int]) -> None:
        """A word with a digit: what the label says it is, or a guess."""
        if self.state in _CODE_KINDS:
            self.bare = self.bare and _is_bare_day(said)
            self._keep(self.state, said, span)
        elif self.state == "other":
            self.state = ""
        elif self.state in _DAY_KINDS and self.bare and _is_bare_day(said):
            self._keep(self.state, said, span)  # `Best by 122215`
        elif self.state in _DAY_KINDS and self.before in _CODE_KINDS and _looks_like_code(said):
            self.state, self.bare = self.before, False
            self._keep(self.before, said, span)
        elif self.state == "upc":
            if sum(one.isdigit() for one in said) >= 8:
                self._keep("upc", said, span)
        elif self.in_prose:
            pass
        elif _looks_like_code(said, guess=True) and not self._is_of_a_place(span[0]):
            self._keep("lot", said, span, guessed=True)
            self.state = "" if self.state == "sold" else self.state
            self.before = "lot"

    def _is_of_a_place(self, start: int) -> bool:
        return bool(_OF_A_PLACE.search(self.text[max(0, start - 30) : start]))

    def _keep(self, kind: str, said: str, span: tuple[int, int], *, guessed: bool = False) -> None:
        last = self.found.codes[-1] if self.found.codes else None
        if last and kind == last.kind == "model" and self.text[last.end : span[0]] == " ":
            self.found.codes.pop()  # `BR 420C` is one model
            said, span = f"{last.text} {said}", (last.start, span[1])
        self.found.codes.append(Code(kind, said, *span, guessed=guessed))


def _is_prose(text: str) -> bool:
    """Are there many more words than words with a digit?"""
    words = len(_LOWER_WORD.findall(text))
    return words > _FEW_WORDS and words > 2 * len(_WITH_DIGIT.findall(text))


def _is_gtin(said: str) -> bool:
    try:
        Gtin.parse(re.sub(r"\D", "", said))
    except BadIdentifier:
        return False
    return True


def _is_bare_day(said: str) -> bool:
    """Four, six or eight digits that can be a month and a day, with or without a year."""
    if not said.isdigit() or len(said) not in (4, 6, 8):
        return False
    pairs = [int(said[at : at + 2]) for at in range(0, len(said), 2)]
    if len(said) == 8:
        pairs = pairs[:2] if pairs[2] in (19, 20) else pairs[2:]
    elif len(said) == 6 and pairs[2] > 39:  # the year stands first
        pairs = pairs[1:]
    first, second = pairs[:2]
    return 1 <= min(first, second) <= 12 and 1 <= max(first, second) <= 31


def _looks_like_code(said: str, guess: bool = False) -> bool:
    digits = sum(one.isdigit() for one in said)
    letters = sum(one.isalpha() for one in said)
    if _UNIT.fullmatch(said):
        return False
    if guess and not letters and digits < 5:
        return False
    return len(said) >= 4 and (digits >= 4 or (digits >= 1 and 1 <= letters <= 6))


def _list_goes_on(text: str, stop: re.Match[str]) -> bool:
    """After a line break or a full stop: does the next word look like another code?"""
    following = re.match(r"\s*(\S+)", text[stop.end() :])
    return bool(following and any(one.isdigit() for one in following.group(1)))
