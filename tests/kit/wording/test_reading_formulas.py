"""Reading level: the published formulas, to the digit, on texts counted by hand."""

from __future__ import annotations

import pytest

from holdfast.kit.wording.reading import EASES, reading_level, syllables
from holdfast.kit.wording.sentences import sentences
from holdfast.kit.wording.tongue import tongue

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("language", "per_sentence", "per_word", "ease"),
    [
        ("en", 10, 1.5, 206.835 - 10.15 - 126.9),
        ("de", 10, 1.5, 180 - 10 - 87.75),
        ("fr", 10, 1.5, 207 - 10.15 - 110.4),
        ("es", 10, 1.5, 206.84 - 10.2 - 90),
        ("nl", 10, 1.5, 206.835 - 9.3 - 115.5),
        ("it", 10, 1.5, 217 - 13 - 90),
    ],
)
def test_the_coefficients_are_those_of_the_paper(language, per_sentence, per_word, ease):
    assert EASES[language].value(per_sentence, per_word) == pytest.approx(ease)
    assert any(year in EASES[language].source for year in ("1948", "1958", "1959", "1960")) or (
        language in ("de", "it")
    )


def test_a_text_counted_by_hand():
    text = "Stop now. It can burn you."  # 6 words, 2 sentences, 6 syllables
    level = reading_level(text, sentences(text, tongue("en")), tongue("en"))
    assert level["value"] == pytest.approx(0.39 * 3 + 11.8 * 1 - 15.59, abs=0.01)
    assert level["ease"] == pytest.approx(206.835 - 1.015 * 3 - 84.6, abs=0.05)
    assert "1975" in str(level["formula"])


def test_a_language_without_a_formula_gives_none_and_is_never_called_hard():
    text = "Ez egy nagyon hosszadalmas és bonyolult mondat. " * 20
    level = reading_level(text, sentences(text, tongue("hu")), tongue("hu"))
    assert (level["value"], level["hard"]) == (None, False)
    assert "ease" not in level


@pytest.mark.parametrize(
    ("word", "language", "count"),
    [("table", "en", 1), ("battery", "en", 3), ("Akku", "de", 2), ("rouge", "fr", 1)],
)
def test_syllables_are_groups_of_vowels_and_a_heuristic(word, language, count):
    assert syllables(word, language) == count
