"""Counts what each source is like, so that one product can be scored without hearing all others."""

from __future__ import annotations

from holdfast.decision.intake.models import Complaint
from holdfast.decision.investigations.models import ReportingHabit
from holdfast.decision.investigations.queries.hearing import heard
from holdfast.kit.signals.detector import MOST_HAZARDS
from holdfast.kit.signals.report import SECOND_HAZARD_WEIGHT
from holdfast.kit.signals.seasons import month_of


def count_habits(*, anew: bool = False) -> None:
    """Bring each source's counts up to the newest complaint; anew from the first one."""
    rows = {row.stream: row for row in ReportingHabit.objects.select_for_update().order_by("pk")}
    since = 0 if anew else max((row.upto for row in rows.values()), default=0)
    if anew:
        for row in rows.values():
            row.heard, row.by_hazard, row.by_month = 0, {}, {}
    for one in heard(Complaint.objects.filter(pk__gt=since)):
        stream = one.report.stream
        if stream not in rows:
            rows[stream] = ReportingHabit(stream=stream, first_on=one.on, heard=0)
        row = rows[stream]
        row.first_on, row.heard = min(row.first_on, one.on), row.heard + 1
        if one.report.hazards or one.report.harm is not None:
            month = str(month_of(one.on))
            row.by_month[month] = row.by_month.get(month, 0.0) + 1.0
        for place, hazard in enumerate(one.report.hazards[:MOST_HAZARDS]):
            share = SECOND_HAZARD_WEIGHT if place else 1.0
            row.by_hazard[hazard] = row.by_hazard.get(hazard, 0.0) + share
        since = max(since, one.complaint)
    for row in rows.values():
        row.upto = since
        row.save()
