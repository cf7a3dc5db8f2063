"""All recalls against one catalogue, kept: one more, one less or one changed costs little.

Whether words alone make a pair depends on the rival recalls of a product. So when a recall comes
or goes, others may gain or lose a pair; `put` and `drop` say which have to be looked at again.
The answers are those of asking everybody at once (`match_all`), whatever came in which order.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from holdfast.kit.matching.catalogue import Catalogue, Numbers, Weights
from holdfast.kit.matching.matcher import Match, Near, Rivals, decided, near_of
from holdfast.kit.matching.records import Record

GROWS_BY = 4096


class Crowd:
    """Recalls by id; about 25 products each are remembered. One thread at a time asks."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.rivals = Rivals.none(len(catalogue))
        self._records: dict[str, Record] = {}
        self._near: dict[str, Near] = {}
        self._number: dict[str, int] = {}
        self._ids: list[str] = []
        self._said: list[int] = []
        self._told: Counter[int] = Counter()
        self._used = 0
        self._products = np.full(GROWS_BY, -1, np.int32)
        self._likeness = np.zeros(GROWS_BY, np.float32)
        self._owner = np.zeros(GROWS_BY, np.int32)

    def __contains__(self, recall: object) -> bool:
        return recall in self._records

    def __len__(self) -> int:
        return len(self._records)

    def put(self, record: Record) -> set[str]:
        """Take in a recall, or its new wording; the ids whose answers may now differ."""
        touched = self.drop(record.id) if record.id in self._records else set()
        near = near_of(record, self.catalogue)
        before = self._best_two(near.every_product)
        self._take(record, near)
        return touched | {record.id} | self._holders(near.every_product, before)

    def put_unheard(self, record: Record) -> None:
        """Take in one that is not here yet, where every answer is looked at afterwards anyway."""
        self._take(record, near_of(record, self.catalogue))

    def _take(self, record: Record, near: Near) -> None:
        self._records[record.id], self._near[record.id] = record, near
        self._remember(record.id, near)
        if self._told[near.said] == 1:  # the same words under another id are no rival
            self.rivals.add(near.every_product, near.every_likeness)

    def drop(self, recall: str) -> set[str]:
        """Forget a recall; the ids whose answers may now differ."""
        del self._records[recall]
        near = self._near.pop(recall)
        self._told[near.said] -= 1
        products = near.every_product
        before = self._best_two(products)
        mine = self._owner[: self._used] == self._number.pop(recall)
        self._products[: self._used][mine] = -1
        self._work_out(products)
        return self._holders(products, before)

    def matches(self, recall: str) -> list[Match]:
        """The pairs of one recall as things stand."""
        return decided(self._records[recall], self.catalogue, self._near[recall], self.rivals)

    def _remember(self, recall: str, near: Near) -> None:
        products, likeness = near.every_product, near.every_likeness
        number = self._number[recall] = len(self._ids)
        self._ids.append(recall)
        self._said.append(near.said)
        self._told[near.said] += 1
        end = self._used + len(products)
        while end > len(self._products):
            self._products = np.concatenate((self._products, np.full_like(self._products, -1)))
            self._likeness = np.concatenate((self._likeness, np.zeros_like(self._likeness)))
            self._owner = np.concatenate((self._owner, np.zeros_like(self._owner)))
        place = slice(self._used, end)
        self._products[place], self._likeness[place] = products, likeness
        self._owner[place] = number
        self._used = end

    def _best_two(self, products: Numbers) -> tuple[Weights, Weights]:
        return self.rivals.best[products].copy(), self.rivals.second[products].copy()

    def _holders(self, products: Numbers, before: tuple[Weights, Weights]) -> set[str]:
        """Who else is near a product whose two best likenesses have changed."""
        best, second = before
        changed = (self.rivals.best[products] != best) | (self.rivals.second[products] != second)
        if not changed.any():
            return set()
        rows = np.isin(self._products[: self._used], products[changed])
        return {self._ids[number] for number in np.unique(self._owner[: self._used][rows])}

    def _work_out(self, products: Numbers) -> None:
        """The two best likenesses of these products from those who are left."""
        self.rivals.best[products] = 0
        self.rivals.second[products] = 0
        rows = np.flatnonzero(np.isin(self._products[: self._used], products))
        heard: set[tuple[int, int]] = set()
        for row in rows.tolist():
            one = int(self._products[row]), self._said[self._owner[row]]
            if one in heard:
                continue
            heard.add(one)
            self.rivals.add(self._products[row : row + 1], self._likeness[row : row + 1])
