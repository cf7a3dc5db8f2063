"""`holdfast bench match` needs no house, writes every pair, and says how right it was."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from holdfast.doors.cli.run import run

LEFT = "id;title;upc\nr1;Lotus ramen;708953602028\nr2;Sony turntable PSLX350H;\nr3;Hose;\n"
RIGHT = "id|name|gtin\n=a|Jade noodles|00708953602028\nb|Sony PS-LX350H turntable|\nc|Lamp|\n"


@pytest.fixture
def told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    def ask(*words: str, code: int = 0) -> dict:
        def asleep() -> None:
            raise AssertionError("the house was woken")

        assert run(["bench", "match", str(tmp_path), *words, "--json"], start=asleep) == code
        return json.loads(capsys.readouterr().out)

    return ask


def test_a_truth_about_records_that_are_not_there_is_counted(told, tmp_path: Path) -> None:
    (tmp_path / "left.csv").write_text(LEFT)
    (tmp_path / "right.csv").write_text(RIGHT)
    (tmp_path / "truth.csv").write_text("left,right\nr1,=a\nr99,b\nr2,zzz\n")
    truth = told()["truth"]
    assert (truth["pairs"], truth["absent"], truth["missed"]) == (3, 2, 2)


def test_pairs_are_written_and_rated(told, tmp_path: Path) -> None:
    (tmp_path / "left.csv").write_text(LEFT)
    (tmp_path / "right.csv").write_text(RIGHT)
    (tmp_path / "truth.csv").write_text("left,right\nr1,=a\nr3,c\n")
    out = tmp_path / "out.csv"
    found = told("--out", str(out))
    assert found["answers"] == {"suppress": 2, "review": 0, "no visible match": 1}
    assert found["no_visible_match"] == ["r3"]
    assert all(match["reason"].endswith(".") for match in found["matches"])
    assert (found["truth"]["hits"], found["truth"]["wrong"], found["truth"]["missed"]) == (1, 1, 1)
    assert found["truth"]["f1"] == 0.5
    rows = list(csv.reader(out.open()))
    assert rows[0] == ["left", "right", "score", "answer"]
    assert [row[:2] for row in rows[1:]] == [["r1", "'=a"], ["r2", "b"]]
    assert "safe" not in json.dumps(found["matches"])


def test_recalls_may_be_a_recording_and_the_truth_may_be_absent(told, tmp_path: Path) -> None:
    item = {"id": "r1", "title": "Ramen", "details": "UPC 7 08953 60202 8"}
    (tmp_path / "recalls.jsonl").write_text(json.dumps(item) + "\n")
    (tmp_path / "catalogue.csv").write_text("id,title,brand,model,gtin\np,Rice,,,708953602028\n")
    found = told()
    assert found["truth"] is None
    assert [(match["left"], match["right"]) for match in found["matches"]] == [("r1", "p")]


def test_a_folder_without_its_files_is_refused(told, tmp_path: Path) -> None:
    assert told(code=2)["error"]["code"] == "file_missing"
    (tmp_path / "left.csv").write_text(LEFT)
    (tmp_path / "recalls.csv").write_text(LEFT)
    assert told(code=2)["error"]["code"] == "file_twice"


def test_a_truth_may_say_of_each_pair_whether_it_is_one(told, tmp_path: Path) -> None:
    (tmp_path / "left.csv").write_text(LEFT)
    (tmp_path / "right.csv").write_text(RIGHT)
    (tmp_path / "truth.csv").write_text("ltable_id,rtable_id,label\nr1,=a,1\nr2,b,1\nr3,c,0\n")
    assert told()["truth"]["f1"] == 1.0


@pytest.mark.parametrize(
    ("left", "right", "counts", "unseen"),
    [
        ("id,title\n", RIGHT, (0, 3), []),
        (LEFT, "id,title\n", (3, 0), ["r1", "r2", "r3"]),
        ("id,title\nr,Hose\n", "id,title\np,Hose\n", (1, 1), []),
        ('id,title\n\n,,\nr,"Hose\n""30 m"""\n\n', "\n\nid,title\n\np,Hose 30 m\n,\n", (1, 1), []),
    ],
)
def test_nothing_one_row_and_empty_rows_are_folders_too(
    told, tmp_path: Path, left: str, right: str, counts: tuple[int, int], unseen: list[str]
) -> None:
    (tmp_path / "left.csv").write_text(left)
    (tmp_path / "right.csv").write_text(right)
    (tmp_path / "truth.csv").write_text("left,right\n")
    found = told()
    assert ((found["left"], found["right"]), found["no_visible_match"]) == (counts, unseen)
    assert found["truth"]["missed"] == 0
