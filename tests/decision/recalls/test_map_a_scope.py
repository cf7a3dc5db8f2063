"""Where the units of a scope came from and went: every layer adds up to the scope."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import LazySettings

from holdfast.decision.recalls.actions import open_recall, propose_scope
from holdfast.decision.recalls.models import ScopeVersion
from holdfast.decision.recalls.queries import find_scope, journeys
from holdfast.decision.recalls.queries.journeys import HELD, journeys_of
from holdfast.ground.access.actions import found_instance
from holdfast.ground.access.models import Person
from holdfast.ground.access.queries import actor_for
from holdfast.kit.trace.bulk import Wishes
from holdfast.kit.trace.criteria import Criteria
from holdfast.kit.trace.map import Stream, layered
from holdfast.supply.catalog.models import Product
from holdfast.supply.orders.models import OrderLine
from holdfast.supply.parties.models import Supplier
from holdfast.supply.traceability.actions import import_events
from holdfast.supply.traceability.models import Receipt, StockOnHand

NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def product(settings: LazySettings, tmp_path: Path) -> Product:
    """A power bank, in a shop with a home of its own."""
    settings.HOME = tmp_path
    found_instance(now=NOW)
    return Product.objects.create(code="VL-10K", code_key="vl-10k", title="Power bank")


def sold(product: Product, *rows: tuple[str, str, str, str, int]) -> None:
    """Lines of (lot, site, channel, market, units), shipped one a day from 1 March."""
    for number, (lot, site, channel, market, units) in enumerate(rows):
        OrderLine.objects.create(
            source="shop", order_number=f"O{number}", product=product, sku="VL-10K", lot=lot,
            site=site, channel=channel, market=market, quantity=Decimal(units),
            moved_at=NOW - timedelta(days=12) + timedelta(hours=number),
        )  # fmt: skip


def scoped(criteria: Criteria) -> ScopeVersion:
    """The scope as a version of a recall."""
    by = actor_for(Person.objects.get(is_local_owner=True))
    recall = open_recall(outcome="fire", title="Power bank", products=("VL-10K",), by=by, now=NOW)
    found = find_scope(criteria)
    return propose_scope(
        recall=recall, criteria=criteria, rationale="", found=found, by=by, now=NOW
    )


def spots(streams: Iterable[Stream], kind: str) -> dict[str | None, Decimal]:
    """Units that passed each spot of one kind."""
    found: Counter[str | None] = Counter()
    for one in streams:
        for spot in one.path:
            if spot.kind == kind:
                found[spot.name] += one.units  # type: ignore[assignment]
    return dict(found)  # type: ignore[arg-type]


def test_the_ways_kept_with_a_version_are_those_of_its_lines(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    sold(
        product,
        *((("", "B1", "B2")[n % 3], ("", "S1")[n % 2], f"C{n % 4}", ("DE", "")[n % 2], n % 5)
          for n in range(80)),
    )  # fmt: skip
    OrderLine.objects.filter(site="").update(container="P-1")
    OrderLine.objects.filter(quantity=3).update(cancelled=Decimal("0.5"))
    version = scoped(Criteria(products=("VL-10K",)))

    def told(lines: list[journeys._Line]) -> list[journeys._Line]:
        return sorted(lines, key=repr)

    kept = journeys._lines(version.pk)
    assert version.journeys.count() == len(kept) > 10
    assert [repr(one) for one in told(kept)] == [
        repr(one) for one in told(journeys._from_lines(version.pk))
    ]
    monkeypatch.setattr("holdfast.decision.recalls.queries.finding.MOST_WAYS", 3)
    assert find_scope(Criteria(products=("VL-10K",))).ways == {}
    version.journeys.all().delete()
    assert told(journeys._lines(version.pk)) == told(kept), "without them its lines are read"


def test_every_layer_adds_up_to_the_scope_whatever_is_folded(product: Product) -> None:
    rows = [(f"B{n}", f"S{n % 20}", f"C{n % 15}", f"{chr(65 + n % 26)}X", 1 + n) for n in range(60)]
    sold(product, *rows, ("B1", "", "", "", 7))
    version = scoped(Criteria(products=("VL-10K",)))
    found = layered(journeys_of(version))
    whole = Decimal(str(version.counts["in_scope"]["units"]))
    assert whole == sum(1 + n for n in range(60)) + 7
    assert [sum(node.units for node in layer) for layer in found.layers] == [whole] * 5
    for layer in found.layers[1:]:  # nobody says who supplied these lots: one spot, and no fold
        assert any(node.spot.name is None and node.members > 1 for node in layer)
    by_kind: Counter[str] = Counter()
    for node in found.layers[-1]:
        by_kind.update(node.by_kind)  # type: ignore[arg-type]
    assert by_kind == {"confirmed": whole}


def test_certainties_stay_apart_and_stock_stays_where_it_lies(product: Product) -> None:
    maker = Supplier.objects.create(code="BC", name="Brightcell")
    for lot, gone_at in (("B16", NOW - timedelta(days=14)), ("B17", None)):
        Receipt.objects.create(
            lot=lot, product=product, site="Lyon", received_at=NOW - timedelta(days=15),
            depleted_at=gone_at, quantity=Decimal(50), supplier=maker,
        )  # fmt: skip
    StockOnHand.objects.create(product=product, lot="B17", site="Lyon", quantity=Decimal(5))
    sold(
        product,
        ("B17", "Lyon", "web", "DE", 2),
        ("", "Lyon", "web", "FR", 3),
        ("B16", "", "", "", 9),
    )
    version = scoped(Criteria(products=("VL-10K",), lots=("B17",)))
    streams = journeys_of(version)
    assert spots(streams, "supplied") == {"Brightcell": Decimal(10)}
    assert spots(streams, "lot") == {"B17": Decimal(10)}
    assert spots(streams, "market") == {"DE": Decimal(2), "FR": Decimal(3)}
    assert spots(streams, HELD) == {"Lyon": Decimal(5)}
    assert {one.kind for one in streams} == {"confirmed", "probable", HELD}
    found = layered(streams)
    told = [
        sum(n for node in layer for kind, n in node.by_kind.items() if kind != HELD)
        for layer in found.layers
    ]
    assert told == [Decimal(str(version.counts["in_scope"]["units"]))] * 5


def test_what_events_say_of_making_and_shipping_is_in_the_map(
    product: Product, tmp_path: Path
) -> None:
    folder = tmp_path / "events"
    folder.mkdir()
    tables = {
        "transformations": "input_lot,output_lot,at,quantity,unit\n"
        "CELL-1,PACK-1,2026-02-02T08:00:00Z,10,pcs\nCELL-9,PACK-1,2026-02-02T08:00:00Z,10,pcs\n"
        "PACK-1,B17,2026-02-05T08:00:00Z,10,pcs\nPACK-1,B18,2026-02-06T08:00:00Z,10,pcs\n",
        "packings": "container,child,packed_at,unpacked_at\nP-1,B17,2026-02-07T08:00:00Z,\n",
        "shipments": "container_or_lot,from_site,to_site,shipped_at,received_at\n"
        "P-1,PLANT,Lyon,2026-02-08T08:00:00Z,\nP-1,DEPOT,Lyon,2026-02-01T08:00:00Z,\n",
        "receipts": "lot,sku,site,received_at,depleted_at,quantity,supplier\n"
        "CELL-1,CELL,PLANT,2026-02-01T08:00:00Z,,10,Sun Cells\n"
        "B17,VL-10K,Lyon,2026-02-09T08:00:00Z,,10,\n",
    }
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    by = actor_for(Person.objects.get(is_local_owner=True))
    import_events(folder=folder, wishes=Wishes(), by=by, now=NOW)
    sold(
        product,
        ("B17", "Lyon", "web", "DE", 2),
        ("B18", "", "web", "DE", 4),
        ("", "Lyon", "", "", 1),
    )
    streams = journeys_of(scoped(Criteria(products=("VL-10K",), lots=("CELL-1",))))
    # CELL-1 is why they are in scope; CELL-9 went in as well and is not named.
    assert spots(streams, "supplied") == {"CELL-1 · Sun Cells": Decimal(7)}
    assert spots(streams, "made") == {
        "2026-02-05/2026-02-05/3": Decimal(3), "2026-02-06/2026-02-06/3": Decimal(4),
    }  # fmt: skip
    assert spots(streams, "lot") == {"B17": Decimal(3), "B18": Decimal(4)}
    # The truck from DEPOT left before the lot was on the pallet.
    assert spots(streams, "shipped") == {"PLANT → Lyon": Decimal(3), "": Decimal(4)}
