"""Ranges of serial numbers: from one to another, both included."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from holdfast.kit.identifiers.faults import BadIdentifier
from holdfast.kit.identifiers.lookalike import look

LONGEST = 100
AS_SPELLED = "\x00"  # in front of what stands before the digits as spelled, not as folded
_ALIKE = ("0O", "1IL", "2Z")
_SPELLINGS = {ch: group for group in _ALIKE for ch in group}
_DROPPED = re.compile(r"[\s\-–_]+")


@dataclass(frozen=True)
class SerialRange:
    """Serial numbers from `first` to `last`.

    Either both end in digits behind the same characters, and the digits count; or both are of
    one length and ordered character by character, digits before letters. Letter case, spaces
    and dashes do not matter.

    >>> SerialRange.parse("VL0100..VL0250").contains("vl 0120")
    True
    >>> SerialRange.parse("A9X..A2C")
    Traceback (most recent call last):
    ...
    holdfast.kit.identifiers.faults.BadIdentifier: \
serial range: expected the smaller end first, got “A9X..A2C”.
    """

    first: str
    last: str

    @classmethod
    def parse(cls, text: str) -> SerialRange:
        """Read FROM..TO, or one serial number alone."""
        first, dots, last = (part.strip() for part in text.partition(".."))
        if len(text) > LONGEST or not _spelled(first) or (dots and not _spelled(last)):
            raise BadIdentifier("serial range", "FROM..TO", text)
        found = cls(first, last if dots else first)
        if found._numbers is None:
            if len(found._low) != len(found._high):
                expected = "two ends of one length, or digits behind the same characters"
                raise BadIdentifier("serial range", expected, text)
            if found._low > found._high:
                raise BadIdentifier("serial range", "the smaller end first", text)
        elif found._numbers[1] > found._numbers[2]:
            raise BadIdentifier("serial range", "the smaller end first", text)
        return found

    @property
    def size(self) -> int | None:
        """How many serial numbers it may hold at most, where digits count."""
        return None if self._numbers is None else self._numbers[2] - self._numbers[1] + 1

    def contains(self, serial: str) -> bool:
        """Whether it holds a serial number just as it is spelled."""
        text = _spelled(serial)
        if self._numbers is None:
            return len(text) == len(self._low) and self._low <= text <= self._high
        prefix, tail = _divided(text)
        low = _divided(self._low)
        if prefix != low[0]:
            return False
        padded = low[1].startswith("0") or len(self._low) == len(self._high)
        if not tail or (padded and not len(self._low) <= len(text) <= len(self._high)):
            return False
        return self._numbers[1] <= int(tail) <= self._numbers[2]

    def may_contain(self, serial: str) -> bool:
        """Whether it holds any serial number that looks the same; zeros in front do not count.

        >>> SerialRange.parse("AO10..AO20").may_contain("a0 l5")
        True
        """
        if self.contains(serial):
            return True
        if self._alike is None:
            return _some_spelling_between(_spelled(serial), self._low, self._high)
        mine, number = _divided(_spelled(serial))
        front, low, high = self._numbers or ("", 0, -1)
        if number and look(mine) == look(front) and low <= int(number) <= high:
            return True
        prefix, low, high = self._alike
        text = look(serial)
        tail = text[len(prefix) :]
        if not text.startswith(prefix) or not tail.isascii() or not tail.isdigit():
            return False
        return low <= int(tail) <= high

    @cached_property
    def _low(self) -> str:
        return _spelled(self.first)

    @cached_property
    def _high(self) -> str:
        return _spelled(self.last)

    @cached_property
    def _numbers(self) -> tuple[str, int, int] | None:
        return _as_numbers(self._low, self._high)

    @cached_property
    def _alike(self) -> tuple[str, int, int] | None:
        return None if self._numbers is None else _as_numbers(look(self.first), look(self.last))

    def __str__(self) -> str:
        return self.first if self.first == self.last else f"{self.first}..{self.last}"


@dataclass(frozen=True)
class SerialRanges:
    """Many ranges at once: one look-up by halving, however many they are.

    >>> ranges = SerialRanges.of([SerialRange("A1", "A5"), SerialRange("A3", "A9")])
    >>> [one for one in ("A0", "a7", "A10") if ranges.may_contain(one)]
    ['a7']
    """

    ranges: tuple[SerialRange, ...]
    _starts: dict[str, list[int]] = field(init=False, repr=False, compare=False)
    _ends: dict[str, list[int]] = field(init=False, repr=False, compare=False)
    _texts: tuple[SerialRange, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        spans: dict[str, list[tuple[int, int]]] = {}
        texts = []
        for one in self.ranges:
            if one._alike is None:
                texts.append(one)
            else:
                prefix, low, high = one._alike
                spans.setdefault(prefix, []).append((low, high))
                front, low, high = one._numbers or one._alike
                spans.setdefault(AS_SPELLED + look(front), []).append((low, high))
        starts, ends = {}, {}
        for prefix, found in spans.items():
            merged = _merged(found)
            starts[prefix] = [low for low, _ in merged]
            ends[prefix] = [high for _, high in merged]
        object.__setattr__(self, "_starts", starts)
        object.__setattr__(self, "_ends", ends)
        object.__setattr__(self, "_texts", tuple(texts))

    @classmethod
    def of(cls, ranges: Iterable[SerialRange]) -> SerialRanges:
        """All of these together."""
        return cls(tuple(ranges))

    def may_contain(self, serial: str) -> bool:
        """Whether any range holds a serial number that looks like this one."""
        front, tail = _divided(_spelled(serial))
        if tail and self._holds(AS_SPELLED + look(front), int(tail)):
            return True
        shape = look(serial)
        at = len(shape)
        while at and "0" <= shape[at - 1] <= "9":
            at -= 1
            prefix = shape[:at]
            if self._holds(prefix, int(shape[at:])):
                return True
        return any(one.may_contain(serial) for one in self._texts)

    def _holds(self, prefix: str, number: int) -> bool:
        starts = self._starts.get(prefix)
        if starts is None:
            return False
        found = bisect.bisect_right(starts, number) - 1
        return found >= 0 and number <= self._ends[prefix][found]


def _spelled(serial: str) -> str:
    return _DROPPED.sub("", serial[:LONGEST]).upper()


def _divided(text: str) -> tuple[str, str]:
    at = len(text)
    while at and "0" <= text[at - 1] <= "9":
        at -= 1
    return text[:at], text[at:]


def _as_numbers(first: str, last: str) -> tuple[str, int, int] | None:
    prefix, low = _divided(first)
    other, high = _divided(last)
    if prefix != other or not low or not high:
        return None
    return prefix, int(low), int(high)


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for low, high in sorted(spans):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return found


def _some_spelling_between(text: str, low: str, high: str) -> bool:
    """Whether replacing look-alikes by one another can bring a text between two others."""
    if len(text) != len(low):
        return False
    states = {(True, True)}  # whether the spelling so far still equals low, and high
    for ch, least, most in zip(text, low, high, strict=True):
        after = set()
        for on_low, on_high in states:
            for spelling in _SPELLINGS.get(ch, ch):
                if (on_low and spelling < least) or (on_high and spelling > most):
                    continue
                after.add((on_low and spelling == least, on_high and spelling == most))
        states = after
        if not states:
            return False
    return True
