"""Whatever an authority sends becomes recalls or is told; nothing stops silently."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from holdfast.kit.announcements import FeedAnswer, PublishedRecall, Shape, read_answer
from holdfast.kit.announcements.shape import Item, day, text

ROW = {"number": "R1", "title": "Heater", "on": "2026-03-04"}


def _build(item: Item) -> PublishedRecall:
    number, title = text(item, "number"), text(item, "title")
    return PublishedRecall("Test", number, title, day(text(item, "on")), original=item)


SHAPE = Shape(
    name="The test feed",
    authority="Test",
    required=frozenset({"number", "title", "on"}),
    known=frozenset({"note", "parts/name"}),
    build=_build,
    under="results",
    around=frozenset({"meta"}),
)


@pytest.fixture
def read(tmp_path: Path):
    def of(body: str | bytes, newest: date | None = None) -> FeedAnswer:
        file = tmp_path / "answer"
        file.write_bytes(body if isinstance(body, bytes) else body.encode())
        return read_answer(file, SHAPE, newest=newest)

    return of


def kinds(answer: FeedAnswer) -> list[tuple[str, str, int]]:
    return [(drift.kind, drift.where, drift.times) for drift in answer.drift]


@pytest.mark.parametrize(
    "body",
    [
        json.dumps([ROW]),
        json.dumps({"meta": {}, "results": [ROW]}),
        json.dumps(ROW),
        json.dumps(ROW) + "\n" + json.dumps({**ROW, "number": "R2"}) + "\n",
        "number,title,on\nR1,Heater,2026-03-04\n",
        "number;title;on\nR1;Heater;2026-03-04\n",
        gzip.compress(json.dumps([ROW]).encode(), mtime=0),
        "\ufeff" + json.dumps([ROW]),
    ],
)
def test_every_form_of_answer_is_the_same_recall(read, body) -> None:
    answer = read(body)
    assert (answer.recalls[0].number, answer.newest) == ("R1", date(2026, 3, 4))
    assert dict(answer.recalls[0].original) == ROW
    assert kinds(answer) == []


@pytest.mark.parametrize(
    "body",
    [
        "<!DOCTYPE html><html>Maintenance</html>",
        json.dumps({"error": {"code": "SERVER_ERROR"}}),
        '[{"number": "R1", ',
        "Service unavailable",
        gzip.compress(b"x" * 100, mtime=0)[:20],
    ],
)
def test_what_is_no_list_of_records_is_told(read, body) -> None:
    answer = read(body)
    assert [drift.kind for drift in answer.drift] == ["not_data"]
    assert answer.recalls == []
    assert answer.drift[0].sentence.startswith("The test feed")


@pytest.mark.parametrize("body", ["", " \n", "[]", '{"results": []}'])
def test_an_empty_answer_is_told(read, body: str) -> None:
    assert kinds(read(body)) == [("empty", "", 1)]


def test_fields_that_come_and_fields_that_go_are_told_once_with_their_number(read) -> None:
    without = {key: value for key, value in ROW.items() if key != "title"}
    rows = [{**ROW, "number": "A", "parts": [{"name": "x", "colour": "red"}], "extra": 1},
            {**without, "number": "B", "extra": 2}]  # fmt: skip
    answer = read(json.dumps({"results": rows, "next": "…"}))
    assert kinds(answer) == [
        ("field_missing", "title", 1),
        ("unknown_field", "extra", 2),
        ("unknown_field", "next", 1),
        ("unknown_field", "parts/colour", 1),
    ]
    assert len(answer.recalls) == 2


def test_records_that_cannot_be_read_are_kept_as_they_came(read) -> None:
    answer = read(json.dumps([ROW, "text", {**ROW, "number": ""}]))
    assert len(answer.recalls) == 1
    assert answer.unread == ["text", {**ROW, "number": ""}]
    assert {drift.kind for drift in answer.drift} == {"unreadable_record"}


def test_a_list_that_goes_back_in_time_is_told(read) -> None:
    assert kinds(read(json.dumps([ROW]), date(2026, 3, 4))) == []
    assert kinds(read(json.dumps([ROW]), date(2026, 4, 1)))[0][0] == "went_back"


def test_a_number_twice_and_a_day_that_is_none_are_told(read) -> None:
    answer = read(json.dumps([ROW, {**ROW, "on": "2026-13-01"}]))
    assert [drift.kind for drift in answer.drift] == ["date_unreadable", "number_twice"]
    assert len(answer.recalls) == 2
