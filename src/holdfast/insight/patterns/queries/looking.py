"""All questions at once, and which fixes did not hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Min

from holdfast.decision.intake.models import HazardReading
from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.queries import asked_criteria
from holdfast.insight.patterns.queries import records
from holdfast.kit.recurrence.questions import Answers, Pattern, ask, corrected
from holdfast.kit.recurrence.time import Fix, seasons
from holdfast.supply.catalog.models import Product
from holdfast.supply.catalog.rules import code_key

MONTHS = 12
DAYS_A_MONTH = 30.44
#: What a recall says can happen, in the words of the hazards that complaints are read for.
HAZARDS = {
    "electric_shock": "shock",
    "cut": "laceration",
    "allergic_reaction": "allergen",
    "infection": "pathogen",
    "hearing_damage": "hearing",
}


@dataclass(frozen=True, slots=True)
class Found:
    """The answers, the fixes with what was told after them, and how much was looked at."""

    answers: Answers
    fixes: tuple[tuple[Fix, Pattern], ...]
    counted: dict[str, int]
    since: datetime
    notes: tuple[str, ...]


def look(*, now: datetime, months: int = MONTHS) -> Found:
    """Ask everything about the last months; recalls and lots of all time."""
    since = now - timedelta(days=months * DAYS_A_MONTH)
    world = records.read_world()
    tables = [
        *records.inspections(since),
        *records.tests(since),
        *records.lots(world),
        *records.products(world, since),
    ]
    first = ask(tables)
    fixes = [one for one in _fixes(now.date()) if one.reports]
    by_time = [*seasons(records.told_days()), *(one.as_pattern() for one in fixes)]
    answers = corrected([*first.patterns, *by_time], first.unanswerable)
    judged = {
        (one.value, one.outcome): one
        for one in answers.patterns
        if one.dimension == "after closure"
    }
    return Found(
        answers=answers,
        fixes=tuple((one, judged[one.product, one.hazard]) for one in fixes),
        counted=records.counted(since),
        since=since,
        notes=tuple(world.notes),
    )


def hazard_of(recall: Recall) -> str:
    """The hazard of a recall as complaints are read for it."""
    return HAZARDS.get(recall.outcome, recall.outcome)


def _fixes(today: date) -> list[Fix]:
    """Every closed recall with the reports of its hazard since: its product's, and all others'."""
    closed = Recall.objects.filter(state="closed", closed_at__isnull=False).select_related("signal")
    told = HazardReading.objects.filter(is_denied=False, complaint__duplicate_of=None)
    others = Product.objects.exclude(kind="pseudo").count()
    found = []
    for recall in closed:
        codes = asked_criteria(recall).products or (recall.product_code,)
        keys = {code_key(code) for code in codes if code}
        if not keys or recall.closed_at is None:
            continue
        hazard = hazard_of(recall)
        of_hazard = told.filter(hazard=hazard, complaint__product__isnull=False)
        since = of_hazard.filter(complaint__received_at__gt=recall.closed_at)
        own = since.filter(complaint__product__code_key__in=keys).count()
        first = told.aggregate(first=Min("complaint__received_at"))["first"]
        span = (today - first.date()).days if first else 0
        found.append(
            Fix(
                recall=recall.ref,
                product=codes[0],
                hazard=hazard,
                closed_on=recall.closed_at.date(),
                reports=own,
                days=max((today - recall.closed_at.date()).days, 1) * len(keys),
                usual=of_hazard.exclude(complaint__product__code_key__in=keys).count(),
                usual_days=span * max(others - len(keys), 0),
            )
        )
    return found
