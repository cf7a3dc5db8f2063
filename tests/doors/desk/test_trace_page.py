"""The trace at the desk: typed or scanned, answered forward and back, unknown keys told kindly."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from holdfast.decision.recalls.actions import open_recall
from holdfast.kit.actors import Actor
from holdfast.supply.orders.models import OrderLine
from holdfast.supply.traceability.actions import record_receipt
from tests.doors.desk.conftest import NOW

FOUND = '<h2>Who got it</h2><span><code dir="ltr">lot:B17</code>'


@pytest.fixture
def own_home(settings: LazySettings, tmp_path: Path, orders: list[OrderLine], owner: Actor) -> Path:
    """A trace of its own; a receipt that was just recorded tells it that the shop has news."""
    settings.HOME = tmp_path
    OrderLine.objects.filter(pk=orders[0].pk).update(lot="B17")
    record_receipt(lot="B99", product="VL-10K", came_on=NOW.date(), gone_on=None, by=owner, now=NOW)
    return tmp_path


def asked(desk: Client, key: str) -> str:
    """What the page says after somebody typed a key and pressed Enter, as a scanner does."""
    answer = desk.post("/trace", {"key": key}, follow=True)
    return str(answer.content.decode())


def test_a_lot_is_traced_to_the_lines_that_name_it(desk: Client, own_home: Path) -> None:
    assert "Nothing is in the trace yet" in desk.get("/trace").content.decode()
    page = asked(desk, "B17")
    assert "Who got it" in page
    assert FOUND in page
    assert "finds the same lines" in page
    written = b"".join(desk.get("/trace.csv?key=lot:B17").streaming_content).decode()  # type: ignore[attr-defined]
    rows = list(csv.DictReader(StringIO(written)))
    assert {row["certainty"] for row in rows if row["lot"] == "B17"} == {"confirmed"}


def test_an_unknown_key_is_answered_with_what_is_spelled_like_it(
    desk: Client, own_home: Path
) -> None:
    page = asked(desk, "B71")
    assert "Did you mean" in page
    assert 'href="/trace?key=lot%3AB17"' in page
    assert desk.get("/trace?key=B71").status_code == 404


def test_a_scanned_element_string_is_traced_by_its_lot(desk: Client, own_home: Path) -> None:
    assert FOUND in asked(desk, "(01)09506000134352(10)B17")


def test_the_scope_page_weighs_but_leaves_nobody_out(
    desk: Client, own_home: Path, owner: Actor
) -> None:
    recall = open_recall(
        outcome="fire", title="Power bank", products=("VL-10K",), by=owner, now=NOW
    )
    asked_for = {"step": "propose", "products": "VL-10K", "lots": "B17"}
    desk.post(f"/recalls/{recall.ref}/scope/", asked_for)
    page = desk.get(f"/recalls/{recall.ref}/scope/").content.decode()
    assert 'id="map"' in page
    assert "What leaving out would risk" in page
    assert "Mass balance of the affected lots" in page
    for name in ("map", "risk"):
        found = desk.get(f"/recalls/{recall.ref}/scope/1/{name}.csv")
        assert found.status_code == 200
