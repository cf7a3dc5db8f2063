"""The unit table: every state reachable, every move on its own evidence, totals kept."""

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from holdfast.kit.refusals import Forbidden, Refusal
from holdfast.response.units.lifecycle import (
    FIRST,
    MOVES,
    OUT_OF_SCOPE,
    STATES,
    Evidence,
    Standing,
    corrected_states,
    states_of,
    unknown_states,
)
from holdfast.response.units.rules import ask_move, ask_split, leaving_order, rebalance
from tests.plugins.chance import examples

LEVELS = sorted(STATES)


@pytest.mark.parametrize("level", LEVELS)
def test_every_state_but_out_of_scope_can_be_reached_from_the_first(level: str) -> None:
    reached, edge = {FIRST[level]}, [FIRST[level]]
    while edge:
        for target in MOVES[level][edge.pop()]:
            if target not in reached:
                reached.add(target)
                edge.append(target)
    assert reached == set(states_of(level)) - {OUT_OF_SCOPE}


@pytest.mark.parametrize("level", LEVELS)
def test_the_table_names_only_states_of_its_level(level: str) -> None:
    names = set(states_of(level))
    assert set(MOVES[level]) == names
    assert {target for targets in MOVES[level].values() for target in targets} <= names


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("evidence", [e.value for e in Evidence])
def test_every_pair_is_allowed_by_the_table_or_refused_with_a_sentence(
    level: str, evidence: str
) -> None:
    known = states_of(level)
    for source in known:
        for target in known:
            listed = target in MOVES[level][source] and evidence in known[target].entered_by
            by_scope = evidence == "scope" and (
                (target == OUT_OF_SCOPE and source != OUT_OF_SCOPE)
                or (source == OUT_OF_SCOPE and target == FIRST[level])
            )
            by_amendment = (
                evidence == "amendment"
                and target == FIRST[level]
                and source not in (target, OUT_OF_SCOPE)
            )
            if evidence == "scope":
                listed = False
            if listed or by_scope or by_amendment:
                ask_move(level=level, source=source, target=target, evidence=evidence)
            else:
                with pytest.raises(Refusal) as refused:
                    ask_move(level=level, source=source, target=target, evidence=evidence)
                assert len(refused.value.message) > 20


def test_a_message_or_a_statement_never_refunds() -> None:
    for evidence in ("statement", "claim", "carrier", "count"):
        with pytest.raises(Forbidden):
            ask_move(level="consumer", source="claim_open", target="refunded", evidence=evidence)
    ask_move(level="consumer", source="claim_open", target="refunded", evidence="payment")


def test_what_is_gone_is_accounted_for_but_not_corrected() -> None:
    for name in ("discarded", "given_away", "sold_on", "never_received"):
        assert name not in corrected_states("consumer")
        assert name not in unknown_states("consumer")


def test_a_destroyed_unit_stays_destroyed() -> None:
    for level in LEVELS:
        assert MOVES[level]["destroyed"] == ()


@given(st.decimals(0, 10**6, places=3), st.decimals(-3, 10**6, places=3))
def test_a_split_keeps_the_sum(held: Decimal, wanted: Decimal) -> None:
    if 0 < wanted <= held:
        assert ask_split(held=held, wanted=wanted) + wanted == held
    else:
        with pytest.raises(Refusal):
            ask_split(held=held, wanted=wanted)


PLACES = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 50))


@given(PLACES, PLACES)
def test_a_new_scope_version_lands_exactly_on_the_new_numbers(
    before: dict[str, int], after: dict[str, int]
) -> None:
    now = Counter(before)
    for change in rebalance(before, after):
        now[change.place] += change.enter - change.leave
    assert +now == +Counter(after)


def test_unanswered_units_leave_a_narrowed_scope_before_settled_ones() -> None:
    order = leaving_order("consumer")
    assert order[0] == "no_answer"
    assert order.index("has_it") < order.index("given_away") < order.index("refunded")
    standing = [states_of("consumer")[name].standing for name in order]
    assert standing[-1] is Standing.CORRECTED


class LedgerWalk(RuleBasedStateMachine):
    """Random movements, splits and scope changes; the sum always equals the scope."""

    @initialize(level=st.sampled_from(LEVELS), units=st.integers(1, 40))
    def start(self, level: str, units: int) -> None:
        self.level, self.scope = level, units
        self.states: Counter[str] = Counter({FIRST[level]: units})

    @rule(data=st.data(), evidence=st.sampled_from([e.value for e in Evidence]))
    def move(self, data: st.DataObject, evidence: str) -> None:
        source = data.draw(st.sampled_from(sorted(self.states)))
        target = data.draw(st.sampled_from(sorted(states_of(self.level))))
        wanted = data.draw(st.integers(0, 45))
        try:
            ask_move(level=self.level, source=source, target=target, evidence=evidence)
            left = ask_split(held=Decimal(self.states[source]), wanted=Decimal(wanted))
        except Refusal:
            return
        self.states[source] = int(left)
        self.states[target] += wanted
        if target == OUT_OF_SCOPE:
            self.scope -= wanted
        if source == OUT_OF_SCOPE:
            self.scope += wanted

    @invariant()
    def every_unit_is_in_exactly_one_state(self) -> None:
        if not hasattr(self, "states"):
            return
        inside = sum(n for name, n in self.states.items() if name != OUT_OF_SCOPE)
        assert inside == self.scope
        assert min(self.states.values()) >= 0


TestLedgerWalk = LedgerWalk.TestCase
TestLedgerWalk.settings = settings(max_examples=examples(40), stateful_step_count=30, deadline=None)
