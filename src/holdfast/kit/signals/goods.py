"""What kind of goods a report is about, by what the catalogue, its source or its text calls it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from holdfast.kit.regimes.yamltext import read_yaml
from holdfast.kit.signals.patterns import Phrases, compiled

FOOD = "food"
FAMILIES = ("food", "products")
LONGEST = 4_000  # characters of a text that are looked at
_BEGINS = re.compile(  # what may stand before the thing that a text is about
    r"\W*(?:(?:the|this|that|these|my|our|your|an?|de[rnms]|die|das|dies\w*|mein\w*|unser\w*|eine?"
    r"|les?|la|l|mon|ma|mes|notre|une?|cette|ce|el|l[oa]s|mis?|nuestr\w|una|est[ea])\W+"
    r"(?:\w+\W+){0,2})?\Z"
)


@dataclass(frozen=True, slots=True)
class Goods:
    """A kind of goods (empty: unknown) and the words that told it.

    `read_as` is what `read_hazards` is told: `food`, `products`, or empty for both.
    """

    kind: str = ""
    words: str = ""
    read_as: str = ""


@dataclass(frozen=True)
class _Kind:
    key: str
    read_as: str
    words: Phrases


@cache
def _kinds() -> tuple[tuple[_Kind, ...], Phrases]:
    told = read_yaml(Path(__file__).with_name("goods.yaml"))
    kinds = tuple(
        _Kind(key, one["read_as"], _all(one["words"])) for key, one in told["kinds"].items()
    )
    return kinds, _all(told["eaten"])


def _all(words: Mapping[str, Iterable[str]]) -> Phrases:
    """Of all languages at once: a catalogue mixes them."""
    return compiled(word for some in words.values() for word in some)


def kinds_of_goods() -> tuple[str, ...]:
    """The keys of all kinds."""
    return tuple(one.key for one in _kinds()[0])


def goods_of(named: str, text: str, said: str = "") -> Goods:
    """The kind of what a report is about; where two are possible, it is unknown.

    `named` is what the catalogue (or the report, apart from its text) calls the product; `said`
    is what its source says: a kind, `food` or `products`. A text decides alone only by the thing
    that it begins with. Only a source says that something is food and nothing else: an egg boiler,
    a wine cooler and an Apple watch are called by food too, and their fires must be read. Nor does
    a thing lose what can be wrong with food where the text speaks of eating: a pot pie is no pot.

    >>> goods_of("Travel torch TR-5", "").kind, goods_of("Kettle chips", "").kind
    ('electrical', '')
    >>> goods_of("", "The lamp smokes.").read_as, goods_of("", "There was glass in it.").read_as
    ('products', '')
    """
    kinds, eaten = _kinds()
    if said:
        read_as = next((one.read_as for one in kinds if one.key == said), said)
        return Goods(said, "", read_as)
    thing, food = _named(named.lower())
    plain = text[:LONGEST].lower()
    other, eats = _named(plain)
    if not eats and (found := eaten.search(plain)):
        eats = found.group()
    if thing and food:
        return Goods(words=f"{thing[1]}, {food}")
    if thing:
        return Goods(thing[0].key, thing[1], "" if eats else thing[0].read_as)
    if food:
        return Goods(FOOD, food)
    if other and not eats and _BEGINS.match(plain[: plain.index(other[1])]):
        return Goods(other[0].key, other[1], other[0].read_as)
    return Goods(FOOD, eats) if eats and not other else Goods()


def _named(plain: str) -> tuple[tuple[_Kind, str] | None, str]:
    """The first kind of thing that is named, and the first food."""
    things = ((one, one.words.search(plain)) for one in _kinds()[0])
    found = [(one, hit.group()) for one, hit in things if hit]
    food = next((words for one, words in found if one.key == FOOD), "")
    return next(((one, words) for one, words in found if one.key != FOOD), None), food
