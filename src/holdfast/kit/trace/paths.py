"""Why a row is in the answer, in words: which lot, through which containers or at which site."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from holdfast.kit.trace.ranges import Ints
from holdfast.kit.trace.reach import Reach
from holdfast.kit.trace.rows import Candidates, RowReader
from holdfast.kit.trace.values import BEGINNING, END

SHOWN = 3
"""Lots named in one path before the rest is counted."""
LONG = 12
"""Lots of one chain that are named; of a longer one the first and last."""
START_OF_TIME = datetime(1970, 1, 1, tzinfo=UTC)


class Paths:
    """Tells the path of rows of one answer; rows that share their candidates share their words."""

    def __init__(self, reach: Reach) -> None:
        self.reach, self.published = reach, reach.published
        self.reader = RowReader(reach.published)
        self._chains: dict[int, str] = {}
        self._said: dict[tuple[bool, int, int], str] = {}

    def of(self, row: int) -> str:
        """The path of one row."""
        is_named = row < self.published.first_boxed
        place = self.reader.group_of(row) if is_named else self._piece(row)
        # Looked for again at one site, rows may have come in several containers.
        is_again = not is_named and place >= self.published.first_again
        key = (is_named, place, int(self.published.arrays.container[row]) if is_again else -1)
        if key not in self._said:
            self._said[key] = self._tell(row)
        return self._said[key]

    def chain(self, lot: int) -> str:
        """From the seed to an affected lot, as it was made."""
        if lot not in self._chains:
            names = [self.published.names.lots[one] for one in self._way(lot)]
            if len(names) > LONG:
                left = len(names) - LONG
                names = [*names[: LONG // 2], f"… {left} more …", *names[-LONG // 2 :]]
            self._chains[lot] = " → ".join(names)
        return self._chains[lot]

    def _way(self, lot: int) -> list[int]:
        way = [lot]
        while True:
            place = int(np.searchsorted(self.reach.lots, way[-1]))
            before = int(self.reach.came_from[place])
            if before == way[-1]:
                return way[::-1]
            way.append(before)

    def _is_affected(self, lot: int) -> bool:
        place = int(np.searchsorted(self.reach.lots, lot))
        return place < len(self.reach.lots) and int(self.reach.lots[place]) == lot

    def _tell(self, row: int) -> str:
        if row < self.published.first_boxed:
            lot = int(self.published.arrays.named_lot[self.reader.group_of(row)])
            if self._is_affected(lot):
                return f"names lot {self.chain(lot)}"
            return f"names lot {self._lot(lot)}, which is not affected"
        piece = self._piece(row)
        first = self._unopened(row) if piece >= self.published.first_again else ""
        if not self._is_hit(piece):
            return first + self._tell_unhit(row, piece)
        found = self.reader.candidates(row)
        if first and found.otherwise is not None:
            found = found.otherwise
        where = self._inside(row, found) if found.rule == "container" else self._beside(row, found)
        where = first + where
        hit = sorted(lot for lot in found.lots if self._is_affected(lot))
        made = [chain for chain in map(self.chain, hit[:SHOWN]) if "→" in chain]
        return f"{where}{'; made ' if made else ''}{', '.join(made)}"

    def _piece(self, row: int) -> int:
        return int(deciding_pieces(self.reach, np.array([row]))[0])

    def _unopened(self, row: int) -> str:
        box = self.published.names.containers[int(self.published.arrays.container[row])]
        return f"in container {box} with something of which nobody recorded what is in it; "

    def _is_hit(self, piece: int) -> bool:
        return bool(_hit(self.reach, np.array([piece]))[0])

    def _tell_unhit(self, row: int, piece: int) -> str:
        """What is not affected is much more than what is, and is told without looking closer."""
        own, names = self.published.arrays, self.published.names
        if self.published.is_bare(np.array([piece]))[0]:
            sku = names.skus[self.reader.sku_of(row)]
            return f"no receipt says which lots of {sku} lay {self._site(row)} then"
        count = int(own.piece_lots[piece])
        lots = "the only lot" if count == 1 else f"none of the {count} lots"
        wasnt = "is not affected" if count == 1 else "is affected"
        if piece < self.published.first_again and row < self.published.first_sited:
            box = names.containers[int(own.container[row])]
            return f"in container {box}; {lots} of its product in it then {wasnt}"
        return f"taken {self._site(row)}; {lots} of its product there then {wasnt}"

    def _inside(self, row: int, found: Candidates) -> str:
        own, names = self.published.arrays, self.published.names
        lots = self._affected_first(found)
        ways = [(lot, found.ways[lot]) for lot in lots[:SHOWN]]
        words = []
        for lot, way in ways:
            start = max(own.stay_start[list(way)].tolist())
            end = min(own.stay_end[list(way)].tolist())
            inner = [names.containers[int(own.stay_child[stay])] for stay in way[:-1]]
            within = f" in {' in '.join(reversed(inner))}" if inner else ""
            words.append(f"lot {self._lot(lot)}{within} {period(start, end)}")
        box = names.containers[int(own.container[row])]
        return f"in container {box} with {_listed(words, len(lots))}"

    def _beside(self, row: int, found: Candidates) -> str:
        own = self.published.arrays
        lots = self._affected_first(found)
        words = []
        for lot in lots[:SHOWN]:
            places = found.receipts[lot]
            start, end = (
                min(own.receipt_start[places].tolist()),
                max(own.receipt_end[places].tolist()),
            )
            words.append(f"lot {self._lot(lot)} {period(start, end)}")
        return f"taken {self._site(row)} beside {_listed(words, len(lots))}"

    def _affected_first(self, found: Candidates) -> list[int]:
        return sorted(found.lots, key=lambda lot: (not self._is_affected(lot), lot))

    def _lot(self, lot: int) -> str:
        return self.published.names.lots[lot]

    def _site(self, row: int) -> str:
        site = int(self.published.arrays.site[row])
        return f"at {self.published.names.sites[site]}" if site >= 0 else "at a site nobody noted"


def deciding_pieces(reach: Reach, rows: Ints) -> Ints:
    """The piece that decides each of some rows that name no lot.

    That of their container, unless it clears nothing and none of its lots is affected.
    """
    piece = reach.published.pieces_of(rows)
    if not len(reach.published.arrays.again_row):
        return piece
    again = reach.published.again_pieces_of(rows)
    return np.where((again >= 0) & ~_hit(reach, piece), again, piece)


def _hit(reach: Reach, pieces: Ints) -> Ints:
    """Does each of some pieces hold an affected lot?"""
    hit = reach.weighed.piece
    if not len(hit):
        return np.zeros(len(pieces), bool)
    found: Ints = hit[np.minimum(np.searchsorted(hit, pieces), len(hit) - 1)] == pieces
    return found


def _listed(words: Sequence[str], count: int) -> str:
    left = count - len(words)
    return ", ".join(words) + (f" and {left} more" if left else "")


def period(start: int, end: int) -> str:
    """An interval in words; the end is the first day on which it is over.

    >>> period(1772582400_000000, 1773014400_000000)
    'from 4 to 9 March 2026'
    """
    first, last = _day(start), _day(end)
    if first is None:
        return f"until {last:%-d %B %Y}" if last else "at all times"
    if last is None:
        return f"since {first:%-d %B %Y}"
    if first.date() == last.date():
        return f"on {first:%-d %B %Y} from {first:%H:%M} to {last:%H:%M}"
    if (first.year, first.month) == (last.year, last.month):
        return f"from {first:%-d} to {last:%-d %B %Y}"
    if first.year == last.year:
        return f"from {first:%-d %B} to {last:%-d %B %Y}"
    return f"from {first:%-d %B %Y} to {last:%-d %B %Y}"


def _day(at: int) -> datetime | None:
    return None if at <= BEGINNING or at >= END else START_OF_TIME + timedelta(microseconds=at)
