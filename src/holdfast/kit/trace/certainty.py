"""The certainty of one order line for a set of affected lots: three cases, in their order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from typing import NamedTuple

from holdfast.kit.trace.values import Certainty, Shipped, Units, Verdict, Window
from holdfast.kit.trace.windows import WindowIndex, quantities

HALF = Fraction(1, 2)


class Contents(NamedTuple):
    """Lots of a SKU (or of unknown SKU) within a container, with their units if known.

    Empty when nothing that fits was recorded inside. Not `is_whole`: it also held something of
    which nobody recorded what is in it, so that these lots clear nothing.
    """

    lots: Mapping[str, Units | None]
    is_whole: bool = True


Inside = Callable[[str, int, str], Contents]
"""The seam for container sessions: what a container holds of a SKU at an instant."""

Probability = Callable[[Shipped, tuple[Window, ...]], float | None]
"""A better probability for a line among its candidate windows, or None to keep the plain share."""

NAMED = Verdict(Certainty.CONFIRMED, "lot_named")
OTHER_LOT = Verdict(Certainty.EXCLUDED, "other_lot_named")


def share(lots: Mapping[str, Units | None], affected: Collection[str]) -> tuple[Fraction, str]:
    """The affected share of the candidates: by quantity where all are known, else by count."""
    known = [units for units in lots.values() if units is not None]
    total = sum(Fraction(units) for units in known)
    if len(known) == len(lots) and total > 0 and all(units >= 0 for units in known):
        hit = sum(Fraction(units or 0) for lot, units in lots.items() if lot in affected)
        return Fraction(hit) / total, "quantity"
    return Fraction(sum(lot in affected for lot in lots), len(lots)), "count"


class Shelf:
    """The verdicts of one SKU at one site: one for each piece of time between two changes."""

    __slots__ = ("_judge", "_known", "_sku", "_timeline", "cuts")

    def __init__(self, judge: Judge, sku: str, site: str) -> None:
        self._judge, self._sku = judge, sku
        self._timeline = judge.index.timeline(sku, site)
        self.cuts = self._timeline.cuts
        self._known: dict[int, Verdict] = {}

    def verdict(self, at: int | None) -> Verdict:
        """Case 3 for whatever left this shelf at an instant; None lies in no window."""
        piece = 0 if at is None else bisect_right(self.cuts, at)
        found = self._known.get(piece)
        if found is None:
            present = self._timeline.present(piece)
            found = self._known[piece] = self._judge.of_piece(self._sku, present)
        return found

    def improved(self, verdict: Verdict, line: Shipped) -> Verdict:
        """The verdict with a better probability, where one can be worked out."""
        better = self._judge.better
        if better is None or line.at is None:
            return verdict
        probability = better(line, self._timeline.present(bisect_right(self.cuts, line.at)))
        if probability is None:
            return verdict
        # Only between these two: `may_improve` has made sure of both ends.
        certainty = Certainty.PROBABLE if probability >= 0.5 else Certainty.CANNOT_RULE_OUT
        lots, hit = verdict.lots, verdict.affected
        return Verdict(certainty, verdict.rule, probability, "picking", lots, hit)


class Judge:
    """Gives every line its verdict for one set of affected lots.

    `declared` are SKUs whose affected lots were named by a person but never received: they count
    as SKUs of an affected lot, because no record is no alibi.
    """

    def __init__(
        self,
        index: WindowIndex,
        affected: Collection[str],
        *,
        declared: Collection[str] = (),
        inside: Inside | None = None,
        better: Probability | None = None,
    ) -> None:
        self.index, self.affected = index, frozenset(affected)
        self.inside, self.better = inside, better
        self.skus = frozenset(declared).union(*(index.skus_of(lot) for lot in self.affected))
        self._shelves: dict[tuple[str, str], Shelf] = {}

    def judge(self, line: Shipped) -> Verdict:
        """Case 1 the lot it names, case 2 the container it names, case 3 what lay there then."""
        if line.lot:
            return self.of_lot(line.lot)
        if line.container and self.inside is not None and line.at is not None:
            held = self.inside(line.container, line.at, line.sku)
            if held.lots:
                told = self._among(held.lots, "container", when_all=Certainty.CONFIRMED)
                if told.affected or held.is_whole:
                    return told
        shelf = self.shelf(line.sku, line.site)
        verdict = shelf.verdict(line.at)
        return shelf.improved(verdict, line) if self.may_improve(verdict) else verdict

    def of_lot(self, lot: str) -> Verdict:
        """Case 1: the line names its lot."""
        return NAMED if lot in self.affected else OTHER_LOT

    def shelf(self, sku: str, site: str) -> Shelf:
        """Where a line of this SKU and site was taken from."""
        key = (sku, site)
        found = self._shelves.get(key)
        if found is None:
            found = self._shelves[key] = Shelf(self, sku, site)
        return found

    def may_improve(self, verdict: Verdict) -> bool:
        """Can a better probability change this verdict? Only between lots."""
        return self.better is not None and verdict.rule == "window_some"

    def of_piece(self, sku: str, present: tuple[Window, ...]) -> Verdict:
        """Case 3 among the windows that hold."""
        if present:
            told = self._among(quantities(present), "window", when_all=Certainty.PROBABLE)
            if told.affected or any(window.is_placed for window in present):
                return told
        if sku in self.skus:
            return Verdict(Certainty.CANNOT_RULE_OUT, "no_record")
        return Verdict(Certainty.EXCLUDED, "other_product")

    def _among(
        self, lots: Mapping[str, Units | None], rule: str, *, when_all: Certainty
    ) -> Verdict:
        names = tuple(sorted(lots))
        hit = tuple(lot for lot in names if lot in self.affected)
        if not hit:
            return Verdict(Certainty.EXCLUDED, f"{rule}_none", lots=names)
        if len(hit) == len(names):
            return Verdict(when_all, f"{rule}_all", 1.0, "", names, hit)
        part, basis = share(lots, self.affected)
        certainty = Certainty.PROBABLE if part >= HALF else Certainty.CANNOT_RULE_OUT
        return Verdict(certainty, f"{rule}_some", float(part), basis, names, hit)
