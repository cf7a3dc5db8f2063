"""Reads a text: which hazards it speaks of, what harm came of it, to whom, and by which words."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from holdfast.kit.signals.language import language_of
from holdfast.kit.signals.patterns import END
from holdfast.kit.signals.taxonomy import Negation, taxonomy

MOST_CHARACTERS = 20_000  # what is read of one text; a pasted flood is cut, and says so
_LOOK_BACK = 6  # words before a mention in which a “no” counts
_CLAUSE = re.compile(rf"[{END},:()]|\bbut\b|\baber\b|\bmais\b|\bpero\b|\bhowever\b")
_WORDS = re.compile(r"\w+")
_AGE = re.compile(
    r"\b(\d{1,2})[\s-]{0,2}(year|yr|y/o|month|mo\b|jahr|monat|an\b|ans\b|mois|año|mes)\w*", re.I
)


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a hazard is named; `denied` where the text says it was not so."""

    hazard: str
    words: str
    start: int
    end: int
    denied: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says; `hazards` are the ones asserted, the one with most words first."""

    language: str
    hazards: tuple[str, ...]
    mentions: tuple[Mention, ...]
    severity: int
    severity_words: str
    body_parts: tuple[str, ...]
    ages_in_months: tuple[int, ...]
    quality: tuple[str, ...]
    cut: bool = False

    def words_for(self, hazard: str) -> tuple[str, ...]:
        """The words of the text that decided for this hazard."""
        return tuple(one.words for one in self.mentions if one.hazard == hazard and not one.denied)


def read_hazards(text: str, language: str = "", *, goods: str = "") -> Reading:
    """Read one text about `food`, `products` or (empty) either.

    Places count characters of `text` in NFC; only the first 20,000 are read.
    """
    given = unicodedata.normalize("NFC", text)
    cut = len(given) > MOST_CHARACTERS
    given = given[:MOST_CHARACTERS]
    language = language or language_of(given)
    return _read(given, language, goods, cut)


@lru_cache(maxsize=4096)
def _read(given: str, language: str, goods: str, cut: bool) -> Reading:
    plain, lost = _plain(given, language)
    known = taxonomy()
    negation = known.negation[language]
    mentions = []
    for hazard in known.hazards:
        if not hazard.is_looked_for_in(goods):
            continue
        for found in hazard.words_in(goods, language).finditer(plain):
            start, end = (_place(at, lost) for at in found.span())
            denied = is_denied(plain, found.start(), found.end(), negation)
            mentions.append(Mention(hazard.key, given[start:end], start, end, denied))
    asserted: dict[str, int] = {}
    for one in mentions:
        if not one.denied:
            asserted[one.hazard] = asserted.get(one.hazard, 0) + 1
    first = {one.hazard: one.start for one in reversed(mentions) if not one.denied}
    level, words = _severity(plain, language, negation)
    return Reading(
        language=language,
        hazards=tuple(sorted(asserted, key=lambda key: (-asserted[key], first[key]))),
        mentions=tuple(sorted(mentions, key=lambda one: one.start)),
        severity=level,
        severity_words=words,
        body_parts=tuple(part.key for part in known.body if part.words[language].search(plain)),
        ages_in_months=_ages(plain),
        quality=tuple(one.key for one in known.quality if one.words[language].search(plain)),
        cut=cut,
    )


def is_denied(plain: str, start: int, end: int, negation: Negation) -> bool:
    """Does the clause before the mention deny it, or is the sentence about something else?"""
    sentence_from = max(plain.rfind(mark, 0, start) for mark in ".!?;\n") + 1
    ends = [at for mark in ".!?;\n" if (at := plain.find(mark, end)) >= 0]
    sentence = plain[sentence_from : min(ends, default=len(plain))]
    if negation.elsewhere.search(sentence):
        return True
    before = plain[sentence_from:start]
    clauses = list(_CLAUSE.finditer(before))
    clause = before[clauses[-1].end() :] if clauses else before
    words = list(_WORDS.finditer(clause))
    if len(words) > _LOOK_BACK:
        clause = clause[words[-_LOOK_BACK].start() :]
    clause = negation.not_words.sub(" ", clause)
    return bool(negation.words.search(clause)) and not negation.spared.search(sentence)


def _plain(given: str, language: str) -> tuple[str, list[int]]:
    """Lower case without apostrophes (a space in French), and where some were dropped."""
    low = given.lower() if len(given.lower()) == len(given) else given.casefold()[: len(given)]
    low = low.replace("’", "'").replace("‘", "'").replace("`", "'")
    if language == "fr":
        return low.replace("'", " "), []
    lost = [at - number for number, at in enumerate(_at(low, "'"))]
    return low.replace("'", ""), lost


def _at(text: str, mark: str) -> list[int]:
    return [at for at, one in enumerate(text) if one == mark] if mark in text else []


def _place(at: int, lost: list[int]) -> int:
    return at + bisect_right(lost, at)


def _severity(plain: str, language: str, negation: Negation) -> tuple[int, str]:
    for one in taxonomy().severity:
        for found in one.words[language].finditer(plain):
            if not is_denied(plain, found.start(), found.end(), negation):
                return one.level, found.group()
    return 0, ""


def _ages(plain: str) -> tuple[int, ...]:
    found = []
    for number, unit in _AGE.findall(plain):
        months = unit.startswith(("mo", "mes"))
        found.append(int(number) * (1 if months else 12))
    return tuple(dict.fromkeys(found))
