"""Works a scope out: criteria in, a verdict with its reason for every line that could be in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

from holdfast.decision.recalls.queries.naming import named_products
from holdfast.decision.recalls.queries.narrowing import Narrowing
from holdfast.decision.recalls.queries.phrasing import Phrasing
from holdfast.decision.recalls.queries.recorded import Recorded
from holdfast.decision.recalls.queries.rows import (
    Arrivals,
    Catalogue,
    Clock,
    Row,
    as_units,
    lots_on_lines,
    number_list,
    sale_rows,
    units_of,
)
from holdfast.ground.access.queries import organisation
from holdfast.kit.refusals import Unreadable
from holdfast.kit.tables.countries import is_country
from holdfast.kit.trace.affected import Affected, affected_lots, near_spellings
from holdfast.kit.trace.certainty import Judge, Shelf
from holdfast.kit.trace.criteria import Criteria, serial_ranges
from holdfast.kit.trace.picking import Picking
from holdfast.kit.trace.serials import by_serial
from holdfast.kit.trace.values import Certainty, Shipped
from holdfast.kit.trace.windows import WindowIndex

LOTS_AT_ONCE = 5_000
WATCH_EVERY = 5_000
Judged = tuple[Row, str, str, str, str]
"""row, certainty, rule, reason, probability as decimal text"""


class Scoper:
    """One scope being worked out: what it asks, what the data holds, what it saw on the way.

    A criterion leaves a line out by what is recorded; where nothing is, the line stays in doubt.
    """

    def __init__(
        self,
        criteria: Criteria,
        *,
        explain: bool = False,
        watch: Callable[[int], None] | None = None,
    ) -> None:
        """`explain` also gives the reasons of excluded lines, which costs reading all of them."""
        self.explain = explain
        self.watch = watch
        if not criteria:
            raise Unreadable(
                "no_criteria",
                "A scope needs something to look for.",
                hint="Name a product, a lot, a supplier, ship dates or a market: "
                "holdfast recall scope --help.",
            )
        self.criteria = criteria
        self.clock = Clock(ZoneInfo(organisation().zone))
        self.catalogue = Catalogue.load()
        self.warnings: list[dict[str, str]] = []
        self.named, self.spellings = named_products(criteria, self.catalogue, self._warn)
        self.serials = serial_ranges(criteria.serials)
        if self.serials and self.named is None and not criteria.by_lot:
            raise Unreadable(
                "serials_of_what",
                "A serial number means nothing without its product: two makers may use the same.",
                hint="Name the product as well: --product VL-10K --serial VL0100..VL0250.",
            )
        self.narrowing = Narrowing(criteria, self.clock)
        for word in sorted(self.narrowing.markets):
            if not is_country(word):
                self._warn(
                    "market_not_found",
                    f"“{word}” is no country.",
                    "Write the two letters of one: DE, FR, US.",
                )
        self.unserialled = 0
        self.affected = Affected()
        self.judge: Judge | None = None
        self.made_from: dict[str, str] = {}
        self.spelled: dict[str, str] = {}
        self.on_lines: set[str] = set()
        self._by_sku: dict[str, list[Shipped]] = defaultdict(list)
        self._rows: list[Row] = []
        if criteria.by_lot:
            self._find_lots()
        self._phrasing = Phrasing(self.clock, self.made_from, self.spelled)

    def verdicts(self) -> Iterator[Judged]:
        """(row, certainty, rule, reason, probability) of every line that could be in."""
        judged = self._verdicts()
        return (self._by_serial(one) for one in judged) if self.serials else judged

    def _by_serial(self, judged: Judged) -> Judged:
        """The verdict with what the line's serial numbers say of it."""
        row, certainty, _, words, _ = judged
        if certainty == Certainty.EXCLUDED:
            return judged
        told = by_serial(row[12], units_of(row[6]), self.serials)
        if told is None:
            return judged
        if told[1] == "no_serial":
            self.unserialled += 1
        alone = told[0] is Certainty.EXCLUDED or self.judge is None
        return row, told[0], told[1], told[2] if alone else f"{words} {told[2]}", ""

    def _verdicts(self) -> Iterator[Judged]:
        if self.judge is not None:
            yield from self._by_lot(self.judge)
            return
        narrowing, narrowed = self.narrowing, bool(self.narrowing)
        for row in self._watched(sale_rows(*self._where())):
            outside = narrowing.outside(row)
            if outside:
                yield row, Certainty.EXCLUDED, "criteria", outside, ""
                continue
            doubt = narrowing.doubt(row) if narrowed else ""
            if doubt:
                yield row, Certainty.CANNOT_RULE_OUT, "not_recorded", doubt, ""
            else:
                yield row, Certainty.CONFIRMED, "criteria", self._phrasing.of_product(row), ""

    def _by_lot(self, judge: Judge) -> Iterator[Judged]:
        """Lines that left one shelf between two changes share verdict and words."""
        self._rows = list(self._watched(self._rows_of_lots(judge)))
        narrowing, narrowed = self.narrowing, bool(self.narrowing)
        keys, instant, words_of = self.catalogue.key_of, self.clock.instant, self._phrasing.of_lot
        shelves: dict[tuple[int, str], Shelf] = {}
        for row in self._watched(self._rows, before=len(self._rows)):
            outside = narrowing.outside(row)
            if outside:
                yield row, Certainty.EXCLUDED, "criteria", outside, ""
                continue
            product, site, at = row[1], row[3], instant(row[2])
            if row[4]:
                verdict = judge.of_lot(row[4])
            elif row[5] and judge.inside is not None:
                verdict = judge.judge(self._shipped(row))
            else:
                shelf = shelves.get((product, site))
                if shelf is None:
                    shelf = shelves[(product, site)] = judge.shelf(keys[product], site)
                verdict = shelf.verdict(at)
                if judge.may_improve(verdict):
                    verdict = shelf.improved(verdict, self._shipped(row))
            if verdict.certainty is Certainty.EXCLUDED and not self.explain:
                yield row, Certainty.EXCLUDED, verdict.rule, "", ""
                continue
            words, part = words_of(verdict, row, at)
            if narrowed and verdict.certainty is not Certainty.EXCLUDED:
                doubt = narrowing.doubt(row)
                if doubt:
                    yield row, Certainty.CANNOT_RULE_OUT, "not_recorded", f"{words} {doubt}", ""
                    continue
            yield row, verdict.certainty, verdict.rule, words, part

    def _watched(self, rows: Iterable[Row], before: int = 0) -> Iterable[Row]:
        """The same rows; where somebody watches, every few thousandth is told."""
        return rows if self.watch is None else self._told(rows, before, self.watch)

    @staticmethod
    def _told(rows: Iterable[Row], before: int, watch: Callable[[int], None]) -> Iterator[Row]:
        for number, row in enumerate(rows, before):
            if number % WATCH_EVERY == 0:
                watch(number)
            yield row

    def _find_lots(self) -> None:
        recorded = Recorded.load()
        arrivals = Arrivals.load(self.catalogue, self.clock, recorded.arrivals())
        on_lines = lots_on_lines() | recorded.spellings(self.criteria.lots)
        words = self.criteria.suppliers
        codes = tuple(arrivals.suppliers.get(word.casefold(), word) for word in words)
        named = self.named or frozenset()
        self.affected = affected_lots(
            replace(self.criteria, suppliers=codes),
            arrivals.received,
            products=[self.catalogue.key_of[pk] for pk in named],
            lots_on_lines=on_lines,
        )
        self.made_from, self.spelled = recorded.spread(self.affected.lots, on_lines)
        affected = self.affected.lots | self.made_from.keys() | self.spelled.keys()
        self.affected = replace(self.affected, lots=affected)
        self.on_lines = (on_lines | lots_on_lines()) & affected
        index = WindowIndex(arrivals.windows)
        self.judge = Judge(
            index,
            affected,
            declared=self.affected.declared,
            inside=recorded.inside(self.catalogue.code_of_key),
            better=Picking(index, affected, self._outflow),
        )
        known = {r.lot for r in arrivals.received} | on_lines
        for word, lot in sorted(self.spelled.items()):
            self._warn(
                "lot_spelled_otherwise",
                f"Lot {word} is taken for {lot}: the same but for letter case, and nothing was "
                f"received as {word}.",
                "If it is another lot, record its receipt.",
            )
        for kind, word in self.affected.missing:
            pool = known if kind == "lot" else set(arrivals.suppliers.values())
            near = near_spellings(word, sorted(pool)) if kind != "receipt" else []
            self._warn(
                f"{kind}_not_found",
                f"Nothing recorded here names {kind} “{word}”.",
                f"Did you mean {' or '.join(near)}?" if near else _without_record(kind),
            )
        not_found = {word.casefold() for _, word in self.affected.missing}
        for lot in self.affected.unrecorded:
            if lot.casefold() in not_found or lot in self.made_from.values():
                continue
            self._warn(
                "lot_never_received",
                f"Lot {lot} was never received, so nobody knows when it lay where. Lines that name "
                "no lot cannot be told apart by date"
                + (
                    "; those without any record of what lay there cannot be ruled out."
                    if self.affected.declared
                    else " and are excluded unless the product is named as well."
                ),
                f"Say when it came and when it was used up (--arrived {lot}=FROM..TO), ask the "
                "supplier, or scope all units of the product by leaving the lot out.",
            )

    def _outflow(self, sku: str, site: str) -> Iterable[Shipped]:
        """Every sale of a product, for the order they left in; built when first asked for."""
        if not self._by_sku:
            for row in self._rows:
                line = self._shipped(row)
                self._by_sku[line.sku].append(line)
        lines = self._by_sku[sku]
        return [line for line in lines if line.site == site] if site else lines

    def _rows_of_lots(self, judge: Judge) -> Iterator[Row]:
        products = {pk for pk, key in self.catalogue.key_of.items() if key in judge.skus}
        allowed = self.named
        wanted = products & allowed if allowed is not None else products - self.catalogue.pseudo
        yield from sale_rows(f"product_id IN ({number_list(wanted)})")
        lots = sorted(self.on_lines)
        for start in range(0, len(lots), LOTS_AT_ONCE):
            some = lots[start : start + LOTS_AT_ONCE]
            holes = ",".join(["%s"] * len(some))
            where = f"lot IN ({holes}) AND NOT product_id IN ({number_list(wanted | {0})})"
            if allowed is not None:
                where += f" AND product_id IN ({number_list(allowed)})"
            elif self.catalogue.pseudo:
                where += f" AND NOT product_id IN ({number_list(self.catalogue.pseudo)})"
            yield from sale_rows(where, some)

    def _where(self) -> tuple[str, list[object]]:
        """What the database can leave out where no lot has to be inferred."""
        parts = ["1 = 1"]
        if self.named is not None:
            parts.append(f"product_id IN ({number_list(self.named)})")
        elif self.catalogue.pseudo:
            parts.append(f"NOT product_id IN ({number_list(self.catalogue.pseudo)})")
        more, values = ([], []) if self.explain else self.narrowing.sql()
        return " AND ".join([*parts, *more]), values

    def _shipped(self, row: Row) -> Shipped:
        pk, product, moved, site, lot, container, units, *_ = row
        quantity = as_units(units_of(units)) or 0
        sku = self.catalogue.key_of[product]
        return Shipped(pk, sku, site, lot, container, self.clock.instant(moved), quantity)

    def _warn(self, code: str, message: str, hint: str) -> None:
        self.warnings.append({"code": code, "message": message, "hint": hint})

    def note_unsaid(self) -> None:
        """Say how many lines are in only because a criterion could not be held against them."""
        for what, lines in sorted(self.narrowing.unsaid.items()):
            self._warn(
                "not_recorded",
                f"{lines} lines have no {what} recorded and cannot be ruled out.",
                f"Bring in the orders with their {what}, and work the scope out again.",
            )
        if self.unserialled:
            self._warn(
                "serial_not_recorded",
                f"{self.unserialled} lines do not say the serial number of every unit and cannot "
                "be ruled out.",
                "Import the orders with their serial numbers (--map serial=Column).",
            )

    def note_twice(self, both: Collection[tuple[str, int]]) -> None:
        """Say which orders (number, product) are in as a shop's export and as events."""
        if both:
            order, _ = min(both)
            self._warn(
                "orders_twice",
                f"{len(both)} order lines came both as a shop's export and as events, for example "
                f"of order {order}: their units count twice here.",
                "Bring order lines in one way. Whether the same number means the same order, "
                "nobody can tell for sure; nothing was left out.",
            )


def _without_record(kind: str) -> str:
    if kind == "lot":
        return (
            "Import the receipts, say when it came (--arrived LOT=FROM..TO), or scope all units of "
            "the product by leaving the lot out."
        )
    return "Import the receipts with their suppliers first."
