"""What comes next in a recall, from what is known of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from holdfast.decision.recalls.rules import Standing, checklist, next_step

pytestmark = pytest.mark.once
DECIDED = Standing(
    "decided", scope_confirmed=1, people=3, lines_in_data=9, holds=2, decision_signed=1
)


def test_the_law_is_asked_before_anybody_is_told() -> None:
    asking = next_step(DECIDED)
    assert asking is not None
    assert (asking.words, asking.act) == ("Say what the law asks", "law")
    then = next_step(replace(DECIDED, law_asked=True))
    assert then is not None
    assert then.act == "notice"


def test_the_question_stays_on_the_list_until_it_is_answered() -> None:
    late = replace(DECIDED, state="telling", waves=1, remedies_set=True)
    assert [step.is_done for step in checklist(late) if step.act == "law"] == [False]
    assert [
        step.is_done for step in checklist(replace(late, law_asked=True)) if step.act == "law"
    ] == [True]
