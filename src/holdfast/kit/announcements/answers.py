"""An answer of an authority as recalls, with everything in it that was not as it used to be.

Nothing stops silently: a page instead of data, an empty answer, a field nobody knows, a field that
is gone, a record that cannot be read and a list that goes back in time are each told.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from holdfast.kit.announcements.announcement import PublishedRecall
from holdfast.kit.announcements.shape import Shape
from holdfast.kit.refusals import Unreadable
from holdfast.kit.storable import storable
from holdfast.kit.tables import open_table
from holdfast.kit.tables.opening import DEFAULT_LIMITS, ByteSource, magic, packing

MOST_RECORDS = 500_000
MOST_PARTS = 6_000_000
"""Commas and brackets of an answer in JSON: 64 MB of nothing else would take gigabytes to read."""
LONGEST_NUMBER = 1000
LONGEST_WHERE = 120
AHEAD = timedelta(days=2)
"""So far ahead of ours is today somewhere, with a day for whoever publishes the evening before."""
KINDS = (
    "not_data",
    "empty",
    "unknown_field",
    "field_missing",
    "unreadable_record",
    "unreadable_text",
    "date_unreadable",
    "date_ahead",
    "number_twice",
    "went_back",
    "perhaps_cut",
)


@dataclass(frozen=True, slots=True)
class Drift:
    """One thing that was not as it used to be, how often, and a sentence that says it."""

    kind: str
    where: str
    times: int
    sentence: str


@dataclass
class FeedAnswer:
    """The recalls of an answer, what drifted, and the records that could not be read."""

    shape: str
    rows: int = 0
    recalls: list[PublishedRecall] = field(default_factory=list)
    drift: list[Drift] = field(default_factory=list)
    unread: list[object] = field(default_factory=list)
    today: date = date.max - AHEAD

    @property
    def newest(self) -> date | None:
        """The latest day of publication up to today, to be given to the next reading."""
        days = [recall.published_on for recall in self.recalls if recall.published_on]
        return max((one for one in days if one <= self.today + AHEAD), default=None)


class _NotData(Exception):
    """The answer is something else than records; the message says what."""


def read_answer(
    path: str | os.PathLike[str],
    shape: Shape,
    *,
    newest: date | None = None,
    today: date = FeedAnswer.today,
) -> FeedAnswer:
    """Read a recorded answer: JSON, one JSON object a line, or a table; perhaps packed.

    `newest` is the latest day that an earlier answer had. Never raises for what an authority may
    send; raises OSError where the file itself cannot be opened.
    """
    answer = FeedAnswer(shape.name, today=today)
    count: Counter[tuple[str, str]] = Counter()
    try:
        items = _items(os.fspath(path), shape, count)
        if len(items) > MOST_RECORDS:
            raise _NotData(f"more than {MOST_RECORDS:,} records")
    except _NotData as why:
        count["not_data", str(why)] += 1
        items = None
    answer.rows = len(items or ())
    for item in items or ():
        _take(item, shape, answer, count)
    if items is not None and not items:
        count["empty", ""] += 1
    return _settled(answer, shape, count, newest)


def joined(
    answers: Sequence[FeedAnswer],
    shape: Shape,
    *,
    newest: date | None = None,
    today: date = FeedAnswer.today,
    cut_at: int = 0,
) -> FeedAnswer:
    """The pages of one run as one answer; it is empty only where every page is."""
    whole = FeedAnswer(answers[0].shape if answers else shape.name, today=today)
    count: Counter[tuple[str, str]] = Counter()
    for page in answers:
        whole.rows += page.rows
        if cut_at and page.rows >= cut_at:
            count["perhaps_cut", str(page.rows)] += 1
        whole.recalls += page.recalls
        whole.unread += page.unread
        for one in page.drift:
            if one.kind not in ("empty", "number_twice", "went_back", "date_ahead"):
                count[one.kind, one.where] += one.times
    if not whole.rows:
        count["empty", ""] += 1
    return _settled(whole, shape, count, newest)


def _settled(
    answer: FeedAnswer, shape: Shape, count: Counter[tuple[str, str]], newest: date | None
) -> FeedAnswer:
    """What shows only in the whole: a number twice, a list that goes back in time."""
    numbers = Counter(recall.number for recall in answer.recalls)
    count.update({("number_twice", number): n for number, n in numbers.items() if n > 1})
    days = [recall.published_on for recall in answer.recalls if recall.published_on]
    ahead = sum(one > answer.today + AHEAD for one in days)
    if ahead:
        count["date_ahead", ""] = ahead
    if newest and answer.newest and answer.newest < newest:
        count["went_back", f"{answer.newest} after {newest}"] += 1
    answer.drift = [_told(shape, kind, where, n) for (kind, where), n in sorted(count.items())]
    return answer


def read_best(
    path: str | os.PathLike[str],
    shapes: Sequence[Shape],
    *,
    newest: date | None = None,
    today: date = FeedAnswer.today,
) -> FeedAnswer:
    """Read with the form of several that fits best: most recalls, then least drift."""
    answers = [read_answer(path, shape, newest=newest, today=today) for shape in shapes]
    return max(answers, key=lambda one: (len(one.recalls), -len(one.drift)))


def _take(item: object, shape: Shape, answer: FeedAnswer, count: Counter[tuple[str, str]]) -> None:
    """One record into the answer; a record without its number is kept as it came."""
    if not isinstance(item, Mapping):
        answer.unread.append(item)
        count["unreadable_record", "no object"] += 1
        return
    count.update(("unknown_field", name) for name in shape.unknown(item))
    count.update(("field_missing", name) for name in shape.missing(item))
    try:
        recall = shape.build(item)
    except (
        ValueError,
        TypeError,
        AttributeError,
        LookupError,
        ArithmeticError,
        RecursionError,
    ) as error:
        answer.unread.append(item)
        count["unreadable_record", str(error)[:100] or type(error).__name__] += 1
        return
    if not recall.number:
        answer.unread.append(item)
        count["unreadable_record", "no number"] += 1
        return
    if recall.published_on is None:
        count["date_unreadable", ""] += 1
    answer.recalls.append(recall)


def _items(path: str, shape: Shape, count: Counter[tuple[str, str]]) -> list[object]:
    if Path(path).stat().st_size == 0:
        return []
    try:
        body = b"".join(ByteSource(path, packing(magic(path)), DEFAULT_LIMITS).chunks())
    except Unreadable as error:
        raise _NotData(error.message) from error
    if not body.strip(b"\xef\xbb\xbf \t\r\n"):
        return []
    if shape.items is not None:
        try:
            return list(shape.items(body))
        except ValueError as why:
            raise _NotData(str(why)) from why
    text = body.decode(json.detect_encoding(body), "replace").lstrip("\ufeff \t\r\n")
    if text.startswith("<"):
        raise _NotData("a page or XML instead of records")
    if text.startswith(("{", "[")):
        lost = text.count("\ufffd") - body.count("\ufffd".encode())
        if lost > 0:
            count["unreadable_text", ""] = lost
        return _of_json(text, shape, count)
    try:
        table = open_table(path)
        return [
            dict(zip(table.columns, cells, strict=False)) for _line, cells in table.rows() if cells
        ]
    except Unreadable as error:
        raise _NotData(error.message) from error


def _of_json(text: str, shape: Shape, count: Counter[tuple[str, str]]) -> list[object]:
    if sum(map(text.count, "[{,")) > MOST_PARTS:
        raise _NotData(f"more than {MOST_PARTS:,} values")
    try:
        whole = json.loads(text, parse_int=_whole)
    except (ValueError, RecursionError):
        if text.startswith("["):
            raise _NotData("broken JSON") from None
        return _of_lines(text)
    if isinstance(whole, list):
        return whole
    if shape.under and isinstance(whole.get(shape.under), list):
        beside = whole.keys() - {shape.under} - shape.around
        count.update(("unknown_field", name) for name in beside)
        return list(whole[shape.under])
    if shape.required <= whole.keys():
        return [whole]
    raise _NotData(f"an object without records; its fields: {', '.join(sorted(whole))[:200]}")


def _of_lines(text: str) -> list[object]:
    found: list[object] = []
    for line in filter(None, map(str.strip, text.split("\n"))):
        try:
            found.append(json.loads(line, parse_int=_whole))
        except (ValueError, RecursionError):
            found.append(line[:1000])
    if not any(isinstance(one, Mapping) for one in found):
        raise _NotData("broken JSON")
    return found


def _whole(digits: str) -> int | str:
    """A number; one of thousands of digits, which Python does not read, as it is written."""
    return int(digits) if len(digits) <= LONGEST_NUMBER else digits


_SENTENCES = {
    "not_data": "{name} answered with no records: {where}.",
    "empty": "{name} answered with an empty list.",
    "unknown_field": "{name} sends the field {where}, which is not known here ({times} records).",
    "field_missing": "{name} sends {times} records without the field {where}.",
    "unreadable_record": "{name} sends {times} records that cannot be read: {where}.",
    "unreadable_text": "{name} sends text that is not in UTF-8; {times} signs were lost.",
    "date_ahead": "{name} sends {times} records of days that are still to come.",
    "date_unreadable": "{name} sends {times} records without a day that can be read.",
    "number_twice": "{name} sends {where} {times} times.",
    "perhaps_cut": "{name} sent {where} records, as many as it gives at once; some may be missing.",
    "went_back": "{name} went back in time: {where}.",
}


def _told(shape: Shape, kind: str, where: str, times: int) -> Drift:
    where = storable(where)
    if len(where) > LONGEST_WHERE:
        where = where[:LONGEST_WHERE] + "…"
    sentence = _SENTENCES[kind].format(name=shape.name, where=where, times=times)
    return Drift(kind, where, times, sentence)
