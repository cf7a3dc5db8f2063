"""The certainty of one order line for a set of affected lots: three cases, in their order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from fractions import Fraction

from holdfast.kit.trace.values import Certainty, Shipped, Units, Verdict, Window
from holdfast.kit.trace.windows import WindowIndex, quantities

HALF = Fraction(1, 2)

Inside = Callable[[str, int, str], Mapping[str, Units | None]]
"""Lots of a SKU (or of unknown SKU) within a container at an instant, with their units if known.

The seam for container sessions: (container, at, sku) -> {lot: units or None}; empty when nothing
that fits was recorded inside.
"""

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
        self._verdicts: dict[tuple[str, str, int], Verdict] = {}

    def judge(self, line: Shipped) -> Verdict:
        """Case 1 the lot it names, case 2 the container it names, case 3 what lay there then."""
        if line.lot:
            return NAMED if line.lot in self.affected else OTHER_LOT
        if line.container and self.inside is not None and line.at is not None:
            lots = self.inside(line.container, line.at, line.sku)
            if lots:
                return self._among(lots, "container", when_all=Certainty.CONFIRMED)
        if line.sku not in self.skus and not self.index.timeline(line.sku, line.site).cuts:
            return Verdict(Certainty.EXCLUDED, "other_product")
        return self._by_window(line)

    def _by_window(self, line: Shipped) -> Verdict:
        timeline = self.index.timeline(line.sku, line.site)
        piece = 0 if line.at is None else timeline.piece(line.at)
        key = (line.sku, line.site, piece)
        verdict = self._verdicts.get(key)
        present = timeline.present(piece)
        if verdict is None:
            verdict = self._verdicts[key] = self._of_piece(line.sku, present)
        if self.better is not None and _is_open(verdict):
            return self._improved(verdict, line, present)
        return verdict

    def _of_piece(self, sku: str, present: tuple[Window, ...]) -> Verdict:
        if present:
            return self._among(quantities(present), "window", when_all=Certainty.PROBABLE)
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

    def _improved(self, verdict: Verdict, line: Shipped, present: tuple[Window, ...]) -> Verdict:
        # Only between probable and cannot_rule_out: `_is_open` has made sure of both ends.
        probability = None if self.better is None else self.better(line, present)
        if probability is None:
            return verdict
        certainty = Certainty.PROBABLE if probability >= 0.5 else Certainty.CANNOT_RULE_OUT
        return Verdict(certainty, verdict.rule, probability, "fifo", verdict.lots, verdict.affected)


def _is_open(verdict: Verdict) -> bool:
    return verdict.rule == "window_some"
