"""The risk by a published method, our own class, and the class an authority set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from holdfast.decision.recalls.events import (
    AuthorityClassRecorded,
    FirmClassSet,
    HazardEvaluated,
    RiskPresumed,
)
from holdfast.decision.recalls.lifecycle import RECALL
from holdfast.decision.recalls.models import AuthorityClass, FirmClass, HazardEvaluation, Recall
from holdfast.decision.recalls.policies import may_classify, may_propose_decision
from holdfast.decision.recalls.rules import ask_computed, class_named, judged
from holdfast.ground.access.queries import organisation
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Unreadable
from holdfast.kit.risk import eu_grid
from holdfast.kit.risk.methods import Asked, method_named
from holdfast.kit.risk.probability import parse_probability
from holdfast.kit.risk.scenario import Scenario, written

MOST_CHARACTERS = 120


@transaction.atomic
def evaluate_hazard(
    *,
    recall: Recall,
    severity: int | None = None,
    probability: str = "",
    scenario: str = "",
    scenarios: Sequence[Scenario] = (),
    presumed: Sequence[str] = (),
    method: str = eu_grid.METHOD,
    by: Actor,
    now: datetime,
) -> HazardEvaluation:
    """Judge the risk by a grid: in one go, by scenarios, or as serious on a ground of the law.

    Probabilities are kept as exact fractions; the worst scenario decides, and nothing is averaged.
    """
    may_propose_decision(by)
    recall = Recall.objects.select_for_update().get(pk=recall.pk)
    RECALL.after(recall.state, "propose_decision")
    if severity is not None:
        one = Scenario(scenario.strip(), severity, whole=parse_probability(probability))
        scenarios = [one, *scenarios]
    found = judged(method, scenarios, presumed)
    worst = found.scenarios[found.worst] if found.worst is not None else None
    values: dict[str, object] = {
        "method": found.method,
        "severity": worst.severity if worst else None,
        "probability": written(worst.probability) if worst else "",
        "level": found.level,
        "scenario": worst.words if worst else scenario.strip(),
        "result": found.as_json(),
    }
    last = recall.evaluations.order_by("-pk").first()
    if last and all(getattr(last, name) == value for name, value in values.items()):
        return last
    made = HazardEvaluation.objects.create(recall=recall, made_by=by.key, made_at=now, **values)
    shared = {
        "method": made.method,
        "severity": made.severity,
        "probability": made.probability,
        "level": made.level,
        "scenario": made.scenario,
        "result": made.result,
    }
    reasons = "; ".join(question.because for question in found.presumed)
    fact = RiskPresumed(reasons=reasons, **shared) if reasons else HazardEvaluated(**shared)
    record(fact, by=by, now=now, subject=recall.ref)
    return made


@transaction.atomic
def classify_recall(
    *, recall: Recall, method: str, facts: Mapping[str, str], by: Actor, now: datetime
) -> FirmClass:
    """Work out our own class by an authority's definitions; a missing fact is asked for by name."""
    may_classify(by)
    recall = Recall.objects.select_for_update().get(pk=recall.pk)
    RECALL.after(recall.state, "classify")
    by_method = method_named(method)
    told = ask_computed(by_method, by_method.answer(Asked(facts=facts)))
    named = str(told["answer"])
    last = recall.firm_classes.filter(method=by_method.name).order_by("-number").first()
    if last and (last.recall_class, last.result) == (named, told):
        return last
    made = FirmClass.objects.create(
        recall=recall,
        number=recall.firm_classes.count() + 1,
        method=by_method.name,
        recall_class=named,
        result=told,
        set_by=by.key,
        set_at=now,
    )
    fact = FirmClassSet(
        number=made.number,
        method=made.method,
        recall_class=named,
        title=by_method.title_of(named),
        result=told,
    )
    record(fact, by=by, now=now, subject=recall.ref)
    return made


@transaction.atomic
def record_authority_class(
    *,
    recall: Recall,
    method: str,
    recall_class: str,
    decided_on: date,
    authority: str = "",
    reference: str = "",
    by: Actor,
    now: datetime,
) -> AuthorityClass:
    """Keep the class an authority set, with its day and reference; ours stays beside it."""
    may_classify(by)
    recall = Recall.objects.select_for_update().get(pk=recall.pk)
    RECALL.after(recall.state, "record_class")
    by_method = method_named(method)
    named = class_named(by_method, recall_class)
    authority = authority.strip() or by_method.assigned_by
    if not reference.strip():
        raise Unreadable(
            "reference_needed",
            "The authority's reference is missing.",
            hint="Its recall or case number, or the date and sender of its letter.",
        )
    for name, text in (("name of the authority", authority), ("reference", reference)):
        if len(text) > MOST_CHARACTERS:
            raise Unreadable("too_long", f"The {name} is longer than {MOST_CHARACTERS} characters.")
    today = now.astimezone(ZoneInfo(organisation().zone)).date()
    if decided_on > today:
        raise Unreadable(
            "future_day",
            f"{decided_on.isoformat()} has not come yet.",
            hint="Give the day on which the authority set the class.",
        )
    values: dict[str, object] = {
        "method": by_method.name,
        "recall_class": named,
        "authority": authority,
        "decided_on": decided_on,
        "reference": reference.strip(),
    }
    rows = recall.authority_classes.filter(method=by_method.name, authority=authority)
    last = rows.order_by("-number").first()
    if last and all(getattr(last, name) == value for name, value in values.items()):
        return last
    made = AuthorityClass.objects.create(
        recall=recall,
        number=recall.authority_classes.count() + 1,
        recorded_by=by.key,
        recorded_at=now,
        **values,
    )
    fact = AuthorityClassRecorded(
        number=made.number,
        method=made.method,
        recall_class=named,
        title=by_method.title_of(named),
        authority=authority,
        decided_on=decided_on.isoformat(),
        reference=made.reference,
    )
    record(fact, by=by, now=now, subject=recall.ref)
    return made
