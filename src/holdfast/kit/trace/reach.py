"""What a forward trace reached: ranges of rows for each certainty, counted without listing them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any, NamedTuple

import numpy as np

from holdfast.kit.trace.published.layout import BLOCK_BITS, Published, fetch, let_go
from holdfast.kit.trace.ranges import (
    Ints,
    distinct,
    firsts,
    joined,
    lower_bound,
    spread,
    unique,
    without,
)
from holdfast.kit.trace.values import IN_SCOPE, Certainty

SHORT = 48
"""Ranges shorter than this on average are written out; longer ones are read one by one."""

AT_ONCE = 50_000
FEW = 20_000
"""Rows up to which sorting them is quicker than a mark for every customer there is."""

STRETCH = 4_000_000
"""Rows read in one go before their pages are given back."""

LARGE = 200
"""Ranges from which on an answer is large enough to ask the disk ahead."""

Ranges = tuple[Ints, Ints]
"""Starts and ends of ranges of rows, in order, apart from each other."""

NOTHING: Ranges = (np.empty(0, np.int64), np.empty(0, np.int64))


@dataclass(frozen=True, slots=True)
class Weighed:
    """Pieces that hold an affected lot among their candidates: sorted, with the affected share."""

    piece: Ints
    share: Ints
    is_whole: Ints
    by_quantity: Ints


@dataclass(frozen=True, slots=True)
class Counted:
    """One certainty in numbers; `quantity` in millionths of a unit."""

    lines: int
    customers: int
    quantity: int


@dataclass
class Reach:
    """The answer of a forward trace over one published generation.

    `rows[certainty]` are ranges of row numbers: the rows of a line of that certainty that belong
    to the answer. Nothing that grows with the lines is worked out before it is asked for.
    """

    published: Published
    lots: Ints
    generations: Ints
    came_from: Ints
    skus: Ints
    at: int | None
    rows: Mapping[Certainty, Ranges]
    weighed: Weighed
    logistic_units: int
    sessions: int
    flags: list[dict[str, object]] = field(default_factory=list)

    @cached_property
    def affected(self) -> dict[Certainty, Counted]:
        """Lines, customers and quantity of the first three certainties."""
        return dict(zip(IN_SCOPE, self._counted[0], strict=True))

    @cached_property
    def by_certainty(self) -> dict[Certainty, Counted]:
        """The same of all four. Lines that are out are many more than those that are in."""
        parts = [self.rows[Certainty.EXCLUDED]]
        if not self.published.is_fetched:
            _fetch_rows(self.published, *parts[0])
        (out,), _ = count(self.published, parts)
        return {**self.affected, Certainty.EXCLUDED: out}

    @cached_property
    def in_scope(self) -> Counted:
        """The same over the first three certainties together."""
        own, customers = self._counted
        lines, quantity = sum(one.lines for one in own), sum(one.quantity for one in own)
        return Counted(lines, customers, quantity)

    @cached_property
    def _counted(self) -> tuple[list[Counted], int]:
        return count(self.published, [self.rows[one] for one in IN_SCOPE])

    def count(self) -> None:
        """Work out every number of the affected now; who asks later finds them."""
        assert self.in_scope

    def places(self, *certainties: Certainty) -> Ints:
        """Row numbers of some certainties, ascending."""
        return np.sort(np.concatenate([spread(*self.rows[one]) for one in certainties]))

    def line_names(self, *certainties: Certainty) -> list[bytes]:
        """The distinct lines of some certainties as UTF-8, sorted."""
        found: list[bytes] = self._sorted_lines(*certainties).to_pylist()
        return found

    def _sorted_lines(self, *certainties: Certainty) -> Any:
        import pyarrow.compute as pc  # noqa: PLC0415

        places = self.places(*certainties)
        ranges = joined(
            *(
                np.concatenate(side)
                for side in zip(*(self.rows[one] for one in certainties), strict=True)
            )
        )
        split = splits_in(self.published, [ranges])
        _, first = firsts(split.line)
        places = np.delete(places, np.searchsorted(places, np.delete(split.row, first)))
        names = self.published.names.line.take(places).cast("binary")
        return names.take(pc.array_sort_indices(names))

    @cached_property
    def confirmed_sha256(self) -> str:
        """The digest of the confirmed lines, as the contract words it."""
        return _digest(self._sorted_lines(Certainty.CONFIRMED))

    @cached_property
    def open_sha256(self) -> str:
        """The digest of the lines that are probable or cannot be ruled out."""
        return _digest(self._sorted_lines(Certainty.PROBABLE, Certainty.CANNOT_RULE_OUT))

    def lot_names(self) -> list[str]:
        """The affected lots, sorted."""
        return sorted(self.published.names.lots.take(self.lots).to_pylist())

    def seed_names(self) -> list[str]:
        """The lots it started from, sorted."""
        seeds = self.lots[self.generations == 0]
        return sorted(self.published.names.lots.take(seeds).to_pylist())


def _digest(names: Any) -> str:
    found = sha256()
    for begin in range(0, len(names), AT_ONCE):
        found.update(b"\n".join([*names.slice(begin, AT_ONCE).to_pylist(), b""]))
    return found.hexdigest()


def count(published: Published, parts: list[Ranges]) -> tuple[list[Counted], int]:
    """Each set of ranges in numbers, and the distinct customers of all of them together."""
    if sum(len(starts) for starts, _ in parts) >= LARGE:
        published.read_on()
    customers, together = _customers(published, parts)
    split = splits_in(published, parts)
    found = []
    for number, ((starts, ends), own) in enumerate(zip(parts, customers, strict=True)):
        quantity = sum(published.quantities(starts, ends).tolist()) * published.quantity_step
        line = split.line[split.part == number]
        lines = int((ends - starts).sum()) - len(line) + distinct(line)
        found.append(Counted(lines, own, quantity))
    return found, together


def _customers(published: Published, parts: list[Ranges]) -> tuple[list[int], int]:
    """Distinct known customers; one nobody knows has the number -1."""
    customer = published.arrays.customer
    if sum(int((ends - starts).sum()) for starts, ends in parts) <= FEW:
        some = [unique(customer[spread(*part)]) for part in parts]
        some = [one[one >= 0] for one in some]
        return [len(one) for one in some], distinct(np.concatenate(some))
    found = []
    every = np.zeros(len(published.names.customers) + 1, bool)
    for starts, ends in parts:
        # The last place is that of -1.
        seen = np.zeros(len(every), bool)
        if int((ends - starts).sum()) <= SHORT * len(starts):
            seen[customer[spread(starts, ends)]] = True
        else:
            read = 0
            for begin, end in zip(starts.tolist(), ends.tolist(), strict=True):
                for low in range(begin, end, STRETCH):
                    seen[customer[low : min(low + STRETCH, end)]] = True
                read += end - begin
                if read > STRETCH:
                    # What is excluded may be most of the file: it is not to stay in memory.
                    let_go(customer)
                    read = 0
        found.append(int(np.count_nonzero(seen[:-1])))
        every |= seen
    return found, int(np.count_nonzero(every[:-1]))


class Splits(NamedTuple):
    """Rows of lines that are several rows: `part` is which of some sets of ranges each is in.

    `line` is a number that the rows of a line share; `other` is as `split_other` has it.
    """

    row: Ints
    other: Ints
    line: Ints
    part: Ints


def splits_in(published: Published, parts: Sequence[Ranges]) -> Splits:
    """Those within some sets of ranges, all looked up together."""
    own = published.arrays
    starts, ends = (np.concatenate(side) for side in zip(*parts, strict=True))
    wanted = np.append(starts, ends)
    block = wanted >> BLOCK_BITS
    first, last = own.split_of_block_start[block], own.split_of_block_start[block + 1]
    low, high = np.split(lower_bound(own.split_row, first, last, wanted), 2)
    near = spread(low, high)
    row, other = own.split_row[near].astype(np.int64), own.split_other[near].astype(np.int64)
    line = np.where(other < 0, other, np.minimum(row, other))
    part = np.repeat(np.arange(len(parts)), [len(starts) for starts, _ in parts])
    return Splits(row, other, line, np.repeat(part, high - low))


def settle(published: Published, found: dict[Certainty, Ranges]) -> dict[Certainty, Ranges]:
    """A line of several rows is as certain as the strongest of them, and all its rows with it.

    `found` has the ranges of every row by its own certainty. A row that is excluded leaves the
    answer where its line is in it for another row.
    """
    own = published.arrays
    affected = [found[certainty] for certainty in IN_SCOPE]
    if not published.is_fetched:
        # Asked for here and counted much later: meanwhile the disk works.
        starts, ends = (np.concatenate(side) for side in zip(*affected, strict=True))
        _fetch_splits(published, starts, ends)
        _fetch_rows(published, starts, ends)
    row, other, line, rank = splits_in(published, affected)
    if not len(row):
        return found
    lines = unique(line)
    number = np.searchsorted(lines, line)
    best = np.full(len(lines), len(IN_SCOPE))
    np.minimum.at(best, number, rank)
    target = best[number]
    settled = dict(found)
    for place, certainty in enumerate(IN_SCOPE):
        leaves = np.sort(row[(rank == place) & (target != place)])
        comes = row[(rank != place) & (target == place)]
        if len(leaves) or len(comes):
            starts, ends = without(*found[certainty], leaves, leaves + 1)
            settled[certainty] = joined(np.append(starts, comes), np.append(ends, comes + 1))
    long = ~unique(other[other < 0])
    longs = own.long_line_row[spread(own.long_line_start[long], own.long_line_start[long + 1])]
    every = np.append(other[other >= 0], longs.astype(np.int64))
    inside = np.sort(row)
    near = np.minimum(np.searchsorted(inside, every), len(inside) - 1)
    others = unique(every[inside[near] != every])
    settled[Certainty.EXCLUDED] = without(*found[Certainty.EXCLUDED], others, others + 1)
    return settled


def _fetch_splits(published: Published, starts: Ints, ends: Ints) -> None:
    """Ask a cold disk for the parts of `split_row` that lie beside some rows."""
    first = published.arrays.split_of_block_start
    fetch(published.arrays.split_row, first[starts >> BLOCK_BITS], first[(ends >> BLOCK_BITS) + 1])


def _fetch_rows(published: Published, starts: Ints, ends: Ints) -> None:
    """Ask a cold disk for what is counted of some rows, all together.

    The first large answer of a process does. Later ones find most of it in memory, where asking
    would cost more than it saves.
    """
    # Customers and quantities are woven; of these, where a range ends is read too.
    fetch(published.arrays.customer, *joined(starts, ends + 1))


def numbers(counted: Counted) -> dict[str, object]:
    """One certainty as the answer prints it."""
    return {
        "lines": counted.lines,
        "customers": counted.customers,
        "quantity": plain_quantity(counted.quantity),
    }


def plain_quantity(millionths: int) -> int | float:
    """Units for JSON: whole where they are whole."""
    whole, rest = divmod(millionths, 1_000_000)
    return whole if rest == 0 else millionths / 1_000_000


def batches(places: Ints, size: int) -> Iterator[Ints]:
    """Row numbers a few at a time."""
    for begin in range(0, len(places), size):
        yield places[begin : begin + size]
