"""What was told of one thing, packed: of every report what a score needs of it, and no more.

A tally is a function of the set of its reports: brought up to date report by report, in whatever
order their days come, it is the same to the byte as one made anew from all of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from holdfast.kit.signals.detector import MOST_A_DAY, MOST_HAZARDS, Habits, Product, Told
from holdfast.kit.signals.report import SECOND_HAZARD_WEIGHT, Report, hazards_of_its_own

SAME_VOICE_DAYS = 365  # one person about one product counts once in so many
EPOCH = date(1970, 1, 1).toordinal()
PARTS = 400  # every weight is a whole number of these, so that sums are exact in any order
NO_HAZARD = 255
MOST_KINDS = 250  # different hazards of one thing; the list has 21

ECHO, PRAISE, COUNTS, NAMELESS = 1, 2, 4, 8
ROW = np.dtype(
    [
        ("complaint", "<i8"),
        ("print", "<u8"),
        ("voice", "<i8"),  # the lowest complaint of the same person here; 0: nobody known
        ("day", "<i4"),
        ("name", "<u4"),
        ("first", "u1"),
        ("second", "u1"),
        ("harm", "i1"),
        ("flags", "u1"),
    ]
)
Rows = NDArray[np.void]
Whole = NDArray[np.int64]


class Telling(NamedTuple):
    """One report as a tally takes it.

    `name` is the product as it was called, None where nobody can say of what it was told; `voice`
    the lowest complaint of the same person among those of the tally; `print` 16 hex digits.
    """

    complaint: int
    day: date
    name: str | None
    hazards: tuple[str, ...]
    harm: int | None
    is_echo: bool
    is_praise: bool
    voice: int
    print: str


def _weights() -> Whole:
    day = date(2000, 1, 1)
    found = np.zeros((6, 2, 2), np.int64)
    for harm in (None, 0, 1, 2, 3, 4):
        for echo in (0, 1):
            for praise in (0, 1):
                said = Report("", "", "", "", (), day, day, harm, bool(echo), bool(praise))
                at = 0 if harm is None else harm + 1
                found[at, echo, praise] = round(said.weight * PARTS)
    return found


_WEIGHTS = _weights()


def joined(parts: Iterable[Rows]) -> Rows:
    """One after the other, to be read; NumPy would look at every field of every part."""
    return np.frombuffer(b"".join(one.data for one in parts), dtype=ROW)


def those(rows: Rows, which: NDArray[np.bool_]) -> Rows:
    """These of them; mostly that is all, and nothing is copied. `take` asks for no field."""
    return rows if which.all() else rows.take(np.flatnonzero(which))


def weights_of(rows: Rows) -> Whole:
    """The weight of each row in parts, before shares and floods."""
    flags = rows["flags"]
    harm = rows["harm"].astype(np.int64) + 1
    return np.asarray(_WEIGHTS[harm, flags & ECHO, (flags & PRAISE) >> 1])


def capped(weights: Whole, run: Whole) -> Whole:
    """Past so many of one run (equal neighbours: a thing and a day) a report weighs nothing."""
    if not len(run):
        return weights
    starts = np.flatnonzero(np.concatenate(([True], run[1:] != run[:-1])))
    rank = np.arange(len(run)) - np.repeat(starts, np.diff(np.append(starts, len(run))))
    return np.where(rank < MOST_A_DAY, weights, 0)


@dataclass(frozen=True)
class Tally:
    """Rows by name, day and complaint; names and hazards in the order they were first told."""

    rows: Rows
    names: tuple[str, ...]
    hazards: tuple[str, ...]

    @classmethod
    def of(cls, told: Iterable[Telling], onto: Tally | None = None) -> Tally:
        """From reports in the order of their numbers; `onto` what was told before them."""
        names = {name: at for at, name in enumerate(onto.names if onto else ())}
        hazards = {hazard: at for at, hazard in enumerate(onto.hazards if onto else ())}
        made = [_row(one, names, hazards) for one in told]
        rows = np.array(made, dtype=ROW)
        if onto is not None:
            rows = joined([onto.rows, rows])
        return cls(settled(rows), tuple(names), tuple(hazards))

    @classmethod
    def read(cls, content: bytes, names: Sequence[str], hazards: Sequence[str]) -> Tally:
        """As it was kept: `tobytes` of the rows."""
        return cls(np.frombuffer(content, dtype=ROW), tuple(names), tuple(hazards))

    @property
    def content(self) -> bytes:
        """The rows to keep."""
        return self.rows.tobytes()

    def of_name(self, name: str) -> Rows:
        """The rows of one name, by day; those that do not count too."""
        if name not in self.names:
            return self.rows[:0]
        rows = self.rows
        if len(self.names) > 1:
            at = self.names.index(name)
            low, high = np.searchsorted(rows["name"], [at, at + 1])
            rows = rows[low:high]
        return those(rows, (rows["flags"] & NAMELESS) == 0)

    def voice_of(self, complaints: Iterable[int]) -> int:
        """The voice that these complaints of one person have here; 0 where none is here."""
        found = self.rows["voice"][np.isin(self.rows["complaint"], np.array([*complaints, 0]))]
        return int(found.min()) if len(found) else 0

    @property
    def first_on(self) -> date | None:
        """The first day of what counts."""
        rows = those(self.rows, (self.rows["flags"] & COUNTS) > 0)
        return date.fromordinal(int(rows["day"].min())) if len(rows) else None

    def habits(self) -> Habits | None:
        """What it adds to the habits of its source; None where nothing counts."""
        rows = those(self.rows, (self.rows["flags"] & COUNTS) > 0)
        if not len(rows):
            return None
        by_hazard = np.bincount(rows["first"], minlength=256).astype(np.float64)
        by_hazard += SECOND_HAZARD_WEIGHT * np.bincount(rows["second"], minlength=256)
        told = {hazard: float(by_hazard[at]) for at, hazard in enumerate(self.hazards)}
        return Habits(
            date.fromordinal(int(rows["day"].min())),
            len(rows),
            {hazard: number for hazard, number in told.items() if number},
            months_of(rows["day"][is_told(rows)]),
        )


def is_told(rows: Rows) -> NDArray[np.bool_]:
    """Does it say a hazard, or whether somebody was hurt? Others count for nothing but habits."""
    return np.asarray((rows["first"] != NO_HAZARD) | (rows["harm"] >= 0))


def months_of(days: NDArray[np.integer]) -> dict[int, float]:
    """How many in each month, as `seasons.month_of` numbers them."""
    if not len(days):
        return {}
    told = np.bincount(days - days.min())
    at = np.flatnonzero(told)
    months = month_numbers(at + int(days.min()))
    of_month = np.bincount(months - months[0], told[at])
    some = np.flatnonzero(of_month)
    return dict(zip((some + months[0]).tolist(), of_month[some].tolist(), strict=True))


def month_numbers(days: NDArray[np.integer]) -> Whole:
    """`seasons.month_of` over numbers of days."""
    months = (days.astype(np.int64) - EPOCH).astype("M8[D]").astype("M8[M]").astype(np.int64)
    return np.asarray(months + 1970 * 12)


def settled(rows: Rows) -> Rows:
    """In their order, each marked whether it counts: one voice a year, the same words once."""
    rows = rows.take(_order(rows))
    counts = (rows["flags"] & NAMELESS) == 0
    _one_voice(rows, counts)
    _same_words_once(rows, counts)
    rows["flags"] = np.where(counts, rows["flags"] | COUNTS, rows["flags"] & ~np.uint8(COUNTS))
    return rows


def _order(rows: Rows) -> Whole:
    """By name, day and complaint. What comes in is mostly sorted but for its last rows."""
    key = rows["name"].astype(np.int64) << 32 | rows["day"]
    order = np.argsort(key, kind="stable")
    key, numbers = key[order], rows["complaint"][order]
    if ((key[1:] == key[:-1]) & (numbers[1:] < numbers[:-1])).any():
        order = np.lexsort((rows["complaint"], rows["day"], rows["name"]))
    return order


def _one_voice(rows: Rows, counts: NDArray[np.bool_]) -> None:
    """Who spoke of a product in the year before does not count again."""
    at = np.flatnonzero(counts & (rows["voice"] != 0))
    at = at[np.lexsort((rows["voice"][at], rows["name"][at]))]
    if not len(at):
        return
    voice, name, day = rows["voice"][at], rows["name"][at], rows["day"][at]
    is_new = np.concatenate(([True], (voice[1:] != voice[:-1]) | (name[1:] != name[:-1])))
    starts = np.append(np.flatnonzero(is_new), len(at))
    for group in np.flatnonzero(np.diff(starts) > 1).tolist():
        low, high = int(starts[group]), int(starts[group + 1])
        spoke = int(day[low])
        for place in range(low + 1, high):
            if day[place] - spoke <= SAME_VOICE_DAYS:
                counts[at[place]] = False
            else:
                spoke = int(day[place])


def _same_words_once(rows: Rows, counts: NDArray[np.bool_]) -> None:
    at = np.flatnonzero(counts & (rows["print"] != 0))
    at = at[np.lexsort((rows["print"][at], rows["name"][at]))]
    said, name = rows["print"][at], rows["name"][at]
    again = np.flatnonzero((said[1:] == said[:-1]) & (name[1:] == name[:-1])) + 1
    counts[at[again]] = False


def _row(one: Telling, names: dict[str, int], hazards: dict[str, int]) -> tuple[int, ...]:
    codes = []
    own = hazards_of_its_own(one.hazards, one.is_echo, one.harm)
    for hazard in own[:MOST_HAZARDS]:
        code = hazards.setdefault(hazard, len(hazards))
        if code >= MOST_KINDS:
            raise ValueError(f"more than {MOST_KINDS} hazards are told of one thing")
        codes.append(code)
    first, second = (*codes, NO_HAZARD, NO_HAZARD)[:2]
    flags = ECHO * one.is_echo | PRAISE * one.is_praise | NAMELESS * (one.name is None)
    name = 0 if one.name is None else names.setdefault(one.name, len(names))
    said = int(one.print, 16) if one.print else 0
    harm = -1 if one.harm is None else one.harm
    day = one.day.toordinal()
    return (one.complaint, said, one.voice, day, name, first, second, harm, flags)


class PackedReports(Sequence[Report]):
    """Reports of a tally, made when they are looked at; names, lots and makers it does not know."""

    def __init__(self, rows: Rows, product: Product, hazards: tuple[str, ...]) -> None:
        self._rows, self._product, self._hazards = rows, product, hazards

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> Report: ...
    @overload
    def __getitem__(self, at: slice) -> PackedReports: ...
    def __getitem__(self, at: int | slice) -> Report | PackedReports:
        if isinstance(at, slice):
            return PackedReports(self._rows[at], self._product, self._hazards)
        row = self._rows[at]
        day = date.fromordinal(int(row["day"]))
        codes = (int(row["first"]), int(row["second"]))
        return Report(
            f"C-{row['complaint']}",
            *self._product,
            tuple(self._hazards[code] for code in codes if code != NO_HAZARD),
            day,
            day,
            None if row["harm"] < 0 else int(row["harm"]),
            bool(row["flags"] & ECHO),
            bool(row["flags"] & PRAISE),
        )

    @property
    def complaints(self) -> list[int]:
        """Their numbers, in order."""
        return [int(one) for one in self._rows["complaint"]]

    @property
    def worst_harm(self) -> int:
        """The worst that is told of, 0 where none is."""
        return max(0, int(self._rows["harm"].max())) if len(self._rows) else 0


class PackedTold(Told):
    """What a detector asks of one thing, out of a tally."""

    def __init__(self, days: Whole, sums: Whole, reports: PackedReports) -> None:
        """`sums` are running totals of the weights in parts, from before the first day on."""
        super().__init__(totals=((sums - sums[0]) / PARTS).tolist())
        self._numbers: list[int] = days.tolist()
        self._packed = reports

    def place(self, last: date) -> int:
        """How many were told up to and with a day."""
        return bisect_right(self._numbers, last.toordinal())

    def told_between(self, first: date, last: date) -> Sequence[Report]:
        """The reports after `first` up to and with `last`, not made yet."""
        upto = self.place(last)
        return self._packed[self.place(first) : upto]


@dataclass(frozen=True)
class One:
    """One product of a tally as a detector takes it."""

    product: Product
    rows: Rows
    all_hazards: tuple[str, ...]

    @classmethod
    def of(cls, tally: Tally, name: str, product: Product, upto: date) -> One:
        """`name` as the tally has it, `product` as it is watched; nothing of after `upto`."""
        rows = tally.of_name(name)
        rows = those(rows, ((rows["flags"] & COUNTS) > 0) & (rows["day"] <= upto.toordinal()))
        return cls(product, rows, tally.hazards)

    @cached_property
    def hazards(self) -> Mapping[str, PackedTold]:
        """By hazard; of a second one half counts."""
        rows, bits = self.rows, len(self.rows).bit_length()
        first, second = rows["first"].astype(np.int64), rows["second"].astype(np.int64)
        some = np.flatnonzero(first != NO_HAZARD)
        more = np.flatnonzero((second != NO_HAZARD) & (second != first))
        key = np.sort(np.concatenate([first[some] << bits | some, second[more] << bits | more]))
        code, at = key >> bits, key & ((1 << bits) - 1)
        days, weights = rows["day"].astype(np.int64)[at], weights_of(rows)[at]
        weights = np.where(first[at] == code, weights, weights * SECOND_HAZARD_WEIGHT)
        sums = _running(capped(weights.astype(np.int64), code << 32 | days))
        starts = np.flatnonzero(np.diff(code, prepend=-1)).tolist()
        return {
            self.all_hazards[int(code[low])]: PackedTold(
                days[low:high], sums[low : high + 1], self._packed(rows.take(at[low:high]))
            )
            for low, high in pairwise([*starts, len(at)])
        }

    @property
    def whole(self) -> PackedTold:
        """Everything told of it."""
        rows = those(self.rows, is_told(self.rows))
        days = rows["day"].astype(np.int64)
        return PackedTold(days, _running(capped(weights_of(rows), days)), self._packed(rows))

    @property
    def months(self) -> dict[int, float]:
        """Reports by month."""
        return months_of(self.rows["day"][is_told(self.rows)])

    def _packed(self, rows: Rows) -> PackedReports:
        return PackedReports(rows, self.product, self.all_hazards)


def _running(weights: Whole) -> Whole:
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(weights)))
