"""The one fact base of a recall at a moment: what people stated, and what is worked out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.queries import countries_of_sale
from holdfast.ground.access.queries import organisation
from holdfast.kit.filings.catalogue import catalogue
from holdfast.kit.filings.factbase import FactBase, FactValue, Key, keyed
from holdfast.response.filings.models import FactStatement
from holdfast.response.filings.queries.amounts import ledger_values, scope_values
from holdfast.response.filings.queries.sources import (
    answer_values,
    case_values,
    decision_values,
    notice_values,
    organisation_values,
    recall_values,
    telling_values,
)

Period = tuple[date, date]


def fact_base(
    recall: Recall,
    *,
    at: datetime,
    period: Period | None = None,
    filing: int | None = None,
    computed: dict[Key, FactValue] | None = None,
) -> FactBase:
    """Everything known at `at`; `period` and `filing` bring in what belongs to one report.

    `computed` is what `computed_facts` said of that moment and period, where it was asked before.
    """
    return FactBase(
        cut_off=at,
        stated=stated_facts(recall, at=at, filing=filing),
        computed=computed_facts(recall, at=at, period=period) if computed is None else computed,
        answers=answers_of(recall, filing) if filing else {},
        period=period,
    )


def stated_facts(
    recall: Recall, *, at: datetime, filing: int | None = None
) -> dict[Key, FactValue]:
    """The last statement of every fact and place that was so at `at`; a filing's own go first."""
    rows = FactStatement.objects.filter(recall=recall, as_of__lte=at)
    known = rows.filter(filing__isnull=True).order_by("as_of", "pk")
    found = keyed(_value(row) for row in known if row.key in catalogue())
    if filing:
        own = rows.filter(filing=filing, superseded_at__isnull=True).order_by("pk")
        found |= keyed(_value(row) for row in own if row.key in catalogue())
    return found


def answers_of(recall: Recall, filing: int) -> dict[str, FactValue]:
    """What was answered for one filing alone, by the field."""
    rows = FactStatement.objects.filter(
        recall=recall, filing=filing, superseded_at__isnull=True
    ).order_by("pk")
    return {row.key: _value(row) for row in rows if row.key not in catalogue()}


def _value(row: FactStatement) -> FactValue:
    return FactValue(
        key=row.key,
        place=row.place,
        value=row.personal or row.value,
        source=row.source,
        by=row.stated_by,
        as_of=row.as_of,
        unknown=row.unknown,
        filing=row.filing,
    )


def computed_facts(
    recall: Recall, *, at: datetime, period: Period | None = None
) -> dict[Key, FactValue]:
    """What the rooms below say at `at`."""
    zone = ZoneInfo(organisation().zone or "UTC")

    def day_of(moment: datetime) -> str:
        return moment.astimezone(zone).date().isoformat()

    begin = datetime.combine(period[0], time.min, zone) if period else None
    countries = tuple(countries_of_sale(recall))
    values: list[Iterable[FactValue]] = [
        organisation_values(recall, at),
        recall_values(recall, at, day_of),
        decision_values(recall, at, day_of),
        notice_values(recall, at),
        telling_values(recall, at, begin, day_of),
        answer_values(recall, at, day_of),
        case_values(recall, at),
        scope_values(recall, at, day_of),
        ledger_values(recall, at, begin, countries),
    ]
    return keyed(one for some in values for one in some)


def statements_of(recall: Recall) -> list[dict[str, Any]]:
    """Every statement, newest first; personal words are left out."""
    rows = FactStatement.objects.filter(recall=recall).order_by("-pk")
    return [
        {
            "fact": f"{row.key}@{row.place}" if row.place else row.key,
            "filing": row.filing,
            "value": "kept apart: personal" if row.personal else row.value,
            "unknown": row.unknown or None,
            "as_of": row.as_of.isoformat(),
            "source": row.source,
            "by": row.stated_by,
            "stated_at": row.stated_at.isoformat(),
            "is_current": row.superseded_at is None,
        }
        for row in rows
    ]


def current_statement(
    recall: Recall, key: str, place: str, filing: int | None
) -> FactStatement | None:
    """The statement that counts now."""
    same = Q(recall=recall, key=key, place=place, superseded_at__isnull=True)
    owner = Q(filing=filing) if filing else Q(filing__isnull=True)
    return FactStatement.objects.filter(same & owner).order_by("-as_of", "-pk").first()
