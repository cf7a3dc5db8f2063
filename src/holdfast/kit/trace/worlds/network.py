"""The plan of an invented supply network: who is made of what, how big each lot is, where it lay.

Ingredient → intermediate → finished lot → case → re-used pallet → warehouse → order line →
customer, over two years. Families of products differ in demand (Zipf) and lots in size
(log-normal); a lot lies at three of its product's five warehouses for six weeks. Of six warehouses
one records no lot and one only the case or pallet a line was taken from. A few things go wrong on
purpose: rework, circles, double packing, windows never closed or never recorded, unknown sizes,
lines of two rows, unknown customers, returns.

Only what grows with the number of lots is kept in memory (about 1 in 360 events); all else is
written piece by piece, each piece from a random generator of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[Any]

DAY = 86_400_000_000
BEGIN = 1_730_419_200_000_000  # 2024-11-01 00:00 UTC, in microseconds
DAYS = 730
ON_SALE = 45 * DAY
ON_THE_WAY = 2 * DAY

EVENTS_A_LOT = 360
LOTS_A_RUN = 7
"""Finished lots that one intermediate lot goes into."""
SITES_A_SKU, SITES_A_LOT = 5, 3
CASES_A_PALLET, PALLETS_A_BLOCK = 12, 16
SKUS_A_FAMILY = 4

NO_LOT, CONTAINER_ONLY, LOT_AND_CASE = 0, 1, 2
"""What a warehouse records, by its number modulo 6; the others record the lot alone."""

# Lines that a trace should reach, and at most which part of all lines of a smaller network.
SIZES = {
    "small": (300, 0.003),
    "medium": (10_000, 0.006),
    "large": (100_000, 0.015),
    "huge": (1_000_000, 0.03),
}


@dataclass(frozen=True)
class Network:
    """A network of so many events (rows of the five tables); the same for the same seed."""

    events: int
    seed: int = 1
    lots: int = field(init=False)
    runs: int = field(init=False)
    skus: int = field(init=False)
    sites: int = field(init=False)
    cases: int = field(init=False)

    def __post_init__(self) -> None:
        if self.events < 5_000:
            raise ValueError(f"a network has at least 5,000 events, not {self.events}")
        lots = max(self.events // EVENTS_A_LOT, LOTS_A_RUN)
        self._set(
            lots=lots,
            runs=-(-lots // LOTS_A_RUN),
            skus=(lots // 560 + 2) * SKUS_A_FAMILY,
            sites=60 if self.events >= 1_000_000 else 12,
            cases=self.events * 14 // 100,
        )

    def _set(self, **values: int) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def chance(self, *piece: int) -> np.random.Generator:
        """The random numbers of one piece of the network, whatever was drawn before."""
        return np.random.Generator(np.random.SFC64([self.seed, *piece]))

    # -- lots ---------------------------------------------------------------------------------

    @cached_property
    def sizes(self) -> Numbers:
        """Share of each finished lot in all that is sold; sums to 1."""
        weights = self.chance(1).lognormal(0, 0.7, self.lots)
        return np.asarray(weights / weights.sum())

    @cached_property
    def sold_before(self) -> Numbers:
        """What the lots before each lot make up, one more at the end."""
        return np.concatenate([[0.0], np.cumsum(self.sizes)])

    @cached_property
    def sku_of(self) -> Numbers:
        """The SKU of each finished lot: those of one run are of one family."""
        chance = self.chance(2)
        families = -(-self.skus // SKUS_A_FAMILY)
        demand = 1 / np.arange(1, families + 1) ** 0.8
        of_run = chance.choice(families, self.runs, p=demand / demand.sum())
        skus = of_run[self.run_of] * SKUS_A_FAMILY + chance.integers(0, SKUS_A_FAMILY, self.lots)
        return np.asarray(np.minimum(skus, self.skus - 1))

    @cached_property
    def run_of(self) -> Numbers:
        """The intermediate lot each finished lot is made of."""
        return np.arange(self.lots) // LOTS_A_RUN

    def made_at(self, lot: Numbers) -> Numbers:
        """When finished lots are made: one after the other, until seven weeks before the end."""
        span = DAYS * DAY - ON_SALE - 2 * ON_THE_WAY
        return np.asarray(BEGIN + (lot * (span / self.lots)).astype(np.int64))

    def lot_made_at(self, moment: Numbers) -> Numbers:
        """The (fractional) number of the lot that is made at an instant."""
        span = DAYS * DAY - ON_SALE - 2 * ON_THE_WAY
        return np.asarray(np.clip((moment - BEGIN) * (self.lots / span), 0, self.lots))

    def site_of(self, lot: Numbers, number: Numbers) -> Numbers:
        """The warehouse a lot lies at, of three that are numbered."""
        sku = self.sku_of[lot]
        step = 1 + (sku % 5) * 2  # odd and below the number of sites / 5: all five differ
        return np.asarray((sku * 7 + (lot + number) % SITES_A_SKU * step) % self.sites)

    # -- cases and pallets --------------------------------------------------------------------

    @cached_property
    def case_begin(self) -> Numbers:
        """The first case of each lot, one more at the end."""
        return np.asarray(np.round(self.sold_before * self.cases).astype(np.int64))

    def lot_of_case(self, case: Numbers) -> Numbers:
        """The lot that a case holds."""
        return np.asarray(np.searchsorted(self.case_begin, case, side="right") - 1)

    @property
    def loads(self) -> int:
        """How often a pallet is loaded; a pallet is loaded again and again."""
        block = CASES_A_PALLET * PALLETS_A_BLOCK
        return -(-self.cases // block) * PALLETS_A_BLOCK

    @property
    def pallets(self) -> int:
        """Pallets there are: enough that none is loaded twice within 30 days, but for slips."""
        return int(self.loads * 30 / DAYS * 1.3) + 2

    def load_of(self, case: Numbers) -> Numbers:
        """The load a case goes with; one block in eight is mixed from all its cases."""
        block = case // (CASES_A_PALLET * PALLETS_A_BLOCK)
        mixed = block * PALLETS_A_BLOCK + _scramble(case) % PALLETS_A_BLOCK
        return np.where(block % 8 == 0, mixed, case // CASES_A_PALLET)

    def pallet_of(self, load: Numbers) -> Numbers:
        """The pallet of a load; one in a thousand is put on the pallet of the load before it."""
        slips = _scramble(load) % 1000 == 0
        return np.where(slips, np.maximum(load - 1, 0), load) % self.pallets

    def loaded_at(self, load: Numbers) -> Numbers:
        """When a load is packed: as soon as its block of cases is."""
        last = (load // PALLETS_A_BLOCK + 1) * (CASES_A_PALLET * PALLETS_A_BLOCK) - 1
        lot = self.lot_of_case(np.minimum(last, self.cases - 1))
        return np.asarray(self.made_at(lot) + DAY // 4)

    def unloaded_at(self, load: Numbers) -> Numbers:
        """When a load is unpacked: after 3 to 29 days."""
        return np.asarray(self.loaded_at(load) + (3 + _scramble(load) % 27) * DAY)

    # -- how many rows of what ----------------------------------------------------------------

    @cached_property
    def recipes(self) -> tuple[Numbers, Numbers, Numbers]:
        """Transformations as (kind, from, to): what every lot is made of.

        Kinds: 0 ingredient → intermediate, 1 intermediate → finished, 2 finished → finished.
        """
        chance = self.chance(3)
        ingredients = max(self.runs // 3, 10)
        per_run = 3
        # Few ingredient lots go into much: salt and sugar.
        drawn = chance.random((self.runs, per_run)) ** 2.5
        around = np.arange(self.runs)[:, None] / self.runs
        source = ((around + drawn * 0.1) % 1 * ingredients).astype(np.int64).ravel()
        rows = [(0, source, np.repeat(np.arange(self.runs), per_run))]
        rows.append((1, self.run_of, np.arange(self.lots)))
        second = np.flatnonzero(chance.random(self.lots) < 0.15)
        rows.append((1, np.maximum(self.run_of[second] - 1, 0), second))
        rework = np.flatnonzero(chance.random(self.lots) < 0.01)
        later = np.minimum(rework + chance.integers(1, 200, len(rework)), self.lots - 1)
        rows.append((2, rework, later))
        circles = slice(0, len(rework), 50)
        rows.append((2, later[circles], rework[circles]))
        for number, chosen in enumerate(self._seed_runs.values()):
            rows.append((0, np.full(len(chosen), ingredients + number), chosen))
        kinds = np.concatenate([np.full(len(to), kind) for kind, _, to in rows])
        return (
            kinds,
            np.concatenate([source for _, source, _ in rows]),
            np.concatenate([to for _, _, to in rows]),
        )

    @cached_property
    def windows(self) -> tuple[Numbers, Numbers]:
        """Receipts of finished lots as (lot, number of its warehouse); few were never written."""
        lot = np.repeat(np.arange(self.lots), SITES_A_LOT)
        number = np.tile(np.arange(SITES_A_LOT), self.lots)
        kept = self.chance(4).random(len(lot)) >= 0.005
        return lot[kept], number[kept]

    @cached_property
    def rows(self) -> dict[str, int]:
        """Rows of each table; together the events asked for."""
        ingredients = max(self.runs // 3, 10) + len(SIZES)
        rows = {
            "transformations": len(self.recipes[0]),
            "packings": 2 * self.cases,
            "shipments": self.events * 6 // 100,
            "receipts": len(self.windows[0]) + ingredients,
        }
        return {**rows, "order_lines": self.events - sum(rows.values())}

    # -- what to trace ------------------------------------------------------------------------

    @property
    def _lines(self) -> int:
        """About how many order lines there are."""
        return int(self.events * 0.645)

    def wanted(self, size: str) -> int:
        """About how many lines the trace of a size should reach."""
        most, share = SIZES[size]
        return min(most, int(self._lines * share))

    @cached_property
    def _seed_runs(self) -> dict[str, Numbers]:
        """The intermediates that the ingredient of each size went into, within a few weeks.

        The lines of other lots that cannot be told apart from theirs come on top; half is what is
        left for their own.
        """
        chosen: dict[str, Numbers] = {}
        for number, size in enumerate(SIZES):
            if size == "small":
                continue
            count = max(int(self.wanted(size) * 0.5 * self.runs / self._lines), 1)
            over = min(max(count, self.runs // 12), self.runs // 2)
            begin = self.runs // 4 + number * self.runs // 20
            picked = begin + np.linspace(0, over - 1, count).astype(np.int64)
            chosen[size] = np.unique(np.minimum(picked, self.runs - 1))
        return chosen

    @property
    def seeds(self) -> dict[str, str]:
        """Size -> the lot to trace: a finished lot for the small one, an ingredient for others."""
        ingredients = max(self.runs // 3, 10)
        expected = self.sizes * self._lines
        siblings = np.bincount(self.sku_of, minlength=self.skus)[self.sku_of]
        # Of a product with few lots: hardly a line that may be of another one.
        unlike = np.abs(expected - self.wanted("small") * 0.85) + siblings
        middle = slice(self.lots // 3, self.lots * 2 // 3)
        small = middle.start + int(unlike[middle].argmin())
        found = {"small": f"F{small:08d}"}
        for number, size in enumerate(self._seed_runs):
            found[size] = f"I{ingredients + number:08d}"
        return found


def _scramble(numbers: Numbers) -> Numbers:
    """A fixed number that looks random for each number: the same wherever it is asked."""
    mixed = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(32)
    mixed *= np.uint64(0xD6E8FEB86659FD93)
    return np.asarray((mixed >> np.uint64(40)).astype(np.int64))
