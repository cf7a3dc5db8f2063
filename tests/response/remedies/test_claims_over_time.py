"""Claims over time: whatever people, staff and scope do, units balance and money leaves once."""

from __future__ import annotations

import contextlib
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.ground.journal.models import Entry, Reaction
from holdfast.kit.actors import PUBLIC
from holdfast.kit.refusals import Refusal
from holdfast.response.remedies.actions import (
    answer_gone,
    answer_have,
    choose_remedy,
    export_payouts,
    fulfil_claims,
    pay_export,
)
from holdfast.response.remedies.models import Claim, Payout
from holdfast.response.remedies.queries import owned_by
from holdfast.response.units.actions import rebalance_units
from holdfast.response.units.models import UnitGroup, UnitMovement
from holdfast.response.units.queries import balances, units_by_state
from tests.plugins.chance import examples

BUYERS = 3
WHO = st.integers(0, BUYERS - 1)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("have"), WHO),
        st.tuples(st.just("gone"), WHO, st.sampled_from(["sold", "never", "discarded"])),
        st.tuples(st.just("choose"), WHO, st.sampled_from(["refund", "replacement"])),
        st.tuples(st.just("export")),
        st.tuples(st.just("pay")),
        st.tuples(st.just("deliver")),
        st.tuples(st.just("scope"), st.lists(st.integers(0, 2), min_size=3, max_size=3)),
    ),
    max_size=18,
)


def _clear(small) -> None:
    for model in (Payout, Claim, UnitGroup, UnitMovement, Reaction):
        model.objects.all().delete()
    small.recall.scopes.all().delete()


@settings(
    max_examples=examples(20),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_units_balance_and_money_leaves_once(small, steps) -> None:
    _clear(small)
    while len(small.lines) < BUYERS:
        small.line(2, small.customer())
    lines = small.lines[:BUYERS]
    version = small.scope(dict.fromkeys(lines, 2))
    rebalance_units(recall=small.recall, version=version, by=small.by, now=small.now)
    exports: list[str] = []
    paid_for: dict[int, int] = {}
    for number, step in enumerate(steps):
        small.now += timedelta(hours=1)
        with contextlib.suppress(Refusal):
            _play(small, step, number, exports, lines)
        _check(small, paid_for)


def _play(small, step, number, exports, lines) -> None:
    what = step[0]
    if what in ("have", "gone", "choose"):
        shared = {
            "recall": small.recall,
            "owned": owned_by(small.recall, lines[step[1]].customer_id),
            "reference": f"LV-{number}",
            "source": "link",
            "by": PUBLIC,
            "now": small.now,
        }
        if what == "have":
            answer_have(**shared)
        elif what == "gone":
            answer_gone(outcome=step[2], **shared)
        else:
            choose_remedy(remedy=step[2], stopped=True, **shared)
    elif what == "export":
        exports.append(f"P-{number}")
        export_payouts(recall=small.recall, export=exports[-1], by=small.by, now=small.now)
    elif what == "pay" and exports:
        pay_export(
            recall=small.recall, export=exports[-1], evidence="bank", by=small.by, now=small.now
        )
    elif what == "deliver":
        goods = Claim.objects.filter(recall=small.recall, state="chosen", remedy="replacement")
        fulfil_claims(
            recall=small.recall,
            references=list(goods.values_list("reference", flat=True)),
            kind="delivery",
            evidence="parcels",
            by=small.by,
            now=small.now,
        )
    elif what == "scope":
        wanted = {line: units for line, units in zip(lines, step[1], strict=True) if units}
        version = small.scope(wanted)
        rebalance_units(recall=small.recall, version=version, by=small.by, now=small.now)


def _check(small, paid_for: dict[int, int]) -> None:
    assert all(balance.balances for balance in balances(small.recall))
    for payout in Payout.objects.select_related("claim"):
        if payout.state == "paid":
            # once paid, always this amount; and its claim is fulfilled
            assert paid_for.setdefault(payout.pk, payout.amount) == payout.amount
            assert payout.claim.state == "fulfilled"
        if payout.state in ("due", "exported"):
            assert payout.claim.state == "chosen"
    for claim in Claim.objects.filter(state="fulfilled", remedy="refund"):
        assert claim.payout.state == "paid"
    states = units_by_state(small.recall).get("consumer", {})
    refunds = Claim.objects.filter(state="fulfilled", remedy="refund")
    assert states.get("refunded", 0) <= sum(claim.quantity for claim in refunds)
    assert (
        Entry.objects.filter(kind="PayoutsPaid").count()
        <= Entry.objects.filter(kind="PayoutsExported").count()
    )
