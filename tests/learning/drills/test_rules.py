"""How a drill is scored: times against goals, shares, gaps in words."""

from datetime import UTC, datetime, timedelta

import pytest

from holdfast.kit.refusals import NotFound
from holdfast.learning.drills.rules import (
    STAGES,
    Traced,
    next_ref,
    scenario_named,
    scenarios,
    score,
)

START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
PERFECT = Traced(units=10, units_accounted=10, people=8, people_reachable=8)


def all_after(seconds: int) -> dict[str, datetime | None]:
    return dict.fromkeys(STAGES, START + timedelta(seconds=seconds))


def test_a_fast_and_complete_drill_has_no_gap() -> None:
    found = score(started_at=START, reached=all_after(48), traced=PERFECT)
    assert found["gaps"] == []
    assert found["units_traced"] == "1.0000"
    assert found["stages"]["units"] == {"label": "Lot to units", "seconds": 48, "goal": 60}


def test_slow_stages_and_missing_ones_are_gaps_in_words() -> None:
    reached = {**all_after(130), "notice": None}
    gaps = score(started_at=START, reached=reached, traced=PERFECT)["gaps"]
    assert "Notice ready: not reached." in gaps
    assert "Lot to units: 130 s, the goal is 60 s." in gaps
    assert not any(gap.startswith("Stop-sale") for gap in gaps)


def test_lost_units_people_languages_and_places_are_counted() -> None:
    traced = Traced(
        units=3600,
        units_accounted=3597,
        people=1466,
        people_reachable=1300,
        languages_missing=("sv",),
        holds_open=2,
        orders_without_customer=5,
    )
    gaps = score(started_at=START, reached=all_after(1), traced=traced)["gaps"]
    assert gaps == [
        "3 of 3600 units have no state.",
        "166 of 1466 people have no working channel.",
        "5 orders name no buyer.",
        "No approved text in: sv.",
        "2 places to stop are still open.",
    ]


def test_nothing_to_trace_has_no_share() -> None:
    found = score(started_at=START, reached={}, traced=Traced(0, 0, 0, 0))
    assert found["units_traced"] is None
    assert found["people_reachable"] is None


def test_drills_are_numbered_within_the_year() -> None:
    assert next_ref(2026, []) == "D-2026-001"
    assert next_ref(2026, ["D-2026-001", "D-2026-009", "D-2025-044"]) == "D-2026-010"


@pytest.mark.parametrize("name", sorted(scenarios()))
def test_every_scenario_says_drill_in_its_first_message(name: str) -> None:
    scenario = scenario_named(name)
    message = scenario.first_message(product="VL-10K", lot="B17")
    assert message.count("DRILL") >= 2
    assert "{" not in message
    assert scenario.faults


def test_an_unknown_scenario_names_the_known_ones() -> None:
    with pytest.raises(NotFound) as refused:
        scenario_named("flood")
    assert "rumour" in refused.value.hint
