"""Names of makers and brands brought to one spelling, and found again in what a recall says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

_SAID_NOTHING = frozenset(
    """unknown unsure none na n a not sure dont know i do not know unspecified no brand other
    various generic see description i dont know not known not available can not find idk made in
    china china unlisted unbranded""".split()
)
# What firms add to their name; dropped from the end only, and never the last word left.
_TAIL = frozenset(
    """inc incorporated llc ltd limited co corp corporation company companies gmbh ag sa sarl bv kg
    plc lp intl international usa us na holdings holding group enterprises enterprise industries
    industry brands brand products stores store distribution distributors imports import
    manufacturing mfg int of america the""".split()
)
_HEAD = frozenset({"the"})
# Words of the goods themselves: alone they name nobody.
_GOODS = frozenset(
    """toy toys baby babies kids kid child children doll dolls princess disney bike bicycle wagon
    car cars truck trucks train animal animals pogo stick ball balls game games play set wooden
    musical magnetic plastic plush food organic natural original classic super best first fun my
    little big new girl girls boy boys pink blue red green home garden sports sport power magic
    action happy pet pets""".split()
)
_SHORTEST = 4
_LONGEST = 500  # signs of a name that are read
_SOLD_AT = re.compile(r"[;,.]? ?\(?sold (?:exclusively )?(?:at|by|on|through|in)\b.*", re.I)
_PAREN = re.compile(r"\([^)]*\)")


@lru_cache(maxsize=65_536)
def maker_key(name: str) -> str:
    """One spelling for all spellings of a name: `FISHER-PRICE BRANDS, Inc.` → `fisher price`.

    Empty where the name says that nobody is known.
    """
    words = _folded(_PAREN.sub(" ", name[:_LONGEST])).split()
    if not words or all(word in _SAID_NOTHING for word in words):
        return ""
    while len(words) > 1 and words[0] in _HEAD:
        words.pop(0)
    while len(words) > 1 and words[-1] in _TAIL and len(words[-2]) > 1:
        words.pop()
    return " ".join(words)


@lru_cache(maxsize=65_536)
def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    text = "".join(one for one in text if not unicodedata.combining(one))
    text = re.sub(r"['’.®™]", "", text)
    return " ".join(re.sub(r"[^\w\s]|_", " ", text).split())


def recall_words(title: str, products: Iterable[str]) -> str:
    """What a recall says of whose product it is: its title without the shops, and its products."""
    said = " | ".join([_SOLD_AT.sub("", " ".join(title.split())), *products])
    return f" {_folded(said)} "


class NamesInRecalls:
    """Finds a maker or brand in recalls."""

    def __init__(self, said: Mapping[str, str]) -> None:
        """`said` is the recall's id and its `recall_words`."""
        self._said = said
        self._where: dict[str, list[str]] = {}
        for recall, words in said.items():
            for word in set(words.split()):
                self._where.setdefault(word, []).append(recall)

    def found(self, key: str) -> frozenset[str]:
        """Ids of the recalls that name this maker or brand."""
        words = key.split()
        if not words or not names_somebody(key):
            return frozenset()
        rarest = min(words, key=lambda word: len(self._where.get(word, ())))
        places = {*self._where.get(rarest, ()), *self._where.get(key.replace(" ", ""), ())}
        return frozenset(recall for recall in places if is_named(key, self._said[recall]))


def is_named(key: str, said: str) -> bool:
    """Does this name stand in `recall_words`, as it is or written together?"""
    return f" {key} " in said or f" {key.replace(' ', '')} " in said


def names_somebody(key: str) -> bool:
    """Is the name more than a word of the goods?"""
    words = key.split()
    telling = [word for word in words if word not in _GOODS]
    return len("".join(telling)) >= _SHORTEST or (len(words) > 1 and len(key) > _SHORTEST + 2)
