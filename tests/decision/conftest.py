"""A shop with products, receipts and order lines, and the people who decide in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from holdfast.decision.recalls.actions import confirm_scope, open_recall, propose_scope
from holdfast.decision.recalls.models import Recall, ScopeVersion
from holdfast.ground.access.models import Organisation
from holdfast.kit.actors import Actor
from holdfast.kit.trace.criteria import Criteria
from holdfast.supply.catalog.models import Product
from holdfast.supply.orders.models import Customer, OrderLine
from holdfast.supply.parties.models import Supplier
from holdfast.supply.traceability.models import Receipt

NOW = datetime(2026, 4, 14, 8, 5, tzinfo=UTC)
EVERYTHING = frozenset({"lead", "approver", "agent"})
LEAD = Actor("person:1", "Lea Lead", EVERYTHING, 1)
APPROVER = Actor("person:2", "Abo Approver", frozenset({"approver"}), 2)
VIEWER = Actor("person:3", "Vi Viewer", frozenset({"viewer"}), 3)
ALONE = Actor("person:1", "Sole Owner", EVERYTHING, 1, alone=True)


@dataclass
class Shop:
    """Makes what a test needs, in few words; days count from 1 Feb 2026."""

    products: dict[str, Product] = field(default_factory=dict)
    number: int = 0

    def product(self, code: str, kind: str = "product") -> Product:
        made = self.products.get(code)
        if made is None:
            made = self.products[code] = Product.objects.create(
                code=code, code_key=code.casefold(), kind=kind
            )
        return made

    def customer(self, key: str, **more: object) -> Customer:
        return Customer.objects.get_or_create(key=key, defaults=more)[0]

    def line(self, code: str, *, day: float | None = 1, quantity: object = 1, **more: object):
        self.number += 1
        person = more.pop("person", "anna")
        at = None if day is None else moment(day)
        values: dict[str, object] = {
            "source": "test",
            "order_number": f"#{1000 + self.number}",
            "product": self.product(code),
            "sku": code,
            "quantity": Decimal(str(quantity)),
            "customer": self.customer(str(person)) if person else None,
            "ordered_at": at,
            "moved_at": at,
            **more,
        }
        return OrderLine.objects.create(**values)

    def receipt(
        self,
        lot: str,
        code: str,
        start: float | None = 0,
        end: float | None = None,
        *,
        quantity: object = None,
        site: str = "",
        supplier: str = "",
    ) -> Receipt:
        firm = Supplier.objects.get_or_create(code=supplier)[0] if supplier else None
        self.number += 1
        return Receipt.objects.create(
            lot=lot,
            product=self.product(code),
            site=site,
            received_at=None if start is None else moment(start),
            depleted_at=None if end is None else moment(end),
            quantity=None if quantity is None else Decimal(str(quantity)),
            supplier=firm,
            position=self.number,
        )

    def recall(self, by: Actor = ALONE, **more: object) -> Recall:
        words: dict = {"outcome": "fire", "products": ("VL-10K",), "lots": ("B17",), **more}
        return open_recall(by=by, now=NOW, **words)

    def scope(self, recall: Recall, by: Actor = ALONE, **criteria: object) -> ScopeVersion:
        asked = Criteria(**(criteria or {"products": ("VL-10K",)}))
        return propose_scope(recall=recall, criteria=asked, rationale="test", by=by, now=NOW)

    def scoped(self, by: Actor = ALONE, **criteria: object) -> Recall:
        recall = self.recall(by)
        confirm_scope(version=self.scope(recall, by, **criteria), by=by, now=NOW)
        recall.refresh_from_db()
        return recall


def moment(day: float) -> datetime:
    return datetime(2026, 2, 1, tzinfo=UTC) + timedelta(days=day - 1)


@pytest.fixture
def shop(db: None) -> Shop:
    Organisation.objects.get_or_create(pk=1, defaults={"name": "Lumen & Vale"})
    return Shop()
