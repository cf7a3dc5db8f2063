"""Which date order and decimal sign a file uses, decided by its rows and never by habit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from holdfast.kit.tables.values import two_ways

_NUMBERISH = re.compile(r"[^\d.,]")
_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class Styles:
    """`date_order`: dmy, mdy, ymd or empty (none); `ambiguous` when every date fits both ways."""

    date_order: str
    decimal: str
    ambiguous: bool = False
    ambiguous_line: int = 0
    ambiguous_text: str = ""


class _Evidence:
    def __init__(self) -> None:
        self.day_first = self.month_first = self.both = self.plain = 0
        self.point = self.comma = self.either = 0
        self.line, self.text = 0, ""
        self._seen: set[str] = set()

    def date(self, text: str, line: int) -> None:
        if text in self._seen or not text:
            return
        if len(self._seen) > _REMEMBERED:
            self._seen.clear()
        self._seen.add(text)
        pair = two_ways(text)
        if pair is None:
            self.plain += 1
        elif pair[0] > 12 >= pair[1]:
            self.day_first += 1
        elif pair[1] > 12 >= pair[0]:
            self.month_first += 1
        elif pair[0] <= 12 and pair[1] <= 12:
            self.both += 1
            if not self.line:
                self.line, self.text = line, text

    def number(self, text: str) -> None:
        if text.isdigit() or ("." not in text and "," not in text):
            return
        body = _NUMBERISH.sub("", text)
        point, comma = body.rfind("."), body.rfind(",")
        if point >= 0 and comma >= 0:
            self._add("." if point > comma else ",")
        elif body.count(".") > 1:
            self._add(",")
        elif body.count(",") > 1:
            self._add(".")
        else:
            sign = "." if point >= 0 else ","
            whole, _, part = body.partition(sign)
            if len(part) == 3 and 1 <= len(whole) <= 3 and whole != "0":
                self.either += 1
            elif part or whole:
                self._add(sign)

    def _add(self, sign: str) -> None:
        if sign == ".":
            self.point += 1
        else:
            self.comma += 1


def survey_styles(
    rows: Iterable[tuple[int, Sequence[str]]],
    date_columns: Sequence[int],
    number_columns: Sequence[int],
    *,
    separator: str,
    sample: int = 2_000,
) -> Styles:
    """Look at the rows until the styles are certain: a sample if that is enough, else all."""
    found = _Evidence()
    for count, (line, row) in enumerate(rows):
        width = len(row)
        for at in date_columns:
            if at < width:
                found.date(row[at].strip(), line)
        for at in number_columns:
            if at < width:
                found.number(row[at].strip())
        if count >= sample and not _undecided(found, separator):
            break
    comma = found.comma > found.point or (
        found.comma == found.point == 0 and found.either > 0 and separator == ";"
    )
    open_question = bool(found.both) and found.day_first == found.month_first
    return Styles(
        date_order=_order(found),
        decimal="," if comma else ".",
        ambiguous=open_question,
        ambiguous_line=found.line,
        ambiguous_text=found.text,
    )


def _undecided(found: _Evidence, separator: str) -> bool:
    dates = found.both and found.day_first == found.month_first
    # Where a comma does not part the cells it may yet turn up as a decimal sign.
    numbers = (found.either or separator != ",") and found.point == found.comma
    return bool(dates or numbers)


def _order(found: _Evidence) -> str:
    if found.day_first > found.month_first:
        return "dmy"
    if found.month_first > found.day_first:
        return "mdy"
    return "ymd" if found.plain and not found.both else ""
