"""`holdfast bench signals` needs no home, answers in one JSON object and refuses what it must."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from holdfast.doors.cli.run import run
from tests.kit.signals.test_replay import folder


def nothing() -> None:
    raise AssertionError("no database is needed")


def test_the_answer_has_the_keys_of_the_contract(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = folder(tmp_path / "a")
    assert run(["bench", "signals", str(where), "--json"], start=nothing) == 0
    told = json.loads(capsys.readouterr().out)
    assert {
        *("threshold", "alarms", "cases", "makers", "maker_years", "false_alarms"),
        *("false_alarms_per_100_maker_years", "curve", "naive"),
    } <= set(told)
    wanted = {"on", "known_by", "maker", "product", "hazard", "reports", "score", "sentence"}
    assert all(wanted <= set(alarm) for alarm in told["alarms"])


def test_an_unexpected_case_is_exit_1_and_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = folder(tmp_path / "a", cases="kettles,22001,2022-12-01,Acme,,fire,silent\n")
    assert run(["bench", "signals", str(where)], start=nothing) == 1
    said = capsys.readouterr().out
    assert "NOT AS EXPECTED" in said
    assert "5 reports" in said or "4 reports" in said or "3 reports" in said


def test_no_folder_is_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bench", "signals", str(tmp_path / "none"), "--json"], start=nothing) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "no_folder"
