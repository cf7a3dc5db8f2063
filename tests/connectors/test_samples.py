"""A sample of every export: recognised by its columns, imported whole, units as they should be."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from holdfast.kit.actors import Actor
from holdfast.supply.imports.actions import bring_in
from holdfast.supply.imports.reading import Wishes
from holdfast.supply.orders.models import Customer, OrderLine

pytestmark = pytest.mark.django_db
HERE = Path(__file__).parent
LEAD = Actor("person:1", "Lea Lead", frozenset({"lead"}), 1)

SAMPLES = {
    "shopify/orders_export.csv": (
        "shopify",
        {"#1001/VL-10K": 2, "#1001/VL-CASE": 1, "#1002/VL-10K": 0, "#1003/Lamp, small": 1},
        {"Ana Alves": "PT", "Ben Braun": "DE", "Chloé Blanc": "FR"},
    ),
    "woocommerce/orders_one_row_per_item.csv": (
        "woocommerce",
        {"7/L": 3, "7/C": 3, "8/L": 0},
        {"Ana Alves": "PT"},
    ),
    "woocommerce/orders_advanced.csv": ("woocommerce", {"7/L": 3, "8/L": 0}, {"Ana Alves": "PT"}),
    "amazon/all_orders.txt": (
        "amazon",
        {"402-8748300-6936363/00-KGZ9": 1, "402-2/00-KGZ9": 0, "402-3/00-KGZ9": 3},
        {},
    ),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_recognised_and_imported_whole(name: str) -> None:
    wanted, units, people = SAMPLES[name]
    now = datetime(2026, 4, 14, tzinfo=UTC)
    outcome = bring_in(path=str(HERE / name), kind="orders", wishes=Wishes(), by=LEAD, now=now)
    assert outcome.reading["format"] == outcome.reading["source"] == wanted
    assert (outcome.imported, outcome.rejected) == (len(units), 0)
    lines = OrderLine.objects.all()
    assert {f"{x.order_number}/{x.sku}": int(x.quantity - x.cancelled) for x in lines} == units
    assert {one.name: one.country for one in Customer.objects.all()} == people
    assert all(line.ordered_at for line in lines)


def test_an_address_stands_in_as_a_whole() -> None:
    now = datetime(2026, 4, 14, tzinfo=UTC)
    path = str(HERE / "shopify/orders_export.csv")
    bring_in(path=path, kind="orders", wishes=Wishes(), by=LEAD, now=now)
    person = Customer.objects.get(name="Chloé Blanc")
    assert (person.street, person.postcode, person.city, person.country) == (
        "3 rue du Moulin", "69001", "Lyon", "FR",
    )  # fmt: skip
    assert OrderLine.objects.get(customer=person).market == "FR"
