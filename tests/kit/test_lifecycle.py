"""A lifecycle table refuses with the reason, prints itself, and proves what it can reach."""

from __future__ import annotations

import pytest

from holdfast.kit.lifecycle import Lifecycle, Move
from holdfast.kit.refusals import Forbidden

DOOR = Lifecycle(
    subject="door",
    start="shut",
    moves=(
        Move("open", ("shut",), "wide_open", ("has_key",)),
        Move("shut", ("wide_open",), "shut"),
        Move("brick_up", ("shut", "wide_open"), "wall"),
    ),
    guards={"has_key": "Nobody has brought the key."},
    ends=("wall",),
)


def test_a_move_leads_to_its_target_when_its_guards_hold():
    assert DOOR.after("shut", "open", {"has_key": True}) == "wide_open"
    assert DOOR.may("wide_open", "shut")


def test_a_guard_that_does_not_hold_gives_its_reason():
    with pytest.raises(Forbidden, match="Nobody has brought the key") as refused:
        DOOR.after("shut", "open")
    assert refused.value.code == "has_key"
    assert refused.value.exit_code == 3


def test_a_move_from_the_wrong_state_says_what_it_needs_and_what_can_be_done():
    with pytest.raises(Forbidden, match="needs it to be shut") as refused:
        DOOR.after("wall", "open", {"has_key": True})
    assert "final" in refused.value.hint
    assert "brick up" in DOOR.hindrance("wall", "brick_up")


def test_a_name_that_is_not_in_the_table_is_a_bug():
    with pytest.raises(KeyError):
        DOOR.after("shut", "paint")


def test_unreachable_and_stuck_states_are_named():
    assert DOOR.unreachable() == ()
    assert DOOR.stuck() == ()
    lost = Lifecycle("x", "a", (Move("go", ("a",), "b"), Move("hop", ("c",), "d")), {}, ends=("d",))
    assert lost.unreachable() == ("c", "d")
    assert lost.stuck() == ("a", "b")


def test_the_table_prints_itself_as_a_diagram():
    assert DOOR.diagram().splitlines() == [
        "stateDiagram-v2",
        "    [*] --> shut",
        "    shut --> wide_open: open [has key]",
        "    wide_open --> shut: shut",
        "    shut --> wall: brick up",
        "    wide_open --> wall: brick up",
        "    wall --> [*]",
    ]
