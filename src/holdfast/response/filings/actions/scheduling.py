"""Progress reports that open themselves when their period has ended."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from holdfast.decision.recalls.models import Recall
from holdfast.ground.access.queries import organisation
from holdfast.kit.actors import Actor
from holdfast.kit.filings.form import Form
from holdfast.kit.filings.letters import PROGRESS, letter_id
from holdfast.kit.filings.reading import form, forms_for
from holdfast.kit.filings.schedule import periods
from holdfast.kit.refusals import NotFound
from holdfast.response.filings.actions.drafting import begin_progress_report
from holdfast.response.filings.lifecycle import SENT
from holdfast.response.filings.models import Filing
from holdfast.response.filings.policies import may_work_on_filings


def open_progress_reports(*, by: Actor, now: datetime) -> list[Filing]:
    """Begin every report whose period has ended, in every recall that still reports; once each."""
    may_work_on_filings(by)
    reporting = Filing.objects.filter(state__in=SENT).exclude(purpose__in=("progress", "answer"))
    made: list[Filing] = []
    recalls = Recall.objects.filter(filings__in=reporting).exclude(state="withdrawn")
    for recall in recalls.distinct():
        made += _open_of(recall, by, now)
    return made


@transaction.atomic
def _open_of(recall: Recall, by: Actor, now: datetime) -> list[Filing]:
    recall = Recall.objects.select_for_update().get(pk=recall.pk)
    zone = ZoneInfo(organisation().zone or "UTC")
    made: list[Filing] = []
    for regime, country, filed_at in _told(recall):
        report = progress_form(regime)
        if report is None or report.schedule is None:
            continue
        begins = max(filed_at, recall.told_at or filed_at).astimezone(zone).date()
        today = now.astimezone(zone).date()
        known = set(
            recall.filings.filter(form=report.id, country=country).values_list(
                "period_number", flat=True
            )
        )
        for period in periods(report.schedule, begins=begins, until=today - timedelta(days=1)):
            if period.number in known:
                continue
            end = datetime.combine(period.last, time.max, zone)
            made.append(
                begin_progress_report(
                    recall=recall,
                    form=report,
                    country=country,
                    number=period.number,
                    first=period.first,
                    last=period.last,
                    due_on=period.due_on,
                    cut_off=min(end, now),
                    by=by,
                    now=now,
                )
            )
    return made


def _told(recall: Recall) -> list[tuple[str, str, datetime]]:
    """Regime, country and first filing of every authority that was told and did not end it yet."""
    sent = recall.filings.filter(state__in=SENT, filed_at__isnull=False)
    ended = set(sent.filter(purpose="termination").values_list("regime", "country"))
    found: dict[tuple[str, str], datetime] = {}
    first = sent.exclude(purpose__in=("progress", "termination", "answer")).order_by("filed_at")
    for filing in first:
        key = (filing.regime, filing.country)
        if key not in ended and filing.filed_at is not None:
            found.setdefault(key, filing.filed_at)
    return [(regime, country, at) for (regime, country), at in found.items()]


def progress_form(regime: str) -> Form | None:
    """The progress report of a regime: its own form, else a letter where the law says how often."""
    for one in forms_for(regime):
        if one.purpose == PROGRESS and one.schedule is not None:
            return one
    try:
        letter = form(letter_id(regime, PROGRESS))
    except NotFound:
        return None
    return letter if letter.schedule is not None else None
