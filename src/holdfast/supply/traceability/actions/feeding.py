"""The shop's own order lines and receipts, handed to the trace as rows of its tables."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from holdfast.ground.journal.actions import record
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import Actor
from holdfast.kit.trace.bulk.amounts import as_decimals
from holdfast.kit.trace.bulk.moments import read_moments
from holdfast.kit.trace.log.files import write_rows
from holdfast.kit.trace.tables import TABLES, arrow_schema
from holdfast.supply.catalog.models import Product
from holdfast.supply.orders.models import Customer, OrderLine
from holdfast.supply.orders.rules import EVENTS
from holdfast.supply.parties.models import Supplier
from holdfast.supply.traceability.events import ShopFed
from holdfast.supply.traceability.models import Receipt
from holdfast.supply.traceability.policies import may_feed_shop
from holdfast.supply.traceability.queries import SHOP, shop_mark, trace_log

AT_ONCE = 65_536
UTC_ZONE = ZoneInfo("UTC")
LINES, PRODUCTS = OrderLine._meta.db_table, Product._meta.db_table
RECEIPTS, SUPPLIERS = Receipt._meta.db_table, Supplier._meta.db_table


def feed_shop(*, by: Actor, now: datetime) -> bool:
    """Hand the shop's sales and receipts to the trace, if they changed; whether they had.

    A sale counts with its units after cancellations; one that was cancelled whole is left out.
    Products are told by their code, customers by their number in the shop or one of ours.
    """
    may_feed_shop(by)
    log = trace_log()
    if log.manifest().marks.get(SHOP, "") == shop_mark():
        return False
    with log.writing():
        mark = shop_mark()
        folder = log.staging / SHOP
        try:
            tables = {
                name: write_rows(folder / f"{name}.parquet", arrow_schema(TABLES[name]), pieces)
                for name, pieces in (("order_lines", _sales()), ("receipts", _receipts()))
            }
            fed = log.replace(tables, source=SHOP, received_at=now, mark=mark)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    if fed.has_changed:
        _record(
            fed.generation, fed.tables["order_lines"].rows, fed.tables["receipts"].rows, by, now
        )
    return fed.has_changed


@transaction.atomic
def _record(generation: int, lines: int, receipts: int, by: Actor, now: datetime) -> Entry:
    fact = ShopFed(generation=generation, lines=lines, receipts=receipts)
    return record(fact, by=by, now=now)


def _sales() -> Iterator[Any]:
    """Order lines, in the order they came, but for those that were events before.

    A line's id is that of the scope's file of lines.
    """
    import pyarrow as pa  # noqa: PLC0415 - most commands never load Arrow

    schema = arrow_schema(TABLES["order_lines"])
    people, codes = _people(), dict(Product.objects.values_list("id", "code"))
    sql = (
        "SELECT source || '/' || order_number || '/' || sku || '/' || position, "  # noqa: S608 - constants
        f"order_number, customer_id, product_id, lot, container, site, {_text('moved_at')}, "
        f"CAST(ROUND((quantity - cancelled) * 1000) AS BIGINT) FROM {LINES} "
        f"WHERE kind = 'sale' AND quantity > cancelled AND source <> '{EVENTS}' ORDER BY id"
    )
    for rows in _pieces(sql):
        line, order, customer, product, lot, container, site, moved, thousandths = zip(
            *rows, strict=True
        )
        known = [people.get(one, "") for one in customer]
        sku = [codes[one] for one in product]
        columns = [pa.array(one, pa.string()) for one in (line, order, known, sku, lot)]
        columns += [pa.array(container, pa.string()), pa.array(site, pa.string())]
        yield pa.table([*columns, _times(moved), _quantities(thousandths)], schema=schema)


def _receipts() -> Iterator[Any]:
    import pyarrow as pa  # noqa: PLC0415 - see above

    schema = arrow_schema(TABLES["receipts"])
    sql = (
        f"SELECT r.lot, p.code, r.site, {_text('r.received_at')}, {_text('r.depleted_at')}, "  # noqa: S608 - constants
        "CAST(ROUND(r.quantity * 1000) AS BIGINT), COALESCE(s.code, '') "
        f"FROM {RECEIPTS} r JOIN {PRODUCTS} p ON p.id = r.product_id "
        f"LEFT JOIN {SUPPLIERS} s ON s.id = r.supplier_id WHERE r.lot <> '' ORDER BY r.id"
    )
    for rows in _pieces(sql):
        lot, sku, site, received, depleted, thousandths, supplier = zip(*rows, strict=True)
        columns = [pa.array(one, pa.string()) for one in (lot, sku, site)]
        columns += [_times(received), _times(depleted), _quantities(thousandths)]
        yield pa.table([*columns, pa.array(supplier, pa.string())], schema=schema)


def _pieces(sql: str) -> Iterator[list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(AT_ONCE):
            yield rows


def _text(column: str) -> str:
    """As text, SQLite hands a time over as it is stored."""
    return f"CAST({column} AS TEXT)" if connection.vendor == "sqlite" else column


def _people() -> dict[int, str]:
    """The key of each customer: the number in the shop, else ours; never an address or a name."""
    known = {}
    for pk, key in Customer.objects.values_list("id", "key").iterator():
        source, _, number = key.partition(":")
        is_number = source not in ("email", "phone", "address") and "@" not in number
        is_number = is_number and bool(number) and not number.startswith("name:")
        known[pk] = number if is_number else f"person-{pk}"
    return known


def _times(column: tuple[Any, ...]) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - see above

    if connection.vendor != "sqlite":
        return pa.array(column, pa.timestamp("us", "UTC")).cast(pa.timestamp("us"))
    values, empty, faults = read_moments(
        pa.array([one or "" for one in column], pa.string()), UTC_ZONE
    )
    if faults.any():
        raise ValueError(f"{column[int(faults.argmax())]!r} is no stored time")
    return pa.array(values, pa.timestamp("us"), mask=empty)


def _quantities(thousandths: tuple[Any, ...]) -> Any:
    import numpy as np  # noqa: PLC0415 - see above

    empty = np.array([one is None for one in thousandths], bool)
    return as_decimals(np.array([one or 0 for one in thousandths], np.int64) * 1_000, empty)
