"""What a drill finds is told in the reader's language, and what people wrote as they wrote it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override

from holdfast.decision.investigations.rules import first_tasks
from holdfast.doors.desk.drillwords import drill_words
from holdfast.doors.desk.hazardwords import settling_words
from holdfast.learning.drills.rules import STAGES, Traced, scenarios, score

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATE = {name: START + timedelta(hours=9) for name in STAGES if name != "units"}


@pytest.mark.once
def test_every_gap_a_score_can_name_is_told_in_german() -> None:
    found = score(
        started_at=START,
        reached={**LATE, "units": None},
        traced=Traced(9, 8, 7, 1, ("ar", "de"), holds_open=2, orders_without_customer=3),
    )
    gaps = found["gaps"]
    assert isinstance(gaps, list)
    assert len(gaps) == len(STAGES) + 5
    with override("de"):
        told = [drill_words(f"Gap: {gap}") for gap in gaps]
    assert told[0] == "Lücke: Von der Charge zu den Stücken: nicht erreicht."
    assert all(said.startswith("Lücke: ") for said in told)
    assert not [gap for gap, said in zip(gaps, told, strict=True) if gap in said]


@pytest.mark.once
def test_what_was_thrown_in_and_the_checklist_of_an_investigation_are_told_in_german() -> None:
    with override("de"):
        for one in scenarios().values():
            for fault in one.faults:
                assert drill_words(f"DRILL: {fault}") not in (f"DRILL: {fault}", f"ÜBUNG: {fault}")
        said = [settling_words(words) for _kind, words in first_tasks("fire", 12)]
        assert said[0].startswith("Die 12 Meldungen lesen")
        assert not {words for _kind, words in first_tasks("fire", 12)} & set(said)
        for typed in ("", "Call Mr Otto: not reached.", "Gap", "x"):
            assert drill_words(typed) == settling_words(typed) == typed
