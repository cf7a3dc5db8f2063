"""The small notation hazard words are written in, turned into expressions that are tried sparingly.

Of hundreds of patterns a text holds a few. Each pattern knows words without which it cannot match;
only those whose words are there are compiled and tried, with the same answers as one long
expression of all of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache

from holdfast.kit.signals.needed import needed_in

END = r".!?;\n"  # what ends a sentence
_BREAK = rf"[^\w{END}]{{1,4}}"
_GAP = rf"[^\w{END}]{{1,4}}(?:\w+[^\w{END}]{{1,4}}){{0,5}}?"
_FIRST = rf"(?:\A|(?<=[{END}])|(?<=[{END}] ))"
_LAST = rf"(?=\s*(?:[{END}]|\Z))"
GRAM = 3  # signs
SHORT = 120  # signs; so short a text is quickest searched for all at once


class Phrase:
    """One pattern, and the words a text needs for it: one of each set."""

    def __init__(self, written: str) -> None:
        self.written = _one(written)
        self.needed = [
            [(word[:GRAM] if len(word) >= GRAM else "", word) for word in sorted(words)]
            for words in needed_in(written.strip())
        ]

    def may_be_in(self, text: str, grams: frozenset[str]) -> bool:
        """Are its words there? `grams` are what `grams_of` says of the text."""
        for words in self.needed:
            for gram, word in words:
                if gram in grams and word in text:
                    break
            else:
                return False
        return True

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(self.written)


@lru_cache(maxsize=16)
def grams_of(text: str) -> frozenset[str]:
    """Every run of three signs, to say quickly what a text cannot hold; and nothing at all."""
    return frozenset([text[at : at + GRAM] for at in range(len(text) - GRAM + 1)] + [""])


class Phrases:
    """Many patterns, asked as one expression with their alternatives in order."""

    def __init__(self, written: Iterable[str]) -> None:
        self._phrases = tuple(Phrase(text) for text in written if text.strip())
        self._by_gram: dict[str, list[int]] = defaultdict(list)
        for at, phrase in enumerate(self._phrases):
            for gram in {gram for gram, _ in phrase.needed[0]} if phrase.needed else {""}:
                self._by_gram[gram].append(at)
        self._grams = frozenset(self._by_gram)

    @property
    def pattern(self) -> str:
        """The one expression, in full."""
        return "|".join(one.written for one in self._phrases) or r"(?!)"

    @cached_property
    def whole(self) -> re.Pattern[str]:
        """All of them as one expression."""
        return re.compile(self.pattern)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """As `whole.finditer`: from left to right, at one place the first that matches."""
        there = self._there(text)
        if len(there) == 1:
            yield from there[0].finditer(text)
            return
        heads = [found for one in there if (found := one.search(text))]
        while heads:
            first = min(heads, key=re.Match.start)  # of equal ones the first in order
            yield first
            at = max(first.end(), first.start() + 1)
            heads = [
                found
                for one in heads
                if (found := one if one.start() >= at else one.re.search(text, at))
            ]

    def search(self, text: str) -> re.Match[str] | None:
        """As `whole.search`."""
        if len(text) <= SHORT:
            return self.whole.search(text)
        found = (one.search(text) for one in self._there(text))
        return min((one for one in found if one), key=re.Match.start, default=None)

    def without(self, text: str) -> str:
        """The text with a space in place of each."""
        return self.whole.sub(" ", text)

    def _there(self, text: str) -> list[re.Pattern[str]]:
        """Those that may match, in order."""
        grams = grams_of(text)
        hit = self._grams & grams
        places = sorted({at for gram in hit for at in self._by_gram[gram]}) if hit else ()
        found = (self._phrases[at] for at in places)
        return [one.compiled for one in found if one.may_be_in(text, grams)]


def compiled(written: Iterable[str]) -> Phrases:
    """Many patterns as one: a space breaks words, `*` ends them, `..` skips to five."""
    return Phrases(written)


def _one(text: str) -> str:
    text = text.strip()
    first, last = text.startswith("^"), text.endswith("$")
    text = text.removeprefix("^").removesuffix("$")
    text = re.sub(r"(?<!\\w)(?<!\\d)\*", r"\\w*", text)
    text = re.sub(r" \.\. ", "\0", text).replace(" ", _BREAK).replace("\0", _GAP)
    text = re.sub(r"\((?!\?)", "(?:", text)
    return (_FIRST if first else r"\b") + f"(?:{text})" + (_LAST if last else r"\b")
