"""Which products a recall may mean, the answer for each, and the reason in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from holdfast.kit.matching.catalogue import (
    BRAND,
    MODEL,
    PHOTO,
    REST,
    WORD,
    Catalogue,
    Numbers,
    Traits,
    Weights,
    traits_of,
)
from holdfast.kit.matching.codes import Code
from holdfast.kit.matching.records import Record
from holdfast.kit.matching.words import halves_of_model, spaced_models

SUPPRESS, REVIEW, NOTHING = "suppress", "review", "no visible match"
ANSWERS = (SUPPRESS, REVIEW, NOTHING)
"""There is no fourth: that nothing was seen does not make a product safe."""

NEAR_BEST = 0.92
"""A pair counts when it is nearly as good as the best that either side has."""
ENOUGH, LEAST, CLEAR = 0.4, 0.25, 0.8
"""So much likeness is enough; down to LEAST only if no other comes nearer than CLEAR of it."""
MODEL_LEAST = 0.3
"""The likeness from which brand and model are looked at although another pair is better."""
OTHER_CODE = 0.9
"""The likeness that is asked where both name codes and none is common."""
RARE_MODEL, LONG_MODEL = 5, 5
"""A model number decides when it has so many characters and at most so many products carry it."""
SHOWN = 6
Said = tuple[float, str, str]
"""Score, answer, reason."""


@dataclass(frozen=True, slots=True)
class Match:
    """One product a recall may mean; `score` is 0 to 1, `reason` a sentence."""

    left: str
    right: str
    score: float
    answer: str
    reason: str


@dataclass
class Rivals:
    """The two best likenesses that each product has with any recall so far; what these said."""

    best: Weights
    second: Weights
    heard: set[int] = field(default_factory=set)

    @classmethod
    def none(cls, size: int) -> Rivals:
        """Before the first recall."""
        return cls(np.zeros(size, np.float32), np.zeros(size, np.float32))

    def add(self, products: Numbers, likeness: Weights) -> None:
        """One recall more; each product comes once."""
        best = self.best[products]
        self.second[products] = np.maximum(self.second[products], np.minimum(best, likeness))
        self.best[products] = np.maximum(best, likeness)


@dataclass
class Matches:
    """What was found; `unseen` are the recalls with no visible match, which says nothing more."""

    found: list[Match] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    rivals: Rivals = field(default_factory=lambda: Rivals.none(0))


@dataclass(frozen=True, slots=True)
class Near:
    """What one recall comes near to: by its codes for good, by its words until rivals are known.

    `every_product` are all it was compared with; `products` those that may become a pair. `said` is
    the same for recalls that say the same.
    """

    by_code: dict[int, Said]
    every_product: Numbers
    every_likeness: Weights
    products: Numbers
    likeness: Weights
    said: int


def match_one(recall: Record, catalogue: Catalogue, rivals: Rivals | None = None) -> list[Match]:
    """One recall against the whole catalogue; `rivals` keeps what earlier ones had, and is told."""
    known = rivals or Rivals.none(len(catalogue))
    near = near_of(recall, catalogue)
    if near.said not in known.heard:
        known.heard.add(near.said)
        known.add(near.every_product, near.every_likeness)
    return decided(recall, catalogue, near, known)


def match_all(recalls: Sequence[Record], catalogue: Catalogue) -> Matches:
    """Many recalls: first how like each is to what, then the answers, so that order is nothing.

    A recall may stand in several rows of the same id, and the same words under several ids: these
    are no rivals of each other. A pair comes once, with its best score.
    """
    rivals = Rivals.none(len(catalogue))
    everything = [near_of(recall, catalogue) for recall in recalls]
    rows: dict[str, list[Near]] = {}
    for recall, near in zip(recalls, everything, strict=True):
        rows.setdefault(recall.id, []).append(near)
    different = {tuple(sorted({near.said for near in of_one})): of_one for of_one in rows.values()}
    for of_one in different.values():
        rivals.add(*_nearest(of_one))
    rivals.heard.update(near.said for near in everything)
    best: dict[tuple[str, str], Match] = {}
    seen: set[str] = set()
    for recall, near in zip(recalls, everything, strict=True):
        for match in decided(recall, catalogue, near, rivals):
            seen.add(recall.id)
            known = best.get((match.left, match.right))
            if known is None or known.score < match.score:
                best[match.left, match.right] = match
    unseen = dict.fromkeys(recall.id for recall in recalls if recall.id not in seen)
    return Matches(list(best.values()), list(unseen), rivals)


def _nearest(rows: Sequence[Near]) -> tuple[Numbers, Weights]:
    """What any row of one recall comes near to, and its best likeness there."""
    if len(rows) == 1:
        return rows[0].every_product, rows[0].every_likeness
    everything = np.concatenate([one.every_product for one in rows])
    products, place = np.unique(everything, return_inverse=True)
    likeness = np.zeros(len(products), np.float32)
    np.maximum.at(likeness, place, np.concatenate([one.every_likeness for one in rows]))
    return products, likeness


def near_of(recall: Record, catalogue: Catalogue) -> Near:
    """What one recall comes near to, whoever else is there."""
    traits = _asked(recall, catalogue)
    products, likeness = catalogue.alike(traits.words)
    enough = likeness >= LEAST
    by_code = _by_code(traits, catalogue)
    near = products[enough], likeness[enough]
    return Near(by_code, products, likeness, *near, traits.digest)


def _asked(recall: Record, catalogue: Catalogue) -> Traits:
    """The traits of a recall, blanks in its model numbers set as the catalogue has them."""
    traits = traits_of(recall)
    said, known = traits.words, catalogue.vocabulary
    for text, kind in ((f"{recall.title}\n{recall.model}", MODEL), (recall.rest, REST)):
        for model in spaced_models(text):
            if model in known:
                said.setdefault(model, kind)
    for model in [word for word, kind in said.items() if kind == MODEL and word not in known]:
        halves = halves_of_model(model)
        if halves and all(half in known for half in halves):
            del said[model]
            for half in halves:
                said.setdefault(half, WORD)
    return traits


def decided(recall: Record, catalogue: Catalogue, near: Near, rivals: Rivals) -> list[Match]:
    """By code, then by words; each product at most once, the best first."""
    said = dict(near.by_code)
    if len(near.products):
        traits = _asked(recall, catalogue)
        for position, score in _by_words(traits, catalogue, near, rivals):
            new = (score, *_reason(traits, catalogue, position))
            if position not in said or (said[position][1], new[1]) == (REVIEW, SUPPRESS):
                said[position] = new  # what only a photograph says takes no stronger answer away
        for position, score in _by_model(traits, catalogue, near):
            _answer, reason = _reason(traits, catalogue, position)
            said.setdefault(position, (score, REVIEW, reason))
    found = [
        Match(recall.id, product, *answer)
        for at, answer in said.items()
        for product in catalogue.ids_at(at)
    ]
    return sorted(found, key=lambda match: (-match.score, match.right))


def _by_code(traits: Traits, catalogue: Catalogue) -> dict[int, Said]:
    found: dict[int, Said] = {}
    for asin in traits.asins:
        for position in catalogue.asins.get(asin, ()):
            found[position] = (1.0, SUPPRESS, f"Both name the marketplace code {asin}.")
    for code in traits.codes:
        for position, said in _of_code(code, catalogue):
            if position not in found or found[position][0] < said[0]:
                found[position] = said
    for position, said in _by_picture(traits, catalogue):
        if position not in found or found[position][0] < said[0]:
            found[position] = said
    return found


def _by_picture(traits: Traits, catalogue: Catalogue) -> Iterator[tuple[int, Said]]:
    """Whole codes of which one side knows only from a photograph: never more than to look at."""
    for gtin in (code.gtin for code in traits.codes if code.gtin and code.sure):
        said = f"A photograph of the product shows {gtin.lstrip('0')}, which the recall names."
        for position in catalogue.with_picture(gtin).tolist():
            yield position, (1.0, REVIEW, said)
    for gtin in traits.pictured:
        number = gtin.lstrip("0")
        for position in catalogue.with_gtin(gtin).tolist():
            said = f"A photograph of the recall shows {number}, the number of this product."
            yield position, (1.0, REVIEW, said)
        for position in catalogue.with_picture(gtin).tolist():
            yield position, (1.0, REVIEW, f"Photographs of both show {number}.")


def _of_code(code: Code, catalogue: Catalogue) -> list[tuple[int, Said]]:
    if code.body:
        return _of_body(code, catalogue)
    exact = catalogue.with_gtin(code.gtin).tolist()
    said = f"Both name the trade item {code.gtin.lstrip('0')}"
    if not code.sure:
        said += "; its check digit does not fit, or it can be read in two ways"
    elif re.sub(r"\D", "", code.shown).zfill(14) != code.gtin:
        said += f" (the recall prints {code.shown})"
    sure = (1.0, SUPPRESS) if code.sure else (0.9, REVIEW)
    found: list[tuple[int, Said]] = [(one, (*sure, f"{said}.")) for one in exact]
    for one in catalogue.with_item(code.gtin).tolist():
        if one not in exact:
            said = f"The recall names {code.shown}: the same item in another pack, or misprinted."
            found.append((one, (0.85, REVIEW, said)))
    return found


def _of_body(code: Code, catalogue: Catalogue) -> list[tuple[int, Said]]:
    products = catalogue.with_body(code.body).tolist()
    said = f"The recall names {code.shown}, a UPC without its first and last digit"
    if len(products) == 1 and code.sure:
        return [(products[0], (0.97, SUPPRESS, f"{said}; only this product has it."))]
    why = "other products have it too" if len(products) > 1 else "it may be another number"
    return [(one, (0.9, REVIEW, f"{said}; {why}.")) for one in products]


def _by_words(
    traits: Traits, catalogue: Catalogue, near: Near, rivals: Rivals
) -> list[tuple[int, float]]:
    """Pairs that are about the best of both sides, and good enough or without any rival."""
    products, likeness = near.products, near.likeness
    first = float(likeness[0])
    second = float(likeness[1]) if len(likeness) > 1 else 0.0
    best, next_best = rivals.best[products], rivals.second[products]
    good = (likeness >= NEAR_BEST * first) & (likeness >= NEAR_BEST * best)
    alone = (likeness >= first) & (likeness >= best) & (likeness * CLEAR >= second)
    alone &= likeness * CLEAR >= next_best
    good &= (likeness >= ENOUGH) | alone
    if traits.codes:
        good &= (likeness >= OTHER_CODE) | ~catalogue.coded[products]
    return list(zip(products[good].tolist(), likeness[good].tolist(), strict=True))


def _by_model(traits: Traits, catalogue: Catalogue, near: Near) -> list[tuple[int, float]]:
    """Products of the same brand and model; no better rival takes that away."""
    found = []
    for position, score in zip(near.products.tolist(), near.likeness.tolist(), strict=True):
        if score < MODEL_LEAST:
            break
        shared = catalogue.shared(position, traits.words)
        if all(_brand_and_model(traits, catalogue, shared)):
            found.append((position, score))
    return found


def _reason(traits: Traits, catalogue: Catalogue, position: int) -> tuple[str, str]:
    """The answer for a pair found by its words, and what speaks for it."""
    shared = catalogue.shared(position, traits.words)
    brand, model = _brand_and_model(traits, catalogue, shared)
    seen = [word for word, kind in shared if PHOTO in (kind, traits.words[word])]
    told = ", ".join(word for word, _kind in shared[:SHOWN])
    if seen:
        told += f"; read in a photograph: {', '.join(seen[:SHOWN])}"
    if traits.codes and catalogue.coded[position]:
        said = (
            f"the model number {model} and the brand {brand} are"
            if brand and model
            else "words are"
        )
        return REVIEW, f"No code is common, but {said}: {told}."
    if brand and model:
        return SUPPRESS, f"The same model number {model} and brand {brand}; common words: {told}."
    if model:
        return REVIEW, f"The same model number {model}, another brand or none; common: {told}."
    return REVIEW, f"Common words, the rarest first: {told}."


def _brand_and_model(
    traits: Traits, catalogue: Catalogue, shared: list[tuple[str, int]]
) -> tuple[str, str]:
    """The first common word that is a brand in the catalogue, and the rarest model of both."""
    brand = next(
        (word for word, kind in shared if kind == BRAND and traits.words[word] != PHOTO), ""
    )
    return brand, next(
        (
            word
            for word, kind in shared
            if kind == traits.words[word] == MODEL and _decides(catalogue, word)
        ),
        "",
    )


def _decides(catalogue: Catalogue, word: str) -> bool:
    seen = catalogue.seen[catalogue.vocabulary[word]]
    return len(word) >= LONG_MODEL and bool(seen <= RARE_MODEL)
