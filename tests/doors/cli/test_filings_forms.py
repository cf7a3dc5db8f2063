"""`holdfast filings` from outside: the forms and the facts they ask for, without a database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.once


def filings(home: Path, *words: str) -> tuple[int, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "holdfast", "filings", *words, "--json"],
        capture_output=True,
        text=True,
        env={**os.environ, "HOLDFAST_HOME": str(home), "HOLDFAST_DATABASE_URL": "nonsense://"},
        check=False,
    )
    return done.returncode, json.loads(done.stdout)


def test_the_forms_are_listed_with_what_was_read_and_what_was_not(tmp_path: Path) -> None:
    code, told = filings(tmp_path, "forms", "--regime", "us_cpsc_consumer")
    assert code == 0
    by_id = {one["form"]: one for one in told["forms"]}
    assert set(by_id) >= {"us_cpsc.initial_report", "us_cpsc.monthly_progress"}
    monthly = by_id["us_cpsc.monthly_progress"]
    assert monthly["order"] == "form"
    assert monthly["machine_format"] is None
    assert monthly["read"][0]["kind"] == "secondary"
    assert not any(tmp_path.iterdir())


def test_one_form_shows_each_field_with_source_and_confidence(tmp_path: Path) -> None:
    _, told = filings(tmp_path, "forms", "us_cpsc.full_report")
    fields = [field for section in told["sections"] for field in section["fields"]]
    assert all(field["source"] and field["confidence"] for field in fields)
    nature = next(field for field in fields if field["key"] == "injury_nature")
    assert nature["required_when"] == "injuries is above 0"


def test_an_unknown_form_is_wrong_usage(tmp_path: Path) -> None:
    code, told = filings(tmp_path, "forms", "us_cpsc.nothing")
    assert code == 2
    assert told["error"]["code"] == "unknown_form"


def test_the_facts_say_who_states_them(tmp_path: Path) -> None:
    code, told = filings(tmp_path, "facts")
    by_key = {one["fact"]: one for one in told["facts"]}
    assert code == 0
    assert by_key["units_corrected"]["stated_by"] == "ledger"
    assert by_key["incidents"]["stated_by"] == "person"
