"""The clocks of a recall as a script sets them: facts with their zone, and what the law asks."""

from __future__ import annotations

import pytest

from tests.plugins.instance import Instance

TOYS = ("--category", "toys", "--role", "importer", "--sold-in", "US")
KNEW = "capable_employee_knew=2026-01-20T22:15:00-05:00"


@pytest.fixture
def ref(instance: Instance) -> str:
    opened = instance.json(
        *("recall", "open", "--product", "VL-10K", "--outcome", "fire"),
        *("--known-at", "2026-01-20T09:00:00-05:00"),
    )
    return str(opened["recall"])


def test_facts_are_told_corrected_and_taken_back(instance: Instance, ref: str) -> None:
    first = instance.json("recall", "clock", ref, expect=1)
    assert [one["fact"] for one in first["facts"]] == ["first_information"]
    assert first["missing"] == ["countries", "categories", "roles"]
    told = instance.json("recall", "clock", ref, *TOYS, "--fact", KNEW, "--known-by", "quality")
    assert told["missing"] == []
    assert told["facts"][1]["at"] == "2026-01-20T22:15:00-05:00"
    assert told["facts"][1]["known_by"] == "quality"
    gone = instance.json(
        *("recall", "clock", ref, "--withdraw", "capable_employee_knew", "--reason", "not able")
    )
    assert [one["fact"] for one in gone["facts"]] == ["first_information"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--fact", "decision=2026-01-21"), "time_without_zone"),
        (("--fact", "decision=2026-01-21T09:00"), "time_without_zone"),
        (("--fact", "heard=2026-01-21T09:00Z"), "unknown_fact"),
        (("--fact", "decision"), "bad_fact"),
        (("--category", "spaceships"), "unknown_category"),
        (("--role", "boss"), "unknown_role"),
        (("--sold-in", "Germany"), "bad_country"),
        (("--withdraw", "decision", "--reason", "x"), "no_fact"),
    ],
)
def test_bad_words_change_nothing(
    instance: Instance, ref: str, words: tuple[str, ...], code: str
) -> None:
    good = ("--fact", "determination=2026-01-20T10:00:00-05:00")
    refused = instance.json("recall", "clock", ref, *good, *words, expect=2)
    assert refused["error"]["code"] == code
    assert refused["error"]["hint"]
    facts = instance.json("recall", "clock", ref, expect=1)["facts"]
    assert [one["fact"] for one in facts] == ["first_information"]


def test_a_fact_in_the_future_is_kept_and_said(instance: Instance, ref: str) -> None:
    told = instance.json(
        "recall", "clock", ref, *TOYS, "--fact", "decision=2099-01-01T00:00Z", expect=1
    )
    assert any("lies in the future" in doubt for doubt in told["warnings"])
