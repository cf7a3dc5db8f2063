"""Which of the four languages a text is written in, by its small words and its letters."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SMALL = {
    "en": "the and was is my it to of with for this that on had not i he she they have in "
    "at by from are be as so were has been her his",
    "de": "der die das und ist ich nicht mein meine mit ein eine war hat auf zu den dem sich im "
    "kein keine aber von nach bei für oder wurde waren ohne alles endlich es",
    "fr": "le la les et est je pas mon ma avec un une dans il elle des du que qui sur au en "
    "aux ne sans ce cette très mais pour sa ses rien aucun chez sont",
    "es": "el la los las y es mi con un una no en que de se por al su lo para del fue "
    "le muy pero sin esta este hay más era les",
}
# Letters that say more than a small word.
_LETTERS = {"de": "ßäöü", "fr": "çèêàùœîâ", "es": "ñáíóú¿¡"}
_SETS = {language: frozenset(words.split()) for language, words in _SMALL.items()}
SMALL_WORDS = frozenset[str]().union(*_SETS.values())
_WORD = re.compile(r"[^\W\d_]+")
_ENOUGH = 400


def language_of(text: str) -> str:
    """`en`, `de`, `fr` or `es`; English where the small words do not say."""
    words = [word.casefold() for word in _WORD.findall(text[:_ENOUGH])]
    counts = small_words(words, text[:_ENOUGH])
    best = max(counts, key=lambda language: (counts[language], language == "en"))
    return best if counts[best] > counts["en"] else "en"


def as_likely(text: str) -> tuple[str, ...]:
    """All languages that its small words speak for as much: of a few words, often several.

    >>> as_likely("Saltaron chispas.")
    ('en', 'de', 'fr', 'es')
    """
    words = [word.casefold() for word in _WORD.findall(text[:_ENOUGH])]
    counts = small_words(words, text[:_ENOUGH])
    most = max(counts.values())
    return tuple(language for language in counts if counts[language] == most)


def small_words(words: Sequence[str], text: str) -> dict[str, int]:
    """How many of these folded words are small words of each language, its letters counted in."""
    counts = {language: sum(word in known for word in words) for language, known in _SETS.items()}
    small = text.casefold()
    for language, letters in _LETTERS.items():
        counts[language] += min(3, sum(small.count(one) for one in letters))
    return counts
