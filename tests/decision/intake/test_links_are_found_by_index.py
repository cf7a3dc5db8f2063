"""What a report names is found by an index, or read once for all reports."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from holdfast.decision.intake.queries import linking
from holdfast.decision.intake.queries.linking import Linker
from holdfast.decision.intake.rules.told import Told
from holdfast.insight.patterns.queries.components import carriers
from holdfast.kit.refusals import NotFound
from tests.decision.conftest import Shop

pytestmark = pytest.mark.django_db


def linked(lot: str) -> set[str]:
    found = Linker().links(Told(text="It hums.", lot=lot))
    return {link.value for link in found if link.kind == "lot" and link.product}


def test_lots_that_look_alike_are_read_once_while_no_receipt_comes(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linking, "KEPT_FROM", 1)
    monkeypatch.setattr(linking, "_kept_lots", [])
    read, times = linking._read_lots, []
    monkeypatch.setattr(linking, "_read_lots", lambda: times.append(1) or read())
    shop.receipt("BI0-7", "KETTLE")
    assert linked("B1O7") == {"BI0-7"}
    assert linked("8107") == set()
    assert len(times) == 1
    shop.receipt("8L\N{EN DASH}O7", "LAMP")
    assert linked("8107") == {"8L\N{EN DASH}O7"}
    assert len(times) == 2


def test_serials_and_lots_in_any_case_are_asked_of_their_index(shop: Shop) -> None:
    shop.line("KETTLE", serial="S-1", lot="Ab-1")
    shop.receipt("aB-2", "LAMP")
    assert carriers("lot:AB-1").own == ("Ab-1",)
    assert carriers("ab-2").own == ("aB-2",)
    with pytest.raises(NotFound):
        carriers("lot:")
    with CaptureQueriesContext(connection) as asked:
        carriers("lot:AB-1")
        Linker().links(Told(text="It hums.", product="KETTLE", serial="S-1"))
    told = [one["sql"] for one in asked if "orders_orderline" in one["sql"]]
    assert len(told) > 1
    if connection.vendor == "postgresql":
        return  # which reads a table this small whichever way it likes
    with connection.cursor() as cursor:
        plans = []
        for query in told:
            cursor.execute(f"EXPLAIN QUERY PLAN {query}")
            plans.append(str(cursor.fetchall()))
    for index in ("line_lot_folded", "line_serial"):
        assert any(index in plan for plan in plans), plans
