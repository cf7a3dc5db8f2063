"""Rows of inspection and test files: each read, held to the catalogue, judged, or rejected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from holdfast.decision.intake.actions import bring_inspections, bring_test_results
from holdfast.decision.intake.actions.inspecting import Sampled, judged
from holdfast.decision.intake.actions.testing import Tested
from holdfast.decision.intake.models import InspectionSeries
from holdfast.decision.intake.queries.inspections import advanced, of_lot, play
from holdfast.decision.intake.rules.bounds import TESTED, bounded
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Refusal
from holdfast.kit.sampling.limits import settled
from holdfast.kit.sampling.switching import State
from holdfast.kit.tables import tidy_identifier
from holdfast.supply.catalog.models import Product
from holdfast.supply.catalog.rules import code_key
from holdfast.supply.imports.cells import Fault, Readers, Rejects, clean_rows, picker
from holdfast.supply.imports.fields import FIELDS
from holdfast.supply.imports.reading import Reading
from holdfast.supply.parties.models import Supplier

Row = tuple[object, ...]
FIELD_OF = {"what": "test"}
PASSED = frozenset(
    """passed pass yes y true 1 ok io conform compliant bestanden ja konform conforme oui si
    sí""".split()
)
FAILED = frozenset(
    """failed fail no n false 0 nok nio nonconform noncompliant rejected nichtbestanden nein
    nichtkonform durchgefallen nonconforme non""".split()
)
ACCEPTED = frozenset(
    "accepted accept passed pass ok io angenommen frei freigegeben accepté aceptado".split()
)
SEVERITY_WORDS = {
    "verschärft": "tightened", "renforcé": "tightened", "rigurosa": "tightened",
    "reduziert": "reduced", "réduit": "reduced", "reducida": "reduced",
}  # fmt: skip
REJECTED = frozenset(
    "rejected reject failed fail nok nio abgelehnt zurückgewiesen gesperrt refusé rechazado".split()
)


@dataclass
class _Known:
    """Products, suppliers and whose a lot is, looked up once each."""

    products: dict[str, Product]
    suppliers: dict[str, Supplier]
    of_lots: dict[tuple[str, int], Supplier | None] = field(default_factory=dict)

    @classmethod
    def now(cls) -> _Known:
        suppliers: dict[str, Supplier] = {}
        for one in Supplier.objects.all():
            suppliers.setdefault(one.name.casefold(), one)
        suppliers.update({one.code.casefold(): one for one in Supplier.objects.all()})
        suppliers.pop("", None)
        return cls({}, suppliers)

    def product(self, text: str) -> Product:
        code = tidy_identifier(text)
        if not code:
            raise Fault("product", "no product code")
        key = code_key(code)
        if key not in self.products:
            found = Product.objects.filter(code_key=key).first()
            if found is None:
                raise Fault("product", f"no product {code[:60]!r} here; bring products in first")
            self.products[key] = found
        return self.products[key]

    def supplier(self, text: str, lot: str, product: Product) -> Supplier | None:
        """By code or name; left empty, the one the receipts of the lot name."""
        name = tidy_identifier(text)
        if not name:
            if lot and (lot, product.pk) not in self.of_lots:
                self.of_lots[lot, product.pk] = of_lot(lot, product).supplier
            return self.of_lots.get((lot, product.pk))
        found = self.suppliers.get(name.casefold())
        if found is None:
            raise Fault("supplier", f"no supplier {name[:60]!r} here; bring suppliers in first")
        return found


def _cells(reading: Reading, reject: Rejects) -> Iterator[tuple[int, list[str], dict[str, str]]]:
    names = FIELDS[reading.kind]
    pick, extra = picker(reading, names)
    for line, row in clean_rows(reading, reject):
        values = pick([*row, *extra])
        yield line, row, dict(zip(names, values, strict=True))


def _moment(readers: Readers, cells: dict[str, str], name: str, now: datetime) -> datetime:
    text = readers.moment(cells[name], name)
    if text is None:
        raise Fault(name, "no day")
    at = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    if at > now:
        raise Fault(name, f"{cells[name].strip()[:40]} lies in the future")
    return at


def _whole(readers: Readers, cells: dict[str, str], name: str) -> int | None:
    found = readers.amount(cells[name], name, 0)
    if found is not None and not 0 <= found[0] < 10**9:
        raise Fault(name, f"not a number of items: {cells[name][:40]!r}")
    return None if found is None else int(found[0])


def _said(text: str, yes: frozenset[str], no: frozenset[str], name: str) -> bool | None:
    word = "".join(letter for letter in text.casefold() if letter.isalnum())
    if not word:
        return None
    if word in yes or word in no:
        return word in yes
    raise Fault(name, f"neither yes nor no: {text[:40]!r}")


class InspectionKeeper:
    """Reads inspections; a lot is judged by the severity its file names, else by the one due."""

    def rows(self, reading: Reading, reject: Rejects, *, now: datetime) -> Iterator[Row]:
        """`(line, Sampled)` in the order of inspection; unsound rows are rejected."""
        known, readers = _Known.now(), Readers(reading)
        read: list[tuple[int, list[str], Sampled]] = []

        def refuse(line: int, name: str, reason: str, row: list[str]) -> None:
            reject(line, reading.columns.columns.get(name, name), reason, row)

        for line, row, cells in _cells(reading, reject):
            try:
                read.append((line, row, self._sampled(known, readers, cells, now)))
            except Fault as fault:
                refuse(line, fault.name, fault.reason, row)
        states: dict[tuple[int, int], State] = {}
        for line, row, sampled in sorted(read, key=lambda one: (one[2].inspected_at, one[0])):
            key = (sampled.product.pk, sampled.supplier.pk if sampled.supplier else 0)
            if key not in states:
                states[key] = _state(sampled)
            due = replace(sampled, severity=sampled.severity or states[key].severity)
            try:
                plan, judgement = judged(due, due.severity)
            except Refusal as refused:
                refuse(line, refused.column or "", refused.message, row)
                continue
            if plan is not None:
                states[key] = advanced(states[key], plan, due.found, judgement)
            yield line, due

    def store(self, rows: Sequence[Row], *, by: Actor, now: datetime) -> int:
        """Keep them; how many were new."""
        found = [one for _line, one in rows if isinstance(one, Sampled)]
        return bring_inspections(sampled=found, by=by, now=now)

    @staticmethod
    def _sampled(known: _Known, readers: Readers, cells: dict[str, str], now: datetime) -> Sampled:
        product = known.product(cells["product"])
        lot, site = tidy_identifier(cells["lot"]), cells["site"].strip()
        if not lot:
            raise Fault("lot", "no lot")
        sample, failed = _whole(readers, cells, "sample"), _whole(readers, cells, "failed")
        if sample is None or failed is None:
            name = "sample" if sample is None else "failed"
            raise Fault(name, "no number of items")
        severity = cells["severity"].strip().casefold()
        verdict = _said(cells["verdict"], ACCEPTED, REJECTED, "verdict")
        return Sampled(
            product=product,
            supplier=known.supplier(cells["supplier"], lot, product),
            lot=lot,
            looked_at=sample,
            found=failed,
            inspected_at=_moment(readers, cells, "inspected_at", now),
            lot_size=_whole(readers, cells, "lot_size"),
            aql=cells["aql"].strip(),
            level=cells["level"].strip(),
            severity=SEVERITY_WORDS.get(severity, severity),
            site=site,
            defects=cells["defects"].strip(),
            verdict="" if verdict is None else ("accepted" if verdict else "rejected"),
            inspector=cells["inspector"].strip(),
        )


def _state(sampled: Sampled) -> State:
    series = InspectionSeries.objects.filter(
        product=sampled.product, supplier=sampled.supplier
    ).first()
    return play(series).state if series else State()


class TestResultKeeper:
    """Reads laboratory results; one that contradicts itself or does not say is rejected."""

    __test__ = False

    def rows(self, reading: Reading, reject: Rejects, *, now: datetime) -> Iterator[Row]:
        """`(line, Tested)` for every sound row."""
        known, readers = _Known.now(), Readers(reading)
        for line, row, cells in _cells(reading, reject):
            try:
                tested = self._tested(known, readers, cells, now)
                bounded(tested, TESTED)
                settled(tested.value, tested.limit, tested.has_passed)
                yield line, tested
            except Fault as fault:
                reject(line, reading.columns.columns.get(fault.name, fault.name), fault.reason, row)
            except Refusal as refused:
                column = refused.column or ""
                name = FIELD_OF.get(column, column)
                reject(line, reading.columns.columns.get(name, name), refused.message, row)

    def store(self, rows: Sequence[Row], *, by: Actor, now: datetime) -> int:
        """Keep them; how many were new."""
        found = [one for _line, one in rows if isinstance(one, Tested)]
        return bring_test_results(tested=found, by=by, now=now)

    @staticmethod
    def _tested(known: _Known, readers: Readers, cells: dict[str, str], now: datetime) -> Tested:
        product, lot = known.product(cells["product"]), tidy_identifier(cells["lot"])
        if not cells["test"].strip():
            raise Fault("test", "it does not say what was tested")
        return Tested(
            product=product,
            what=cells["test"].strip(),
            tested_at=_moment(readers, cells, "tested_at", now),
            supplier=known.supplier(cells["supplier"], lot, product),
            lot=lot,
            method=cells["method"].strip(),
            limit=cells["limit"].strip(),
            value=cells["value"].strip(),
            unit=cells["unit"].strip(),
            has_passed=_said(cells["passed"], PASSED, FAILED, "passed"),
            laboratory=cells["laboratory"].strip(),
            report=cells["report"].strip(),
        )
