"""A lot that order lines or events write in other letters is the same lot, and is said to be."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import LazySettings

from holdfast.decision.recalls.queries import find_scope
from holdfast.decision.recalls.queries.lines import scope_lines
from holdfast.decision.recalls.queries.recorded import lots_to_name
from holdfast.ground.access.actions import found_instance
from holdfast.ground.access.models import Person
from holdfast.ground.access.queries import actor_for
from holdfast.insight.patterns.queries.components import carriers
from holdfast.kit.actors import Actor
from holdfast.kit.trace.affected import other_spellings
from holdfast.kit.trace.bulk import Wishes
from holdfast.kit.trace.criteria import Criteria
from holdfast.supply.catalog.models import Product
from holdfast.supply.orders.models import OrderLine
from holdfast.supply.parties.models import Supplier
from holdfast.supply.traceability.actions import import_events
from holdfast.supply.traceability.models import Receipt

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
RECEIPTS = """lot,sku,site,received_at,supplier
RAW-1,CELL,Lyon,2026-03-01T08:00:00Z,S1
RAW-2,CELL,Lyon,2026-03-01T08:00:00Z,S1
"""
MADE = """event_id,at,input_lot,output_lot
e1,2026-03-02T08:00:00Z,raw-1,PACK-1
e2,2026-03-02T08:00:00Z,RAW-2,PACK-2
"""
SOLD = {"pack-1": "confirmed", "PACK-1": "confirmed", "Pack-2": "excluded", "PACK-3": "excluded"}


@pytest.fixture
def by(settings: LazySettings, tmp_path: Path) -> Actor:
    """The owner of a shop that sold four packs, each with its lot as somebody wrote it."""
    settings.HOME = tmp_path
    found_instance(now=NOW)
    Product.objects.create(code="CELL", code_key="cell", title="Cell")
    pack = Product.objects.create(code="PACK", code_key="pack", title="Power bank")
    for number, lot in enumerate(SOLD):
        OrderLine.objects.create(
            source="shop", order_number=f"O{number}", product=pack, sku="PACK", lot=lot,
            quantity=Decimal(1), moved_at=NOW,
        )  # fmt: skip
    owner = actor_for(Person.objects.get(is_local_owner=True))
    events = tmp_path / "events"
    events.mkdir()
    (events / "receipts.csv").write_text(RECEIPTS, encoding="utf-8")
    (events / "transformations.csv").write_text(MADE, encoding="utf-8")
    told = import_events(folder=events, wishes=Wishes(), by=owner, now=NOW)
    assert told.total("rejected") == 0
    return owner


@pytest.mark.usefixtures("by")
def test_what_a_lot_went_into_is_found_whatever_its_letter_case() -> None:
    found = {row[4]: row for row in scope_lines(Criteria(lots=("RAW-1",)))}
    affected = {lot for lot, certainty in SOLD.items() if certainty == "confirmed"}
    assert {lot for lot, row in found.items() if row[6] == "confirmed"} == affected
    assert found["pack-1"][7].endswith(
        " Lot pack-1 is taken for lot PACK-1. Lot PACK-1 was made from lot raw-1."
    )
    assert lots_to_name(Criteria(lots=("RAW-1",))) == ("RAW-1", "PACK-1")
    assert {lot for one in carriers("lot:RAW-1").products for lot in one.lots} >= affected


@pytest.mark.usefixtures("by")
def test_a_word_with_a_receipt_of_its_own_is_a_lot_of_its_own() -> None:
    pack = Product.objects.get(code="PACK")
    supplier = Supplier.objects.create(code="S2")
    Receipt.objects.create(product=pack, lot="pack-1", supplier=supplier, quantity=Decimal(5))
    rows = scope_lines(Criteria(lots=("RAW-1",)))
    assert {row[4] for row in rows if row[6] == "confirmed"} == {"PACK-1"}


@pytest.mark.usefixtures("by")
def test_a_supplier_brings_in_a_lot_that_a_line_writes_otherwise() -> None:
    pack = Product.objects.get(code="PACK")
    supplier = Supplier.objects.create(code="S2")
    Receipt.objects.create(product=pack, lot="PACK-3X", supplier=supplier, quantity=Decimal(5))
    OrderLine.objects.create(
        source="shop", order_number="O9", product=pack, sku="PACK", lot="pack-3x",
        quantity=Decimal(1), moved_at=NOW,
    )  # fmt: skip
    asked = Criteria(suppliers=("S2",))
    assert {row[4] for row in scope_lines(asked) if row[6] == "confirmed"} == {"pack-3x"}
    assert "lot_spelled_otherwise" in {one["code"] for one in find_scope(asked).warnings}


def test_other_spellings_are_those_that_differ_by_letter_case_alone() -> None:
    assert other_spellings({"A1"}, {"A1", "a1", "A2"}) == {"a1": "A1"}
    assert other_spellings(set(), {"a1"}) == {}
