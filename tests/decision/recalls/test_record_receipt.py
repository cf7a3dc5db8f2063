"""A lot that no file records: say when it came, and dates tell its units apart."""

from __future__ import annotations

from datetime import date

import pytest

from holdfast.decision.recalls.queries import find_scope
from holdfast.kit.refusals import NotFound, NotPermitted, Unreadable
from holdfast.kit.trace.criteria import Criteria
from holdfast.supply.traceability.actions import record_receipt
from holdfast.supply.traceability.models import Receipt
from tests.decision.conftest import ALONE, NOW, VIEWER

ASKED = Criteria(products=("VL-10K",), lots=("B17",))


def record(shop, by=ALONE, **more):
    words = {
        "lot": "B17",
        "product": "vl-10k",
        "came_on": date(2026, 2, 18),
        "gone_on": date(2026, 3, 10),
        **more,
    }
    return record_receipt(by=by, now=NOW, **words)


def test_dates_take_over_from_cannot_be_ruled_out(shop):
    for day in (17, 18, 38, 39):
        shop.line("VL-10K", day=day)
    assert find_scope(ASKED).counts["cannot_rule_out"]["lines"] == 4
    record(shop)
    found = find_scope(ASKED)
    assert found.counts["probable"]["lines"] == 2
    assert found.counts["cannot_rule_out"]["lines"] == 2
    assert found.is_as_hoped


def test_the_same_words_are_the_same_receipt(shop):
    shop.product("VL-10K")
    assert record(shop).pk == record(shop).pk
    assert record(shop, gone_on=None).position == 1
    assert Receipt.objects.count() == 2


def test_nonsense_is_refused(shop):
    with pytest.raises(NotFound):
        record(shop)
    shop.product("VL-10K")
    for words in ({"lot": " "}, {"gone_on": date(2026, 2, 17)}, {"quantity": -1}):
        with pytest.raises(Unreadable):
            record(shop, **words)
    with pytest.raises(NotPermitted):
        record(shop, by=VIEWER)
