"""`holdfast duties` from outside: a list on standard output, agreed codes, no database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.once
KEYS = {
    "regime", "obligation", "authority", "clock_start", "due_at", "due_local", "unit", "rule",
    "citation", "confidence", "content", "file_at",
}  # fmt: skip
TOYS = ("--category", "toys", "--role", "importer")
TOLD = ("--fact", "first_information=2026-11-20T22:15:00-05:00")


def duties(home: Path, *words: str) -> tuple[int, Any, str]:
    done = subprocess.run(
        [sys.executable, "-m", "holdfast", "duties", *words, "--json"],
        capture_output=True,
        text=True,
        env={**os.environ, "HOLDFAST_HOME": str(home), "HOLDFAST_DATABASE_URL": "nonsense://"},
        check=False,
    )
    return done.returncode, json.loads(done.stdout), done.stderr


def test_the_duties_of_an_importer_of_toys_in_three_countries(tmp_path: Path) -> None:
    code, found, _ = duties(tmp_path / "home", "--sold-in", "DE,US,JP", *TOYS, *TOLD)
    assert code == 0
    assert {entry["country"] for entry in found} == {"DE", "US", "JP"}
    assert all(entry.keys() >= KEYS for entry in found)
    investigation = next(one for one in found if one["obligation"] == "s15b_investigation")
    assert investigation["due_at"] == "2026-12-07T23:59:59-05:00"
    assert investigation["clock_start"] == "first_information"
    report = next(one for one in found if one["obligation"] == "s15b_initial")
    assert report["due_at"] is None
    assert report["missing"] == ["reportable_information"]
    assert not (tmp_path / "home").exists()


def test_a_country_without_data_is_told_and_gives_exit_1(tmp_path: Path) -> None:
    code, found, _ = duties(tmp_path, "--sold-in", "US,PE", *TOYS, *TOLD)
    assert code == 1
    assert found[-1]["country"] == "PE"
    assert found[-1]["regime"] is None


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("--sold-in", "US", "--category", "dreams", "--role", "importer"), "unknown_category"),
        (("--sold-in", "US", "--category", "toys", "--role", "king"), "unknown_role"),
        (("--sold-in", "Germany", *TOYS), "bad_country"),
        (("--sold-in", "US", *TOYS, "--fact", "decision=2026-11-20"), "time_without_zone"),
        (TOYS, "usage"),
    ],
)
def test_bad_input_is_refused_with_what_to_do(
    tmp_path: Path, words: tuple[str, ...], error: str
) -> None:
    code, found, said = duties(tmp_path, *words)
    assert code == 2
    assert found["error"]["code"] == error
    assert found["error"]["hint"]
    assert "Traceback" not in said


def test_a_fact_in_the_future_is_counted_but_said(tmp_path: Path) -> None:
    words = ("--sold-in", "US", *TOYS, "--fact", "first_information=2089-11-18T10:00:00-05:00")
    code, found, _ = duties(tmp_path, *words)
    assert code == 1
    assert "future" in " ".join(found[0]["warnings"])
