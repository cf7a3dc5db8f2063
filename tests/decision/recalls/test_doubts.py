"""What is in doubt of a scope: sums that are those of its lines, and no invented money."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from holdfast.decision.recalls.models import Recall, ScopeLine, ScopeVersion
from holdfast.decision.recalls.queries.doubts import Doubts, doubts_in, doubts_of, unit_price
from holdfast.supply.catalog.models import Product
from holdfast.supply.orders.models import Customer, OrderLine

NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> ScopeVersion:
    """Four lines of two people: sure, sure by its shelf, a fifth, and nobody knows."""
    product = Product.objects.create(code="X", code_key="x", price=Decimal(10), currency="EUR")
    recall = Recall.objects.create(
        ref="R-2026-001", title="x", outcome="fire", known_at=NOW, opened_at=NOW, opened_by="x"
    )
    found = ScopeVersion.objects.create(
        recall=recall, number=1, digest="d" * 64, proposed_by="x", proposed_at=NOW
    )
    people = [Customer.objects.create(key=f"c{n}") for n in range(2)]
    for number, (certainty, rule, chance, units) in enumerate(
        (
            ("confirmed", "lot_named", "", 1),
            ("probable", "window_all", "", 2),
            ("cannot_rule_out", "window_some", "0.2000", 4),
            ("cannot_rule_out", "no_record", "", 8),
        )
    ):
        line = OrderLine.objects.create(
            source="s", order_number=f"o{number}", product=product, sku="X",
            customer=people[number % 2], quantity=units, site="Lyon",
        )  # fmt: skip
        ScopeLine.objects.create(
            version=found, line=line, certainty=certainty, rule=rule, reason="",
            probability=chance, units=units,
        )  # fmt: skip
    return found


def test_every_line_stands_in_the_doubts_once(version: ScopeVersion) -> None:
    held = doubts_in(version.pk)
    assert sum(one.lines for one in held) == 4
    assert sum(one.units for one in held) == 15
    assert sorted((one.rule, one.probability) for one in held) == [
        ("lot_named", 1.0), ("no_record", None), ("window_all", 1.0), ("window_some", 0.2),
    ]  # fmt: skip


def test_the_first_point_tells_everybody_and_the_unknown_are_never_left_out(
    version: ScopeVersion,
) -> None:
    found = doubts_of(version)
    first, last = found.points[0], found.points[-1]
    assert (first.told_lines, first.told_units, first.told_people) == (4, 15, 2)
    assert (first.any_missed, first.over_units) == (0, pytest.approx(3.2))
    assert (last.spared_lines, last.told_units) == (1, 11)
    assert (found.unweighed_lines, found.unweighed_units) == (1, 8)
    assert [one.fact for one in found.facts] == ["bins", "receipts"]
    assert Doubts.from_json(found.as_json()) == found


def test_a_price_is_only_said_where_every_unit_has_one(version: ScopeVersion) -> None:
    assert unit_price(version) == (Decimal("10.00"), "EUR")
    OrderLine.objects.filter(order_number="o0").update(unit_price=Decimal(25), currency="EUR")
    assert unit_price(version) == (Decimal("11.00"), "EUR")
    OrderLine.objects.filter(order_number="o1").update(unit_price=Decimal(5), currency="USD")
    assert unit_price(version) is None  # two currencies are no sum
    OrderLine.objects.update(unit_price=None, currency="")
    Product.objects.update(price=None)
    assert unit_price(version) is None
