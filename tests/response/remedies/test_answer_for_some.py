"""Some of several units are gone: each part has its answer, and the ledger balances throughout."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.kit.actors import PUBLIC
from holdfast.kit.refusals import Forbidden, Refusal, Unreadable
from holdfast.response.remedies.actions import (
    answer_gone,
    answer_have,
    choose_remedy,
    export_payouts,
    pay_export,
    set_remedies,
    split_answer,
)
from holdfast.response.remedies.models import Claim, Payout
from holdfast.response.remedies.queries import claims_of, owned_by, still_owned
from holdfast.response.remedies.rules import state_of
from holdfast.response.units.actions import rebalance_units
from holdfast.response.units.models import UnitGroup
from holdfast.response.units.queries import balances
from tests.plugins.chance import examples

COUNT = iter(range(10_000_000))


def buy(small, *quantities):
    """One buyer with a line of each quantity, in a balanced ledger."""
    buyer = small.customer()
    lines = {small.line(quantity, buyer): quantity for quantity in quantities}
    rebalance_units(recall=small.recall, version=small.scope(lines), by=small.by, now=small.now)
    small.buyer = buyer
    return small


def homes(at) -> dict[str, dict[str, int]]:
    """Units by line and state."""
    found: dict[str, dict[str, int]] = {}
    for group in UnitGroup.objects.filter(recall=at.recall, level="consumer", quantity__gt=0):
        states = found.setdefault(group.place, {})
        states[group.state] = states.get(group.state, 0) + int(group.quantity)
    return found


def shared(at) -> dict[str, object]:
    return {
        "recall": at.recall,
        "reference": f"LV-{next(COUNT)}",
        "source": "link",
        "by": PUBLIC,
        "now": at.now,
    }


def mine(at):
    return owned_by(at.recall, at.buyer.pk)


def split(at, *kept, outcome="discarded"):
    owned = sorted(mine(at), key=lambda o: o.line.pk)
    counts = {o.line.pk: Decimal(n) for o, n in zip(owned, kept, strict=True)}
    return split_answer(owned=owned, kept=counts, outcome=outcome, **shared(at))


def choose(at, remedy="refund", stopped=True):
    left = still_owned(mine(at), claims_of(at.recall, at.buyer.pk))
    return choose_remedy(owned=left, remedy=remedy, stopped=stopped, **shared(at))


def test_two_of_three_are_refunded_and_the_third_is_accounted_for(small):
    at = buy(small, 3)
    split(at, 2)
    (place,) = homes(at)
    assert homes(at)[place] == {"has_it": 2, "discarded": 1}
    choose(at)
    assert homes(at)[place] == {"claim_open": 2, "discarded": 1}
    payout = Payout.objects.get()
    assert payout.amount == Decimal("78.00")
    export_payouts(recall=at.recall, export="E1", by=at.by, now=at.now)
    pay_export(recall=at.recall, export="E1", evidence="bank", by=at.by, now=at.now)
    assert homes(at)[place] == {"refunded": 2, "discarded": 1}
    assert all(balance.balances for balance in balances(at.recall))


def test_a_line_that_is_gone_beside_one_that_is_there(small):
    at = buy(small, 1, 2)
    split(at, 0, 2, outcome="sold")
    assert sorted(map(str, homes(at).values())) == ["{'has_it': 2}", "{'sold_on': 1}"]
    choose(at, "replacement")
    assert sorted(map(str, homes(at).values())) == ["{'claim_open': 2}", "{'sold_on': 1}"]


def test_the_same_answer_twice_is_one_and_another_replaces_it(small):
    at = buy(small, 3)
    split(at, 2)
    split(at, 2)
    assert Claim.objects.exclude(state="withdrawn").count() == 2
    assert Claim.objects.count() == 2
    choose(at)
    split(at, 1, outcome="given_away")
    (states,) = homes(at).values()
    assert states == {"has_it": 1, "given_away": 2}
    assert Payout.objects.get().state == "cancelled"
    split(at, 3)
    (states,) = homes(at).values()
    assert states == {"has_it": 3}


def test_an_answer_for_all_takes_the_parts_back(small):
    at = buy(small, 3)
    split(at, 1)
    answer_have(owned=mine(at), **shared(at))
    (states,) = homes(at).values()
    assert states == {"has_it": 3}
    split(at, 1)
    answer_gone(owned=mine(at), outcome="sold", **shared(at))
    (states,) = homes(at).values()
    assert states == {"sold_on": 3}
    (claim,) = Claim.objects.exclude(state="withdrawn")
    assert claim.quantity == 3


def test_what_is_on_its_way_is_not_split_any_more(small):
    at = buy(small, 3)
    answer_have(owned=mine(at), **shared(at))
    choose(at)
    export_payouts(recall=at.recall, export="E1", by=at.by, now=at.now)
    with pytest.raises(Forbidden):
        split(at, 1)
    assert Payout.objects.get().amount == Decimal("117.00")


@pytest.mark.parametrize("kept", ["4", "-1", "1.5"])
def test_a_number_nobody_can_have_is_refused(small, kept):
    at = buy(small, 3)
    with pytest.raises(Unreadable):
        split(at, kept)
    assert not Claim.objects.exists()


STEPS = st.one_of(
    st.tuples(st.just("split"), st.integers(0, 3), st.integers(0, 1)),
    st.tuples(st.just("have"), st.just(0), st.just(0)),
    st.tuples(st.just("gone"), st.just(0), st.just(0)),
    st.tuples(st.just("choose"), st.integers(0, 1), st.just(0)),
    st.tuples(st.just("pay"), st.just(0), st.just(0)),
)


@pytest.mark.parametrize("_run", [1])
@settings(
    max_examples=examples(15),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(STEPS, min_size=1, max_size=7))
def test_whatever_people_answer_no_unit_is_lost_and_each_has_one_answer(small, _run, steps):
    at = buy(small, 3, 1)
    set_remedies(recall=at.recall, options=["refund", "replacement"], by=at.by, now=at.now)
    exports = iter(range(99))
    places = {f"line:{o.line.pk}": int(o.units) for o in mine(at)}
    for step, first, second in steps:
        try:
            if step == "split":
                split(at, first, second, outcome=["sold", "discarded"][second])
            elif step == "have":
                answer_have(owned=mine(at), **shared(at))
            elif step == "gone":
                answer_gone(owned=mine(at), outcome="given_away", **shared(at))
            elif step == "choose":
                choose(at, ["refund", "replacement"][first])
            else:
                name = f"E{at.buyer.pk}-{next(exports)}"
                if export_payouts(recall=at.recall, export=name, by=at.by, now=at.now):
                    pay_export(recall=at.recall, export=name, evidence="b", by=at.by, now=at.now)
        except Refusal:
            pass
        ledger = homes(at)
        assert {place: sum(ledger[place].values()) for place in places} == places
        for place in places:
            line = int(place.removeprefix("line:"))
            claims = Claim.objects.filter(line=line).exclude(state="withdrawn")
            said: dict[str, int] = {}
            for claim in claims:
                state = state_of(claim) or "no_answer"
                said[state] = said.get(state, 0) + int(claim.quantity)
            if claims:
                assert said == ledger[place], (step, first, second)
        owed = Payout.objects.filter(claim__line__customer=at.buyer).exclude(state="cancelled")
        for payout in owed:
            assert payout.amount == Decimal("39.00") * payout.claim.quantity
