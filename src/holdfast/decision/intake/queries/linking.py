"""What a report is about: identifiers first, then words, each with the reason that is shown."""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db import connection
from django.db.models import Count, Max

from holdfast.decision.intake.rules.told import Told, orders_in
from holdfast.ground.journal.models import Entry
from holdfast.kit.identifiers.faults import BadIdentifier
from holdfast.kit.identifiers.gtin import Gtin
from holdfast.kit.identifiers.lookalike import look
from holdfast.kit.matching.catalogue import Catalogue
from holdfast.kit.matching.codes import asins
from holdfast.kit.matching.matcher import SUPPRESS, Match, match_one
from holdfast.kit.matching.records import Record
from holdfast.kit.signals.code_reading import Codes, read_codes
from holdfast.kit.signals.language import SMALL_WORDS
from holdfast.supply.catalog.models import Product
from holdfast.supply.catalog.rules import code_key
from holdfast.supply.orders.models import OrderLine
from holdfast.supply.orders.queries import sources as order_sources
from holdfast.supply.traceability.models import Receipt

CERTAIN, PROBABLE, POSSIBLE = "certain", "probable", "possible"
ORDER = (CERTAIN, PROBABLE, POSSIBLE)
MOST_LINKS = 8  # of one kind to one complaint; a list of a hundred lots is no complaint
MOST_LINES = 20
MOST_CODES = 40  # words of one text that may be product codes
SHORTEST_CODE, LONGEST_CODE = 4, 40
ASKED = 400  # keys in one question
KEPT_FROM = 2_000  # products or receipts; fewer are read anew in less time than a page takes
_RUN = re.compile(r"[\w./-]+")
_LABEL = re.compile(
    r"^(?:lot|batch|charge|chargen?-?nr|los|lote)\b[\s.:#-]*(?:(?:no|nr|number|nummer)\b[\s.:#-]*)?",
    re.IGNORECASE,
)
RECEIVED = ("FileImported", "ReceiptRecorded", "HistorySimulated")  # what changes receipts


@dataclass(frozen=True, slots=True)
class Link:
    """One thing a report belongs to; `reason` is a sentence."""

    kind: str
    certainty: str
    reason: str
    product: int | None = None
    order_line: int | None = None
    value: str = ""


class Linker:
    """Links reports to what this instance knows; what it loads, it loads once."""

    def __init__(self) -> None:
        self._by_code: dict[str, Product | None] = {}
        self._by_words: dict[tuple[str, ...], tuple[Link, ...]] = {}
        self._lots: dict[str, tuple[tuple[str, int], ...]] = {}

    def look_ahead(self, tolds: Sequence[Told], codes: Sequence[Codes]) -> None:
        """Ask once for everything that these reports name."""
        both = list(zip(tolds, codes, strict=True))
        keys = {
            code_key(code)
            for told, found in both
            for code in (*_named(told, found), *found.of("lot"), *_codes_in(told.whole))
        }
        self._look_up_codes(sorted(keys - self._by_code.keys()))
        gtins = {text for told, found in both for text in (told.gtin, *found.gtins) if text}
        self._look_up_gtins(sorted(gtins))
        lots = {lot for told, found in both for lot in _lots_named(told, found)}
        self._look_up_lots(sorted(lots - self._lots.keys()))

    def _look_up_codes(self, keys: list[str]) -> None:
        for at in range(0, len(keys), ASKED):
            asked = keys[at : at + ASKED]
            known = Product.objects.filter(code_key__in=asked).exclude(kind="pseudo")
            self._by_code.update(dict.fromkeys(asked))
            self._by_code.update({one.code_key: one for one in known})

    def _look_up_gtins(self, texts: list[str]) -> None:
        wanted = {value: _shapes(value) for text in texts if (value := _gtin_value(text))}
        shapes = sorted({shape for some in wanted.values() for shape in some})
        known: dict[str, Product] = {}
        for at in range(0, len(shapes), ASKED):
            rows = Product.objects.filter(gtin__in=shapes[at : at + ASKED]).order_by("-pk")
            known.update({one.gtin: one for one in rows})  # the lowest of each comes last
        for value, some in wanted.items():
            found = [known[shape] for shape in some if shape in known]
            self._by_code[f"gtin {value}"] = min(found, key=lambda one: one.pk, default=None)

    def _look_up_lots(self, lots: list[str]) -> None:
        for at in range(0, len(lots), ASKED):
            asked = lots[at : at + ASKED]
            received: dict[str, set[tuple[str, int]]] = defaultdict(set)
            for lot, product in Receipt.objects.filter(lot__in=asked).values_list(
                "lot", "product_id"
            ):
                received[lot].add((lot, product))
            sold = OrderLine.objects.filter(lot__in=asked).order_by().values_list("lot", flat=True)
            seen = set(sold.distinct())
            for lot in asked:
                if lot in received:
                    self._lots[lot] = tuple(sorted(received[lot]))
                elif lot not in seen:
                    self._lots[lot] = tuple(sorted(self._lot_looks.get(look(lot), set())))

    def links(self, told: Told, codes: Codes | None = None) -> list[Link]:
        """Every link of one report, the surest product first."""
        codes = read_codes(told.whole) if codes is None else codes
        found = [*self._order(told), *self._product_codes(told, codes)]
        known = {link.product for link in found if link.product}
        found += self._lots_of(told, codes, known)
        serials = list(dict.fromkeys(filter(None, [told.serial, *codes.of("serial")])))
        found += [self._serial(one, told, known) for one in serials[:MOST_LINKS]]
        if not any(link.product for link in found):
            found += self._words(told)
        return found

    def _order(self, told: Told) -> list[Link]:
        for number in filter(None, (told.order.strip(), *orders_in(told.whole)[:MOST_LINKS])):
            if found := self._order_named(number, told):
                return found
        return []

    def _order_named(self, number: str, told: Told) -> list[Link]:
        lines = self._lines(number)
        if not lines and (shape := look(number)) != number:
            lines = self._lines(number.upper()) or self._lines(shape)
        if not lines:
            return []
        told_code = code_key(told.product) if told.product else ""
        fitting = [one for one in lines if told_code and one.product.code_key == told_code]
        chosen = fitting or lines
        if len({line.product_id for line in chosen}) != 1:
            return [Link("order", POSSIBLE, f"Order {number} has {_many(lines)}.", value=number)]
        line = chosen[0]
        kept = line.order_number
        is_same = kept.lstrip("#") == number.lstrip("#")
        reason = (
            f"It names the order {number}" if is_same else f"“{number}” looks like order {kept}"
        )
        return [
            Link(
                "order",
                CERTAIN if is_same else PROBABLE,
                reason + (", which has this product." if len(lines) == 1 or fitting else "."),
                product=line.product_id,
                order_line=line.pk,
                value=number if is_same else kept,
            )
        ]

    def _lines(self, number: str) -> list[OrderLine]:
        wanted = {number, number.lstrip("#"), f"#{number.lstrip('#')}"}
        named = OrderLine.objects.filter(
            source__in=self._sources, order_number__in=wanted, kind="sale"
        )
        return list(named.select_related("product")[: MOST_LINES + 1])

    def _product_codes(self, told: Told, codes: Codes) -> Iterable[Link]:
        if told.product and (product := self._code(told.product)):
            yield Link("product", CERTAIN, f"It names the product code {product.code}.", product.pk)
            return
        for text, where in [(told.gtin, "It"), *((one, "Its text") for one in codes.gtins)]:
            if text and (product := self._gtin(text)):
                reason = f"{where} names the trade item {product.gtin or text}."
                yield Link("product", CERTAIN, reason, product.pk)
                return
        for code in _named(told, codes)[1:]:
            if code and (product := self._code(code)):
                yield Link("product", CERTAIN, f"Its text names {product.code}.", product.pk)
                return
        if told.product and (product := self._look(told.product)):
            yield Link(
                "product",
                PROBABLE,
                f"“{told.product[:60]}” looks like the product code {product.code}.",
                product.pk,
            )
            return
        named = {one.pk: one for code in _codes_in(told.whole) if (one := self._code(code))}
        for product in named.values():
            yield Link("product", PROBABLE, f"Its text names {product.code}.", product.pk)

    def _lots_of(self, told: Told, codes: Codes, known: set[int]) -> Iterable[Link]:
        for lot in _lots_named(told, codes):
            matches = self._lot(lot) or self._lot(_bare(lot))
            if not matches and lot != told.lot.strip() and self._code(lot):
                continue  # the product, which was found by its code
            fitting = [one for one in matches if one[1] in known] or list(matches)
            products = {product for _lot, product in fitting}
            if not fitting:
                yield Link("lot", POSSIBLE, f"It names lot {lot}, which is not known here.",
                           value=lot[:120])  # fmt: skip
                continue
            kept = fitting[0][0]
            is_same = kept == lot
            only = next(iter(products)) if len(products) == 1 else None
            reason = f"It names lot {kept}." if is_same else f"“{lot}” looks like lot {kept}."
            if only and not known:
                reason = f"{reason[:-1]}, which only one product has."
            certainty = CERTAIN if is_same and only else PROBABLE
            yield Link("lot", certainty, reason, product=only, value=kept[:120])

    def _serial(self, serial: str, told: Told, known: set[int]) -> Link:
        serial = serial.strip()[:120]
        named = OrderLine.objects.filter(serial=serial, product__in=known)
        lines = named.exclude(serial="")[:2] if known else ()  # what the index holds
        for line in lines:
            reason = f"It names the serial number {serial}, which was sold in an order here."
            return Link("serial", CERTAIN, reason, line.product_id, line.pk, serial)
        return Link("serial", POSSIBLE, f"It names the serial number {serial}.", value=serial)

    def _words(self, told: Told) -> tuple[Link, ...]:
        name = told.product_name or (told.product if " " in told.product.strip() else "")
        said = (
            name or _telling(told.title), told.brand or told.maker, told.model, told.gtin,
        )  # fmt: skip
        if not any(said[:3]):
            return ()
        known = self._by_words.get(said)
        if known is None:
            title, brand, model, gtin = said
            record = Record("it", title=title[:500], brand=brand, model=model, codes=gtin)
            known = tuple(
                Link(
                    "product",
                    PROBABLE if match.answer == SUPPRESS else POSSIBLE,
                    match.reason.replace("the recall", "the report")[:300],
                    product=int(match.right),
                )
                for match in self._index.matches(record)[:1]
            )
            self._by_words[said] = known
        return known

    def _code(self, code: str) -> Product | None:
        key = code_key(code)
        if key not in self._by_code:
            self._look_up_codes([key])
        return self._by_code[key]

    def _gtin(self, text: str) -> Product | None:
        value = _gtin_value(text)
        if not value:
            return None
        key = f"gtin {value}"
        if key not in self._by_code:
            self._look_up_gtins([text])
        return self._by_code[key]

    def _look(self, code: str) -> Product | None:
        found = self._looks.get(look(code), ())
        return Product.objects.get(pk=found[0]) if len(found) == 1 else None

    def _lot(self, lot: str) -> tuple[tuple[str, int], ...]:
        if lot not in self._lots:
            found = set(Receipt.objects.filter(lot=lot).values_list("lot", "product_id"))
            if not found:
                sold = OrderLine.objects.filter(lot=lot).values_list("lot", "product_id")
                found = set(sold[:MOST_LINES])
            if not found:
                found = self._lot_looks.get(look(lot), set())
            self._lots[lot] = tuple(sorted(found))
        return self._lots[lot]

    @cached_property
    def _sources(self) -> list[str]:
        return order_sources()

    @cached_property
    def _index(self) -> _WordIndex:
        return _WordIndex.now()

    @cached_property
    def _looks(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for key, code in Product.objects.exclude(kind="pseudo").values_list("pk", "code"):
            found[look(code)].append(key)
        return found

    @cached_property
    def _lot_looks(self) -> LotLooks:
        return _lot_looks_now()


LotLooks = dict[str, set[tuple[str, int]]]
"""Lots received and their products, by the shape that look-alikes share."""

_kept: list[_WordIndex] = []
_kept_lots: list[tuple[tuple[object, ...], LotLooks]] = []
_one_at_a_time = threading.Lock()


def _lot_looks_now() -> LotLooks:
    """Read once, and kept by the process while no receipt came; few are read anew."""
    counted = Receipt.objects.aggregate(count=Count("pk"), last=Max("pk"))
    if (counted["count"] or 0) < KEPT_FROM:
        return _read_lots()
    last = Entry.objects.filter(kind__in=RECEIVED).order_by("-index").values_list("index")
    sign = (connection.settings_dict["NAME"], *counted.values(), last.first())
    with _one_at_a_time:
        if not _kept_lots or _kept_lots[0][0] != sign:
            _kept_lots[:] = [(sign, _read_lots())]
        return _kept_lots[0][1]


def _read_lots() -> LotLooks:
    found: LotLooks = defaultdict(set)
    lots = Receipt.objects.order_by().values_list("lot", "product_id").distinct()
    for lot, product in lots.iterator(chunk_size=10_000):
        found[look(lot)].add((lot, product))
    return dict(found)


class _WordIndex:
    """The catalogue by its words; a large one is kept by the process while no product came."""

    def __init__(self, sign: tuple[object, ...]) -> None:
        self.sign = sign
        self._catalogue: Catalogue | None = None
        self._lock = threading.Lock()  # asking writes into scratch arrays

    @classmethod
    def now(cls) -> _WordIndex:
        """The kept one where it is still true; nothing is read before it is asked."""
        counted = Product.objects.aggregate(count=Count("pk"), last=Max("pk"))
        if (counted["count"] or 0) < KEPT_FROM:
            return cls(())
        last = Entry.objects.filter(kind="FileImported").order_by("-index").values_list("index")
        sign = (connection.settings_dict["NAME"], *counted.values(), last.first())
        with _one_at_a_time:
            if not _kept or _kept[0].sign != sign:
                _kept[:] = [cls(sign)]
            return _kept[0]

    def matches(self, record: Record) -> list[Match]:
        """Products that the words may mean, the likeliest first."""
        with self._lock:
            if self._catalogue is None:
                self._catalogue = Catalogue(_product_records())
            return match_one(record, self._catalogue) if len(self._catalogue) else []


def _product_records() -> Iterable[Record]:
    products = Product.objects.exclude(kind="pseudo").exclude(title="").order_by("pk")
    rows = products.values_list("pk", "title", "brand", "model", "gtin")
    for key, title, brand, model, gtin in rows.iterator(chunk_size=10_000):
        yield Record(str(key), title=title, brand=brand, model=model, codes=gtin)


def _many(lines: list[OrderLine]) -> str:
    products = len({line.product_id for line in lines})
    return f"more than {MOST_LINES} lines" if len(lines) > MOST_LINES else f"{products} products"


def _named(told: Told, codes: Codes) -> list[str]:
    """Product codes it may name: what was said to be one first, which may be empty."""
    return [told.product, *asins(told.whole), *codes.of("item"), *codes.of("model"), told.model]


def _lots_named(told: Told, codes: Codes) -> list[str]:
    return list(dict.fromkeys(filter(None, [told.lot.strip(), *codes.of("lot")])))[:MOST_LINKS]


def _codes_in(text: str) -> list[str]:
    """Words of letters and digits, as a sentence names a product by its code.

    >>> _codes_in("The VL-10K, bought 2026 for 20W, hums.")
    ['VL-10K']
    """
    words = (word.strip("./-_") for word in _RUN.findall(text))
    found = (
        word
        for word in words
        if SHORTEST_CODE <= len(word) <= LONGEST_CODE
        and any(map(str.isdigit, word))
        and any(map(str.isalpha, word))
    )
    return list(dict.fromkeys(found))[:MOST_CODES]


def _bare(lot: str) -> str:
    """A lot without the word for it and without signs around it.

    >>> _bare("Lot no. B17."), _bare("Charge")
    ('B17', 'Charge')
    """
    return _LABEL.sub("", lot).strip(" .,;:!?#()[]'\"") or lot


def _telling(title: str) -> str:
    """A title without the small words of the languages that are read: they name no product."""
    return " ".join(word for word in title.split() if word.casefold() not in SMALL_WORDS)


def _gtin_value(text: str) -> str:
    try:
        return Gtin.parse(text).value
    except BadIdentifier:
        return ""


def _shapes(value: str) -> set[str]:
    """As GTIN-14, 13, 12 and 8."""
    return {value[at:] for at in (0, 1, 2, 6) if not value[:at].strip("0")}


def best_product(links: Iterable[Link]) -> int | None:
    """The product of the surest link; two different ones that are equally sure decide nothing."""
    ranked = sorted(
        (ORDER.index(link.certainty), link.product) for link in links if link.product is not None
    )
    if not ranked:
        return None
    best = {product for rank, product in ranked if rank == ranked[0][0]}
    return best.pop() if len(best) == 1 else None


def codes_and_titles(products: Iterable[int]) -> dict[int, tuple[str, str]]:
    """What the catalogue calls them."""
    keys = set(products)
    found = Product.objects.filter(pk__in=keys).values_list("pk", "code", "title") if keys else ()
    return {key: (code, title) for key, code, title in found}
