"""An alarm's page says how much of it may be chance, and what is still to be told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from holdfast.decision.intake.actions import take_in_complaint
from holdfast.decision.intake.rules.told import Told
from holdfast.decision.investigations.actions import score_product
from holdfast.decision.investigations.models import Alarm
from holdfast.supply.catalog.models import Product
from tests.decision.conftest import LEAD
from tests.decision.investigations.conftest import BURNING

pytestmark = pytest.mark.django_db


def test_the_page_says_what_may_be_chance_and_what_is_still_to_come(desk: Client) -> None:
    Product.objects.create(code="KETTLE", code_key="kettle")
    today = datetime.now(UTC)
    for number in range(14):
        delay = (2, 5, 9, 14, 20, 3, 6)[number % 7]
        happened = today - timedelta(days=70 - 4 * number)
        at = min(happened + timedelta(days=delay), today)
        told = Told(
            text=f"{BURNING[number % 10]} It was number {number} of {number + 3}.",
            product="KETTLE",
            email=f"person{number}@example.org",
            received_at=at,
            happened_at=happened,
        )
        complaint = take_in_complaint(told=told, by=LEAD, now=at)
        score_product(complaint=complaint, by=LEAD, now=at)
    alarm = Alarm.objects.filter(hazard="fire", state="open").latest("pk")
    page = desk.get(f"/alarms/{alarm.ref}/").content.decode()
    assert "of what stands out this much would be chance" in page
    assert "Of the last 60 days" in page
    assert "Parts that failed" in page
