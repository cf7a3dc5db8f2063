"""Where two filings, or a filing and the ledger, differ: both wait until it is explained."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any

from holdfast.kit.filings.catalogue import FactKind, catalogue, country_of, level_of
from holdfast.kit.filings.factbase import FactBase
from holdfast.kit.filings.values import number, plain_text, shown

LEDGER = "the unit ledger"
BASE = "the fact base"


@dataclass(frozen=True, slots=True)
class Statement:
    """What one filing states about one fact, at its cut-off and for its reporting period.

    `filing` names it for people ("US initial report v1"); `chain` is the same for all versions of
    one filing; a superseded version is not compared with its own successor.
    """

    filing: str
    chain: int
    key: str
    place: str
    value: Any
    cut_off: datetime
    period: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two values of one fact that cannot both be so; `chains` are the filings that wait for it.

    `mark` names the pair of values: one explanation holds wherever the same two values meet.
    """

    key: str
    place: str
    one: str
    other: str
    where: tuple[str, str]
    chains: tuple[int, ...]
    why: str

    @property
    def mark(self) -> tuple[str, str, str, str]:
        """Fact, place and the two values, in one order."""
        first, second = sorted((self.one, self.other))
        return self.key, self.place, first, second

    def words(self) -> str:
        """One sentence: which fact, which values, where."""
        place = f" ({self.place})" if self.place else ""
        name = catalogue()[self.key].name if self.key in catalogue() else self.key
        return (
            f"{name}{place}: {self.one} in {self.where[0]}, {self.other} in {self.where[1]}. "
            f"{self.why}"
        )


def contradictions(
    statements: Sequence[Statement],
    ledger: Mapping[tuple[int, str, str], Any] | None = None,
) -> list[Contradiction]:
    """Every contradiction between filings, and between a filing and the ledger at its cut-off.

    `ledger` gives, for a chain, fact and place, what the computed source says at that filing's
    cut-off. Comparison goes by the fact's course: `fixed` is the same everywhere; `cumulative` is
    the same at one cut-off and never falls; `moment` is the same at one cut-off; `period` is the
    same for the same period.
    """
    found: list[Contradiction] = []
    groups: dict[tuple[str, str], list[Statement]] = {}
    for one in statements:
        groups.setdefault((one.key, one.place), []).append(one)
    for (key, _place), group in groups.items():
        fact = catalogue().get(key)
        if fact is None or not fact.is_compared:
            continue
        for first, second in combinations(sorted(group, key=_order), 2):
            why = _differ(fact, first, second)
            if why and first.chain != second.chain:
                found.append(_between(fact, first, second, why))
    for one in statements:
        fact = catalogue().get(one.key)
        known = (ledger or {}).get((one.chain, one.key, one.place))
        if fact is None or known is None or _same(fact, one.value, known):
            continue
        found.append(
            Contradiction(
                one.key,
                one.place,
                shown(fact, one.value),
                shown(fact, known),
                (one.filing, LEDGER if fact.by == "ledger" else f"the {fact.by}"),
                (one.chain,),
                "The source it is worked out from says otherwise at the cut-off.",
            )
        )
    return _once(found)


def within(base: FactBase) -> list[Contradiction]:
    """What the fact base says against itself: a part above its whole, a number above its limit."""
    found: list[Contradiction] = []
    for key, fact in catalogue().items():
        if fact.kind != "number":
            continue
        places = base.places(key)
        if fact.at_most:
            found += _above(base, fact, places)
        found += _parts(base, fact, places)
    return _once(found)


def unexplained(
    found: Iterable[Contradiction], explained: Iterable[tuple[str, str, str, str]]
) -> list[Contradiction]:
    """Those nobody has explained yet."""
    known = set(explained)
    return [one for one in found if one.mark not in known]


def _order(one: Statement) -> tuple[datetime, int]:
    return one.cut_off, one.chain


def _differ(fact: FactKind, first: Statement, second: Statement) -> str:
    """Why two statements cannot both be so; empty where they can. `first` is not the later one."""
    if _same(fact, first.value, second.value):
        return ""
    if fact.course == "fixed":
        return "It cannot be both."
    if fact.course == "period":
        return "Both are of the same period." if first.period == second.period else ""
    if first.cut_off == second.cut_off:
        return "Both are of the same moment."
    if fact.course == "cumulative":
        before, after = number(first.value), number(second.value)
        if before is not None and after is not None and after < before:
            return "It can only grow, and the later one is smaller."
    return ""


def _same(fact: FactKind, one: Any, other: Any) -> bool:
    if fact.kind == "number":
        return number(one) == number(other)
    if fact.kind == "list":
        return sorted(map(str, one)) == sorted(map(str, other))
    if fact.kind == "money":
        return (number(one), one["currency"]) == (number(other), other["currency"])
    return str(one) == str(other)


def _between(fact: FactKind, first: Statement, second: Statement, why: str) -> Contradiction:
    return Contradiction(
        first.key,
        first.place,
        shown(fact, first.value),
        shown(fact, second.value),
        (first.filing, second.filing),
        tuple(sorted({first.chain, second.chain})),
        why,
    )


def _above(base: FactBase, fact: FactKind, places: Iterable[str]) -> list[Contradiction]:
    found = []
    for place in places:
        value, most = base.number(fact.key, place), base.number(fact.at_most, place)
        if value is not None and most is not None and value > most:
            limit = catalogue()[fact.at_most]
            found.append(
                Contradiction(
                    fact.key,
                    place,
                    shown(fact, value),
                    shown(limit, most),
                    (fact.name, limit.name),
                    (),
                    f"{fact.name} cannot be more than {limit.name[:1].lower()}{limit.name[1:]}.",
                )
            )
    return found


def _parts(base: FactBase, fact: FactKind, places: Iterable[str]) -> list[Contradiction]:
    """Countries may not add up to more than the whole; levels and channels may overlap."""
    whole = base.number(fact.key)
    parts = [p for p in places if country_of(p) and not level_of(p)]
    if whole is None or not parts:
        return []
    numbers = [base.number(fact.key, place) or 0 for place in parts]
    if sum(numbers) <= whole:
        return []
    return [
        Contradiction(
            fact.key,
            "",
            shown(fact, whole),
            plain_text(sum(numbers)),
            ("everywhere", ", ".join(parts)),
            (),
            "The countries add up to more than the whole.",
        )
    ]


def _once(found: Iterable[Contradiction]) -> list[Contradiction]:
    """Each pair of values once, with all the filings that wait for it."""
    kept: dict[tuple[object, ...], Contradiction] = {}
    for one in found:
        key = (*one.mark, one.where)
        old = kept.get(key)
        kept[key] = one if old is None else old
    return list(kept.values())
