"""When an alarm returns, what goes first, and what would settle it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from holdfast.decision.investigations.rules import (
    OUTCOME_OF,
    Before,
    answer_to,
    first_tasks,
    is_urgent,
    question_about,
    supplier_question,
)
from holdfast.decision.recalls.rules import OUTCOMES
from holdfast.kit.signals.taxonomy import taxonomy

DAY = date(2026, 3, 1)


def answer(
    state: str, days: int, *, weighed: float = 5.0, score: float = 8.0, harm: int = 1
) -> str:
    before = Before(state, DAY, weighed=5.0, score=8.0, harm=1)
    on = DAY + timedelta(days=days)
    return answer_to(before, on=on, weighed=weighed, score=score, harm=harm)


def test_the_first_one_is_raised() -> None:
    assert answer_to(None, on=DAY, weighed=3, score=6, harm=0) == "raise"


@pytest.mark.parametrize("state", ["open", "investigating", "dismissed", "settled"])
def test_the_same_alarm_is_quiet_for_a_year(state: str) -> None:
    assert answer(state, 1) == answer(state, 365) == "quiet"
    assert answer(state, 366) != "quiet"


@pytest.mark.parametrize("grown", [{"weighed": 10.0}, {"score": 16.0}, {"harm": 2}])
def test_one_that_grows_returns_and_replaces_the_one_that_waits(grown: dict[str, float]) -> None:
    assert answer("dismissed", 20, **grown) == answer("settled", 20, **grown) == "raise"
    assert answer("open", 20, **grown) == answer("investigating", 20, **grown) == "supersede"


def test_a_little_more_is_no_growth() -> None:
    assert answer("dismissed", 20, weighed=9.9, score=15.9, harm=1) == "quiet"


def test_what_was_known_before_the_judgement_does_not_return() -> None:
    assert answer("dismissed", -5, weighed=99.0) == "quiet"


def test_the_hurt_and_what_harms_at_once_go_first() -> None:
    assert is_urgent("fire", 0)
    assert is_urgent("laceration", 1)
    assert not is_urgent("laceration", 0)


def test_every_hazard_begins_with_what_would_settle_it() -> None:
    for hazard in taxonomy().hazards:
        kinds = [kind for kind, _words in first_tasks(hazard.key, 7)]
        assert kinds[0] == "reports"
        assert kinds[-1] == "stock"
        assert {"test", "supplier"} & set(kinds), hazard.key
        assert set(OUTCOME_OF.get(hazard.key, "other").split()) <= set(OUTCOMES), hazard.key


def test_the_question_names_product_lots_and_hazard() -> None:
    said = question_about("Kettle K-2", "fire", ("B17",))
    assert said.startswith("Kettle K-2, lot B17: is there a hazard (fire, smoke, overheating)")


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_supplier_is_asked_and_not_accused(language: str) -> None:
    said = supplier_question(
        product="Kettle K-2",
        hazard="fire",
        lots=("B17",),
        reports=10,
        since=DAY,
        language=language,
    )
    assert "Kettle K-2" in said.splitlines()[0]
    assert "B17" in said.splitlines()[0]
    assert "10" in said
    assert ("wissen wir" if language == "de" else "we do not know") in said
