"""Every golden case of every law comes out as written."""

from __future__ import annotations

import pytest

from tests.kit.regimes.cases import Case, cases


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_a_law_gives_what_its_case_says(case: Case) -> None:
    found = [one for one in case.ask().duties if one.regime.id == case.regime]
    duty = next(one for one in found if one.obligation.id == case.data["duty"])
    if "due" in case.data:
        assert duty.due_at is not None, f"no due date: {case.data['why']}"
        assert duty.due_at.isoformat() == case.data["due"], case.data["why"]
        assert duty.missing == ()
    elif "asks_for" in case.data:
        assert duty.due_at is None
        assert set(case.data["asks_for"]) <= set(duty.missing), case.data["why"]
        if "at_latest" in case.data:
            assert duty.at_latest is not None, case.data["why"]
            assert duty.at_latest.isoformat() == case.data["at_latest"], case.data["why"]
    else:
        assert case.data["no_number"] is True
        assert duty.due_at is None
        assert not duty.obligation.deadline.is_counted, case.data["why"]
    assert case.data["why"].strip()
