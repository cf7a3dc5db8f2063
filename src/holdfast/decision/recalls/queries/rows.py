"""Order lines and receipts as the trace reads them: plain rows, exact units, whole instants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from holdfast.decision.recalls.queries.recorded import Arrival
from holdfast.kit.trace.affected import Received
from holdfast.kit.trace.values import BEGINNING, END, Units, Window
from holdfast.supply.catalog.models import Product
from holdfast.supply.catalog.rules import code_key
from holdfast.supply.orders.models import OrderLine
from holdfast.supply.traceability.models import Receipt

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICRO = timedelta(microseconds=1)
LINES = OrderLine._meta.db_table
# Thousandths as whole numbers: SQLite keeps fractions as floats, which no sum may see.
UNITS = "CAST(ROUND((quantity - cancelled) * 1000) AS BIGINT)"
COLUMNS = (
    "id, product_id, {moved}, site, lot, container, "
    f"{UNITS}, market, customer_id, sku, source, order_number, serial, "
    "channel, country"
)
AT_ONCE = 4_000

Row = tuple[int, int, object, str, str, str, int, str, int | None, str, str, str, str, str, str]
"""id, product, moved, site, lot, container, thousandths of units, market, customer, SKU as spelled,
source, order number, serial, channel, country as written"""


def units_of(thousandths: int) -> Decimal:
    """Thousandths back to units."""
    return Decimal(thousandths) / 1000


def as_units(quantity: Decimal | None) -> Units | None:
    """A quantity for the trace; whole ones as int, which is far cheaper to add."""
    if quantity is None:
        return None
    return int(quantity) if quantity == quantity.to_integral_value() else quantity


@dataclass(slots=True)
class Clock:
    """Turns stored times into instants and local days; an order's lines share theirs."""

    zone: ZoneInfo
    _instants: dict[object, int | None] = field(default_factory=dict)
    _days: dict[int, date] = field(default_factory=dict)

    def instant(self, stored: object) -> int | None:
        """Microseconds since the epoch of a raw column (text on SQLite, datetime elsewhere)."""
        try:
            return self._instants[stored]
        except KeyError:
            found = self._instants[stored] = _instant(stored)
            return found

    def day(self, at: int | None) -> date | None:
        """The local day of an instant."""
        if at is None:
            return None
        found = self._days.get(at)
        if found is None:
            found = self._days[at] = (EPOCH + at * MICRO).astimezone(self.zone).date()
        return found

    def start_of(self, day: date) -> int:
        """The instant a local day begins."""
        begin = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        return (begin - EPOCH) // MICRO

    def stored(self, at: int) -> object:
        """An instant as a parameter of a raw statement."""
        return connection.ops.adapt_datetimefield_value(EPOCH + at * MICRO)


def _instant(stored: object) -> int | None:
    if stored is None:
        return None
    at = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    if not isinstance(at, datetime):
        raise TypeError(f"{stored!r} is no time")
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return (at - EPOCH) // MICRO


def sale_rows(where: str, params: Iterable[Any] = ()) -> Iterator[Row]:
    """The sale lines that fit, in no order."""
    # As text, SQLite hands a time over as it is stored, and an order's lines share one conversion.
    moved = "CAST(moved_at AS TEXT)" if connection.vendor == "sqlite" else "moved_at"
    columns = COLUMNS.format(moved=moved)
    # `where` is written in this room; values only ever come in as parameters or whole numbers.
    sql = f"SELECT {columns} FROM {LINES} WHERE kind = 'sale' AND {where}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, tuple(params))
        while rows := cursor.fetchmany(AT_ONCE):
            yield from rows


def number_list(numbers: Iterable[int]) -> str:
    """Whole numbers inside brackets of an SQL IN; an empty list matches nothing."""
    return ",".join(str(int(number)) for number in sorted(numbers)) or "NULL"


@dataclass(slots=True)
class Catalogue:
    """Products by the key the trace calls a SKU: the code, whatever its letter case."""

    key_of: dict[int, str]
    id_of: dict[str, int]
    code_of: dict[int, str]
    pseudo: frozenset[int]
    variant_of: dict[int, str]

    def code_of_key(self, key: str) -> str:
        """The code as spelled, of a product's key; the key itself where no product has it."""
        pk = self.id_of.get(key)
        return key if pk is None else self.code_of[pk]

    @classmethod
    def load(cls) -> Catalogue:
        """All products of the instance."""
        rows = list(Product.objects.values_list("id", "code_key", "code", "kind", "variant"))
        return cls(
            {pk: key for pk, key, *_ in rows},
            {key: pk for pk, key, *_ in rows},
            {pk: code for pk, _, code, *_ in rows},
            frozenset(pk for pk, _, _, kind, _ in rows if kind == "pseudo"),
            {pk: variant for pk, *_, variant in rows if variant},
        )


@dataclass(slots=True)
class Arrivals:
    """Every receipt, once as a stay and once as far as suppliers go."""

    windows: list[Window]
    received: list[Received]
    suppliers: dict[str, str]  # casefolded code or name -> code

    @classmethod
    def load(cls, catalogue: Catalogue, clock: Clock, recorded: Iterable[Arrival] = ()) -> Arrivals:
        """All receipts of the instance, and those `recorded` as events, which have no number.

        A start or an end nobody wrote down is open.
        """
        windows: list[Window] = []
        received: list[Received] = []
        suppliers: dict[str, str] = {}
        rows = Receipt.objects.values_list(
            "id",
            "lot",
            "product_id",
            "site",
            "received_at",
            "depleted_at",
            "quantity",
            "supplier__code",
            "supplier__name",
        ).order_by("id")
        for pk, lot, product, site, start, end, quantity, code, name in rows.iterator(AT_ONCE):
            sku = catalogue.key_of[product]
            begins, ends = clock.instant(start), clock.instant(end)
            windows.append(
                Window(
                    lot,
                    sku,
                    site,
                    BEGINNING if begins is None else begins,
                    END if ends is None else ends,
                    as_units(quantity),
                )
            )
            day = clock.day(begins)
            names = (str(pk), f"{lot}@{site}", day.isoformat() if day else "")
            received.append(Received(lot, sku, code or "", names))
            for word in (code, name):
                if word:
                    suppliers.setdefault(word.casefold(), code)
        for lot, sku, site, came, gone, quantity, supplier in recorded:
            begins, ends = clock.instant(came), clock.instant(gone)
            key, day = code_key(sku), clock.day(begins)
            since = BEGINNING if begins is None else begins
            until = END if ends is None else ends
            windows.append(Window(lot, key, site, since, until, as_units(quantity)))
            called = (f"{lot}@{site}", day.isoformat() if day else "")
            received.append(Received(lot, key, supplier, called))
            if supplier:
                suppliers.setdefault(supplier.casefold(), supplier)
        return cls(windows, received, suppliers)


def lots_on_lines() -> set[str]:
    """Every lot an order line names."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT lot FROM {LINES} WHERE lot <> ''")  # noqa: S608 (no input)
        return {lot for (lot,) in cursor.fetchall()}
