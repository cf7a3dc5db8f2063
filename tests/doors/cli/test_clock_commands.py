"""The clocks of a recall as a script sets them: facts with their zone, and what the law asks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from icalendar import Calendar

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


def test_the_duties_of_a_recall_are_listed_settled_and_owned(instance: Instance, ref: str) -> None:
    refused = instance.json("recall", "duties", ref, expect=3)
    assert refused["error"]["code"] == "law_not_asked"
    assert refused["error"]["missing"] == ["countries", "categories", "roles"]
    reportable = "reportable_information=2026-01-20T10:00:00-05:00"
    instance.json("recall", "clock", ref, *TOYS, "--fact", reportable)
    entries = instance.json("recall", "duties", ref, expect=1)["duties"]
    by_name = {one["obligation"]: one for one in entries}
    report = by_name["s15b_initial"]
    assert report["due_at"] == "2026-01-21T10:00:00-05:00"
    assert (report["state"], report["owner"], report["is_overdue"]) == ("running", "lead", True)
    assert report["citation"]
    alone = instance.run(*("duties", *TOYS, "--fact", reportable, "--json"))
    assert set(json.loads(alone.out)[0]) <= set(report)
    status = instance.json("recall", "status", ref)["next_deadline"]
    assert (status["duty"], status["is_overdue"]) == ("us_cpsc_consumer.s15b_initial", True)
    name = "us_cpsc_consumer.s15b_initial@US"
    done = instance.json(
        *("recall", "duty", ref, name, "--met", "SP-17", "--told", "--owner", "legal"),
        *("--at", "2026-01-21T09:00:00-05:00"),
    )
    assert (done["state"], done["reference"], done["owner"]) == ("met", "SP-17", "legal")
    facts = instance.json("recall", "clock", ref)["facts"]
    assert any(one["fact"] == "authority_notified" for one in facts)
    waived = instance.json(
        *("recall", "duty", ref, "us_cpsc_consumer.s102_choking", "--not-applicable", "no child")
    )
    assert waived["state"] == "not_applicable"
    refused = instance.json("recall", "duty", ref, "us_cpsc_consumer.s999", "--met", "x", expect=2)
    assert refused["error"]["code"] == "no_duty"


def test_the_open_deadlines_are_a_calendar_file(
    instance: Instance, ref: str, tmp_path: Path
) -> None:
    instance.json("recall", "clock", ref, *TOYS)
    file = tmp_path / "deadlines.ics"
    instance.json("recall", "duties", ref, "--ics", file, expect=1)
    found = Calendar.from_ical(file.read_bytes())
    titles = [str(event["summary"]) for event in found.walk("VEVENT")]
    assert f"Report to the CPSC (US) · {ref}" in titles
    assert all(len(event.walk("VALARM")) == 2 for event in found.walk("VEVENT"))


def test_what_the_data_does_not_know_is_said_as_missing(instance: Instance) -> None:
    found = instance.json("law", "coverage", "--sold-in", "US,QQ", "--category", "toys", expect=1)
    missing = {cell["country"]: cell["is_missing"] for cell in found["cells"]}
    assert missing == {"US": False, "QQ": True}


def test_counsel_confirms_a_statement(instance: Instance, ref: str) -> None:
    instance.json("recall", "clock", ref, *TOYS)
    words = ("--by", "R. Recht", "--on", "2026-01-21", "--source", "16 CFR 1117.4", "--value")
    instance.json("law", "confirm", "us_cpsc_consumer.s102_choking", *words, "24 hours")
    entries = instance.json("recall", "duties", ref, expect=1)["duties"]
    (choking,) = [one for one in entries if one["obligation"] == "s102_choking"]
    assert choking["confirmed_by_counsel"]["value_read"] == "24 hours"
    assert choking["confirm_with_counsel"] is False
    refused = instance.json("law", "confirm", "us_cpsc_consumer.s999", *words, "x", expect=2)
    assert refused["error"]["code"] == "no_statement"


def test_a_fact_for_a_regime_that_is_not_in_force_is_refused(instance: Instance, ref: str) -> None:
    early = "eu_gpsr.authority_notified=2019-01-21T09:00:00+01:00"
    refused = instance.json("recall", "clock", ref, "--fact", early, expect=2)
    assert refused["error"]["code"] == "regime_not_in_force"
    assert "It applies from" in refused["error"]["hint"]
