"""Staged products, parties, receipts and stock into the tables; each row is new or known."""

# ruff: noqa: S608 - the statements are put together from names of this code, never from data.

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from django.db.models import Model

from holdfast.supply.catalog.models import Product
from holdfast.supply.catalog.rules import code_key, is_pseudo
from holdfast.supply.imports.actions.orders import CustomerTable, ProductTable
from holdfast.supply.imports.actions.staging import Staging
from holdfast.supply.parties.models import Consignee, Site, Supplier
from holdfast.supply.traceability.models import Receipt, StockOnHand

Rows = Iterable[tuple[object, ...]]


def _together(
    rows: Rows, key: Callable[[tuple[object, ...]], object]
) -> tuple[int, list[list[object]]]:
    """Rows with the same key become one; a later cell that is filled wins."""
    count = 0
    merged: dict[object, list[object]] = {}
    for _, *cells in rows:
        count += 1
        known = merged.setdefault(key(tuple(cells)), cells)
        if known is not cells:
            for at, cell in enumerate(cells):
                if cell not in ("", None):
                    known[at] = cell
    return count, list(merged.values())


class _Numbers:
    """Running numbers of codes, in the order they are met."""

    def __init__(self) -> None:
        self.codes: list[str] = []
        self._known: dict[str, int] = {}

    def of(self, key: str, code: str) -> int:
        if key not in self._known:
            self._known[key] = len(self.codes)
            self.codes.append(code)
        return self._known[key]


class ThingTables:
    """The temporary tables of everything that is not an order, and their way into the real ones."""

    def __init__(self, staging: Staging) -> None:
        self.staging = staging

    def store(self, kind: str, rows: Rows) -> tuple[int, int]:
        """`(rows staged, rows new)`; runs inside the caller's transaction."""
        stores = {
            "products": self._products,
            "customers": self._customers,
            "suppliers": self._suppliers,
            "consignees": self._consignees,
            "receipts": self._receipts,
            "stock": self._stock,
        }
        return stores[kind](rows)

    def _upsert(
        self,
        model: type[Model],
        keys: dict[str, str],
        values: dict[str, str],
        rows: Iterable[Sequence[object]],
        *,
        keep_filled: bool = True,
    ) -> int:
        """Insert what is new, update what differs; an empty cell does not erase what is known."""
        name, incoming = self.staging.table(model), f"incoming_{model._meta.model_name}"
        columns = {**keys, **values}
        self.staging.create(incoming, {"n": "bigint PRIMARY KEY", **columns, "id": "bigint"})
        self.staging.load(incoming, ("n", *columns), ((n, *row) for n, row in enumerate(rows)))
        same = "IS NOT DISTINCT FROM" if self.staging.is_postgresql else "IS"
        # Only a time may be missing; plain equality elsewhere lets the planner join by hash.
        on = " AND ".join(
            f"t.{key} {same if kind == 'timestamptz' else '='} {incoming}.{key}"
            for key, kind in keys.items()
        )
        self.staging.run(f"UPDATE {incoming} SET id = t.id FROM {name} t WHERE {on}")
        sets, differs = [], []
        for column, kind in values.items():
            filled = f"i.{column} <> ''" if kind == "text" else f"i.{column} IS NOT NULL"
            if keep_filled:
                sets.append(
                    f"{column} = CASE WHEN {filled} THEN i.{column} ELSE {name}.{column} END"
                )
                differs.append(f"({filled} AND NOT ({name}.{column} {same} i.{column}))")
            else:
                sets.append(f"{column} = i.{column}")
                differs.append(f"NOT ({name}.{column} {same} i.{column})")
        self.staging.run(
            f"UPDATE {name} SET {', '.join(sets)} FROM {incoming} i "
            f"WHERE i.id = {name}.id AND ({' OR '.join(differs)})"
        )
        return self.staging.insert_select(
            model,
            {column: f"i.{column}" for column in columns},
            f"FROM {incoming} i WHERE i.id IS NULL ORDER BY i.n",
        )

    def _products(self, rows: Rows) -> tuple[int, int]:
        count, products = _together(rows, lambda cells: cells[1])
        new = self._upsert(
            Product,
            {"code_key": "text"},
            {
                "code": "text",
                "title": "text",
                "brand": "text",
                "model": "text",
                "variant": "text",
                "gtin": "text",
                "kind": "text",
                "price": "numeric",
                "currency": "text",
            },
            ((key, code, *rest) for code, key, *rest in products),
        )
        return count, new

    def _customers(self, rows: Rows) -> tuple[int, int]:
        count, people = _together(rows, lambda cells: cells[0])
        new, _changed = CustomerTable(self.staging).store(
            ((c, *person) for c, person in enumerate(people)), overwrite=True
        )
        return count, new

    def _suppliers(self, rows: Rows) -> tuple[int, int]:
        count, firms = _together(rows, lambda cells: cells[0])
        columns = {"name": "text", "email": "text", "phone": "text", "country": "text"}
        return count, self._upsert(Supplier, {"code": "text"}, columns, firms)

    def _consignees(self, rows: Rows) -> tuple[int, int]:
        count, firms = _together(rows, lambda cells: cells[0])
        names = ("name", "level", "email", "phone", "address", "country", "language")
        return count, self._upsert(Consignee, {"code": "text"}, dict.fromkeys(names, "text"), firms)

    def _receipts(self, rows: Rows) -> tuple[int, int]:
        products, suppliers, sites = _Numbers(), _Numbers(), _Numbers()
        positions: dict[tuple[object, ...], int] = {}
        staged = []
        for _, lot, code, key, site, received, depleted, quantity, supplier in rows:
            p = products.of(str(key), str(code))
            s = suppliers.of(str(supplier), str(supplier)) if supplier else None
            if site:
                sites.of(str(site), str(site))
            same = (lot, p, site, received)
            positions[same] = positions.get(same, -1) + 1
            staged.append((lot, p, site, received, positions[same], depleted, quantity, s))
        product_ids = self._product_ids(products)
        supplier_ids = self._codes(Supplier, suppliers)
        self._codes(Site, sites)
        new = self._upsert(
            Receipt,
            {
                "lot": "text",
                "product_id": "bigint",
                "site": "text",
                "received_at": "timestamptz",
                "position": "integer",
            },
            {"depleted_at": "timestamptz", "quantity": "numeric", "supplier_id": "bigint"},
            (
                (lot, product_ids[p], *rest, None if s is None else supplier_ids[s])
                for lot, p, *rest, s in staged
            ),
            keep_filled=False,
        )
        return len(staged), new

    def _stock(self, rows: Rows) -> tuple[int, int]:
        """Several counts of one product, lot and site in a file are shelves: they are added up."""
        products, sites = _Numbers(), _Numbers()
        count = 0
        sums: dict[tuple[int, object, object], tuple[Decimal, object]] = {}
        for _, code, key, site, lot, quantity, counted in rows:
            count += 1
            if site:
                sites.of(str(site), str(site))
            shelf = (products.of(str(key), str(code)), site, lot)
            before, at = sums.get(shelf, (Decimal(0), None))
            latest = max(str(at or ""), str(counted or "")) or None
            sums[shelf] = (before + Decimal(str(quantity)), latest)
        ids = self._product_ids(products)
        self._codes(Site, sites)
        new = self._upsert(
            StockOnHand,
            {"product_id": "bigint", "site": "text", "lot": "text"},
            {"quantity": "numeric", "counted_at": "timestamptz"},
            (
                (ids[p], site, lot, f"{quantity:f}", counted)
                for (p, site, lot), (quantity, counted) in sums.items()
            ),
            keep_filled=False,
        )
        return count, new

    def _product_ids(self, products: _Numbers) -> list[int]:
        ProductTable(self.staging).store(
            (p, code, code_key(code), "", "", "", "pseudo" if is_pseudo(code, "") else "product")
            for p, code in enumerate(products.codes)
        )
        return [
            int(row[0]) for row in self.staging.ask("SELECT id FROM incoming_products ORDER BY p")
        ]

    def _codes(self, model: type[Model], numbers: _Numbers) -> list[int]:
        self._upsert(model, {"code": "text"}, {"name": "text"}, ((c, "") for c in numbers.codes))
        found = {
            str(code): int(key)
            for key, code in self.staging.ask(
                f"SELECT t.id, t.code FROM {self.staging.table(model)} t "
                f"JOIN incoming_{model._meta.model_name} i ON i.code = t.code"
            )
        }
        return [found[code] for code in numbers.codes]
