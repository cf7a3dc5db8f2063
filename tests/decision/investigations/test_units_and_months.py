"""What scoring is told beside the complaints: units sold, months of the source, share of chance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from holdfast.decision.intake.models import Complaint
from holdfast.decision.investigations.actions.tallying import count_days_of_sales
from holdfast.decision.investigations.models import Alarm, ReportingHabit
from holdfast.decision.investigations.queries import still_to_come
from holdfast.decision.investigations.queries.hearing import habits, heard
from holdfast.decision.investigations.queries.units import exposures
from tests.decision.conftest import Shop, moment
from tests.decision.investigations.conftest import BURNING, burning, tell, ten

pytestmark = pytest.mark.django_db
KEY = ("complaints", "kettle", "kettle")


def test_units_sold_come_from_the_orders_without_what_was_cancelled(shop: Shop) -> None:
    shop.line("KETTLE", day=2, quantity=10)
    shop.line("KETTLE", day=2, quantity=4, cancelled=3)
    shop.line("KETTLE", day=9, quantity=5)
    shop.line("KETTLE", day=9, quantity=-5, kind="cancellation")
    shop.line("LAMP", day=1, quantity=7)
    product = shop.products["KETTLE"].pk
    days = (moment(1).date(), moment(9).date())
    found = exposures([(KEY, product), (("complaints", "x", "x"), None)], *days)
    assert set(found) == {KEY}
    assert found[KEY].units.tolist() == [11.0, 5.0]
    assert found[KEY].known_from == moment(1).date()
    assert found[KEY].known_until == moment(9).date()
    assert exposures([(("complaints", "y", "y"), None)], *days) == {}
    assert exposures([(KEY, product)], None, None) == {}
    sold = count_days_of_sales()
    assert (sold.sold_from, sold.sold_until) == days
    shop.line("LAMP", day=30, quantity=1)
    shop.line("LAMP", day=0, quantity=1)
    sold = count_days_of_sales()
    assert (sold.sold_from, sold.sold_until) == (moment(0).date(), moment(30).date())


def test_an_alarm_says_how_much_of_it_is_chance_and_a_source_knows_its_months(shop: Shop) -> None:
    shop.product("KETTLE")
    tell(ten(datetime(2026, 3, 20, 9, 0, tzinfo=UTC)))
    alarm = Alarm.objects.filter(hazard="fire").latest("pk")
    assert 0 <= float(alarm.why["chance"]) < 0.05
    months = ReportingHabit.objects.get(stream="complaints").by_month
    told = [one.report for one in heard(Complaint.objects.all())]
    assert sum(months.values()) == sum(bool(one.hazards) or one.harm is not None for one in told)
    assert sum(months.values()) >= 8
    assert set(months) == {str(2026 * 12 + 2), str(2026 * 12 + 3)}
    assert habits()["complaints"].by_month == {int(month): n for month, n in months.items()}


def test_what_happened_lately_and_is_not_told_yet_is_estimated_from_the_delays(shop: Shop) -> None:
    """Some tell after two days, some after thirty: of the last month not all can be known."""
    shop.product("KETTLE")
    begin = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
    delays = (2, 5, 9, 14, 20, 3, 6, 11, 30, 4, 8, 2, 25, 7)
    tolds = [
        burning(
            n,
            begin + timedelta(days=4 * n + delay),
            happened_at=begin + timedelta(days=4 * n),
            text=f"{BURNING[n % 10]} It was on shelf {n}, bought {n} weeks ago.",
        )
        for n, delay in enumerate(delays)
    ]
    tell(sorted(tolds, key=lambda one: one.received_at))
    alarm = Alarm.objects.filter(hazard="fire").latest("pk")
    on = (begin + timedelta(days=4 * len(delays))).date()
    found = still_to_come(alarm, on)
    assert found is not None
    assert found.told < found.estimate <= found.high
    assert found.to_come > 0
    assert found.unknown_days > 0  # of the newest days nobody can have told yet
    assert still_to_come(alarm, on + timedelta(days=900)) is None  # all of it is too long ago
