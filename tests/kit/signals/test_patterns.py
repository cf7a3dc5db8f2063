"""Patterns that are tried sparingly find what one long expression of all of them finds."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from holdfast.kit.signals.needed import needed_in
from holdfast.kit.signals.patterns import Phrases
from holdfast.kit.signals.taxonomy import LANGUAGES, taxonomy

HERE = Path(__file__).parent


def every_phrases() -> Iterator[Phrases]:
    known = taxonomy()
    for one in (*known.hazards, *known.quality, *known.body, *known.parts):
        for kinds in (one.words, one.food, one.hints, one.food_hints):
            yield from (kinds or {}).values()
    yield from known.failed.values()
    for level in known.severity:
        yield from level.words.values()
    for said in known.negation.values():
        yield from (said.words, said.not_words, said.spared, said.elsewhere, said.only_thought)


def texts() -> list[str]:
    """Sentences in four languages, and each pattern's own letters mixed up."""
    invented = (HERE / "invented.txt").read_text().lower().replace("'", "").splitlines()
    chance = random.Random(1)
    said = [
        " ".join(chance.choice(line.split("|")[-1].split() or [""]) for line in invented)
        for _ in range(6)
    ]
    return [*invented, *said]


def test_sparingly_tried_they_answer_as_one_expression() -> None:
    some = texts()
    found = 0
    for phrases in every_phrases():
        for text in some[::2]:
            whole = [one.span() for one in phrases.whole.finditer(text)]
            assert [one.span() for one in phrases.finditer(text)] == whole, phrases.pattern
            first = phrases.search(text)
            assert (first.span() if first else None) == (whole[0] if whole else None)
            assert phrases.without(text) == phrases.whole.sub(" ", text)
            found += len(whole)
    assert found > 400


@pytest.mark.parametrize(
    ("written", "needed"),
    [
        ("burns? (to|on)", [["burn"], ["on", "to"]]),
        ("(caught|catch|a) .. fire", [["fire"]]),
        ("(blew|blow) (up|apart)", [["blew", "blow"], ["apart", "up"]]),
        (r"(\w+ ){0,3}shock*", [["shock"]]),
        ("a fires?(?! (truck*|m[ae]n))", [["fire"]]),
        ("(gr)?and(ma)?", [["and"]]),
        ("ab|cd .. ef", [["ab", "cd"]]),
        ("x(ab|)", []),
        (r"\w+", []),
        ("m[ae]n", []),
        ("colou?rs", [["colo"], ["rs"]]),
        ("^fires?", [["fire"]]),
        ("ab{0,2}cde", [["cde"]]),
    ],
)
def test_what_a_pattern_needs_is_read_out_of_it(written: str, needed: list[list[str]]) -> None:
    assert [sorted(one) for one in needed_in(written)] == needed


def test_every_hazards_words_are_mostly_told_by_letters() -> None:
    for language in LANGUAGES:
        known = taxonomy().hazards
        all_of_them = [one for hazard in known for one in hazard.words[language]._phrases]
        assert sum(bool(one.needed) for one in all_of_them) > 0.9 * len(all_of_them)
