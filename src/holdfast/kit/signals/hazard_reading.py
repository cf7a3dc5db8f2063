"""Reads a text: which hazards it speaks of, what harm came of it, to whom, and by which words."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from holdfast.kit.signals.ages import ages_in_months
from holdfast.kit.signals.language import as_likely, language_of
from holdfast.kit.signals.patterns import END
from holdfast.kit.signals.taxonomy import Hazard, Negation, taxonomy

MOST_CHARACTERS = 20_000  # what is read of one text; a pasted flood is cut, and says so
_LOOK_BACK = 6  # words before a mention in which a “no” counts
_SHORT = 120  # characters; so few words may speak for several languages
_REACH = 500  # characters either side; a longer “sentence” is a flood without a full stop
_APOSTROPHES = "'’‘`´ʼ′＇"
_TO_SPACES = str.maketrans(dict.fromkeys(_APOSTROPHES, " "))
_UNSEEN = r"\u00ad\u200b-\u200f\u2060\ufeff"  # signs that take no room, inside words too
_DROPPED = re.compile(f"[{_APOSTROPHES}{_UNSEEN}]")
_CLAUSE = re.compile(rf"[{END},:()]|\bbut\b|\baber\b|\bmais\b|\bpero\b|\bhowever\b")
_NOBODY = re.compile(
    r"\b(?:nobody|no one|noone|none of us|niemand(?:en)?|keiner|personne|nadie)"
    r"(?: (?:was|is|got|were|has been|had been|wurde|ist|hat sich|n|ne|a été|est|fue|resultó|"
    r"seriously|badly|dabei|schwer)){0,3}\W*$"
)
_WORDS = re.compile(r"\w+")
_FIVE_BEFORE = re.compile(rf"(?:\w+[^\w{END}]{{1,4}}){{0,6}}\Z")
_FIVE_AFTER = re.compile(rf"(?:[^\w{END}]{{1,4}}\w+){{0,6}}")


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a hazard is named; `denied` where the text says it was not so.

    A `hint` counts only where no other hazard is told plainly: what was hurt is not what caused it.
    """

    hazard: str
    words: str
    start: int
    end: int
    denied: bool = False
    hint: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says; `hazards` are the ones asserted, the one with most words first.

    `parts` are those of the product that are said to have failed, `body_parts` those of a person;
    `part_words` and `body_words` are the words that named each of them.
    """

    language: str
    hazards: tuple[str, ...]
    mentions: tuple[Mention, ...]
    severity: int
    severity_words: str
    body_parts: tuple[str, ...] = ()
    ages_in_months: tuple[int, ...] = ()
    quality: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    part_words: tuple[str, ...] = ()
    body_words: tuple[str, ...] = ()
    cut: bool = False

    def words_for(self, hazard: str) -> tuple[str, ...]:
        """The words of the text that decided for this hazard."""
        return tuple(one.words for one in self.mentions if one.hazard == hazard and not one.denied)


def read_hazards(
    text: str, language: str = "", *, goods: str = "", briefly: bool = False
) -> Reading:
    """Read one text about `food`, `products` or (empty) either.

    `briefly` reads hazards and harm only, for many texts at once.
    Places count characters of `text` in NFC; only the first 20,000 are read.
    """
    given = unicodedata.normalize("NFC", text)
    cut = len(given) > MOST_CHARACTERS
    given = given[:MOST_CHARACTERS]
    if language:
        return _read(given, language, goods, cut, briefly)
    seen = re.sub(f"[{_UNSEEN}]", "", given)
    first = _read(given, language_of(seen), goods, cut, briefly)
    if first.mentions or len(seen) > _SHORT:
        return first
    others = (
        _read(given, one, goods, cut, briefly) for one in as_likely(seen) if one != first.language
    )
    return next((one for one in others if one.hazards), first)


@lru_cache(maxsize=4096)
def _read(given: str, language: str, goods: str, cut: bool, briefly: bool) -> Reading:
    plain, lost = _plain(given, language)
    known = taxonomy()
    negation = known.negation[language]
    mentions = []
    for hazard in known.hazards:
        if not hazard.is_looked_for_in(goods):
            continue
        for pattern, hint in (
            (hazard.words_in(goods, language), False),
            (hazard.hints_in(goods, language), True),
        ):
            for found in pattern.finditer(plain) if pattern else ():
                start, end = (_place(at, lost) for at in found.span())
                denied = (
                    is_denied(plain, *found.span(), negation)
                    or _holds_a_no(plain, found, negation)
                    or (goods == "food" and _is_said_aside(plain, *found.span(), negation))
                )
                mentions.append(Mention(hazard.key, given[start:end], start, end, denied, hint))
    mentions = _outermost(mentions)
    asserted = _asserted(mentions)
    first = {one.hazard: one.start for one in reversed(mentions) if not one.denied}
    level, words = _severity(plain, language, negation)
    reading = Reading(
        language=language,
        hazards=tuple(sorted(asserted, key=lambda key: (-asserted[key], first[key]))),
        mentions=tuple(sorted(mentions, key=lambda one: one.start)),
        severity=level,
        severity_words=words,
        cut=cut,
    )
    if briefly:
        return reading
    body = _named(known.body, plain, language)
    parts = _parts_that_failed(plain, language)
    return replace(
        reading,
        body_parts=tuple(body),
        body_words=tuple(body.values()),
        ages_in_months=ages_in_months(plain),
        quality=tuple(one.key for one in known.quality if one.words[language].search(plain)),
        parts=tuple(parts),
        part_words=tuple(parts.values()),
    )


def _named(things: Iterable[Hazard], plain: str, language: str) -> dict[str, str]:
    """Those that are named, with the first words that name them."""
    return {one.key: hit[0] for one in things if (hit := one.words[language].search(plain))}


def _outermost(mentions: list[Mention]) -> list[Mention]:
    """Without words inside longer ones of a hazard they yield to: “fell over on him” is no fall."""
    yields = {one.key: one.yields for one in taxonomy().hazards}
    inside: set[int] = set()
    around: list[Mention] = []  # begun at or before the one looked at, and not ended before it
    for at in sorted(range(len(mentions)), key=lambda at: (mentions[at].start, -mentions[at].end)):
        one = mentions[at]
        around = [other for other in around if other.end > one.start]
        if any(
            other.hazard in yields[one.hazard]
            and (one.hint or not other.hint)  # a hint may itself fall silent
            and one.end <= other.end
            and one.end - one.start < other.end - other.start
            for other in around
        ):
            inside.add(at)
        around.append(one)
    return [one for at, one in enumerate(mentions) if at not in inside]


def _asserted(mentions: list[Mention]) -> Counter[str]:
    """How often each hazard is told and not denied; hints only where they do not yield."""
    by_key = {one.key: one for one in taxonomy().hazards}
    told = frozenset(one.hazard for one in mentions if not one.denied and not one.hint)
    left = [
        one
        for one in mentions
        if not one.denied
        and ("hazard" in one.words.lower() or not by_key[one.hazard].gives_way & told)
    ]
    plainly = Counter(one.hazard for one in left if not one.hint)
    hinted = Counter(one.hazard for one in left if one.hint)
    kept = {
        key: n for key, n in hinted.items() if key in plainly or not by_key[key].yields_to(plainly)
    }
    return plainly + Counter(kept)


def is_denied(
    plain: str, start: int, end: int, negation: Negation, *, strictly: bool = False
) -> bool:
    """Does the clause before the mention deny it, or is the sentence about something else?

    `strictly` takes every “no” for one: “no injuries or stitches” denies a harm, but no hazard.
    """
    sentence_from, sentence_to = _sentence(plain, start, end)
    sentence = plain[sentence_from:sentence_to]
    if negation.elsewhere.search(sentence):
        return True
    clause = _clause_before(plain[sentence_from:start])
    if not strictly:
        clause = negation.not_words.without(clause)
    return bool(negation.words.search(clause)) and not negation.spared.search(sentence)


def _holds_a_no(plain: str, found: re.Match[str], negation: Negation) -> bool:
    """“Her finger was not caught”: a “no” between its words, where the pattern asks for none."""
    between = found.group().partition(" ")[2]
    if not negation.words.search(negation.not_words.without(between)):
        return False
    asked_for = re.sub(r"\W+", " ", found.re.pattern.replace(r"\n", " "))
    if negation.words.search(asked_for):
        return False
    first, last = _sentence(plain, *found.span())
    return not negation.spared.search(plain[first:last])


def _is_said_aside(plain: str, start: int, end: int, negation: Negation) -> bool:
    """Is it what food helps against, what other food is like, or what it is free of?"""
    if negation.free.whole.match(plain, end):
        return True
    return bool(
        negation.aside.search(_clause_before(plain[_sentence(plain, start, end)[0] : start]))
    )


def _sentence(plain: str, start: int, end: int) -> tuple[int, int]:
    earliest, latest = max(0, start - _REACH), min(len(plain), end + _REACH)
    first = max(earliest, *(plain.rfind(mark, earliest, start) + 1 for mark in ".!?;\n"))
    ends = [at for mark in ".!?;\n" if (at := plain.find(mark, end, latest)) >= 0]
    return first, min(ends, default=latest)


def _clause_before(before: str) -> str:
    """The last words of the clause that a mention stands in."""
    clauses = list(_CLAUSE.finditer(before))
    clause = before[clauses[-1].end() :] if clauses else before
    words = list(_WORDS.finditer(clause))
    return clause[words[-_LOOK_BACK].start() :] if len(words) > _LOOK_BACK else clause


def _parts_that_failed(plain: str, language: str) -> dict[str, str]:
    """Parts named within five words of one that says something failed, in one sentence."""
    known = taxonomy()
    around = " . ".join(
        _with_neighbours(plain, *found.span()) for found in known.failed[language].finditer(plain)
    )
    return _named(known.parts, around, language) if around else {}


def _with_neighbours(plain: str, start: int, end: int) -> str:
    """A mention with up to five words of its sentence on either side."""
    before = _FIVE_BEFORE.search(plain[max(0, start - 60) : start])
    after = _FIVE_AFTER.match(plain[end : end + 60])
    return (before[0] if before else "") + plain[start:end] + (after[0] if after else "")


def _plain(given: str, language: str) -> tuple[str, list[int]]:
    """Lower case without apostrophes (a space in French) and signs without width.

    Beside it the places of what was dropped, each less the number dropped before it.
    """
    low = given.lower() if len(given.lower()) == len(given) else given.casefold()[: len(given)]
    spaced = language == "fr"
    lost = [
        found.start()
        for found in _DROPPED.finditer(low)
        if not (spaced and found[0] in _APOSTROPHES)
    ]
    if spaced:
        low = low.translate(_TO_SPACES)
    return _DROPPED.sub("", low), [at - number for number, at in enumerate(lost)]


def _place(at: int, lost: list[int]) -> int:
    return at + bisect_right(lost, at)


def _severity(plain: str, language: str, negation: Negation) -> tuple[int, str]:
    for one in taxonomy().severity:
        for found in one.words[language].finditer(plain):
            if is_denied(plain, *found.span(), negation, strictly=True):
                continue
            before = _clause_before(plain[_sentence(plain, *found.span())[0] : found.start()])
            if _NOBODY.search(
                before
            ):  # “nobody was hurt”; but “nobody told us, he was hurt” is harm
                continue
            if not negation.only_thought.search(before):
                return one.level, found.group()
    return 0, ""
