"""Reads a letter: product, lots, days, quantity, hazard and sender, each with where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from holdfast.kit.reading.dates import find_days
from holdfast.kit.reading.letter import Letter
from holdfast.kit.reading.words import (
    LOT,
    MADE,
    MECHANISMS,
    NOT,
    OUTCOMES,
    PRODUCT,
    SENDER,
    SHIPPED,
    UNITS,
)

_CODE = r"[A-Z0-9](?:[A-Z0-9/._-]{0,28}[A-Z0-9])?"
_LINK = r"\s{0,3}(?:,|&|\+|/|\band\b|\bor\b|\bund\b|\boder\b|\bet\b|\bou\b|\by\b|\bo\b)\s{0,3}"
_LEAD = r"\s{0,3}(?:no\.?|nr\.?|n[°º]\.?|is|ist|est|es|number|code)?\s{0,3}[:#=]?\s{0,3}[\"“„«(]?"
_LOTS = re.compile(
    rf"(?<![\w-])(?:{'|'.join(sorted(LOT, key=len, reverse=True))})\b\.?{_LEAD}"
    rf"({_CODE}(?:{_LINK}{_CODE})*)",
    re.IGNORECASE,
)
_LABELLED = re.compile(rf"(?<![\w-])(?:{'|'.join(PRODUCT)})\b\.?{_LEAD}({_CODE})", re.IGNORECASE)
_LIKELY = re.compile(r"(?<![\w-])[A-Z]{1,6}-?\d{1,6}[A-Z]{0,3}(?:-[A-Z0-9]{1,6})?(?![\w-])")
_QUANTITY = re.compile(
    rf"(?<![\w.,-])(\d{{1,3}}(?:[.,'’\s]\d{{3}})+|\d{{1,9}})\s{{0,3}}({'|'.join(UNITS)})\b",
    re.IGNORECASE,
)
_SENDER = re.compile(rf"^[ \t>]*(?:{'|'.join(SENDER)})\s*:\s*(\S.{{0,200}})$", re.IGNORECASE | re.M)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_MADE, _SHIPPED = (re.compile(rf"\b(?:{'|'.join(w)})\b", re.IGNORECASE) for w in (MADE, SHIPPED))
_HEADING = re.compile(
    r"^[ \t>]*(?:from|to|cc|date|sent|subject|von|an|datum|gesendet|betreff|de|à|a|objet|para"
    r"|fecha|asunto)\s*:.*$",
    re.IGNORECASE | re.MULTILINE,
)
_NOT_A_PRODUCT = re.compile(
    r"(?:supplier|vendor|lieferant|fournisseur|proveedor|shipment|shipped|sendung|lieferung|order"
    r"|invoice|bestellung|rechnung|commande|facture|pedido|factura)\W{0,3}$",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?;])\s{1,3}(?=\S)|\n")
_NOT = re.compile(NOT, re.IGNORECASE)
_HAZARDS = {name: re.compile(rf"\b(?:{p})", re.IGNORECASE) for name, p in MECHANISMS.items()}
_HARMS = {name: re.compile(rf"\b(?:{p})", re.IGNORECASE) for name, p in OUTCOMES.items()}
NO_CODES = frozenset({"OF", "THE", "NO", "NR", "DER", "DIE", "DAS", "DE", "DU", "LE", "LA", "EL"})
MOST = 500
"""Lots taken from one letter; more are a table, which the import reads."""
READ = 30_000
"""Characters looked at; what a supplier has to say stands before that."""
NEAR = 400
"""Characters around a day in which its verb is looked for."""
SURE, LIKELY, MAYBE = "stated", "likely", "possible"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: what kind, its value, where it stands in the text, and how sure the rule is.

    Kinds: product, lot, made, shipped, dated (values "2026-01-12..2026-01-15"), quantity,
    mechanism, outcome, sender. Confidence: stated, likely, possible.
    """

    kind: str
    value: str
    start: int
    end: int
    said: str
    confidence: str

    def as_json(self) -> dict[str, object]:
        """For storing and for the page that underlines it."""
        return {
            "kind": self.kind,
            "value": self.value,
            "start": self.start,
            "end": self.end,
            "said": self.said,
            "confidence": self.confidence,
        }


@dataclass(frozen=True, slots=True)
class Reading:
    """All facts of a letter, and the questions it leaves open."""

    facts: tuple[Fact, ...]
    questions: tuple[str, ...] = field(default=())

    def values(self, kind: str) -> tuple[str, ...]:
        """The values of one kind, each once, in the order of the text."""
        return tuple(dict.fromkeys(f.value for f in self.facts if f.kind == kind))

    def first(self, kind: str) -> str:
        """The surest value of one kind, the earliest among equals; empty where there is none."""
        ranked = sorted(
            (f for f in self.facts if f.kind == kind),
            key=lambda f: ((SURE, LIKELY, MAYBE).index(f.confidence), f.start),
        )
        return ranked[0].value if ranked else ""


def read(
    letter: Letter, *, catalogue: Mapping[str, str] | None = None, year: int | None = None
) -> Reading:
    """Read a letter. `catalogue` maps product codes to titles; `year` completes days without one.

    What cannot be read becomes a question, never a guess without its mark.
    """
    text = letter.text[:READ]
    headings = [match.span() for match in _HEADING.finditer(text[:3_000])]
    year = year or _year(letter, headings)
    lots = list(islice(_lots(text), MOST))
    taken = [(f.start, f.end) for f in lots] + headings
    facts = [*lots, *_products(text, letter.subject, catalogue or {}, taken)]
    facts += [*_dates(text, year, headings), *_quantities(text), *_hazards(text), *_sender(letter)]
    facts.sort(key=lambda f: (f.start, f.kind))
    return Reading(tuple(facts), tuple(_questions(facts)))


def _lots(text: str) -> Iterator[Fact]:
    for match in _LOTS.finditer(text):
        for code in re.finditer(_CODE, match[1], re.IGNORECASE):
            start = match.start(1) + code.start()
            if _is_code(code[0]):
                yield Fact("lot", code[0], start, start + len(code[0]), match[0][:200], SURE)


def _is_code(word: str) -> bool:
    """A lot has a digit, or is a short run of capitals that is no word of the sentence."""
    if word.upper() in NO_CODES:
        return False
    return any(ch.isdigit() for ch in word) or (word.isupper() and 2 <= len(word) <= 6)


def _products(
    text: str, subject: str, catalogue: Mapping[str, str], taken: list[tuple[int, int]]
) -> Iterator[Fact]:
    seen: set[str] = set()
    for start, end, code in _in_catalogue(text, catalogue):
        if not _overlaps(start, end, taken):
            seen.add(code.casefold())
            yield Fact("product", code, start, end, text[start:end], SURE)
    for match in _LABELLED.finditer(text):
        start, end = match.span(1)
        word = match[1]
        is_new = word.casefold() not in seen and any(ch.isdigit() for ch in word)
        if is_new and not _overlaps(start, end, taken):
            seen.add(word.casefold())
            yield Fact("product", word, start, end, match[0], LIKELY)
    if seen:
        return
    for match in _LIKELY.finditer(text):
        if _NOT_A_PRODUCT.search(text[max(0, match.start() - 24) : match.start()]):
            continue
        if match[0].casefold() not in seen and not _overlaps(*match.span(), taken):
            seen.add(match[0].casefold())
            yield Fact("product", match[0], *match.span(), match[0], MAYBE)
    if not seen:
        # What the subject calls a lot is none, though it looks like a code.
        named = {fact.value.casefold() for fact in _lots(f"{subject}\n{text}")}
        for match in _LIKELY.finditer(subject):
            if match[0].casefold() in named:
                continue
            yield Fact("product", match[0], 0, 0, subject, MAYBE)
            return


def _in_catalogue(text: str, catalogue: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    if not catalogue:
        return
    known = {code.casefold(): code for code in catalogue if len(code) >= 3}
    for match in re.finditer(r"[\w][\w./-]*", text):
        word = match[0].rstrip(".-/")
        code = known.get(word.casefold())
        # A bare number is a quantity or a year more often than a product.
        if code and not (word.isdigit() and len(word) < 6):
            yield match.start(), match.start() + len(word), code


def _overlaps(start: int, end: int, taken: Iterable[tuple[int, int]]) -> bool:
    return any(start < stop and begin < end for begin, stop in taken)


def _year(letter: Letter, headings: list[tuple[int, int]]) -> int | None:
    """The year of the letter itself, for days that name none."""
    if letter.sent_at is not None:
        return letter.sent_at.year
    for start, end in headings:
        for days in find_days(letter.text[start:end], None):
            return days.first.year
    return None


def _dates(text: str, year: int | None, headings: list[tuple[int, int]]) -> Iterator[Fact]:
    for days in find_days(text, year):
        if _overlaps(days.start, days.end, headings):
            continue
        start, end = _sentence_around(text, days.start)
        kind = _date_kind(text[start : days.start], text[days.end : end])
        confidence = LIKELY if days.is_guessed or kind == "dated" else SURE
        value = f"{days.first.isoformat()}..{days.last.isoformat()}"
        yield Fact(kind, value, days.start, days.end, text[days.start : days.end], confidence)


def _date_kind(before: str, after: str) -> str:
    """The nearest verb decides what a day means; before the day counts first."""
    last = max(
        (
            (m.end(), kind)
            for kind, p in (("made", _MADE), ("shipped", _SHIPPED))
            for m in p.finditer(before)
        ),
        default=None,
    )
    if last:
        return last[1]
    first = min(
        (
            (m.start(), kind)
            for kind, p in (("made", _MADE), ("shipped", _SHIPPED))
            for m in p.finditer(after)
        ),
        default=None,
    )
    return first[1] if first else "dated"


def _sentence_around(text: str, at: int) -> tuple[int, int]:
    start, end = max(0, at - NEAR), min(len(text), at + NEAR)
    for match in _SENTENCE.finditer(text, start, end):
        if match.end() <= at and not re.search(
            r"\d\.\s*$", text[max(0, match.end() - 8) : match.end()]
        ):
            start = match.end()
        elif match.start() > at:
            end = match.start()
            break
    return start, end


def _quantities(text: str) -> Iterator[Fact]:
    for match in _QUANTITY.finditer(text):
        number = re.sub(r"\D", "", match[1])
        yield Fact("quantity", number.lstrip("0") or "0", *match.span(), match[0], LIKELY)


def _hazards(text: str) -> Iterator[Fact]:
    for kind, table in (("mechanism", _HAZARDS), ("outcome", _HARMS)):
        for name, pattern in table.items():
            for match in pattern.finditer(text):
                if _NOT.search(text[max(0, match.start() - 25) : match.start()]):
                    continue
                confidence = SURE if kind == "mechanism" else LIKELY
                yield Fact(kind, name, *match.span(), match[0], confidence)
                break


def _sender(letter: Letter) -> Iterator[Fact]:
    if letter.sender:
        yield Fact("sender", letter.sender, 0, 0, letter.sender, SURE)
        return
    match = _SENDER.search(letter.text)
    if match:
        yield Fact("sender", match[1].strip(), *match.span(1), match[0].strip(), SURE)
        return
    found = _MAIL.search(letter.text)
    if found:
        yield Fact("sender", found[0], *found.span(), found[0], MAYBE)


def _questions(facts: list[Fact]) -> Iterator[str]:
    kinds = {fact.kind for fact in facts}
    if "product" not in kinds:
        yield "Which product is it? Its code, or its name as you sell it."
    if "lot" not in kinds:
        yield "Which lot or serial numbers are affected, or all of them?"
    if "mechanism" not in kinds:
        yield "What goes wrong with it, and what can happen to a person?"
