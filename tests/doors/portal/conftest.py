"""The small recall of the response tests, told to the public, with one person's link."""

from __future__ import annotations

import pytest

from holdfast.doors.portal.kept import PUBLISHED
from holdfast.kit.actors import SYSTEM
from holdfast.response.remedies.actions import make_links
from holdfast.response.remedies.rules import link_token
from holdfast.response.units.actions import rebalance_units
from holdfast.supply.traceability.models import Receipt
from tests.response.conftest import Small, small

__all__ = ["Small", "small"]
KEY = b"k" * 32


@pytest.fixture(autouse=True)
def fresh() -> None:
    """Nothing remembered in this process from the test before."""
    PUBLISHED.forget()


@pytest.fixture
def told(small: Small) -> Small:
    """One buyer with two lines, a link, approved words in English, and a known other lot."""
    buyer = small.customer()
    lines = {small.line(1, buyer): 1, small.line(2, buyer): 2}
    rebalance_units(recall=small.recall, version=small.scope(lines), by=small.by, now=small.now)
    make_links(recall=small.recall, customer_ids=[buyer.pk], key=KEY, by=SYSTEM, now=small.now)
    small.buyer = buyer
    small.token = link_token(KEY, recall=small.recall.ref, recipient=f"customer:{buyer.pk}")
    for lot in ("B17", "C03"):
        Receipt.objects.create(lot=lot, product=small.product, site="Lyon", quantity=100)
    return small
