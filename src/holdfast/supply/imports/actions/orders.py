"""Staged order lines into the tables: products, customers, lines, each new or merged."""

# ruff: noqa: S608 - the statements are put together from names of this code, never from data.

from __future__ import annotations

from collections.abc import Iterable, Sequence

from holdfast.supply.catalog.models import Product
from holdfast.supply.imports.actions.cancelling import Settlement
from holdfast.supply.imports.actions.staging import Staging
from holdfast.supply.imports.lines import STAGED, Found
from holdfast.supply.orders.models import CancellationMatch, Customer, OrderLine

TEXT, NUMBER, MOMENT = "text", "numeric", "timestamptz"
LINES = {
    "line": "bigint",
    "order_number": TEXT,
    "sku": TEXT,
    "p": "integer",
    "position": "integer",
    "kind": TEXT,
    "c": "integer",
    "quantity": NUMBER,
    "cancelled": NUMBER,
    "ordered_at": MOMENT,
    "shipped_at": MOMENT,
    "moved_at": MOMENT,
    "country": TEXT,
    "market": TEXT,
    "language": TEXT,
    "unit_price": NUMBER,
    "currency": TEXT,
    "channel": TEXT,
    "site": TEXT,
    "lot": TEXT,
    "serial": TEXT,
    "container": TEXT,
    "refers_to": TEXT,
    "fingerprint": "bigint",
    "id": "bigint",
    "is_changed": "integer",
}
PRODUCTS = {
    "p": "integer PRIMARY KEY",
    "code": TEXT,
    "code_key": TEXT,
    "title": TEXT,
    "variant": TEXT,
    "gtin": TEXT,
    "kind": TEXT,
    "id": "bigint",
}
CUSTOMERS = {
    "c": "integer PRIMARY KEY",
    "key": TEXT,
    "name": TEXT,
    "email": TEXT,
    "phone": TEXT,
    "street": TEXT,
    "postcode": TEXT,
    "city": TEXT,
    "region": TEXT,
    "country": TEXT,
    "language": TEXT,
    "id": "bigint",
}
CONTACTS = tuple(CUSTOMERS)[2:11]
ADDRESS = ("street", "postcode", "city", "region", "country")
# What a changed row of a known line may change.
CHANGING = STAGED[5:6] + STAGED[7:8] + STAGED[9:]


class OrderTables:
    """The temporary tables of an order import and their way into the real ones."""

    def __init__(self, staging: Staging, source: str) -> None:
        self.staging, self.source = staging, source
        staging.create("incoming_lines", LINES)

    def stage(self, lines: Iterable[Sequence[object]]) -> int:
        """Load the lines; nothing is stored yet."""
        return self.staging.load("incoming_lines", STAGED, lines)

    def store(self, found: Found) -> tuple[int, int]:
        """Insert and update, inside the caller's transaction: `(imported, unmatched returns)`."""
        # An import that was taken back, once vacuumed, leaves a table that PostgreSQL believes
        # empty whatever is put into it: it would then go through all lines for each line.
        self.staging.analyse("incoming_lines", self.staging.table(OrderLine))
        ProductTable(self.staging).store(
            (p, *row) for p, row in enumerate(found.products) if p in found.sold
        )
        CustomerTable(self.staging).store(
            ((c, *row) for c, row in enumerate(found.customers) if c in found.bought),
            overwrite=False,
        )
        if found.scattered:
            self._count_positions(found.scattered)
        self._find_known()
        settlement = Settlement(self.staging)
        settlement.note_pairs()
        imported = self._insert()
        self.staging.analyse(self.staging.table(OrderLine))
        self._update()
        return imported, settlement.settle()

    def _count_positions(self, orders: Iterable[str]) -> None:
        """Positions of orders whose rows do not stand together, counted over the whole file."""
        run = self.staging.run
        self.staging.create("incoming_scattered", {"order_number": "text PRIMARY KEY"})
        self.staging.load("incoming_scattered", ("order_number",), ((one,) for one in orders))
        self.staging.create("incoming_positions", {"line": "bigint PRIMARY KEY", "n": "integer"})
        run(
            "INSERT INTO incoming_positions SELECT line, n FROM ("
            "SELECT i.line, i.position, row_number() OVER "
            "(PARTITION BY i.order_number, i.p ORDER BY i.line) - 1 AS n FROM incoming_lines i "
            "JOIN incoming_scattered s ON s.order_number = i.order_number) counted "
            "WHERE n <> position"
        )
        run(
            "UPDATE incoming_lines SET position = c.n FROM incoming_positions c "
            "WHERE c.line = incoming_lines.line"
        )

    def _find_known(self) -> None:
        exists = self.staging.ask_once(
            f"SELECT 1 FROM {self.staging.table(OrderLine)} WHERE source = %s LIMIT 1",
            [self.source],
        )
        if exists:
            self.staging.run(
                f"UPDATE incoming_lines SET id = o.id, "
                "is_changed = CASE WHEN o.fingerprint <> incoming_lines.fingerprint "
                "THEN 1 ELSE 0 END "
                f"FROM incoming_products p, {self.staging.table(OrderLine)} o "
                "WHERE p.p = incoming_lines.p AND o.source = %s "
                "AND o.order_number = incoming_lines.order_number AND o.product_id = p.id "
                "AND o.position = incoming_lines.position",
                [self.source],
            )

    def _insert(self) -> int:
        given = {name: f"i.{name}" for name in STAGED if name not in ("line", "p", "c")}
        given.update({"product_id": "p.id", "customer_id": "k.id"})
        given["source"] = "(SELECT source FROM incoming_source)"
        self.staging.create("incoming_source", {"source": TEXT})
        self.staging.load("incoming_source", ("source",), [(self.source,)])
        return self.staging.insert_select(
            OrderLine,
            given,
            "FROM incoming_lines i JOIN incoming_products p ON p.p = i.p "
            "LEFT JOIN incoming_customers k ON k.c = i.c WHERE i.id IS NULL "
            # SQLite has the rows in this order already and need not sort them.
            f"ORDER BY {'i.line' if self.staging.is_postgresql else 'i.rowid'}",
        )

    def _update(self) -> None:
        changed = ", ".join(f"{name} = i.{name}" for name in CHANGING if name != "cancelled")
        name = self.staging.table(OrderLine)
        self.staging.run(
            f"UPDATE {name} SET {changed}, sku = i.sku, "
            "customer_id = (SELECT k.id FROM incoming_customers k WHERE k.c = i.c), "
            "cancelled = i.cancelled + COALESCE((SELECT SUM(m.quantity) "
            f"FROM {self.staging.table(CancellationMatch)} m WHERE m.line_id = i.id), 0) "
            f"FROM incoming_lines i WHERE i.id = {name}.id AND i.is_changed = 1"
        )


class ProductTable:
    """Products by their code, whatever its letter case."""

    def __init__(self, staging: Staging) -> None:
        self.staging = staging

    def store(self, products: Iterable[Sequence[object]]) -> int:
        """New products and missing titles; fills `incoming_products.id`. How many are new."""
        staging = self.staging
        staging.create("incoming_products", PRODUCTS)
        columns = tuple(PRODUCTS)[:-1]
        rows = list(products)
        staging.load("incoming_products", columns, rows)
        places = {name: columns.index(name) for name in ("title", "variant", "gtin")}
        filled = [name for name, at in places.items() if any(row[at] for row in rows)]
        name = staging.table(Product)
        known = (
            f"UPDATE incoming_products SET id = t.id FROM {name} t "
            "WHERE t.code_key = incoming_products.code_key"
        )
        staging.run(known)
        new = staging.insert_select(
            Product,
            {column: f"i.{column}" for column in columns[1:]},
            "FROM incoming_products i WHERE i.id IS NULL ORDER BY i.p",
        )
        staging.run(known)
        staging.analyse("incoming_products")
        for column in filled:
            staging.run(
                f"UPDATE {name} SET {column} = i.{column} FROM incoming_products i "
                f"WHERE i.id = {name}.id AND {name}.{column} = '' AND i.{column} <> ''"
            )
        return new


class CustomerTable:
    """Customers by their key, with what they are reached by."""

    def __init__(self, staging: Staging) -> None:
        self.staging = staging

    def store(self, customers: Iterable[Sequence[object]], *, overwrite: bool) -> tuple[int, int]:
        """`(new, changed)`: contacts they lacked are filled; `overwrite` lets new ones win.

        A real contact replaces a simulated one as a whole, whoever brings it.
        """
        staging = self.staging
        staging.create("incoming_customers", CUSTOMERS)
        columns = tuple(CUSTOMERS)[:-1]
        staging.load("incoming_customers", columns, customers)
        name = staging.table(Customer)
        known = (
            f"UPDATE incoming_customers SET id = t.id FROM {name} t "
            "WHERE t.key = incoming_customers.key"
        )
        staging.run(known)
        filled = " OR ".join(f"i.{column} <> ''" for column in CONTACTS if column != "country")
        everything = ", ".join(f"{column} = i.{column}" for column in CONTACTS)
        staging.run(
            f"UPDATE {name} SET {everything}, is_simulated = %s FROM incoming_customers i "
            f"WHERE i.id = {name}.id AND {name}.is_simulated AND ({filled})",
            [False],
        )
        changed = staging.run(_contact_update(name, overwrite=overwrite))
        new = staging.insert_select(
            Customer,
            {column: f"i.{column}" for column in columns[1:]},
            "FROM incoming_customers i WHERE i.id IS NULL ORDER BY i.c",
        )
        staging.run(known)
        staging.analyse("incoming_customers")
        return new, changed


def _contact_update(name: str, *, overwrite: bool) -> str:
    """An address is one thing: it is taken whole, where there was none or may be replaced."""
    has_new = " OR ".join(f"i.{column} <> ''" for column in ADDRESS[:3])
    has_old = " OR ".join(f"{name}.{column} <> ''" for column in ADDRESS[:3])
    take = f"({has_new})" if overwrite else f"({has_new}) AND NOT ({has_old})"
    sets, differs = [], []
    for column in CONTACTS:
        if column == "country":
            # A country is known of many who have no address; it goes with an address if there is.
            bare = f"i.country <> '' AND NOT ({has_old})"
            alone = "i.country <> ''" if overwrite else f"{bare} AND {name}.country = ''"
            wanted = f"({take} OR ({alone}))"
        elif column in ADDRESS:
            wanted = take
        elif overwrite:
            wanted = f"i.{column} <> ''"
        else:
            wanted = f"i.{column} <> '' AND {name}.{column} = ''"
        sets.append(f"{column} = CASE WHEN {wanted} THEN i.{column} ELSE {name}.{column} END")
        differs.append(f"({wanted} AND i.{column} <> {name}.{column})")
    return (
        f"UPDATE {name} SET {', '.join(sets)} FROM incoming_customers i "
        f"WHERE i.id = {name}.id AND ({' OR '.join(differs)})"
    )
