"""The trace over one published generation: from a key to lots, and from lots to everybody.

    trace = Trace(Published(folder))
    reach = trace.forward(["RAW-7"])                  # or trace.forward_from(trace.resolve(key))
    reach.in_scope.lines, reach.by_certainty, reach.lot_names(), reach.rows[Certainty.CONFIRMED]
    trace.inside("P-77", at, "SKU-1")                 # its lots, as `certainty.Inside` wants them
    trace.graph.descendants(trace.lot_ids(["RAW-7"]))

Times are whole microseconds since the epoch (UTC). A `Trace` only reads; any number of threads and
processes may use the same generation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from holdfast.kit.trace import keys
from holdfast.kit.trace.backward import Origins, as_sure, origins
from holdfast.kit.trace.certainty import Contents
from holdfast.kit.trace.contents import ever_inside, inside_at, unopened_at
from holdfast.kit.trace.graph import LotGraph
from holdfast.kit.trace.keys import Key
from holdfast.kit.trace.published.layout import Published, fetch, fetch_whole
from holdfast.kit.trace.ranges import Ints, distinct, spread, unique
from holdfast.kit.trace.reach import Reach, splits_in
from holdfast.kit.trace.rows import RowReader
from holdfast.kit.trace.values import IN_SCOPE, Certainty, Units
from holdfast.kit.trace.weighing import skus_of, touched, weigh

MARKS = 1_000_000
"""Sessions up to which sorting them is quicker than a mark for every stay there is."""

AsOf = Callable[[int], "Trace"]
"""A moment -> a trace over a generation built only from events up to then."""


class Trace:
    """Forward, backward and point questions over one generation."""

    def __init__(self, published: Published, *, as_of: AsOf | None = None) -> None:
        self.published = published
        self._as_of = as_of
        self.rows = RowReader(published)

    @property
    def graph(self) -> LotGraph:
        """The lot graph; its lots are the numbers of `lot_ids`."""
        return self.published.graph

    def lot_ids(self, names: Iterable[str]) -> Ints:
        """Numbers of the lots that are known; unknown names are left out."""
        found = (self.published.names.lots.place_of(name) for name in names)
        return np.array(sorted({place for place in found if place is not None}), np.int64)

    def resolve(self, key: str) -> Key:
        """What a key names; refuses what is unknown or ambiguous."""
        return keys.resolve(self.published, key)

    def up_to(self, at: int | None) -> Trace:
        """The trace that answers for a moment: mostly this one.

        What a lot's SKU is and what is a container is learnt from events too. Where a line's
        answer hangs on one that came after `at`, only a generation built up to then is right.
        """
        own = self.published.arrays
        if at is None or self._as_of is None or not len(own.unsettled_start):
            return self
        place = int(np.searchsorted(own.unsettled_start, at, side="right")) - 1
        return self._as_of(at) if place >= 0 and at < own.unsettled_end[place] else self

    def as_of(self, at: int) -> Trace:
        """A trace over a generation that was built only from events up to a moment.

        `forward(…, at=…)` gives the same answers without one; whole tables need one.
        """
        if self._as_of is None:
            raise ValueError("this trace cannot build another generation")
        return self._as_of(at)

    def seeds(self, key: Key, at: int | None = None) -> Ints:
        """The lots a key stands for."""
        if key.kind == "lot":
            return key.places
        if key.kind == "container":
            place = int(key.places[0])
            if at is not None:
                return np.array(sorted(inside_at(self.published, place, at)), np.int64)
            return np.array(sorted(ever_inside(self.published, place)), np.int64)
        if key.kind in ("line", "order"):
            found = [self.rows.candidates(row) for row in self.rows.shipped_by(key.places, at)]
            return np.array(sorted({lot for one in found for lot in one.every_lot}), np.int64)
        column = "receipt_sku" if key.kind == "sku" else "receipt_supplier"
        return self._received(column, int(key.places[0]), at)

    def _received(self, column: str, place: int, at: int | None) -> Ints:
        own = self.published.arrays
        fetch_whole(getattr(own, column))
        here = getattr(own, column) == place
        if at is not None:
            here = here & (own.receipt_start <= at)
        starts = own.receipt_of_lot_start
        lots = np.searchsorted(starts, np.flatnonzero(here), side="right") - 1
        return unique(lots).astype(np.int64)

    def forward(
        self, lots: Iterable[str], *, at: int | None = None, steps: int | None = None
    ) -> Reach:
        """Everything some lots reached, by name; see `Reach`."""
        trace = self.up_to(at)
        return trace.forward_lots(trace.lot_ids(lots), at=at, steps=steps)

    def forward_from(self, key: Key, *, at: int | None = None, steps: int | None = None) -> Reach:
        """Everything a key's lots reached."""
        trace = self.up_to(at)
        if trace is not self:
            found = keys.find(trace.published, key.kind, key.name)
            if found is None:
                return trace.forward_lots(np.empty(0, np.int64), at=at, steps=steps)
            key = found
        return trace.forward_lots(trace.seeds(key, at), at=at, steps=steps)

    def forward_lots(self, lots: Ints, *, at: int | None = None, steps: int | None = None) -> Reach:
        """Everything lots given by number reached; `at` must be settled (see `up_to`)."""
        published = self.published
        reached = self.graph.walk(self.graph.forth, lots, at=at, steps=steps)
        if not published.is_fetched:
            _fetch(published, reached.lots)
        skus = skus_of(published, reached.lots, at)
        weighed = weigh(published, reached.lots)
        rows = touched(published, reached.lots, skus, weighed, at)
        units, sessions = self._logistics(reached.lots, at)
        reach = Reach(
            published, reached.lots, reached.generations, reached.came_from, skus, at,
            rows, weighed, units, sessions,
        )  # fmt: skip
        reach.flags.extend(self._flags(reach))
        return reach

    def back_from(self, key: Key, *, at: int | None = None, steps: int | None = None) -> Origins:
        """The lots that may be behind a key, and what they were made of."""
        trace = self.up_to(at)
        found = key if trace is self else keys.find(trace.published, key.kind, key.name)
        if found is None:
            return Origins([], 0)
        if found.kind in ("line", "order"):
            rows = trace.rows.shipped_by(found.places, at)
            candidates = [trace.rows.candidates(row) for row in rows]
        else:
            candidates = as_sure(trace.seeds(found, at).tolist())
        return origins(trace.published, candidates, at=at, steps=steps)

    def _logistics(self, lots: Ints, at: int | None) -> tuple[int, int]:
        own = self.published.arrays
        if at is None:
            first, stays = own.shared_container_start, own.shared_stay_start
            containers = distinct(own.shared_container[spread(first[lots], first[lots + 1])])
            sessions = distinct(own.shared_stay[spread(stays[lots], stays[lots + 1])])
            return (
                containers + int(own.own_containers[lots].sum()),
                sessions + int(own.own_stays[lots].sum()),
            )
        near = spread(own.session_of_lot_start[lots], own.session_of_lot_start[lots + 1])
        near = near[own.session_since[near] <= at]
        if len(near) <= MARKS:
            return distinct(own.session_container[near]), distinct(own.session_stay[near])
        units = np.zeros(len(self.published.names.containers), bool)
        units[own.session_container[near]] = True
        stays = np.zeros(len(own.stay_start), bool)
        stays[own.session_stay[near]] = True
        return int(np.count_nonzero(units)), int(np.count_nonzero(stays))

    def _flags(self, reach: Reach) -> list[dict[str, object]]:
        """What about the data this answer met is odd; none of it was dropped."""
        own = self.published.arrays
        found = {
            "lots_in_circle": len(np.intersect1d(reach.lots, own.caught_lot, assume_unique=True)),
            "output_before_input": len(
                np.intersect1d(reach.lots, own.early_lot, assume_unique=True)
            ),
            "container_disagrees": sum(
                _within(own.disagreeing_row, *reach.rows[one]) for one in Certainty
            ),
            "nothing_fitting_inside": sum(
                _within(own.unfitting_row, *reach.rows[one]) for one in IN_SCOPE
            ),
            "unopened_inside": sum(
                _within(reach.published.again[0], *reach.rows[one]) for one in IN_SCOPE
            ),
            "line_of_several_rows": len(
                splits_in(self.published, [reach.rows[one] for one in IN_SCOPE]).row
            ),
        }
        flags = {code: number for code, number in found.items() if number}
        return [{"code": code, "count": n, "words": WORDS[code]} for code, n in flags.items()]

    def inside(self, container: str, at: int, sku: str) -> Contents:
        """Lots of a SKU, or of unknown SKU, in a container at an instant, at every level."""
        place = self.published.names.containers.place_of(container)
        if place is None:
            return Contents({})
        number = self.published.names.skus.place_of(sku)
        found = inside_at(self.published, place, at)
        names = self.published.names.lots
        lots: dict[str, Units | None] = {
            names[lot]: None
            for lot in sorted(found)
            if self.rows.fits(lot, -1 if number is None else number)
        }
        return Contents(lots, is_whole=not unopened_at(self.published, place, at))


def _fetch(published: Published, lots: Ints) -> None:
    """Ask a cold disk for what is known of many lots at once; see `weighing` and `settle`."""
    own = published.arrays
    of_lots = (
        (
            own.span_of_lot_start,
            (own.span_first, own.span_last, own.span_counts, own.span_quantity),
        ),
        (own.sku_of_lot_start, (own.sku_of_lot,)),
        (own.named_of_lot_start, (own.named_of_lot,)),
        (own.shared_stay_start, (own.shared_stay,)),
        (own.shared_container_start, (own.shared_container,)),  # woven with the one before
    )
    for start, _ in of_lots[:-1]:
        fetch(start, lots, lots + 2)
    for start, arrays in of_lots:
        starts, ends = start[lots], start[lots + 1]
        for values in arrays:
            fetch(values, starts, ends)


WORDS = {
    "lots_in_circle": "affected lots that were made out of themselves, by what was recorded",
    "output_before_input": "affected lots made from something that was itself made later",
    "container_disagrees": "rows whose container held other lots then; the lot they name counts",
    "nothing_fitting_inside": "rows whose container held no lot of their product; the site decides",
    "unopened_inside": "rows whose container also held something of which nobody recorded what is "
    "in it; where no lot in it is affected the site decides",
    "line_of_several_rows": "rows that share their line with another row",
}


def _both(lots: Ints, others: Ints) -> int:
    return len(np.intersect1d(lots, others, assume_unique=True))


def _within(rows: Ints, starts: Ints, ends: Ints) -> int:
    return int((np.searchsorted(rows, ends) - np.searchsorted(rows, starts)).sum())
