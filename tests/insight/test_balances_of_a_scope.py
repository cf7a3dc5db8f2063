"""The balance of a scope's lots closes over the shop's own rows, with no events at all."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import LazySettings

from holdfast.decision.recalls.models import Recall, ScopeVersion
from holdfast.insight.measures.affected import balances_of
from holdfast.supply.catalog.models import Product
from holdfast.supply.orders.models import OrderLine
from holdfast.supply.traceability.models import Receipt, StockOnHand

NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_made_is_used_on_hand_shipped_returned_destroyed_and_unknown(
    settings: LazySettings, tmp_path: Path
) -> None:
    settings.HOME = tmp_path
    product = Product.objects.create(code="X", code_key="x")
    Receipt.objects.create(lot="B17", product=product, received_at=NOW, quantity=Decimal(100))
    StockOnHand.objects.create(product=product, lot="B17", quantity=Decimal(20))
    for number, units in enumerate((30, 5)):
        OrderLine.objects.create(
            source="s", order_number=f"o{number}", product=product, sku="X", lot="B17",
            quantity=Decimal(units), cancelled=Decimal(1),
        )  # fmt: skip
    recall = Recall.objects.create(
        ref="R-2026-001", title="x", outcome="fire", known_at=NOW, opened_at=NOW, opened_by="x"
    )
    version = ScopeVersion.objects.create(
        recall=recall, number=1, criteria={"lots": ["B17", "B18"]}, digest="d" * 64,
        proposed_by="x", proposed_at=NOW,
    )  # fmt: skip
    (one, other), left_out = balances_of(version)
    assert (one.lot, one.made, one.on_hand, one.shipped, one.unknown) == ("B17", 100, 20, 33, 47)
    assert (other.lot, other.made, other.unknown) == ("B18", None, None)
    assert other.gaps == ("no_receipt",)
    assert left_out == 0
