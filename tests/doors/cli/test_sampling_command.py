"""`holdfast sampling plan`: pure, one JSON object, refusals with what to do."""

from __future__ import annotations

import json

from holdfast.doors.cli.run import run


def no_house():
    raise AssertionError("a sampling plan needs no database")


def told(capsys, *words):
    code = run(["sampling", "plan", *words, "--json"], start=no_house)
    return code, json.loads(capsys.readouterr().out)


def test_a_plan_is_told_with_its_source_and_what_it_lets_through(capsys):
    code, data = told(capsys, "--lot-size", "1000", "--aql", "2.5")
    assert code == 0
    assert (data["code_letter"], data["sample_size"], data["accept"], data["reject"]) == (
        "J",
        80,
        5,
        6,
    )
    assert data["accepted_at_aql"] == 0.9848
    assert data["confidence"] == "verified"
    assert "MIL-STD-105E" in data["source"]


def test_a_sample_is_judged_and_a_rejected_lot_is_exit_1(capsys):
    words = ("--lot-size", "1000", "--aql", "2.5", "--looked-at", "80", "--found")
    assert told(capsys, *words, "5")[1]["verdict"] == "accepted"
    code, data = told(capsys, *words, "6")
    assert (code, data["verdict"]) == (1, "rejected")
    assert data["nonconforming_in_lot"]["fewest"] > 6


def test_what_cannot_be_is_exit_2_and_says_what_can(capsys):
    code, data = told(capsys, "--lot-size", "1000", "--aql", "3")
    assert (code, data["error"]["code"]) == (2, "aql_not_in_table")
    assert "2.5, 4.0" in data["error"]["hint"]
    assert told(capsys, "--lot-size", "9", "--aql", "1", "--found", "1")[0] == 2
