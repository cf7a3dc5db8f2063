"""Patterns over real rows: a bad supplier, a fix that failed, what carries a component."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from holdfast.decision.intake.actions import take_in_complaint
from holdfast.decision.intake.models import Inspection, InspectionSeries
from holdfast.decision.intake.rules.told import Told
from holdfast.decision.recalls.models import Recall
from holdfast.insight.patterns.queries import carriers, look, records
from holdfast.insight.patterns.queries.records import read_world
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import NotFound
from holdfast.kit.trace.bulk import Wishes
from holdfast.supply.catalog.models import Product
from holdfast.supply.orders.models import OrderLine
from holdfast.supply.parties.models import Supplier
from holdfast.supply.traceability.actions import import_events
from holdfast.supply.traceability.models import Receipt

NOW = datetime(2026, 5, 4, 8, 31, tzinfo=UTC)
LEAD = Actor("person:1", "Lead", frozenset({"lead"}), 1, alone=True)


def product(code: str) -> Product:
    return Product.objects.create(code=code, code_key=code.casefold(), title=f"{code} title")


@pytest.fixture
def shop(db: None, settings: object, tmp_path: object) -> dict[str, Product]:
    """Six products of three suppliers; the lots of S fail."""
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    made = {f"P{n}": product(f"P{n}") for n in range(6)}
    number = 0
    for at, code in enumerate("STU"):
        supplier = Supplier.objects.create(code=code, name=code)
        for one in (made[f"P{2 * at}"], made[f"P{2 * at + 1}"]):
            series = InspectionSeries.objects.create(product=one, supplier=supplier)
            for n in range(8):
                number += 1
                Receipt.objects.create(
                    lot=f"L{number}", product=one, site="Lyon", supplier=supplier, received_at=NOW
                )
                Inspection.objects.create(
                    series=series,
                    lot=f"L{number}",
                    looked_at=20,
                    found=0,
                    verdict="rejected" if (code == "S" and n < 4) or number == 40 else "accepted",
                    inspected_at=NOW - timedelta(days=n),
                    identity=str(number),
                    recorded_at=NOW,
                    recorded_by="person:1",
                )
    return made


def test_a_supplier_whose_lots_fail_is_found_and_everything_asked_is_counted(
    shop: dict[str, Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = look(now=NOW)
    best = found.answers.patterns[0]
    assert (best.dimension, best.value, best.outcome) == ("supplier", "S", "failed")
    assert (best.count, best.marked, best.expected) == (8, 9, 3.0)
    assert best.holds
    assert found.answers.asked > 3
    assert found.counted["inspections"] == 48
    assert found.notes == ()
    monkeypatch.setattr(records, "MOST_LOTS", 40)
    assert look(now=NOW).notes == (
        "Of 48 receipts the newest 40 were looked at; lots that only the others name count in no "
        "answer.",
    )
    later = look(now=NOW + timedelta(days=500))
    assert later.answers.held == ()
    assert later.counted["inspections"] == 0


def test_the_same_hazard_after_closing_is_shown_with_what_was_usual(
    shop: dict[str, Product],
) -> None:
    Recall.objects.create(
        ref="R-2026-001", title="P0", product_code="P0", outcome="fire", known_at=NOW,
        opened_at=NOW, opened_by="person:1", state="closed", closed_at=NOW - timedelta(days=100),
    )  # fmt: skip
    assert look(now=NOW).fixes == ()
    for n in range(5):
        take_in_complaint(
            told=Told(
                f"The thing number {n} caught fire on my table in room {n}.",
                source="shop", source_id=str(n), product="P0", email=f"p{n}@example.org",
                received_at=NOW - timedelta(days=10 * n + 1),
            ),
            by=LEAD, now=NOW,
        )  # fmt: skip
    take_in_complaint(
        told=Told("It caught fire.", product="P3", received_at=NOW - timedelta(days=700)),
        by=LEAD, now=NOW,
    )  # fmt: skip
    ((fix, pattern),) = look(now=NOW).fixes
    assert (fix.recall, fix.hazard, fix.reports, fix.usual) == ("R-2026-001", "fire", 5, 1)
    assert fix.expected < 0.1
    assert pattern.holds


def test_a_component_leads_to_every_product_that_carries_it(shop: dict[str, Product]) -> None:
    lot = Receipt.objects.filter(product=shop["P0"]).first()
    for product_, lot_name, units in ((shop["P0"], lot.lot, 3), (shop["P0"], "", 4)):
        OrderLine.objects.create(
            source="t", order_number=f"o{units}", product=product_, sku="P0",
            quantity=Decimal(units), lot=lot_name,
        )  # fmt: skip
    Recall.objects.create(
        ref="R-2026-002", title="P0", product_code="P0", outcome="fire", known_at=NOW,
        opened_at=NOW, opened_by="person:1",
    )  # fmt: skip
    found = carriers(f"lot:{lot.lot.lower()}")
    (one,) = found.products
    assert (one.product, one.units, one.unwritten) == ("P0", 3, 4)
    assert one.recalls == ("R-2026-002",)
    assert carriers("sku:p0").own == carriers("p0").own
    with pytest.raises(NotFound, match="No lot and no product"):
        carriers("lot:nowhere")


def test_a_raw_lot_is_followed_through_the_making(shop: dict[str, Product], tmp_path: Path) -> None:
    folder = tmp_path / "events"
    folder.mkdir()
    tables = {
        "transformations": "input_lot,output_lot,at,quantity,unit\n"
        "CELL-1,PACK-1,2026-02-02T08:00:00Z,10,pcs\nPACK-1,L1,2026-02-05T08:00:00Z,10,pcs\n"
        "PACK-1,L20,2026-02-06T08:00:00Z,10,pcs\n",
        "receipts": "lot,sku,site,received_at,depleted_at,quantity,supplier\n"
        "CELL-1,CELL,PLANT,2026-02-01T08:00:00Z,,10,Sun Cells\n",
        "order_lines": "line,order,customer,sku,lot,container,site,shipped_at,quantity\n"
        "E1,O1,C1,P2,L20,,Lyon,2026-03-01T08:00:00Z,2\nE2,O2,C1,p2,,,Lyon,2026-03-01T08:00:00Z,7\n"
        "E3,O3,C1,P2,,,Lyon,2026-03-01T08:00:00Z,-3\nE4,O4,C1,P5,,,Lyon,2026-03-01T08:00:00Z,9\n",
    }
    OrderLine.objects.create(
        source="t", order_number="o", product=shop["P2"], sku="P2", quantity=Decimal(4), lot=""
    )
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    import_events(folder=folder, wishes=Wishes(), by=LEAD, now=NOW)
    for key in ("lot:CELL-1", "sku:cell", "cell-1"):
        found = carriers(key)
        assert (found.own, found.into) == (("CELL-1",), 3)
        assert [(one.product, one.lots, one.units, one.unwritten) for one in found.products] == [
            ("P2", ("L20",), 2, 11),
            ("P0", ("L1",), 0, 0),
        ]
    world = read_world()
    assert world.components("L20") == {"cell", "PACK-1"}
