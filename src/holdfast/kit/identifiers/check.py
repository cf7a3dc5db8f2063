"""Is this unit recalled? One answer from a snapshot of live recalls; it writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from holdfast.kit.identifiers.lookalike import look
from holdfast.kit.identifiers.scan import GTIN_LENGTHS, Scan, scan
from holdfast.kit.identifiers.serial_range import SerialRange

SHORT = 16
"""Shorter than any GS1 string or Digital Link that names a lot."""
REMEMBERED = 50_000
LONGEST = 200
Held = Callable[[str], Sequence[str] | None]
"""The lots that lie in a logistic unit now, by its number; None where it is not known or no record
of now is ready."""
BARE = ("code", "gtin", "sscc")
"""Codes that may as well be a lot somebody wrote down without saying so."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """What one live recall covers. No lots means every unit of its products is affected.

    `products` are all codes a person might type for them: SKUs, GTINs, model names. `only` says
    what else narrows it (dates, markets), which no code on a unit can tell; empty means nothing.
    Where there are `serials`, only units with such a number are affected.
    """

    ref: str
    products: frozenset[str] = frozenset()
    lots: frozenset[str] = frozenset()
    only: str = ""
    serials: tuple[SerialRange, ...] = ()

    @property
    def narrowing(self) -> str:
        """What has to be looked at besides product and lot."""
        ranges = ", ".join(map(str, self.serials))
        said = [f"Serial number in {ranges}"] if ranges else []
        return "; ".join([*said, self.only] if self.only else said)

    def may_be(self, serial: str) -> bool:
        """Can a unit with this serial number be affected? Of an unknown one nobody knows."""
        return not serial or not self.serials or any(r.may_contain(serial) for r in self.serials)

    def by_serial(self, serial: str) -> Recalled:
        """The recall as it stands for a unit whose serial number is in a range as it is spelled."""
        is_in = bool(serial) and any(one.contains(serial) for one in self.serials)
        return replace(self, serials=()) if is_in else self


class Answer(NamedTuple):
    """`affected`, `not_affected` or `cannot_tell` (to be treated as affected), and why."""

    answer: str
    recalls: tuple[str, ...]
    why: str

    def as_json(self) -> dict[str, object]:
        """The object `holdfast check --json` prints."""
        return {"answer": self.answer, "recalls": list(self.recalls), "why": self.why}


class Sold(NamedTuple):
    """What is known of one serial number that was sold: its product, and recalls by certainty."""

    sku: str
    confirmed: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()


@dataclass(slots=True)
class Snapshot:
    """Every live recall and every known lot and product, ready for lookups by shape.

    `products` maps each spelling of a product (SKU, GTIN, name) to its SKU; `lots` maps a known
    lot to the SKUs it was received or sold as (none where unknown). `serials` are the serial
    numbers on order lines. `hidden` are recalls nobody has been told of yet: their codes get
    "cannot tell" and no name, since "not affected" would be untrue.
    """

    recalls: tuple[Recalled, ...]
    products: Mapping[str, str] = field(default_factory=dict)
    lots: Mapping[str, Iterable[str]] = field(default_factory=dict)
    serials: Mapping[str, Sold] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    _skus: dict[str, set[str]] = field(init=False, repr=False)
    _lots: dict[str, set[str]] = field(init=False, repr=False)
    _serials: dict[str, list[Sold]] = field(init=False, repr=False)
    _bad_lots: dict[str, list[Recalled]] = field(init=False, repr=False)
    _bad_skus: dict[str, list[Recalled]] = field(init=False, repr=False)
    _clear: frozenset[str] = field(init=False, repr=False)
    _told: dict[tuple[str, str], Answer] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._skus, self._lots = defaultdict(set), defaultdict(set)
        self._bad_lots, self._bad_skus = defaultdict(list), defaultdict(list)
        for spelling, sku in self.products.items():
            self._skus[_shape(spelling)].add(sku)
        self._serials = defaultdict(list)
        for serial, sold in self.serials.items():
            self._serials[look(serial)].append(sold)
        for lot in self.lots:
            self._lots[look(lot)].add(lot)
        for recall in self.recalls:
            for lot in recall.lots:
                self._bad_lots[look(lot)].append(recall)
            for sku in recall.products:
                self._bad_skus[_shape(sku)].append(recall)

        self._clear = frozenset(shape for shape in self._lots if self._is_clear(shape))
        self._told = {}

    def check(self, code: str, product: str = "", held: Held | None = None) -> Answer:
        """The answer for one code, with the product where the person named one.

        With `held`, a logistic unit is answered by the lots that lie in it.
        """
        inside = self._of_unit(code, product, held) if held is not None else None
        return inside or self._by_code(code, product)

    def _of_unit(self, code: str, product: str, held: Held) -> Answer | None:
        """The gravest answer of all that lies in a logistic unit; None where the code is none."""
        if not product and len(code) < SHORT and look(code) in self._clear:
            return None
        found = scan(code)
        if found.gtin or found.lot or found.serial or found.doubt:
            return None
        name = found.key or found.bare
        if not found.names and (look(name) in self._lots or look(name) in self._bad_lots):
            return None
        lots = held(name)
        if not lots:
            return None
        answers = [self._of_lot_inside(lot, product) for lot in lots]
        worst = max(answers, key=_gravity)
        recalls = tuple(sorted({ref for one in answers for ref in one.recalls}))
        if worst.answer != "not_affected":
            return Answer(worst.answer, recalls, f"In {_short(name)} now: {worst.why}")
        if len(lots) == 1:
            return Answer("not_affected", (), f"In {_short(name)} now: {worst.why}")
        why = f"In {_short(name)} now lie {len(lots)} lots, and no recall is open for any of them."
        return Answer("not_affected", (), why)

    def _of_lot_inside(self, lot: str, product: str) -> Answer:
        shape = look(lot)
        if shape in self._lots or shape in self._bad_lots:
            return self._shown(self._lot(lot, shape, product))
        return self._by_code(lot, product)

    def _by_code(self, code: str, product: str) -> Answer:
        if not product and len(code) < SHORT:
            shape = look(code)
            if shape in self._clear and not (shape.isdigit() and len(shape) in GTIN_LENGTHS):
                return _clear(code)
        # In a recall the same few codes are asked again and again; a snapshot never changes.
        key = (code, product)
        found = self._told.get(key)
        if found is None:
            found = self._shown(self._check(code, product))
            if len(self._told) >= REMEMBERED:
                self._told.clear()
            if len(code) + len(product) <= LONGEST:
                self._told[key] = found
        return found

    def _shown(self, found: Answer) -> Answer:
        if not self.hidden or self.hidden.isdisjoint(found.recalls):
            return found
        shown = tuple(ref for ref in found.recalls if ref not in self.hidden)
        if shown:
            return found._replace(recalls=shown)
        return Answer("cannot_tell", (), "We cannot tell for this code yet. Keep the label.")

    def _is_clear(self, shape: str) -> bool:
        """Is a shape a lot that no recall touches?"""
        if shape in self._bad_lots:
            return False
        skus = {sku for lot in self._lots[shape] for sku in self.lots[lot]}
        return not any(not recall.lots for sku in skus for recall in self._of_product(sku))

    def _check(self, code: str, product: str) -> Answer:
        found = scan(code)
        answer = self._answer(found, code, product)
        if found.doubt and answer.answer == "not_affected":
            # A code that was misread may name a lot that is not the one on the label.
            return Answer("cannot_tell", (), f"This code does not check: {found.doubt}")
        return answer

    def _answer(self, found: Scan, code: str, product: str) -> Answer:
        named = found.gtin or product
        if found.lot:
            answer = self._lot(found.lot, look(found.lot), named, found.serial)
            if answer.answer == "affected" or look(found.serial) not in self._serials:
                return answer
            return max(answer, self._serial(found.serial), key=_gravity)
        if found.serial and look(found.serial) in self._serials:
            return self._serial(found.serial)
        shape = look(found.bare)
        if not shape and not found.gtin:
            return Answer("cannot_tell", (), "No code was given.")
        is_lot = shape in self._bad_lots or (
            shape in self._lots and not self._is_product(found.gtin or found.bare)
        )
        if found.kind in BARE and is_lot:
            return self._lot(found.bare, shape, named)
        if shape in self._serials:
            return self._serial(found.bare)
        if found.names:
            return self._other(found, product)
        if found.gtin or self._is_product(found.bare):
            return self._product(found.gtin or found.bare, found)
        if product:
            return self._unread(code, product)
        return Answer(
            "cannot_tell",
            (),
            f"“{_short(code)}” is not a lot, product or serial number we know. "
            "Until you have checked the label again, treat the product as affected.",
        )

    def _lot(self, lot: str, shape: str, product: str, serial: str = "") -> Answer:
        named = [r for r in self._bad_lots.get(shape, ()) if self._concerns(r, product)]
        hit = [r.by_serial(serial) for r in named if r.may_be(serial)]
        if named and not hit:
            return _elsewhere(serial, named)
        if hit and all(r.serials for r in hit):
            return _part(hit)
        if hit:
            exact = {known for r in hit for known in r.lots if look(known) == shape}
            if _plain(lot) not in {_plain(known) for known in exact} and self._exact(lot, shape):
                return Answer(
                    "cannot_tell",
                    _refs(hit),
                    f"Lot {_short(lot)} is not recalled, but looks like {min(exact)}, which is.",
                )
            return Answer("affected", _refs(hit), f"Lot {min(exact)} is recalled.")
        every = [r for r in self._of_product(product) if not r.lots]
        whole = [r.by_serial(serial) for r in every if r.may_be(serial)]
        if every and not whole and len(every) == len(self._of_product(product)):
            return _elsewhere(serial, every)
        if not product:
            # A lot's own product may be recalled as a whole.
            skus = {sku for known in self._lots.get(shape, ()) for sku in self.lots[known]}
            whole = [r for sku in skus for r in self._of_product(sku) if not r.lots]
        if whole:
            return _whole(whole)
        open_recalls = [r for r in self._of_product(product) if r.lots]
        elsewhere = self._bad_lots.get(shape, ())
        if elsewhere and not self._is_made_as(shape, product):
            return Answer(
                "cannot_tell",
                _refs(elsewhere),
                f"Lot {_short(lot)} is recalled, but we know it for another product than "
                f"{_short(product)}. Check both again.",
            )
        if elsewhere:
            words = f"Lot {_short(lot)} is recalled for another product only."
            known = sorted(one for r in elsewhere for one in r.lots if look(one) == shape)
            if _plain(lot) not in map(_plain, known):
                words = f"Lot {_short(lot)} is not recalled; {known[0]}, of another product, is."
            return Answer("not_affected", (), words)
        if shape in self._lots:
            return _clear(lot)
        if product and self._is_product(product) and not open_recalls:
            return Answer("not_affected", (), f"No recall is open for {_short(product)}.")
        return Answer(
            "cannot_tell",
            _refs(open_recalls),
            f"We have no record of lot {_short(lot)}, so it cannot be ruled out.",
        )

    def _serial(self, serial: str) -> Answer:
        sold = self._serials[look(serial)]
        hit = {ref for one in sold for ref in one.confirmed}
        unsure = {ref for one in sold for ref in one.unsure}
        if hit and len(sold) == 1:
            return Answer("affected", tuple(sorted(hit)), f"Serial {_short(serial)} is recalled.")
        if hit or unsure:
            return Answer(
                "cannot_tell",
                tuple(sorted(hit | unsure)),
                f"Serial {_short(serial)} was sold when recalled units lay in stock.",
            )
        return Answer(
            "not_affected", (), f"Serial {_short(serial)} is known, and no recall is open for it."
        )

    def _product(self, product: str, found: Scan) -> Answer:
        every = self._of_product(product)
        recalls = [r.by_serial(found.serial) for r in every if r.may_be(found.serial)]
        whole = [r for r in recalls if not r.lots]
        if whole:
            return _whole(whole)
        if every and not recalls:
            return _elsewhere(found.serial, every)
        if recalls:
            lots = sorted({lot for r in recalls for lot in r.lots})
            shown = ", ".join(lots[:6]) + (" and more" if len(lots) > 6 else "")
            missing = "the serial number does not tell the lot" if found.serial else "no lot given"
            return Answer(
                "cannot_tell",
                _refs(recalls),
                f"Some lots of this product are recalled ({shown}); {missing}.",
            )
        if self._is_product(product):
            return Answer("not_affected", (), f"No recall is open for {_short(product)}.")
        return Answer("cannot_tell", (), f"We do not know the product {_short(product)}.")

    def _other(self, found: Scan, product: str) -> Answer:
        """A number of something that is no product: a pallet, a place, an asset."""
        if look(found.key) in self._serials:
            return self._serial(found.key)
        named = f"“{_short(found.key)}” is the number of a {found.names}"
        if product and self._is_product(product):
            whole = self._product(product, Scan("code"))
            if whole.answer != "not_affected":
                return whole._replace(why=f"{named}. {whole.why}")
            return whole
        return Answer(
            "cannot_tell",
            (),
            f"{named}: it does not tell which units are meant. "
            "Check the code on the product itself.",
        )

    def _unread(self, code: str, product: str) -> Answer:
        answer = self._product(product, Scan("code"))
        if answer.answer == "cannot_tell" and answer.recalls:
            return Answer("cannot_tell", answer.recalls, f"{answer.why} “{_short(code)}” is none.")
        return answer

    def _concerns(self, recall: Recalled, product: str) -> bool:
        """Is this recall about the named product? Unknown names are no alibi."""
        if not product or not recall.products or not self._is_product(product):
            return True
        return recall in self._of_product(product)

    def _of_product(self, product: str) -> list[Recalled]:
        if not product:
            return []
        shapes = {_shape(product)} | {_shape(sku) for sku in self._skus.get(_shape(product), ())}
        found: dict[str, Recalled] = {}
        for shape in shapes:
            found.update({r.ref: r for r in self._bad_skus.get(shape, ())})
        return list(found.values())

    def _is_product(self, product: str) -> bool:
        return _shape(product) in self._skus or _shape(product) in self._bad_skus

    def _is_made_as(self, shape: str, product: str) -> bool:
        skus = self._skus.get(_shape(product), set())
        known = self._lots.get(shape, ())
        return any(skus & set(self.lots[spelling]) for spelling in known)

    def _exact(self, lot: str, shape: str) -> bool:
        return _plain(lot) in {_plain(known) for known in self._lots.get(shape, ())}


def _gravity(answer: Answer) -> int:
    return ("not_affected", "cannot_tell", "affected").index(answer.answer)


def _clear(lot: str) -> Answer:
    return Answer("not_affected", (), f"Lot {_short(lot)} is known, and no recall is open for it.")


def _whole(recalls: list[Recalled]) -> Answer:
    if any(not recall.narrowing for recall in recalls):
        return Answer("affected", _refs(recalls), "Every unit of this product is recalled.")
    return _part(recalls)


def _part(recalls: list[Recalled]) -> Answer:
    narrowing = recalls[0].narrowing
    return Answer(
        "cannot_tell",
        _refs(recalls),
        f"Part of this product is recalled ({narrowing}); the code does not tell which.",
    )


def _elsewhere(serial: str, recalls: list[Recalled]) -> Answer:
    """A serial number outside the ranges of every recall there is."""
    ranges = ", ".join(str(one) for recall in recalls for one in recall.serials)
    return Answer(
        "not_affected", (), f"Serial {_short(serial)} is not among those recalled ({ranges[:120]})."
    )


def _shape(product: str) -> str:
    digits = "".join(ch for ch in product if ch not in " -")
    if digits.isascii() and digits.isdigit() and len(digits) in GTIN_LENGTHS:
        return digits.zfill(14)
    return look(product)


def _plain(lot: str) -> str:
    return "".join(ch for ch in lot.upper() if ch not in " -–_")


def _refs(recalls: Iterable[Recalled]) -> tuple[str, ...]:
    return tuple(sorted({recall.ref for recall in recalls}))


def _short(text: str) -> str:
    if len(text) <= 40 and text.isalnum():
        return text
    text = " ".join(text.split())
    return text if len(text) <= 40 else text[:39] + "…"
