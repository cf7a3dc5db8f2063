"""The duties of a recall as the law gives them now, each accident with clocks of its own."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.queries import facts_by_occurrence, legal_question
from holdfast.kit.regimes.clock_facts import ClockFact
from holdfast.kit.regimes.duties import Duties, Duty, Gap, Question, duties

Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """Duties by (regime, obligation, country, occurrence); what nobody knows; what is odd.

    `missing` names what people have to say before the law can be asked at all.
    """

    found: dict[Key, Duty] = field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()
    doubts: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def can_ask(self) -> bool:
        """Is everything there that the law asks?"""
        return not self.missing


def worked_out(recall: Recall, *, now: datetime) -> WorkedOut:
    """Every duty with its end; an accident starts only the clocks that count from accidents."""
    by_accident = facts_by_occurrence(recall)
    common = by_accident.pop("")
    question, missing = legal_question(recall, common)
    if question is None:
        return WorkedOut(missing=tuple(missing))
    base = duties(question, now=now)
    found: dict[Key, Duty] = {}
    doubts = dict.fromkeys(base.doubts)
    for occurrence, facts in by_accident.items():
        own = _of_accident(question, common, facts, now)
        doubts |= dict.fromkeys(own.doubts)
        for duty in own.duties:
            if duty.started_by in facts:
                found[(*duty.key, occurrence)] = duty
    started = {key[:3] for key in found}
    for duty in base.duties:
        # What waits for an accident is not asked for again where accidents are known.
        if duty.started_by is not None or duty.key not in started:
            found[(*duty.key, "")] = duty
    return WorkedOut(found, base.gaps, tuple(doubts))


def _of_accident(
    question: Question, common: tuple[ClockFact, ...], facts: tuple[ClockFact, ...], now: datetime
) -> Duties:
    names = {fact.name for fact in facts}
    others = tuple(fact for fact in common if fact.name not in names)
    return duties(replace(question, facts=(*others, *facts)), now=now)
