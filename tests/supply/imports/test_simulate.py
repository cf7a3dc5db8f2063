"""Lots and addresses invented on top of real orders: marked, repeatable, and never in the way."""

from __future__ import annotations

import itertools

import pytest

from holdfast.ground.journal.models import Entry
from holdfast.kit.refusals import Forbidden
from holdfast.supply.imports.actions import simulate_history
from holdfast.supply.orders.models import Customer, OrderLine
from holdfast.supply.traceability.models import Receipt
from tests.supply.imports.conftest import LEAD, NOW, Bring

pytestmark = pytest.mark.django_db
HEAD = "order,sku,description,quantity,date,customer id,country\n"


@pytest.fixture
def orders(bring: Bring) -> None:
    rows = [
        f"{n},{'VL-10K' if n % 3 else 'POST'},{'Power bank' if n % 3 else 'POSTAGE'},{1 + n % 4},"
        f"2026-{1 + n // 60:02}-{1 + n % 28:02},{n % 40},{'Germany' if n % 2 else 'France'}\n"
        for n in range(300)
    ]
    bring(HEAD + "".join(rows))


def test_without_orders_there_is_nothing_to_simulate(db: None) -> None:
    with pytest.raises(Forbidden):
        simulate_history(seed=1, by=LEAD, now=NOW)


def test_every_invented_row_is_marked_and_orders_stay_as_imported(orders: None) -> None:
    before = list(OrderLine.objects.order_by("pk").values())
    told = simulate_history(seed=1, by=LEAD, now=NOW)
    assert told == {
        "simulated": True,
        "seed": 1,
        "receipts": Receipt.objects.count(),
        "lots": Receipt.objects.values("lot").distinct().count(),
        "customers": 40,
    }
    assert not Receipt.objects.filter(is_simulated=False).exists()
    assert not Customer.objects.filter(is_simulated=False).exists()
    assert list(OrderLine.objects.order_by("pk").values()) == before
    assert Entry.objects.filter(kind="HistorySimulated").count() == 1


def test_the_same_seed_gives_the_same_history_and_another_seed_another(orders: None) -> None:
    def history(seed: int) -> list[object]:
        simulate_history(seed=seed, by=LEAD, now=NOW)
        lots = Receipt.objects.order_by("lot").values_list("lot", "received_at", "quantity")
        return [*lots, *Customer.objects.order_by("pk").values_list("name", "email", "city")]

    first = history(1)
    assert history(2) != first
    assert history(1) == first


def test_lots_cover_what_was_sold_and_pseudo_products_have_none(orders: None) -> None:
    simulate_history(seed=1, by=LEAD, now=NOW)
    assert set(Receipt.objects.values_list("product__code", flat=True)) == {"VL-10K"}
    stays = list(Receipt.objects.order_by("received_at"))
    assert stays[-1].depleted_at is None
    for stay, following in itertools.pairwise(stays):
        assert stay.depleted_at is not None
        assert stay.received_at is not None
        assert stay.received_at < following.received_at <= stay.depleted_at
    sold = OrderLine.objects.filter(product__code="VL-10K")
    assert sum(s.quantity for s in stays) >= sum(line.quantity for line in sold)
    assert all(
        any(
            s.received_at <= line.moved_at and (not s.depleted_at or line.moved_at < s.depleted_at)
            for s in stays
        )
        for line in sold
    )


def test_invented_addresses_can_reach_nobody_and_a_few_are_missing(bring: Bring) -> None:
    bring(HEAD + "".join(f"{n},A,x,1,2026-01-01,{n},Germany\n" for n in range(1_500)))
    simulate_history(seed=3, by=LEAD, now=NOW)
    people = Customer.objects.all()
    assert all(p.email.endswith(".example") for p in people if p.email)
    assert all(p.phone.startswith("+999") for p in people if p.phone)
    without_email = people.filter(email="").count()
    unreachable = people.filter(email="", phone="", street="").count()
    assert 0 < unreachable < without_email < 150
    assert set(people.values_list("country", "language")) == {("DE", "de")}


def test_real_receipts_and_contacts_are_left_alone(orders: None, bring: Bring) -> None:
    bring("lot,sku,quantity\nB17,VL-10K,100\n", "receipts")
    bring("customer id,email\n7,ana@example.org\n", "customers")
    simulate_history(seed=1, by=LEAD, now=NOW)
    assert [one.lot for one in Receipt.objects.all()] == ["B17"]
    person = Customer.objects.get(key="csv:7")
    assert (person.email, person.is_simulated, person.street) == ("ana@example.org", False, "")


def test_a_real_contact_replaces_an_invented_one_whole(orders: None, bring: Bring) -> None:
    simulate_history(seed=1, by=LEAD, now=NOW)
    bring("customer id,email\n7,ana@example.org\n", "customers")
    person = Customer.objects.get(key="csv:7")
    assert (person.email, person.is_simulated, person.name, person.street) == (
        "ana@example.org", False, "", "",
    )  # fmt: skip


def test_a_rehearsal_invents_nothing(orders: None) -> None:
    told = simulate_history(seed=1, is_rehearsal=True, by=LEAD, now=NOW)
    assert told["customers"] == 40
    assert not Receipt.objects.exists()
    assert not Customer.objects.filter(is_simulated=True).exists()
