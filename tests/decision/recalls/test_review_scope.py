"""Data that comes in while a scope is in force changes nothing silently: it is proposed."""

from __future__ import annotations

import pytest

from holdfast.config.worker import run_reactions
from holdfast.decision.recalls.actions import confirm_scope, refuse_scope, review_scope
from holdfast.decision.recalls.queries import confirmed_scope, latest_scope
from holdfast.ground.journal.models import Reaction
from holdfast.kit.actors import SYSTEM
from holdfast.supply.imports.actions import bring_in
from holdfast.supply.imports.reading import Wishes
from tests.decision.conftest import LEAD, NOW

B17 = {"products": ("VL-10K",)}


@pytest.fixture
def sold(shop):
    shop.line("VL-10K", person="anna", quantity=2)
    return shop


def review(recall):
    return review_scope(recall=recall, by=SYSTEM, now=NOW)


def test_a_line_that_joins_is_proposed_with_the_difference(sold):
    recall = sold.scoped(LEAD, **B17)
    assert review(recall) is None
    sold.line("VL-10K", person="ben", quantity=3)
    version = review(recall)
    assert version.state == "proposed"
    assert version.proposed_by == SYSTEM.key
    assert (version.difference["people_in"], version.difference["units"]) == (1, 3)
    assert "after scope v1" in version.rationale
    assert confirmed_scope(recall).number == 1, "nobody is told before a person says so"


def test_a_line_that_leaves_is_proposed_and_not_dropped(sold):
    line = sold.line("VL-10K", person="ben", quantity=3)
    recall = sold.scoped(LEAD, **B17)
    type(line).objects.filter(pk=line.pk).update(cancelled=3)
    version = review(recall)
    assert version.is_narrowing
    assert version.difference["people_out"] == 1


def test_a_proposal_somebody_has_to_settle_is_left_alone(sold):
    recall = sold.scoped(LEAD, **B17)
    mine = sold.scope(recall, LEAD, products=("VL-10K", "VL-20K"))
    sold.line("VL-10K", person="ben")
    assert review(recall) is None
    assert latest_scope(recall).pk == mine.pk


def test_what_was_refused_is_not_proposed_again(sold):
    recall = sold.scoped(LEAD, **B17)
    sold.line("VL-10K", person="ben")
    refuse_scope(version=review(recall), reason="a test order", by=LEAD, now=NOW)
    assert review(recall) is None


def test_a_file_of_orders_brings_the_proposal_about(sold, tmp_path):
    recall = sold.scoped(LEAD, **B17)
    Reaction.objects.all().delete()
    path = tmp_path / "orders.csv"
    path.write_text("order,product,quantity,customer\n77,VL-10K,4,cem\n")
    bring_in(path=str(path), kind="orders", wishes=Wishes(), by=LEAD, now=NOW)
    run_reactions(now=NOW)
    version = latest_scope(recall)
    assert (version.number, version.state, version.difference["units"]) == (2, "proposed", 4)
    confirm_scope(version=version, by=LEAD, now=NOW)
    run_reactions(now=NOW)
    assert latest_scope(recall).pk == version.pk
    assert not Reaction.objects.exclude(error="").exists()
