"""Every published method in one list: what it is for, where, and one way to ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache

from holdfast.kit.refusals import NotFound, Unreadable
from holdfast.kit.risk import (
    cpsc_priority,
    detection_sampling,
    eu_grid,
    eu_rapex,
    fda_effectiveness,
    fda_evaluation,
    fsis_effectiveness,
    uk_prism,
)
from holdfast.kit.risk.presumption import presumed
from holdfast.kit.risk.product import assess_product
from holdfast.kit.risk.scenario import Scenario
from holdfast.kit.risk.source import Source
from holdfast.kit.risk.tree import tree, tree_names

# The Union, the other states of the EEA, and Northern Ireland for goods.
EU_MARKETS = frozenset(
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE "
    "IS LI NO XI EU".split()
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a method is asked with; each takes what it needs and refuses without it."""

    scenarios: Sequence[Scenario] = ()
    presumed: Sequence[str] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    consignees: int | None = None
    level: str = ""
    depth: str = ""
    tiers: Mapping[str, int] = field(default_factory=dict)
    share: Fraction | None = None
    sure: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Method:
    """One published method: `kind` is grid, class, threshold, priority, evaluation or checks.

    `classes` are the keys an authority or the firm can set by it, worst first.
    """

    name: str
    title: str
    kind: str
    goods: str
    markets: frozenset[str]
    source: Source
    answer: Callable[[Asked], dict[str, object]]
    classes: Mapping[str, str] = field(default_factory=dict)
    assigned_by: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)

    def title_of(self, answer: str) -> str:
        """An answer's words: a class, or an end that is none, such as a stock recovery."""
        return self.classes.get(answer) or self.titles.get(answer, answer)

    def as_json(self) -> dict[str, object]:
        return {
            "method": self.name,
            "title": self.title,
            "kind": self.kind,
            "goods": self.goods,
            "markets": sorted(self.markets),
            "classes": dict(self.classes),
            "assigned_by": self.assigned_by,
            **self.source.as_json(),
        }


LEVEL_WORDS = {"serious": "Serious", "high": "High", "medium": "Medium", "low": "Low"}
US = frozenset({"US"})


@cache
def methods() -> Mapping[str, Method]:
    """All methods by their id, in the order people are offered them."""
    found = [
        Method(
            eu_grid.METHOD,
            "EU risk grid",
            "grid",
            "consumer products",
            EU_MARKETS,
            eu_grid.SOURCE,
            lambda asked: assess_product(asked.scenarios, presumed(asked.presumed)).as_json(),
            LEVEL_WORDS,
            "market surveillance authority",
        ),
        Method(
            eu_rapex.METHOD,
            "RAPEX guideline of 2019",
            "grid",
            "consumer products",
            EU_MARKETS,
            eu_rapex.SOURCE,
            _by_rapex,
            LEVEL_WORDS,
            "market surveillance authority",
        ),
        Method(
            uk_prism.METHOD,
            "PRISM",
            "grid",
            "consumer products",
            frozenset({"GB", "UK"}),
            uk_prism.SOURCE,
            lambda _asked: uk_prism.answer(),
            LEVEL_WORDS,
            "OPSS",
        ),
        Method(
            cpsc_priority.METHOD,
            "CPSC hazard priority",
            "priority",
            "consumer products",
            US,
            cpsc_priority.SOURCE,
            _by_priority,
            {letter: letter for letter in "ABC"},
            "CPSC",
        ),
        Method(
            fda_evaluation.METHOD,
            "FDA health hazard evaluation",
            "evaluation",
            "food, drugs, devices, cosmetics, biologics, tobacco, animal food",
            US,
            fda_evaluation.SOURCE,
            lambda asked: fda_evaluation.evaluation(asked.facts),
        ),
        *(_by_tree(name) for name in tree_names("class")),
        Method(
            fda_effectiveness.METHOD,
            "FDA effectiveness-check levels",
            "checks",
            "food, drugs, devices, cosmetics, biologics, tobacco, animal food",
            US,
            fda_effectiveness.SOURCE,
            _by_level,
        ),
        Method(
            fsis_effectiveness.METHOD,
            "FSIS effectiveness checks",
            "checks",
            "meat, poultry and egg products",
            US,
            fsis_effectiveness.SOURCE,
            lambda _asked: fsis_effectiveness.answer(),
        ),
        Method(
            detection_sampling.METHOD,
            "Detection sampling",
            "checks",
            "anything",
            frozenset(),
            detection_sampling.SOURCE,
            _by_detection,
        ),
    ]
    return {one.name: one for one in found}


def method_named(name: str) -> Method:
    """The method with this id; refuses another with the list of those there are."""
    found = methods().get(name.strip())
    if found is None:
        raise NotFound(
            "unknown_method",
            f"There is no method “{name[:60]}”.",
            hint=f"Choose one of: {', '.join(methods())}.",
        )
    return found


def for_markets(markets: Iterable[str]) -> dict[str, tuple[Method, ...]]:
    """The methods for each market that set a level or class; empty where none is known."""
    return {
        market: tuple(
            one
            for one in methods().values()
            if market in one.markets and one.kind not in ("checks", "evaluation")
        )
        for market in sorted({market.strip().upper() for market in markets} - {""})
    }


def _by_rapex(asked: Asked) -> dict[str, object]:
    if asked.presumed:
        raise Unreadable(
            "no_presumption",
            "What this method presumes to be serious is not known here.",
            hint=f"The presumption is one of {eu_grid.METHOD}.",
        )
    return eu_rapex.assess_by_rapex(asked.scenarios).as_json()


def _by_priority(asked: Asked) -> dict[str, object]:
    unknown = sorted(set(asked.facts) - {"severity", "likelihood"})
    if unknown:
        raise Unreadable(
            "unknown_fact",
            f"This method asks for no fact “{unknown[0][:60]}”.",
            hint="It asks for: severity, likelihood.",
        )
    given = {name: value.strip().lower() for name, value in asked.facts.items()}
    found = cpsc_priority.priority(given.get("severity", ""), given.get("likelihood", ""))
    return found.as_json()


def _by_tree(name: str) -> Method:
    found = tree(name, "class")
    return Method(
        name,
        found.title,
        "class" if found.scale else "threshold",
        found.goods,
        frozenset(found.markets),
        found.source,
        lambda asked: {"method": name, **found.answer(asked.facts).as_json()},
        {key: found.outcomes[key].title for key in found.scale},
        found.assigned_by,
        {key: outcome.title for key, outcome in found.outcomes.items()},
    )


def _by_level(asked: Asked) -> dict[str, object]:
    consignees = asked.consignees
    if asked.depth:
        consignees = fda_effectiveness.consignees_at(asked.depth, asked.tiers)
    if consignees is None:
        raise Unreadable(
            "fact_needed",
            "The number of consignees is missing.",
            hint="--consignees 500, or --depth retail --tier wholesale=12 --tier retail=488",
        )
    return {
        **fda_effectiveness.checks(asked.level, consignees, asked.share).as_json(),
        "depth": asked.depth or None,
    }


def _by_detection(asked: Asked) -> dict[str, object]:
    if asked.share is None:
        raise Unreadable(
            "fact_needed",
            "The share that may be missed is missing.",
            hint="--share 5%: from this share on, a missed consignee is to be found.",
        )
    sure = detection_sampling.SURE if asked.sure is None else asked.sure
    return detection_sampling.detection(asked.consignees, asked.share, sure).as_json()
