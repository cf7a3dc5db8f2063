"""The published list of hazards: our key, the authorities' words, and what people write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from holdfast.kit.refusals import NotFound
from holdfast.kit.regimes.yamltext import read_yaml
from holdfast.kit.signals.patterns import Phrases, compiled

LANGUAGES = ("en", "de", "fr", "es")


@dataclass(frozen=True)
class Hazard:
    """One hazard; `eu` and `us` are the authorities' words, `settle` what would tell if so.

    Hints yield to `yields` (none named: any other); beside `gives_way` it is not told at all.
    """

    key: str
    title: str
    eu: tuple[str, ...]
    us: tuple[str, ...]
    words: Mapping[str, Phrases]
    goods: str = ""
    settle: str = ""
    food: Mapping[str, Phrases] | None = None
    hints: Mapping[str, Phrases] | None = None
    food_hints: Mapping[str, Phrases] | None = None
    yields: frozenset[str] = frozenset()
    gives_way: frozenset[str] = frozenset()

    def words_in(self, goods: str, language: str) -> Phrases:
        """The words of one language, for texts about these goods."""
        if goods == "food" and self.food and language in self.food:
            return self.food[language]
        return self.words[language]

    def hints_in(self, goods: str, language: str) -> Phrases | None:
        """Words that count only where no hazard is told that they yield to."""
        hints = self.food_hints if goods == "food" and self.food else self.hints
        return hints.get(language) if hints else None

    def yields_to(self, told: Iterable[str]) -> bool:
        """Do its hints fall silent beside these hazards (none named: beside any other)?"""
        others = set(told) - {self.key}
        return bool(others & self.yields if self.yields else others)

    def is_looked_for_in(self, goods: str) -> bool:
        """Is it read out of texts about these goods: `food`, `products`, or `` for unknown?"""
        return not goods or not self.goods or self.goods == goods


@dataclass(frozen=True)
class Severity:
    """A level of harm, 4 death to 1 hurt, and its words by language."""

    level: int
    words: Mapping[str, Phrases]


@dataclass(frozen=True)
class Negation:
    """Words that deny, that look so and do not, that say it nearly happened or might have.

    `aside` stands before what food helps against, or what other food is like; `free` behind.
    """

    words: Phrases
    not_words: Phrases
    spared: Phrases
    elsewhere: Phrases
    only_thought: Phrases
    aside: Phrases
    free: Phrases


@dataclass(frozen=True)
class Taxonomy:
    """Everything `hazards.yaml` holds, compiled."""

    version: int
    hazards: tuple[Hazard, ...]
    quality: tuple[Hazard, ...]
    severity: tuple[Severity, ...]
    body: tuple[Hazard, ...]
    parts: tuple[Hazard, ...]
    failed: Mapping[str, Phrases]
    negation: Mapping[str, Negation]


@cache
def taxonomy() -> Taxonomy:
    """The list of this version, read once."""
    told = read_yaml(Path(__file__).with_name("hazards.yaml"))
    elsewhere, aside = told["elsewhere"], told["aside"]
    return Taxonomy(
        version=int(told["version"]),
        hazards=tuple(_hazard(one) for one in told["hazards"]),
        quality=tuple(_hazard(one) for one in told["quality"]),
        severity=tuple(Severity(int(one["level"]), _words(one)) for one in told["severity"]),
        body=tuple(Hazard(key, key, (), (), _words(words)) for key, words in told["body"].items()),
        parts=tuple(
            Hazard(key, key, (), (), _words(words)) for key, words in told["parts"].items()
        ),
        failed=_words(told["failed"]),
        negation={
            language: Negation(
                compiled(words["words"]),
                compiled(words["not_words"]),
                compiled(words["spared"]),
                compiled(elsewhere.get(language, ())),
                compiled(words["only_thought"]),
                compiled(aside[language]["before"]),
                compiled(aside[language]["free"]),
            )
            for language, words in told["negation"].items()
        },
    )


def hazard_named(name: str) -> Hazard:
    """The hazard of this key, or of an authority's word for it.

    Raises:
        NotFound: nothing in the list is called so.
    """
    wanted = re.sub(r"[\W_]+", " ", name).strip().casefold()
    found = taxonomy().hazards
    for hazard in found:
        if wanted in (hazard.key.replace("_", " "), hazard.title.casefold()):
            return hazard
    for hazard in found:
        if wanted in (word.casefold() for word in (*hazard.us, *hazard.eu)):
            return hazard
    keys = ", ".join(hazard.key for hazard in found)
    raise NotFound("hazard_unknown", f"“{name[:60]}” is no hazard of the list.", hint=keys)


def _hazard(told: Mapping[str, Any]) -> Hazard:
    return Hazard(
        key=told["key"],
        title=told["title"],
        eu=tuple(told.get("eu", ())),
        us=tuple(told.get("us", ())),
        words=_words(told["words"]),
        goods=told.get("goods", ""),
        settle=told.get("settle", ""),
        food=_some(told, "food"),
        hints=_some(told, "hints"),
        food_hints=_some(told, "food_hints"),
        yields=frozenset(told.get("yields", ())),
        gives_way=frozenset(told.get("gives_way", ())),
    )


def _some(told: Mapping[str, Any], name: str) -> dict[str, Phrases] | None:
    return {one: compiled(words) for one, words in told[name].items()} if name in told else None


def _words(told: Mapping[str, Any]) -> dict[str, Phrases]:
    return {language: compiled(told.get(language, ())) for language in LANGUAGES}
