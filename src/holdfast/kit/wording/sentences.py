"""Sentences and words of a text, with their places."""

from __future__ import annotations

import re
from dataclasses import dataclass

from holdfast.kit.wording.tongue import Tongue

_WORD = re.compile(r"\w+(?:[-'’.@/:+]\w+)*")
# The look-behind keeps a megabyte of dots linear: a run is tried once, at its first sign.
_END = re.compile(r"(?<![.!?؟…。])[.!?؟…。]++[\"'”’»)\]]{0,4}(?=\s|$)")
_BULLET = re.compile(r"(?:[-*•–·▪◦]|\(?[0-9٠-٩]{1,2}[.)])\s+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its place in the text and how many words it has."""

    start: int
    end: int
    words: int


def words(text: str) -> list[str]:
    """The words of a text; a number, a code or a web address counts as one."""
    return _WORD.findall(text)


def _lines(text: str) -> list[tuple[int, int]]:
    """Stretches that end where the writer ended a line, not where an editor wrapped it."""
    spans: list[tuple[int, int]] = []
    lines = text.split("\n")
    width = max((len(line) for line in lines), default=0)
    begin = place = 0
    for number, line in enumerate(lines):
        after = lines[number + 1].strip() if number + 1 < len(lines) else ""
        first = after.split(" ", 1)[0] if after else ""
        wrapped = (
            bool(line.strip())
            and bool(after)
            and not _BULLET.match(after)
            and number > 0
            and len(line) + 1 + len(first) > max(width, 40)
        )
        place += len(line) + 1
        if not wrapped:
            spans.append((begin, place - 1))
            begin = place
    return spans


def _is_end(text: str, at: int, tongue: Tongue) -> bool:
    """False for the dot of an abbreviation or, in German, of an ordinal number."""
    if text[at] != ".":
        return True
    before = text[max(0, at - 12) : at].split()
    last = before[-1].lower().lstrip("(\"'“„«") if before else ""
    if last in tongue.abbreviations or (len(last) == 1 and last.isalpha()):
        return False
    after = text[at + 1 : at + 3].strip()
    if last.isdigit() and len(last) <= 2 and tongue.ordinal_dot and after[:1].isalpha():
        return False
    return not after[:1].islower()


def sentences(text: str, tongue: Tongue) -> list[Sentence]:
    """The sentences in order; list items and headings count as sentences of their own."""
    found: list[Sentence] = []
    for begin, end in _lines(text):
        start = begin
        for mark in _END.finditer(text, begin, end):
            if _is_end(text, mark.start(), tongue):
                _add(found, text, start, mark.end())
                start = mark.end()
        _add(found, text, start, end)
    return found


def _add(found: list[Sentence], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    count = sum(1 for _ in _WORD.finditer(text, start, end))
    if count:
        found.append(Sentence(start, end, count))
