"""A table of sentences a lawyer can read: what the linter says of each, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from holdfast.kit.wording.lint import lint_text
from holdfast.kit.wording.profile import profile, regimes

pytestmark = pytest.mark.once
CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "golden.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=[f"{one['regime']}-{one['text']}" for one in CASES])
def test_the_linter_says_of_a_sentence_what_the_table_says(case):
    found = lint_text(case["text"], regime=case["regime"], language=case["language"]).findings
    said = {one.rule: one for one in found}
    for rule in case.get("has", ()):
        assert rule in said, case["why"]
        assert said[rule].severity == case["severity"], case["why"]
        assert said[rule].source
        assert said[rule].suggestion
    assert not said.keys() & set(case.get("lacks", ())), case["why"]


def test_every_regime_with_known_rules_is_in_the_table():
    there = {profile(one["regime"]).id for one in CASES}
    known = {one for one in regimes() if profile(one).wording != "unknown"}
    assert known - there == {"us_fda_devices"}  # the same letter as us_fda_recall_part7
