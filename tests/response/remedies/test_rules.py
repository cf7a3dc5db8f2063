"""Remedy policies, promises, amounts and references."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.kit.refusals import Forbidden, Refusal, Unreadable
from holdfast.response.remedies.lifecycle import CLAIM_FIRST, CLAIM_MOVES, PAYOUT_MOVES
from holdfast.response.remedies.rules import (
    GONE_ANSWERS,
    REMEDIES,
    SETTLES_AS,
    BoughtLine,
    Terms,
    amount_of,
    ask_choice,
    ask_gone,
    ask_terms,
    late_alternative,
    link_token,
    promise_for,
    reference_from,
    token_hash,
)
from holdfast.response.units.lifecycle import MOVES, states_of

NOW = datetime(2026, 5, 4, 8, 31, tzinfo=UTC)
TWO = Terms(("refund", "replacement"), {"refund": 4, "replacement": 9})


def test_two_remedies_without_return_get_an_a() -> None:
    assert ask_terms(TWO, is_eu=True, outcome="fire").letter == "A"


def test_one_remedy_is_refused_in_the_eu_unless_a_reason_is_stated() -> None:
    one = Terms(("refund",), {"refund": 4})
    with pytest.raises(Forbidden) as refused:
        ask_terms(one, is_eu=True, outcome="fire")
    assert refused.value.code == "one_choice_only"
    assert ask_terms(one, is_eu=False, outcome="fire").letter == "A"
    reasoned = Terms(("refund",), {"refund": 4}, one_remedy_reason="no safe unit exists")
    assert ask_terms(reasoned, is_eu=True, outcome="fire").letter == "A"


def test_a_voucher_beside_a_refund_is_not_a_second_choice_in_the_eu() -> None:
    voucher = Terms(("refund", "credit"), {"refund": 4, "credit": 4})
    with pytest.raises(Forbidden):
        ask_terms(voucher, is_eu=True, outcome="fire")


def test_lithium_cells_are_never_asked_for_by_post() -> None:
    posted = Terms(("refund", "replacement"), {"refund": 4, "replacement": 9}, proof="return")
    with pytest.raises(Forbidden) as refused:
        ask_terms(posted, is_eu=True, outcome="fire")
    assert refused.value.code == "never_by_post"
    assert ask_terms(posted, is_eu=True, outcome="choking").letter == "B"


def test_a_remedy_that_is_hard_to_get_needs_a_written_reason() -> None:
    hard = Terms(("replacement", "repair"), {"replacement": 60, "repair": 30}, proof="return")
    with pytest.raises(Forbidden) as refused:
        ask_terms(hard, is_eu=True, outcome="choking")
    assert refused.value.code == "hard_to_get"
    explained = Terms(
        ("replacement", "repair"),
        {"replacement": 60, "repair": 30},
        proof="return",
        hard_to_get_reason="the part must be built first",
    )
    assert ask_terms(explained, is_eu=True, outcome="choking").letter == "D"


@pytest.mark.parametrize(
    "terms",
    [
        Terms((), {}),
        Terms(("gift",), {"gift": 3}),
        Terms(("refund", "refund"), {"refund": 3}),
        Terms(("refund", "repair"), {"refund": 3}),
        Terms(("refund", "repair"), {"refund": 3, "repair": 0}),
        Terms(("refund", "repair"), {"refund": 3, "repair": 4}, proof="marker photo"),
    ],
)
def test_a_policy_nobody_could_use_is_refused(terms: Terms) -> None:
    with pytest.raises(Refusal):
        ask_terms(terms, is_eu=True, outcome="fire")


def test_the_amount_comes_from_the_order_lines() -> None:
    lines = [
        BoughtLine("LV-1", Decimal("39.00"), "EUR", 2),
        BoughtLine("LV-2", Decimal("35.105"), "EUR", 1),
    ]
    assert amount_of(lines) == (Decimal("113.11"), "EUR")


def test_two_currencies_are_never_summed() -> None:
    lines = [
        BoughtLine("LV-1", Decimal(39), "EUR", 1),
        BoughtLine("LV-2", Decimal(34), "GBP", 1),
    ]
    with pytest.raises(Forbidden):
        amount_of(lines)


@given(st.sampled_from(REMEDIES), st.integers(1, 365))
def test_a_promise_names_days_in_order(remedy: str, days: int) -> None:
    made = promise_for(remedy, now=NOW, within_days=days)
    assert made.started_on <= made.change_until <= made.send_on <= made.by
    assert not made.is_late(made.by)
    assert made.is_late(date.fromordinal(made.by.toordinal() + 1))


def test_a_late_replacement_turns_into_the_offer_of_a_refund() -> None:
    assert late_alternative("replacement", ["replacement", "repair"]) == "refund"
    assert late_alternative("refund", ["refund"]) is None


@given(st.binary(min_size=8, max_size=8), st.text(max_size=6))
def test_a_reference_can_be_read_out_without_confusing_letters(chance: bytes, name: str) -> None:
    reference = reference_from(chance, name)
    assert not set("ILOU") & set(reference.split("-", 1)[1])
    assert reference.count("-") == 2


def test_every_gone_answer_and_every_remedy_ends_in_a_state_of_the_ledger() -> None:
    known = states_of("consumer")
    for answer in GONE_ANSWERS:
        assert ask_gone(answer) in MOVES["consumer"]["no_answer"]
    for remedy in REMEDIES:
        assert SETTLES_AS[remedy] in known
        assert SETTLES_AS[remedy] in MOVES["consumer"]["claim_open"]
    with pytest.raises(Unreadable):
        ask_gone("eaten")


def test_a_choice_needs_an_offer_and_the_word_that_use_has_stopped() -> None:
    ask_choice("refund", offered=["refund"], stopped=True)
    with pytest.raises(Unreadable):
        ask_choice("credit", offered=["refund"], stopped=True)
    with pytest.raises(Unreadable):
        ask_choice("refund", offered=["refund"], stopped=False)


def test_a_link_has_128_bits_is_the_same_every_time_and_differs_per_person_and_recall() -> None:
    tokens = {
        link_token(b"k" * 32, recall=recall, recipient=f"customer:{number}")
        for recall in ("R-2026-001", "R-2026-002")
        for number in range(500)
    }
    assert len(tokens) == 1000
    assert {len(token) for token in tokens} == {22}
    once = link_token(b"k" * 32, recall="R-2026-001", recipient="customer:1")
    assert once in tokens
    assert once not in token_hash(once)
    assert link_token(b"j" * 32, recall="R-2026-001", recipient="customer:1") not in tokens


@pytest.mark.parametrize(("table", "first"), [(CLAIM_MOVES, CLAIM_FIRST), (PAYOUT_MOVES, ("due",))])
def test_claims_and_payouts_have_no_unreachable_state(
    table: dict[str, tuple[str, ...]], first: tuple[str, ...]
) -> None:
    reached = set(first) | {target for targets in table.values() for target in targets}
    assert reached == set(table)
