"""Why a line is in a scope or out of it, in words that lines of one kind share."""

from __future__ import annotations

from collections.abc import Mapping

from holdfast.decision.recalls.queries.rows import Clock, Row
from holdfast.kit.trace.reasons import reason
from holdfast.kit.trace.values import Verdict


class Phrasing:
    """The sentences of one scope.

    `made_from` says of which named lot an affected one was made, `spelled` which lot a word is but
    for letter case.
    """

    def __init__(
        self, clock: Clock, made_from: Mapping[str, str], spelled: Mapping[str, str]
    ) -> None:
        self._clock, self._made_from, self._spelled = clock, made_from, spelled
        self._tails: dict[tuple[object, str], str] = {}
        self._said: dict[tuple[object, ...], tuple[str, str]] = {}
        self._kept: list[Verdict] = []

    def of_lot(self, verdict: Verdict, row: Row, at: int | None) -> tuple[str, str]:
        """(the reason of a verdict on a line's lot, its probability as decimal text)"""
        day = self._clock.day(at)
        key = (id(verdict), day, row[3], row[4], row[9])
        found = self._said.get(key)
        if found is None:
            known = verdict.probability is not None and verdict.rule.endswith("_some")
            words = reason(verdict, lot=row[4], sku=row[9], site=row[3], day=day)
            found = self._said[key] = (
                f"{words}{self._origin(verdict, row[4])}",
                f"{verdict.probability:.4f}" if known else "",
            )
            self._kept.append(verdict)  # an id may only be a key while its object lives
        return found

    def of_product(self, row: Row) -> str:
        """The reason of a line that is in whatever its lot."""
        tail = self._tails.get((row[2], row[7]))
        if tail is None:
            day = self._clock.day(self._clock.instant(row[2]))
            shipped = f", shipped {day:%-d %b %Y}" if day else ""
            tail = f"{shipped}{f' to {row[7]}' if row[7] else ''}: every such unit is affected."
            self._tails[(row[2], row[7])] = tail
        return f"Product {row[9]}{tail}"

    def _origin(self, verdict: Verdict, named: str) -> str:
        """How the affected lot of a line was made of one that was named."""
        hit = (named, *verdict.affected) if verdict.rule == "lot_named" else verdict.affected
        word = next((one for one in hit if one in self._spelled), "")
        said = f" Lot {word} is taken for lot {self._spelled[word]}." if word else ""
        others = (self._spelled[word], *hit) if word else hit
        lot = next((one for one in others if one in self._made_from), None)
        if lot is None:
            return said
        chain = [lot]
        while chain[-1] in self._made_from and self._made_from[chain[-1]] not in chain:
            chain.append(self._made_from[chain[-1]])
        return f"{said} Lot {chain[0]} was made from lot {', from lot '.join(chain[1:])}."
