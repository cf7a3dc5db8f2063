"""The ledger follows the scope: what enters, what leaves, and the sum that never breaks."""

import contextlib
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden, NotPermitted, Refusal
from holdfast.response.units.actions import (
    count_stock,
    enter_units,
    move_units,
    rebalance_units,
)
from holdfast.response.units.lifecycle import OUT_OF_SCOPE, STATES, Evidence
from holdfast.response.units.models import UnitGroup, UnitMovement
from holdfast.response.units.queries import (
    balances,
    corrected_changes,
    correction_rates,
    ledger_report,
    state_rows,
    units_by_state,
)
from holdfast.supply.traceability.models import StockOnHand
from tests.plugins.chance import examples


def homes(small):
    return units_by_state(small.recall).get("consumer", {})


def in_balance(small) -> bool:
    return all(balance.balances for balance in balances(small.recall))


def rebalance(small, version):
    return rebalance_units(recall=small.recall, version=version, by=small.by, now=small.now)


def move(small, line, source, target, quantity, kind):
    return move_units(
        recall=small.recall,
        level="consumer",
        place=f"line:{line.pk}",
        source=source,
        target=target,
        quantity=Decimal(quantity),
        kind=kind,
        evidence="test",
        by=small.by,
        now=small.now,
    )


def test_every_unit_of_the_scope_enters_without_an_answer(small) -> None:
    version = small.scope({small.line(2): 2, small.line(3): 3})
    told = rebalance(small, version)
    assert told == {"entered": 5, "left": 0, "units": 5}
    assert homes(small) == {"no_answer": 5}
    assert in_balance(small)


def test_doing_it_twice_changes_nothing(small) -> None:
    version = small.scope({small.line(2): 2})
    rebalance(small, version)
    entries = Entry.objects.count()
    assert rebalance(small, version) == {"entered": 0, "left": 0, "units": 2}
    assert Entry.objects.count() == entries
    assert UnitMovement.objects.count() == 1


def test_a_wider_scope_brings_units_in_and_keeps_what_is_settled(small) -> None:
    one, two = small.line(2), small.line(1)
    rebalance(small, small.scope({one: 2}))
    move(small, one, "no_answer", "given_away", 1, "statement")
    rebalance(small, small.scope({one: 2, two: 1}))
    assert homes(small) == {"given_away": 1, "no_answer": 2}
    assert in_balance(small)


def test_a_narrower_scope_takes_units_out_and_says_which_version(small) -> None:
    one, two = small.line(2), small.line(4)
    rebalance(small, small.scope({one: 2, two: 4}))
    told = rebalance(small, small.scope({one: 2}))
    assert told == {"entered": 0, "left": 4, "units": 2}
    assert homes(small) == {"no_answer": 2}
    out = UnitMovement.objects.get(to_state=OUT_OF_SCOPE)
    assert (out.quantity, out.evidence) == (4, "scope v2")
    assert in_balance(small)


def test_unanswered_units_leave_before_settled_ones(small) -> None:
    one = small.line(3)
    rebalance(small, small.scope({one: 3}))
    move(small, one, "no_answer", "discarded", 1, "statement")
    rebalance(small, small.scope({one: 2}))
    assert homes(small) == {"discarded": 1, "no_answer": 1}
    rebalance(small, small.scope({one: 3}))
    assert homes(small) == {"discarded": 1, "no_answer": 2}
    assert in_balance(small)


def test_units_that_left_and_return_are_there_once(small) -> None:
    one, two = small.line(2), small.line(2)
    rebalance(small, small.scope({one: 2, two: 2}))
    move(small, two, "no_answer", "given_away", 1, "statement")
    rebalance(small, small.scope({one: 2}))
    rebalance(small, small.scope({one: 2, two: 2}))
    assert sum(homes(small).values()) == 4
    assert in_balance(small)


def test_excluded_lines_never_enter(small) -> None:
    version = small.scope({small.line(2): 2}, certainty="excluded")
    rebalance(small, version)
    assert homes(small) == {}


def test_stock_of_the_lot_and_of_no_recorded_lot_is_a_level_of_its_own(small) -> None:
    for site, lot, quantity in (("Lyon", "B17", 720), ("Gdansk", "", 40), ("Lyon", "B18", 99)):
        StockOnHand.objects.create(
            product=small.product, site=site, lot=lot, quantity=Decimal(quantity)
        )
    rebalance(small, small.scope({small.line(1): 1}))
    assert units_by_state(small.recall) == {
        "manufacturer": {"on_sale": 760},
        "consumer": {"no_answer": 1},
    }
    assert in_balance(small)
    assert [rate.level.name for rate in correction_rates(small.recall)] == [
        "manufacturer",
        "consumer",
    ]


def test_a_count_that_is_short_is_shown_in_units_and_hides_nothing(small) -> None:
    StockOnHand.objects.create(product=small.product, site="Lyon", lot="B17", quantity=Decimal(720))
    rebalance(small, small.scope({}))
    gap = count_stock(
        recall=small.recall, place="site:Lyon", counted=Decimal(717), by=small.by, now=small.now
    )
    assert gap == -3
    assert units_by_state(small.recall)["manufacturer"] == {"on_sale": 717, "in_question": 3}
    assert in_balance(small)


def test_deliveries_to_partners_are_their_own_level(small) -> None:
    enter_units(
        recall=small.recall,
        level="retailer",
        place="consignee:7",
        quantity=Decimal(12),
        evidence="delivery note 881",
        by=small.by,
        now=small.now,
    )
    assert units_by_state(small.recall) == {"retailer": {"no_answer": 12}}
    assert in_balance(small)


def test_a_missing_group_is_an_imbalance_told_in_units(small) -> None:
    rebalance(small, small.scope({small.line(5): 5}))
    UnitGroup.objects.filter(recall=small.recall).update(quantity=3)
    report = ledger_report(small.recall)
    assert report["balances"] is False
    assert "2 of 5 have no state" in report["sentences"][0]


def test_a_movement_is_journaled_and_points_to_its_entry(small) -> None:
    one = small.line(2)
    rebalance(small, small.scope({one: 2}))
    move(small, one, "no_answer", "has_it", 2, "statement")
    movement = UnitMovement.objects.get(to_state="has_it")
    entry = Entry.objects.get(index=movement.entry_index)
    assert entry.kind == "UnitsMoved"
    assert entry.subject == "R-2026-001"


def test_more_units_than_there_are_never_move(small) -> None:
    one = small.line(2)
    rebalance(small, small.scope({one: 2}))
    with pytest.raises(Forbidden):
        move(small, one, "no_answer", "has_it", 3, "statement")
    assert homes(small) == {"no_answer": 2}


def test_nobody_takes_units_out_by_hand(small) -> None:
    one = small.line(2)
    rebalance(small, small.scope({one: 2}))
    with pytest.raises(Forbidden) as refused:
        move(small, one, "no_answer", OUT_OF_SCOPE, 1, "scope")
    assert refused.value.code == "scope_is_no_proof"


def test_strangers_move_nothing(small) -> None:
    viewer = Actor("person:9", "Viewer", frozenset({"viewer"}), 9)
    with pytest.raises(NotPermitted):
        rebalance_units(recall=small.recall, version=small.scope({}), by=viewer, now=small.now)


def test_the_corrected_changes_add_up_to_the_corrected_units(small) -> None:
    one = small.line(3)
    rebalance(small, small.scope({one: 3}))
    move(small, one, "no_answer", "claim_open", 3, "claim")
    move(small, one, "claim_open", "refunded", 2, "payment")
    assert sum(units for _at, units in corrected_changes(small.recall, "consumer")) == 2
    (rate,) = correction_rates(small.recall)
    assert rate.corrected.count == 2
    assert rate.share == pytest.approx(2 / 3)
    assert "scope version 1" in rate.denominator


def test_the_table_of_the_ledger_has_a_row_per_state_and_its_evidence(small) -> None:
    one = small.line(2)
    rebalance(small, small.scope({one: 2}))
    move(small, one, "no_answer", "given_away", 1, "statement")
    rows = {row["label"]: row for row in state_rows(small.recall)}
    assert rows["Given away"]["levels"] == {"consumer": 1}
    assert rows["Given away"]["evidence"] == ["statement × 1"]
    assert rows["No answer"]["units"] == 1


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("move"),
            st.integers(0, 3),
            st.sampled_from([s.name for s in STATES["consumer"]]),
            st.sampled_from([s.name for s in STATES["consumer"]]),
            st.integers(1, 4),
            st.sampled_from([e.value for e in Evidence]),
        ),
        st.tuples(st.just("scope"), st.lists(st.integers(0, 4), min_size=4, max_size=4)),
    ),
    max_size=14,
)


@settings(
    max_examples=examples(20),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_units_always_balance_whatever_happens(small, steps) -> None:
    for model in (UnitGroup, UnitMovement):
        model.objects.all().delete()
    small.recall.scopes.all().delete()
    small.lines.clear()
    type(small.product).objects.get(pk=small.product.pk).lines.all().delete()
    lines = [small.line(9) for _ in range(4)]
    rebalance(small, small.scope(dict.fromkeys(lines, 2)))
    for step in steps:
        small.now += timedelta(minutes=1)
        if step[0] == "scope":
            wanted = {line: units for line, units in zip(lines, step[1], strict=True) if units}
            rebalance(small, small.scope(wanted))
        else:
            _name, at, source, target, quantity, kind = step
            with contextlib.suppress(Refusal):
                move(small, lines[at], source, target, quantity, kind)
        assert in_balance(small)
        assert not UnitGroup.objects.filter(quantity__lt=0).exists()
