"""A small recall with orders, people and a confirmed scope, for the rooms that answer to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.cache import cache

from holdfast.decision.recalls.models import Recall, ScopeLine, ScopeVersion
from holdfast.ground.access.models import Organisation
from holdfast.kit.actors import Actor
from holdfast.supply.catalog.models import Product
from holdfast.supply.orders.models import Customer, OrderLine

NOW = datetime(2026, 5, 4, 8, 31, tzinfo=UTC)
LEAD = Actor("person:1", "Lead", frozenset({"lead"}), 1, alone=True)


@dataclass
class Small:
    """The recall, its lines by number, and how to give it another scope."""

    recall: Recall
    product: Product
    lines: list[OrderLine] = field(default_factory=list)
    now: datetime = NOW
    by: Actor = LEAD

    def line(
        self, quantity: int | str = 1, customer: Customer | None = None, **more: object
    ) -> OrderLine:
        number = len(self.lines) + 1
        values: dict[str, object] = {
            "source": "test",
            "order_number": f"LV-{1000 + number}",
            "product": self.product,
            "sku": self.product.code,
            "quantity": Decimal(quantity),
            "customer": customer,
            "unit_price": Decimal("39.00"),
            "currency": "EUR",
            "market": "DE",
            "ordered_at": NOW,
            "moved_at": NOW,
            **more,
        }
        made = OrderLine.objects.create(**values)
        self.lines.append(made)
        return made

    def customer(self, **more: object) -> Customer:
        number = Customer.objects.count() + 1
        values: dict[str, object] = {
            "key": f"c{number}",
            "name": f"Buyer {number}",
            "email": f"buyer{number}@example.org",
            "postcode": f"1011{number}",
            "country": "DE",
            "language": "en",
            **more,
        }
        return Customer.objects.create(**values)

    def scope(
        self, lines: dict[OrderLine, int | str], certainty: str = "confirmed"
    ) -> ScopeVersion:
        number = self.recall.scopes.count() + 1
        self.recall.scopes.filter(state="confirmed").update(state="superseded")
        version = ScopeVersion.objects.create(
            recall=self.recall,
            number=number,
            state="confirmed",
            digest="0" * 64,
            criteria={"products": [self.product.code], "lots": ["B17"]},
            proposed_by="person:1",
            proposed_at=NOW,
        )
        ScopeLine.objects.bulk_create(
            ScopeLine(
                version=version,
                line=line,
                certainty=certainty,
                units=Decimal(units),
                rule="test",
                reason="test",
            )
            for line, units in lines.items()
        )
        return version


@pytest.fixture
def small(db: None) -> Small:
    cache.clear()  # counts are kept for a minute by the key of a scope, and keys begin again here
    # head counts are kept a minute by the scope's number, which the next test uses again
    cache.clear()
    Organisation.objects.get_or_create(pk=1, defaults={"name": "Lumen & Vale"})
    product = Product.objects.create(
        code="VL-10K",
        code_key="vl-10k",
        title="Power bank VL-10K",
        price=Decimal("39.00"),
        currency="EUR",
    )
    recall = Recall.objects.create(
        ref="R-2026-001",
        title="Power bank VL-10K, lot B17",
        product_code="VL-10K",
        lot="B17",
        outcome="fire",
        known_at=NOW,
        opened_at=NOW,
        opened_by="person:1",
        state="telling",
    )
    return Small(recall, product)
