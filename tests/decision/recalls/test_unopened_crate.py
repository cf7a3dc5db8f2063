"""A crate nobody opened: tables and EPCIS give one answer, in the trace, a scope and a check."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import LazySettings

from holdfast.decision.recalls.queries import find_scope
from holdfast.ground.access.actions import found_instance
from holdfast.ground.access.models import Person
from holdfast.ground.access.queries import actor_for
from holdfast.kit.actors import Actor
from holdfast.kit.trace.bulk import Wishes
from holdfast.kit.trace.criteria import Criteria
from holdfast.supply.catalog.models import Product
from holdfast.supply.orders.models import OrderLine
from holdfast.supply.traceability.actions import import_epcis, import_events
from holdfast.supply.traceability.queries import lots_held, trace_forward
from tests.kit.epcis.build import LOTS, amount, document, packed, sscc

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
SKU = "04012345111118"
CRATE = "(8003)040123451234560777"
PALLET = "040123450000000016"
SOLD = (("Lyon", 5), ("Nice", 5), ("Nice", 3))
"""Where from and on which day of March; the crate is on the pallet since the fourth."""
KNOWN = {
    "receipts.csv": "lot,sku,site,received_at\n"
    f"{LOTS}A,{SKU},Lyon,2026-03-01T08:00:00Z\n{LOTS}B,{SKU},Lyon,2026-03-01T08:00:00Z\n",
    "order_lines.csv": "line,order,customer,sku,container,site,shipped_at,quantity\n"
    + "".join(
        f"{number},O{number},ann,{SKU},{PALLET},{site},2026-03-{day:02}T09:00:00Z,1\n"
        for number, (site, day) in enumerate(SOLD)
    ),
}


@pytest.fixture
def by(settings: LazySettings, tmp_path: Path) -> Actor:
    """The owner of a shop with a home of its own and one product."""
    settings.HOME = tmp_path
    found_instance(now=NOW)
    product = Product.objects.create(code=SKU, code_key=SKU, title="Power bank")
    for number, (site, day) in enumerate(SOLD):
        OrderLine.objects.create(
            source="shop", order_number=f"O{number}", product=product, sku=SKU, container=PALLET,
            site=site, quantity=Decimal(1), moved_at=NOW.replace(day=day),
        )  # fmt: skip
    return actor_for(Person.objects.get(is_local_owner=True))


def bring(folder: Path, files: dict[str, str], by: Actor) -> None:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    assert import_events(folder=folder, wishes=Wishes(), by=by, now=NOW).total("rejected") == 0


@pytest.mark.parametrize("told_as", ["tables", "EPCIS", "EPCIS, a class without a lot"])
def test_a_crate_beside_a_known_lot_excludes_nobody(
    by: Actor, tmp_path: Path, told_as: str
) -> None:
    bring(tmp_path / "known", KNOWN, by)
    unopened = CRATE
    if told_as == "tables":
        packings = "container,child,packed_at,unpacked_at\n"
        packings += f"{PALLET},{LOTS}B,2026-03-02T08:00:00Z,\n"
        packings += f"{PALLET},{CRATE},2026-03-04T08:00:00Z,\n"
        bring(tmp_path / "packed", {"packings.csv": packings}, by)
    else:
        crate: dict[str, object] = {"childEPCs": ["urn:epc:id:grai:4012345.12345.0777"]}
        if told_as != "EPCIS":
            loose = {"epcClass": "urn:epc:idpat:sgtin:4012345.011111.*", "quantity": 10}
            crate, unopened = {"childQuantityList": [loose]}, f"(01){SKU}"
        (tmp_path / "packed.jsonld").write_bytes(
            document(
                packed("02T08", sscc(1), childQuantityList=[amount("B", 5)]),
                packed("04T08", sscc(1), **crate),
            )
        )
        import_epcis(paths=[tmp_path / "packed.jsonld"], by=by, now=NOW)
    answer, _ = trace_forward(f"lot:{LOTS}A")
    assert answer["certificate"]["agrees"]
    scope = find_scope(Criteria(products=(SKU,), lots=(f"{LOTS}A",)))
    told = {one: counted["lines"] for one, counted in answer["by_certainty"].items()}
    assert told == {"confirmed": 0, "probable": 1, "cannot_rule_out": 1, "excluded": 1}
    for one in ("confirmed", "probable", "cannot_rule_out"):
        assert scope.counts[one]["lines"] == told[one]
    assert unopened in (lots_held(NOW)(PALLET) or ()), "a check of the pallet asks for it too"
