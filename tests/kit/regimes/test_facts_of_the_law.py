"""Nothing of the compiled facts is lost or made surer than its source."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from holdfast.kit.regimes.law import Obligation, Regime
from holdfast.kit.regimes.reading import regime, versions
from holdfast.kit.regimes.yamltext import read_yaml

RANK = {"unknown": 0, "recalled": 1, "verified": 2}


@pytest.fixture(scope="module")
def compiled(real_data: Path) -> dict[str, dict[str, Any]]:
    facts = read_yaml(real_data.parent / "facts" / "regulations.yaml")
    return {one["id"]: one for one in facts["regimes"]}


def test_every_regime_and_every_obligation_is_there(compiled: dict[str, dict[str, Any]]) -> None:
    theirs = {(one["id"], duty["id"]) for one in compiled.values() for duty in one["obligations"]}
    ours = {(one.id, duty.id) for one in versions() for duty in one.obligations}
    assert ours == theirs
    assert len(theirs) == 131


def test_numbers_units_and_citations_are_those_of_the_facts(
    compiled: dict[str, dict[str, Any]],
) -> None:
    for name, facts in compiled.items():
        law = regime(name)
        for fact in facts["obligations"]:
            duty = law.obligation(fact["id"])
            assert duty.deadline.value == fact["deadline"]["value"], (name, duty.id)
            assert duty.deadline.unit == fact["deadline"]["unit"], (name, duty.id)
            assert bool(duty.content) == bool(fact.get("content")), (name, duty.id)


def test_a_confidence_is_raised_only_with_a_text_that_was_read(
    compiled: dict[str, dict[str, Any]],
) -> None:
    for name, facts in compiled.items():
        law = regime(name)
        for fact in facts["obligations"]:
            duty = law.obligation(fact["id"])
            if RANK[duty.confidence] > RANK[fact["confidence"]]:
                assert _was_read(law, duty), (name, duty.id)


def _was_read(law: Regime, duty: Obligation) -> bool:
    return any(source.kind == "primary" and source.read_on for source in law.sources)
