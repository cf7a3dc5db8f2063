"""The snapshot a check is answered from follows scopes, lots and serial numbers at once."""

from __future__ import annotations

from holdfast.decision.recalls.actions import confirm_scope, withdraw_recall
from holdfast.decision.recalls.queries import snapshot
from tests.decision.conftest import ALONE, NOW


def answers(*codes: str, public: bool = False) -> list[str]:
    kept = snapshot(public=public)
    return [kept.check(code).answer for code in codes]


def test_a_confirmed_scope_is_answered_from_at_once(shop):
    shop.receipt("B17", "VL-10K", supplier="S-07")
    shop.receipt("B18", "VL-10K", supplier="S-08")
    shop.line("VL-10K")
    assert answers("B17", "B18") == ["not_affected", "not_affected"]
    recall = shop.scoped(products=("VL-10K",), suppliers=("S-07",))
    assert answers("bi7", "B18", "VL-10K") == ["affected", "not_affected", "cannot_tell"]
    wide = shop.scope(recall, products=("VL-10K",))
    confirm_scope(version=wide, by=ALONE, now=NOW)
    assert answers("B17", "B18", "VL-10K") == ["affected"] * 3
    withdraw_recall(recall=recall, reason="false alarm", by=ALONE, now=NOW)
    assert answers("B17") == ["not_affected"]


def test_the_public_hears_nothing_of_a_recall_before_it_is_told(shop):
    shop.receipt("B17", "VL-10K")
    recall = shop.scoped(products=("VL-10K",), lots=("B17",))
    shop.receipt("L1", "LAMP")
    assert answers("B17", "VL-10K", "L1", public=True) == [
        "cannot_tell",
        "cannot_tell",
        "not_affected",
    ]
    assert snapshot(public=True).check("B17").recalls == ()
    type(recall).objects.update(state="telling")
    assert answers("B17", public=True) == ["affected"]
    type(recall).objects.update(state="closed")
    assert answers("B17", public=True) == ["affected"], "closed is no safer in a cupboard"


def test_a_product_recalled_for_one_market_cannot_be_told_from_its_code(shop):
    shop.line("VL-10K", market="DE")
    shop.scoped(products=("VL-10K",), markets=("DE",))
    assert answers("VL-10K") == ["cannot_tell"]


def test_serial_numbers_of_sold_units_are_known(shop):
    shop.receipt("B16", "VL-10K", 0, 20)
    shop.receipt("B17", "VL-10K", 0, 20)
    shop.line("VL-10K", serial="SN-001", lot="B17")
    shop.line("VL-10K", serial="SN-002", day=3)
    shop.line("VL-10K", serial="SN-003", lot="B16")
    shop.scoped(products=("VL-10K",), lots=("B17",))
    assert answers("sn 00i", "SN-002", "SN-003", "SN-004") == [
        "affected",
        "cannot_tell",
        "not_affected",
        "cannot_tell",
    ]
