"""What the law asks about a recall: its facts that start clocks, its countries, its profile."""

from __future__ import annotations

from collections import defaultdict

from holdfast.decision.recalls.models import ClockStart, LegalProfile, Recall
from holdfast.decision.recalls.queries.pictures import markets_of
from holdfast.decision.recalls.queries.recalls import confirmed_scope, latest_scope
from holdfast.kit.regimes.clock_facts import ClockFact
from holdfast.kit.regimes.duties import Question
from holdfast.kit.regimes.places import category, place
from holdfast.kit.regimes.told_times import told_zone


def clock_starts(recall: Recall) -> list[ClockStart]:
    """The facts that count now, in the order they happened."""
    return list(recall.clock_starts.filter(withdrawn_at__isnull=True).order_by("at", "pk"))


def clock_fact(start: ClockStart) -> ClockFact:
    """One stored fact as the law engine takes it, in the zone it was told in."""
    return ClockFact(
        start.fact,
        start.at.astimezone(told_zone(start.zone)),
        start.country,
        start.regime,
        start.known_by,
        start.source,
    )


def clock_facts(recall: Recall, occurrence: str = "") -> tuple[ClockFact, ...]:
    """The facts that belong to no single accident, or those of one."""
    return tuple(
        clock_fact(start) for start in clock_starts(recall) if start.occurrence == occurrence
    )


def facts_by_occurrence(recall: Recall) -> dict[str, tuple[ClockFact, ...]]:
    """All facts that count now; the key "" holds those of no single accident."""
    found: dict[str, list[ClockFact]] = defaultdict(list)
    found[""] = []
    for start in clock_starts(recall):
        found[start.occurrence].append(clock_fact(start))
    return {name: tuple(facts) for name, facts in found.items()}


def profile_of(recall: Recall) -> LegalProfile | None:
    """What people said the law should know, or nothing yet."""
    return LegalProfile.objects.filter(recall=recall).first()


def countries_of_sale(recall: Recall) -> tuple[str, ...]:
    """Typed countries and those the scope reaches, as the law names them."""
    profile = profile_of(recall)
    scope = confirmed_scope(recall) or latest_scope(recall)
    reached = markets_of(scope) if scope else ()
    named = [*(profile.sold_in if profile else ()), *reached]
    return tuple(sorted({place(code).code for code in named}))


def legal_question(
    recall: Recall, facts: tuple[ClockFact, ...] | None = None
) -> tuple[Question | None, list[str]]:
    """What to ask the law about a recall, and what is still missing to ask it.

    Without categories, roles or a country nobody can say which duties there are: the question is
    None then, and the list names what to say.
    """
    profile = profile_of(recall)
    countries = countries_of_sale(recall)
    missing = [] if countries else ["countries"]
    if profile is None or not profile.categories:
        missing.append("categories")
    if profile is None or not profile.roles:
        missing.append("roles")
    if missing or profile is None:
        return None, missing
    question = Question(
        sold_in=tuple(place(code) for code in countries),
        categories=tuple(category(name) for name in profile.categories),
        roles={country: frozenset(names) for country, names in profile.roles.items()},
        facts=clock_facts(recall) if facts is None else facts,
    )
    return question, []
