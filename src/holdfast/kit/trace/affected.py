"""Which lots are affected: lots, suppliers and receipts, looked up in what arrived."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from holdfast.kit.trace.criteria import Criteria


@dataclass(frozen=True, slots=True)
class Received:
    """One receipt as far as the choice of lots goes; `names` are what a person may call it."""

    lot: str
    sku: str
    supplier: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Affected:
    """The affected lots, and what a person has to know about how they were found.

    `unrecorded` lots were named but never received; `declared` are the products named beside
    them, which stand in for the receipt that says what the lot is a lot of. `missing` are words
    that match nothing at all, by kind.
    """

    lots: frozenset[str] = frozenset()
    declared: frozenset[str] = frozenset()
    unrecorded: tuple[str, ...] = ()
    missing: tuple[tuple[str, str], ...] = ()


def affected_lots(
    criteria: Criteria,
    receipts: Iterable[Received],
    *,
    products: Iterable[str] = (),
    lots_on_lines: Iterable[str] = (),
) -> Affected:
    """The affected set A of a scope.

    `products` are the SKUs the criteria's products were found as, `lots_on_lines` the lots that
    order lines name. A named lot stays in A unless every receipt of it names another supplier;
    a supplier or receipt alone brings in the lots of its receipts.
    """
    by_lot: dict[str, list[Received]] = defaultdict(list)
    for receipt in receipts:
        by_lot[receipt.lot].append(receipt)
    known = _spellings([*by_lot, *lots_on_lines])
    suppliers = {word.casefold() for word in criteria.suppliers}
    references = {word.casefold() for word in criteria.receipts}

    def is_named(receipt: Received) -> bool:
        return not references or any(name.casefold() in references for name in receipt.names)

    def fits(receipt: Received) -> bool:
        by_supplier = not suppliers or receipt.supplier.casefold() in suppliers
        return by_supplier and is_named(receipt)

    def may_fit(receipt: Received) -> bool:
        # A receipt that names no supplier is no alibi for a lot that somebody named.
        by_supplier = not receipt.supplier or receipt.supplier.casefold() in suppliers
        return (not suppliers or by_supplier) and is_named(receipt)

    lots: set[str] = set()
    for word in criteria.lots:
        for lot in known.get(word.casefold(), (word,)):
            if not by_lot[lot] or any(may_fit(receipt) for receipt in by_lot[lot]):
                lots.add(lot)
    if not criteria.lots:
        lots = {lot for lot, rows in by_lot.items() if any(fits(receipt) for receipt in rows)}
    unrecorded = tuple(sorted(lot for lot in lots if not by_lot[lot]))
    missing = [("lot", word) for word in criteria.lots if word.casefold() not in known]
    missing += _absent("supplier", criteria.suppliers, (r.supplier for r in _all(by_lot)))
    missing += _absent(
        "receipt", criteria.receipts, (name for r in _all(by_lot) for name in r.names)
    )
    return Affected(
        frozenset(lots),
        frozenset(products) if unrecorded else frozenset(),
        unrecorded,
        tuple(missing),
    )


def other_spellings(lots: Iterable[str], known: Iterable[str]) -> dict[str, str]:
    """Known words that are one of these lots but for letter case, each with that lot."""
    own = set(lots)
    lot_of = {lot.casefold(): lot for lot in sorted(own, reverse=True)}
    return {
        word: lot_of[word.casefold()]
        for word in known
        if word not in own and word.casefold() in lot_of
    }


def near_spellings(word: str, known: Sequence[str], *, most: int = 3) -> list[str]:
    """Up to three known words that look like this one, nearest first."""
    folded: dict[str, str] = {}
    for spelling in known:
        folded.setdefault(spelling.casefold(), spelling)
    near = difflib.get_close_matches(word.casefold(), list(folded), n=most, cutoff=0.6)
    return [folded[match] for match in near]


def _spellings(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = defaultdict(set)
    for word in words:
        if word:
            found[word.casefold()].add(word)
    return {folded: tuple(sorted(spellings)) for folded, spellings in found.items()}


def _all(by_lot: dict[str, list[Received]]) -> list[Received]:
    return [receipt for rows in by_lot.values() for receipt in rows]


def _absent(kind: str, words: tuple[str, ...], known: Iterable[str]) -> list[tuple[str, str]]:
    folded = {word.casefold() for word in known}
    return [(kind, word) for word in words if word.casefold() not in folded]
