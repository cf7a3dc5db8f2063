"""How hard a text is to read, by published formulas; a heuristic for advice, never a verdict.

Syllables are counted as groups of vowels, so a value is near the formula's own, not equal to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from holdfast.kit.wording.sentences import Sentence, words
from holdfast.kit.wording.tongue import Tongue

_VOWELS = re.compile(r"[aeiouyàâäéèêëîïôöùûüáíóúñìò]+", re.IGNORECASE)
_SILENT = {"en": re.compile(r"e+$"), "fr": re.compile(r"(?<=\w\w)(?:e|es|ent)$")}
FEWEST_WORDS = 30


@dataclass(frozen=True, slots=True)
class Ease:
    """An adaptation of Flesch's reading ease: base - a * words/sentence - b * syllables/word.

    0 is very hard, 100 very easy; 60 to 70 is what its author called standard.
    """

    name: str
    source: str
    base: float
    per_sentence: float
    per_syllable: float

    def value(self, words_per_sentence: float, syllables_per_word: float) -> float:
        """The ease of a text with these means."""
        return (
            self.base
            - self.per_sentence * words_per_sentence
            - self.per_syllable * syllables_per_word
        )


EASES = {
    "en": Ease(
        "Flesch reading ease", "Flesch, A New Readability Yardstick, 1948", 206.835, 1.015, 84.6
    ),
    "de": Ease("Amstad", "Amstad, Wie verständlich sind unsere Zeitungen?, 1978", 180, 1, 58.5),
    "fr": Ease(
        "Kandel-Moles",
        "Kandel and Moles, Application de l'indice de Flesch à la langue française, 1958",
        207,
        1.015,
        73.6,
    ),
    "es": Ease(
        "Fernández Huerta",
        "Fernández Huerta, Medidas sencillas de lecturabilidad, 1959; its syllables a hundred "
        "words taken a word",
        206.84,
        1.02,
        60,
    ),
    "nl": Ease(
        "Flesch-Douma", "Douma, De leesbaarheid van landbouwbladen, 1960", 206.835, 0.93, 77
    ),
    "it": Ease("Flesch-Vacca", "Franchina and Vacca, 1986", 217, 1.3, 60),
}
MEASURES = {
    "flesch_kincaid": "Kincaid and others, 1975: 0.39 words a sentence + 11.8 syllables a word "
    "- 15.59; a US school grade, age is about five more",
    "lix": "Björnsson, Läsbarhet, 1968: words a sentence + percentage of words over six letters",
    "long_words": "No published formula is used: the share of words over six letters",
}


def syllables(word: str, language: str) -> int:
    """Groups of vowels, silent endings taken off where the language has them; at least one."""
    silent = _SILENT.get(language)
    plain = silent.sub("", word) if silent else word
    return max(1, len(_VOWELS.findall(plain)))


def reading_level(text: str, found: list[Sentence], tongue: Tongue) -> dict[str, object]:
    """The language's measure with its target, and the reading ease where one is published."""
    # Codes, prices and addresses are no words a reader has to decode.
    plain = [
        word for word in words(text) if not any(char.isdigit() or char in "./@" for char in word)
    ]
    rows = max(1, len([one for one in found if one.words > 1]))
    count = max(1, len(plain))
    per_sentence = count / rows
    per_word = sum(syllables(word, tongue.language) for word in plain) / count
    value = _value(tongue, plain, per_sentence, per_word)
    level: dict[str, object] = {
        "measure": tongue.reading_measure,
        "formula": MEASURES.get(tongue.reading_measure, ""),
        "value": None if value is None else round(value, 2),
        "target": tongue.reading_target,
        "ceiling": tongue.reading_ceiling,
        "words": len(plain),
        "words_per_sentence": round(per_sentence, 1),
        "hard": value is not None and len(plain) >= FEWEST_WORDS and value > tongue.reading_ceiling,
    }
    ease = EASES.get(tongue.language)
    if ease and plain:
        level["ease"] = round(ease.value(per_sentence, per_word), 1)
        level["ease_formula"] = f"{ease.name}: {ease.source}"
    return level


def _value(tongue: Tongue, plain: list[str], per_sentence: float, per_word: float) -> float | None:
    long_share = sum(1 for word in plain if len(word) > 6) / max(1, len(plain))
    if tongue.reading_measure == "flesch_kincaid":
        return 0.39 * per_sentence + 11.8 * per_word - 15.59
    if tongue.reading_measure == "lix":
        return per_sentence + 100 * long_share
    if tongue.reading_measure == "long_words":
        return long_share
    return None
