"""Lots, UPCs, serials, models, items and dates out of prose such as a recall's code information.

The text is read from left to right: a label (`Lot #`, `UPC`, `Best by`) says what the codes after
it are, until another label or an ordinary word. A date between lots does not end the list of lots.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from holdfast.kit.identifiers.faults import BadIdentifier
from holdfast.kit.identifiers.gtin import Gtin

MOST_CHARACTERS = 100_000
_NUMBER = r"(?:\s*(?:#|numbers?|nos?\b\.?|nr\.?|n°|codes?|ids?)\s*\(?s?\)?['’]?s?)*"
_LABELS = (
    ("lot", rf"(?:lots?|batch(?:es)?|charge|chargen-?nr|los|lote|partie|control){_NUMBER}"),
    ("upc", rf"(?:upcs?|u\.p\.c\.?|gtin|ean|bar\s?codes?|case\s+upc){_NUMBER}"),
    ("serial", rf"(?:serial|s/n|sn(?!\d)|seriennummer|n° de série){_NUMBER}"),
    ("model", rf"(?:models?|modell|modèle|modelo){_NUMBER}"),
    ("item", rf"(?:items?|sku|art(?:icle|ikel|ículo)?|products?|part|ref|ndc|plu){_NUMBER}"),
    (
        "expiry",
        r"(?:exp(?:iry|iration|ires?|\.)?|bud|beyond[\s-]use|use[\s-](?:by|before|thru)|best(?:\s+if)?"
        r"[\s-]*(?:(?:used?|enjoyed)?[\s-]*(?:by|before|buy|thru|through))|sell[\s-]by|bb[ed]?|mhd|"
        r"mindestens haltbar bis|dluo|ddm|caducidad|consumir antes)"
        r"(?:\s*(?:dates?|codes?|on|of|/use by|/freeze by))*",
    ),
    (
        "made",
        r"(?:mfg\.?|manufactur(?:ed|ing)|production|prod\.?|produced|pack(?:ed|aged|ing)?|made|"
        r"herstellung|hergestellt|fabriqué)(?:\s*(?:dates?|on|codes?|from|between|of))*",
    ),
    (
        "sold",
        r"(?:distribut(?:ed|ion)|sold|shipped|ship|received)(?:\s*(?:dates?|on|from|between|or|after|before))*",
    ),
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = (
    rf"(?:\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}-\d{{1,2}}-\d{{2,4}}|"
    rf"\d{{1,2}}\s?[-/]?\s?{_MONTH}\.?\s?[-/,]?\s?\d{{2,4}}|{_MONTH}\.?\s?[-/]?\s?\d{{1,2}}"
    rf"(?:st|nd|rd|th)?(?:\s?[-,/]\s?|\s)\d{{4}}|{_MONTH}\.?\s?\d{{1,2}}(?!\d)|{_MONTH}\.?[-/,\s]{{0,2}}\d{{2,4}}|"
    rf"\d{{1,2}}/\d{{2,4}}(?![\w/-])|\d{{1,2}} \d{{1,2}} \d{{2,4}}(?!\d))"
)
_UPC = r"\d(?:[\s-]?\d{5}){2}[\s-]?\d|\d{6}[\s-]?\d{5}[\s-]?\d|\d{12,14}|\d[\s-]\d{9,12}[\s-]\d"
_CODE = r"[A-Za-z0-9][\w@+./#-]*[\w#]|\d"
_TOKEN = re.compile(
    "|".join(
        [f"(?P<{name}>\\b{written}(?![a-z]))" for name, written in _LABELS]
        + [
            r"(?P<all>\ball\s+(?:\w+\s+){0,3}?(?:lots?|codes?|batch(?:es)?|products?|dates?|units?)\b)",
            r"(?P<none>\b(?:no|without|not)\s+(?:\w+\s+){0,2}?(?:lots?|codes?)\b|\bnone\b|\bn/a\b)",
            rf"(?P<date>(?<![\w/]){_DATE}(?![\w]))",
            rf"(?P<digits>(?<![\w-])(?:{_UPC})(?![\w-]))",
            rf"(?P<code>(?<![\w])(?:{_CODE}))",
            r"(?P<stop>[.:]\s|[\n\r])",
        ]
    ),
    re.I,
)
# Words between codes that do not end a list.
_GOES_ON = frozenset(
    "and or to through thru with und bis et à y a e the of is are also range ranging from der "
    "number numbers code codes no nr s x".split()
)
_CODE_KINDS = ("lot", "serial", "model", "item")


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
    found = Codes(cut=len(text) > MOST_CHARACTERS)
    text = text[:MOST_CHARACTERS]
    state = before = ""
    for token in _TOKEN.finditer(text):
        kind, said = token.lastgroup or "", token.group().strip()
        if kind == "all":
            found.all_lots = True
        elif kind == "none":
            found.no_codes = True
        elif kind in dict(_LABELS):
            before = state if state in _CODE_KINDS else before
            state = kind
        elif kind == "stop":
            state = state if token.group().startswith(":") or _list_goes_on(text, token) else ""
        elif kind == "date":
            if state == "lot" and _is_lot_in_date_form(said):
                found.codes.append(Code("lot", said, *token.span()))
                continue
            date_kind = state if state in ("expiry", "made", "sold") else "date"
            found.codes.append(Code(date_kind, said, *token.span()))
        elif kind == "digits":
            what = state if state in ("lot", "serial") and " " not in said else "upc"
            found.codes.append(Code(what, said, *token.span()))
        elif kind == "code":
            state, before = _take(found, said, token, state, before)
    return found


def _take(
    found: Codes, said: str, token: re.Match[str], state: str, before: str
) -> tuple[str, str]:
    """A code or an ordinary word: keep it, or end the list."""
    span = (token.start(), token.start() + len(said))
    has_digit = any(one.isdigit() for one in said)
    if not has_digit:
        goes_on = said.lower().strip(".") in _GOES_ON or len(said) <= 1
        is_code = state in _CODE_KINDS and said.isupper() and 2 < len(said) <= 12
        if is_code and state != "item":
            found.codes.append(Code(state, said, *span))
            return state, before
        return (state, before) if goes_on else ("", before)
    if state in _CODE_KINDS:
        found.codes.append(Code(state, said, *span))
        return state, before
    if state in ("expiry", "made", "sold") and before in _CODE_KINDS and _looks_like_code(said):
        found.codes.append(Code(before, said, *span))
        return before, before
    if state == "upc" and sum(one.isdigit() for one in said) >= 8:
        found.codes.append(Code("upc", said, *span))
    elif state not in _CODE_KINDS and state != "upc" and _looks_like_code(said, guess=True):
        found.codes.append(Code("lot", said, *span, guessed=True))
        return state, "lot"
    return state, before


def _looks_like_code(said: str, guess: bool = False) -> bool:
    digits = sum(one.isdigit() for one in said)
    letters = sum(one.isalpha() for one in said)
    unit = re.fullmatch(
        r"[\d.,/-]+\s?(?:oz|lbs?|g|kg|mg|ml|l|ct|count|pk|st|nd|rd|th|x\d*)\.?", said, re.I
    )
    if guess and not letters and digits < 5:
        return False
    return not unit and len(said) >= 4 and (digits >= 4 or (digits >= 1 and 1 <= letters <= 6))


def _is_lot_in_date_form(said: str) -> bool:
    """`17-11-04` after `Lot` is a lot; `11/04/2017` may be one too."""
    return bool(re.fullmatch(r"[\d/.-]+", said))


def _list_goes_on(text: str, stop: re.Match[str]) -> bool:
    """After a line break or a full stop: does the next word look like another code?"""
    following = re.match(r"\s*(\S+)", text[stop.end() :])
    return bool(following and any(one.isdigit() for one in following.group(1)))
