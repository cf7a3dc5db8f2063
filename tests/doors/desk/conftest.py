"""A one-person shop on this machine, with orders of one product, as its owner's browser sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from holdfast.decision.recalls.models import Recall
from holdfast.ground.access.actions import add_person, found_instance
from holdfast.ground.access.models import Organisation, Person
from holdfast.ground.access.queries import actor_for
from holdfast.kit.actors import Actor
from holdfast.supply.catalog.models import Product
from holdfast.supply.orders.models import Customer, OrderLine
from holdfast.supply.traceability.models import Receipt

NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
LATER = datetime(2040, 1, 1, tzinfo=UTC)  # after any request of a test
MAIL = (
    "From: quality desk <q@s07.example>\nTo: you\nSubject: lot B17\n"
    "Date: Tue, 14 Apr 2026 07:52:00 +0000\n\n"
    "3 of 600 cells of VL-10K, lot B17, overheat while charging.\n"
    "The lot was made 12 to 15 January 2026, 12,000 pieces.\n"
)
THIS_MACHINE = {"HTTP_HOST": "127.0.0.1"}


@pytest.fixture
def owner(db: None) -> Actor:
    """The sole owner; the instance is as `holdfast serve` finds it the first time."""
    found_instance(now=NOW)
    return actor_for(Person.objects.get(is_local_owner=True))


@pytest.fixture
def desk(owner: Actor) -> Client:
    """The owner's browser on this machine: no account, no session."""
    return Client(**THIS_MACHINE)


@pytest.fixture
def member(owner: Actor) -> Callable[..., Actor]:
    """Adds a colleague with roles; after the second one the shop is no longer one person."""

    def add(name: str, *roles: str) -> Actor:
        person = add_person(
            email=f"{name}@example.org",
            name=name,
            roles=list(roles),
            password=None,
            by=owner,
            now=NOW,
        )
        Organisation.objects.update(is_one_person=False)
        return actor_for(person)

    return add


@pytest.fixture
def orders(db: None) -> list[OrderLine]:
    """Twelve sales of VL-10K in March, the last two without a customer; lot B17 came on 5 March."""
    product = Product.objects.create(
        code="VL-10K", code_key="vl-10k", title="Power bank", price=Decimal("39.00"), currency="EUR"
    )
    other = Product.objects.create(code="DL-2", code_key="dl-2", title="Desk lamp")
    Receipt.objects.create(
        lot="B17", product=product, received_at=NOW - timedelta(days=15), quantity=Decimal(10)
    )
    lines = []
    for number in range(12):
        buyer = None
        if number < 10:
            buyer = Customer.objects.create(
                key=f"c{number}",
                name=f"Buyer {number}",
                email=f"buyer{number}@example.org" if number else "",
                country="DE",
            )
        at = NOW - timedelta(days=19 - number)
        lines.append(
            OrderLine.objects.create(
                source="shop",
                order_number=f"LV-{1000 + number}",
                product=product,
                sku="VL-10K",
                quantity=Decimal(1),
                customer=buyer,
                channel="web shop",
                site="Lyon",
                market="DE" if number % 2 else "FR",
                unit_price=Decimal("39.00"),
                currency="EUR",
                ordered_at=at,
                shipped_at=at,
                moved_at=at,
            )
        )
    OrderLine.objects.create(
        source="shop", order_number="LV-9000", product=other, sku="DL-2", quantity=Decimal(3)
    )
    return lines


@pytest.fixture
def recall(desk: Client) -> Recall:
    """A recall as the start page opens it."""
    desk.post("/start", {"step": "open", "text": MAIL, "product": "VL-10K", "outcome": "fire"})
    return Recall.objects.get()
