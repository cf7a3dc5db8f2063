"""The index of the own catalogue: codes as sorted numbers, words as weighted postings."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from holdfast.kit.matching.codes import Code, asins, codes, whole_codes
from holdfast.kit.matching.records import Record
from holdfast.kit.matching.words import LONGEST_JOINED, is_model, without_finish, words

REST, WORD, BRAND, MODEL, STEM, PHOTO = range(6)
FACTORS = np.array([0.4, 1.0, 1.0, 1.5, 1.5, 0.2], np.float32)
"""What a word weighs beside its rarity, by kind: as part of a description, of a title and so on."""
POSTINGS = 20_000
"""So many entries of the index are looked at for one recall, the rarest words first."""
SHORTEST_SEEN, MOST_SEEN = 3, 60
"""Of a photograph so many words count, none shorter than this: a reader sees letters in patterns.
"""
KEPT = 25
SOFT = 0.3
"""How far a long text beside a short title is forgiven: 0 the plain cosine, 1 the share of the
shorter one that the longer one covers."""
"""Candidates of one recall that are compared in full."""

Numbers = NDArray[np.int32]
Weights = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Traits:
    """What of one record is compared: its words by kind, its codes; `pictured` in photographs."""

    words: dict[str, int]
    codes: tuple[Code, ...]
    asins: tuple[str, ...]
    pictured: tuple[str, ...] = ()

    @property
    def digest(self) -> int:
        """The same for records of which the same is compared; 64 bits, within one process."""
        return hash((frozenset(self.words.items()), self.codes, self.asins, self.pictured))


def traits_of(record: Record) -> Traits:
    """The words of a record, each of its strongest kind; its codes, those of code columns first."""
    kinds: dict[str, int] = {}
    for word in words(record.brand or record.title[:30].partition(" ")[0]):
        kinds[word] = BRAND
    for word in words(f"{record.title}\n{record.model}"):
        if is_model(word):
            kinds[word] = MODEL
            kinds.setdefault(without_finish(word), STEM)
        else:
            kinds.setdefault(word, WORD)
    for line in record.model.splitlines():
        joined = "".join(words(line.replace("-", "").replace("/", "")))
        if is_model(joined) and len(joined) <= LONGEST_JOINED:
            kinds[joined] = MODEL
            kinds.setdefault(without_finish(joined), STEM)
    for word in words(record.rest):
        kinds.setdefault(word, REST)
    found = {code.gtin or code.body: code for code in codes(record.codes, announced=True)}
    for code in codes(record.text):
        found.setdefault(code.gtin or code.body, code)
    named = tuple(asins(f"{record.codes}\n{record.text}"))
    if not record.photo:
        return Traits(kinds, tuple(found.values()), named)
    seen = [word for word in words(record.photo) if len(word) >= SHORTEST_SEEN]
    for word in seen[:MOST_SEEN]:
        kinds.setdefault(word, PHOTO)
    pictured = tuple(one for one in whole_codes(record.photo) if one not in found)
    return Traits(kinds, tuple(found.values()), named, pictured)


class Catalogue:
    """Products, each known by its position; built once, kept, asked often.

    Rows that say the same are one product with several ids: they are no rivals, and make no word
    more common. About 600 bytes a product. Asking uses scratch arrays, so threads do not share one.
    """

    def __init__(self, products: Iterable[Record]) -> None:
        self.ids: list[str] = []
        self._twins: dict[int, list[str]] = {}
        self._rows = 0
        self.vocabulary: dict[str, int] = {}
        self.asins: dict[str, list[int]] = {}
        tokens, kinds, lengths = array("i"), array("b"), array("i", [0])
        numbers, owners = array("q"), array("i")
        pictured, shown_by = array("q"), array("i")
        number_of = self.vocabulary.setdefault
        known: dict[int, int] = {}
        for product in products:
            self._rows += 1
            traits = traits_of(product)
            position = known.setdefault(traits.digest, len(self.ids))
            if position < len(self.ids):
                self._twins.setdefault(position, []).append(product.id)
                continue
            self.ids.append(product.id)
            for word, kind in traits.words.items():
                tokens.append(number_of(word, len(self.vocabulary)))
                kinds.append(kind)
            lengths.append(len(tokens))
            for code in traits.codes:
                if code.gtin:
                    numbers.append(int(code.gtin))
                    owners.append(position)
            for gtin in traits.pictured:
                pictured.append(int(gtin))
                shown_by.append(position)
            for asin in traits.asins:
                self.asins.setdefault(asin, []).append(position)
        self._set_words(tokens, kinds, lengths)
        self._set_codes(numbers, owners)
        self._by_picture = _sorted(*_pair(pictured, shown_by))

    def __len__(self) -> int:
        return self._rows

    def ids_at(self, position: int) -> list[str]:
        """The ids of all rows that say the same."""
        return list(dict.fromkeys((self.ids[position], *self._twins.get(position, ()))))

    @property
    def every_id(self) -> set[str]:
        """The ids of all rows."""
        return {*self.ids, *(one for twins in self._twins.values() for one in twins)}

    def _set_words(self, tokens: array[int], kinds: array[int], starts: array[int]) -> None:
        size = len(self.vocabulary)
        self.starts = np.frombuffer(starts, np.int32).astype(np.int64)
        self.tokens = np.frombuffer(tokens, np.int32) if tokens else np.zeros(0, np.int32)
        self.seen = np.bincount(self.tokens, minlength=size).astype(np.int32)
        self.rarity = np.log1p(max(1, len(self.ids)) / np.maximum(self.seen, 1)).astype(np.float32)
        self.kinds = np.frombuffer(kinds, np.int8) if kinds else np.zeros(0, np.int8)
        weights = self.rarity[self.tokens] * FACTORS[self.kinds]
        owner = np.repeat(np.arange(len(self.ids), dtype=np.int32), np.diff(self.starts))
        squares = np.bincount(owner, weights.astype(np.float64) ** 2, minlength=len(self.ids))
        self.lengths = np.sqrt(np.maximum(squares, 1e-12)).astype(np.float32)
        self.weights = (weights / self.lengths[owner]).astype(np.float32)
        order = np.argsort(self.tokens, kind="stable")
        self.posted, self.posted_weights = owner[order], self.weights[order]
        self.posts = np.concatenate(([0], np.cumsum(self.seen, dtype=np.int64)))
        self.dense = np.zeros(size, np.float32)
        self.sums = np.zeros(len(self.ids), np.float32)
        self.marks = np.zeros(len(self.ids), np.int32)

    def _set_codes(self, numbers: array[int], owners: array[int]) -> None:
        whole, owner = _pair(numbers, owners)
        self.coded = np.zeros(len(self.ids), bool)
        self.coded[owner] = True
        self._by_gtin = _sorted(whole, owner)
        self._by_item = _sorted(whole // 10 % 10**12, owner)
        upc = (whole < 10**12) & (whole >= 10**6)
        self._by_body = _sorted(whole[upc] // 10 % 10**10, owner[upc])

    def with_gtin(self, gtin: str) -> Numbers:
        """Products of exactly this number."""
        return _found(self._by_gtin, int(gtin))

    def with_picture(self, gtin: str) -> Numbers:
        """Products whose photograph shows exactly this number, while no column says it."""
        return _found(self._by_picture, int(gtin))

    def with_item(self, gtin: str) -> Numbers:
        """Products whose number differs from this one only in the digit that says the pack."""
        return _found(self._by_item, int(gtin) // 10 % 10**12)

    def with_body(self, body: str) -> Numbers:
        """Products whose UPC has these ten digits in the middle."""
        return _found(self._by_body, int(body))

    def weighed(self, kinds: dict[str, int]) -> tuple[Numbers, Weights, float]:
        """The words of a recall that the catalogue knows, their weights over the length of all."""
        unknown = float(np.log1p(max(1, len(self.ids))))
        known, heavy, squares = [], [], 0.0
        for word, kind in kinds.items():
            number = self.vocabulary.get(word)
            weight = float(FACTORS[kind]) * (
                unknown if number is None else float(self.rarity[number])
            )
            squares += weight * weight
            if number is not None:
                known.append(number)
                heavy.append(weight)
        length = max(squares, 1e-12) ** 0.5
        return np.array(known, np.int32), np.array(heavy, np.float32) / np.float32(length), length

    def alike(self, kinds: dict[str, int]) -> tuple[Numbers, Weights]:
        """The products most like these words, best first, and how like, 0 to 1."""
        tokens, weights, length = self.weighed(kinds)
        if not len(tokens):
            return np.zeros(0, np.int32), np.zeros(0, np.float32)
        candidates = self._candidates(tokens, weights)
        self.dense[tokens] = weights
        starts, stops = self.starts[candidates], self.starts[candidates + 1]
        where, row = _spread(starts, stops)
        shared = self.dense[self.tokens[where]] * self.weights[where]
        likeness = np.bincount(row, shared, minlength=len(candidates)).astype(np.float32)
        self.dense[tokens] = 0
        own = self.lengths[candidates]
        longer = np.maximum(own, length) / np.minimum(own, length)
        likeness = np.minimum(1, likeness * longer**SOFT).astype(np.float32)
        order = np.argsort(-likeness, kind="stable")
        return candidates[order], likeness[order]

    def _candidates(self, tokens: Numbers, weights: Weights) -> Numbers:
        """Products that share the rarest words, at most KEPT of them."""
        by_weight = np.argsort(-weights * self.rarity[tokens], kind="stable")
        used = np.cumsum(self.seen[tokens[by_weight]])
        chosen = by_weight[: max(1, int(np.searchsorted(used, POSTINGS, "right")))]
        first = tokens[chosen]
        where, row = _spread(self.posts[first], self.posts[first + 1])
        products, part = self.posted[where], self.posted_weights[where] * weights[chosen][row]
        np.add.at(self.sums, products, part)
        places = np.arange(len(products), dtype=np.int32)
        self.marks[products] = places
        products = products[self.marks[products] == places]  # each once, without sorting
        sums = self.sums[products]
        self.sums[products] = 0
        if len(products) > KEPT:
            products = products[np.argpartition(-sums, KEPT)[:KEPT]]
        return np.sort(products)

    def shared(self, position: int, kinds: dict[str, int]) -> list[tuple[str, int]]:
        """The words of a recall that a product has too, the rarest first, with their kind there."""
        place = slice(int(self.starts[position]), int(self.starts[position + 1]))
        own = dict(zip(self.tokens[place].tolist(), self.kinds[place].tolist(), strict=True))
        both = [(word, self.vocabulary.get(word, -1)) for word in kinds]
        found = [(word, own[number]) for word, number in both if number in own]
        return sorted(found, key=lambda one: (self.seen[self.vocabulary[one[0]]], one[0]))


def _spread(
    starts: NDArray[np.int64], stops: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All places of several ranges, and to which range each belongs."""
    lengths = stops - starts
    row = np.repeat(np.arange(len(starts)), lengths)
    before = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    return np.arange(int(lengths.sum())) - before[row] + starts[row], row


def _pair(numbers: array[int], owners: array[int]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    if not numbers:
        return np.zeros(0, np.int64), np.zeros(0, np.int32)
    return np.frombuffer(numbers, np.int64), np.frombuffer(owners, np.int32)


def _sorted(
    values: NDArray[np.int64], owners: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    order = np.argsort(values, kind="stable")
    return values[order], owners[order]


def _found(table: tuple[NDArray[np.int64], NDArray[np.int32]], value: int) -> Numbers:
    low, high = np.searchsorted(table[0], [value, value + 1])
    return table[1][low:high]
