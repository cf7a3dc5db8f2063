"""Reads a public post: what it is about, by which words, in which language. No sentiment score."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from holdfast.kit.regimes.yamltext import read_yaml
from holdfast.kit.signals.hazard_reading import read_hazards
from holdfast.kit.signals.language import language_of
from holdfast.kit.signals.patterns import Phrases, compiled
from holdfast.kit.signals.taxonomy import LANGUAGES

MOST_CHARACTERS = 5_000  # of one post; what lies behind is kept out and said to be
_ENDS = ".!?;\n"
_DROPPED = re.compile(r"https?://\S+|www\.\S+|[@#](?=\w)")
_ASKS = re.compile(r"[?？؟]")


@dataclass(frozen=True, slots=True)
class Tag:
    """One thing a post can be; `harm` is 1 to 10: what it may do while nobody answers."""

    key: str
    title: str
    harm: int
    words: Mapping[str, Phrases]


@dataclass(frozen=True, slots=True)
class Tagged:
    """A tag with the words of the post that decided, as they stand there."""

    tag: str
    words: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What a post says; `tags` the most harmful first, each once."""

    language: str
    tags: tuple[Tagged, ...]
    hazards: tuple[str, ...]
    severity: int
    was_cut: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(one.tag for one in self.tags)


@cache
def tags() -> tuple[Tag, ...]:
    """Every tag, the most harmful first."""
    found = (
        Tag(
            str(one["key"]),
            str(one["title"]),
            int(one["harm"]),
            {code: compiled(one["words"].get(code, ())) for code in LANGUAGES},
        )
        for one in _told()["tags"]
    )
    return tuple(sorted(found, key=lambda tag: -tag.harm))


@cache
def _told() -> Mapping[str, Any]:
    told: Mapping[str, Any] = read_yaml(Path(__file__).with_name("words.yaml"))
    return told


@cache
def _turned(tag: str, language: str) -> Phrases:
    return compiled(_told()["turned"].get(tag, {}).get(language, ()))


def read_post(text: str, language: str = "") -> Heard:
    """Tags of a post with the words that decided, its hazards and the harm it tells of (0 to 4).

    English, German, French and Spanish have words; a post in another language gets no tag, which
    is no statement about it. Only the first 5,000 characters are read.
    """
    given = unicodedata.normalize("NFC", text)
    was_cut = len(given) > MOST_CHARACTERS
    given = given[:MOST_CHARACTERS]
    language = language if language in LANGUAGES else language_of(given)
    reading = read_hazards(given, language)
    plain = _plain(given, language)
    found = []
    for tag in tags():
        words = _words_for(tag, plain, language)
        if not words and tag.key == "question" and _ASKS.search(plain):
            words = "?"
        if not words and tag.key == "injury" and reading.severity:
            # harm as complaints are read for it
            harm = re.compile(re.escape(reading.severity_words))
            words = _first(harm, _turned(tag.key, language), plain)
        if words:
            found.append(Tagged(tag.key, words))
    return Heard(language, tuple(found), reading.hazards, reading.severity, was_cut)


def _plain(given: str, language: str) -> str:
    low = _DROPPED.sub(" ", given).lower().replace("’", "'").replace("‘", "'")
    return low.replace("'", " ") if language == "fr" else low


def _words_for(tag: Tag, plain: str, language: str) -> str:
    return _first(tag.words[language], _turned(tag.key, language), plain)


def _first(words: Phrases | re.Pattern[str], turned: Phrases, plain: str) -> str:
    """The first words that say so and are not turned round in their own sentence before."""
    for found in words.finditer(plain):
        starts = max(plain.rfind(mark, 0, found.start()) for mark in _ENDS) + 1
        said = " ".join(found.group().split()).strip(" ,:-")
        if said and not turned.search(plain[starts : found.start()]):
            return said[:120]
    return ""
