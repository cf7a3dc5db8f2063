"""O2: all recalls, live first by their next deadline; what failed, what is practised."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from holdfast.decision.intake.postbox import KIND
from holdfast.decision.recalls.models import Recall
from holdfast.doors.desk.pages import now, page, said
from holdfast.doors.desk.policy import policy
from holdfast.doors.desk.steps import next_words
from holdfast.doors.desk.strip import state_words
from holdfast.doors.desk.words import outcome_sentence
from holdfast.ground.access.permissions import may
from holdfast.ground.jobs.actions import retry_job
from holdfast.ground.jobs.models import Job
from holdfast.ground.journal.models import Reaction
from holdfast.ground.look.figures import percent, span
from holdfast.ground.look.templatetags.look import count, span_words
from holdfast.insight.measures.figures import stored_figures
from holdfast.kit.quantities import whole_number
from holdfast.kit.refusals import NotFound
from holdfast.learning.drills.models import Drill
from holdfast.supply.imports.queries import waiting_rejects

PAGE = 50
LEVELS = ("manufacturer", "distributor", "retailer", "consumer")
ENDED = ("closed", "withdrawn")


@policy("recall.view")
def recalls(request: HttpRequest) -> HttpResponse:
    """Live recalls first; ended ones below, in pages by their opening."""
    at = now()
    found = list(Recall.objects.exclude(state__in=ENDED).order_by("-opened_at"))
    stored = stored_figures(found)
    live = [row(r, stored.get(r.pk, {}), now=at) for r in found]
    live.sort(key=lambda one: (one["due"] is None, one["due"] or at))
    before = request.GET.get("before", "")
    ended = Recall.objects.filter(state__in=ENDED).order_by("-pk")
    if whole_number(before):
        ended = ended.filter(pk__lt=whole_number(before))
    shown = list(ended[: PAGE + 1])
    old = stored_figures(shown)
    context = {
        "live": live,
        "ended": [row(r, old.get(r.pk, {}), now=at) for r in shown[:PAGE]],
        "before": shown[PAGE - 1].pk if len(shown) > PAGE else None,
        "next": live[0] if live else None,
        "may_open": may(request.actor, "recall.open"),  # type: ignore[attr-defined]
        "may_drill": may(request.actor, "drill.run"),  # type: ignore[attr-defined]
        "may_import": may(request.actor, "import.run"),  # type: ignore[attr-defined]
        "rejects": waiting_rejects(KIND).count(),
        "failed": Job.objects.filter(state="failed").order_by("-pk")[:10],
        "failed_reactions": Reaction.objects.filter(state="failed").order_by("-pk")[:10],
        "drills": Drill.objects.order_by("-started_at")[:5],
    }
    return page(request, "desk/recalls.html", context, nav="recalls")


def row(recall: Recall, summary: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """One line of the table, from the stored figures alone."""
    due = (summary.get("deadline") or {}).get("at")
    due_at = datetime.fromisoformat(due) if due else None
    levels = summary.get("levels") or {}
    return {
        "recall": recall,
        "hazard": outcome_sentence(recall),
        "state": state_words(recall, now=now),
        "countries": summary.get("countries"),
        "due": due_at,
        "due_words": _due(due_at, now),
        "late": due_at is not None and due_at <= now,
        "deadline": (summary.get("deadline") or {}).get("words", ""),
        "levels": [_rate(levels.get(level)) for level in LEVELS],
        "consumer": _rate(levels.get("consumer")),
        "spark": summary.get("spark") or [],
        "next": next_words(summary.get("next") or {}, recall),
    }


def _rate(pair: list[int | str] | None) -> dict[str, str] | None:
    if not pair or not pair[1]:
        return None
    done, units = (Decimal(str(number)) for number in pair)
    return {
        "share": percent(done, units),
        "words": _("%(done)s of %(units)s") % {"done": count(done), "units": count(units)},
    }


def _due(due: datetime | None, now: datetime) -> str:
    if due is None:
        return _("none set")
    if due <= now:
        return _("%(span)s late") % {"span": span_words(*span(now - due))}
    if (due - now).days > 6:
        return formats.date_format(timezone.localtime(due), "D j M")
    return _("in %(span)s") % {"span": span_words(*span(due - now))}


@policy("recall.move")
@require_POST
def retry(request: HttpRequest, job: int) -> HttpResponse:
    """Let a failed job run again."""
    found = Job.objects.filter(pk=job).first()
    if found is None:
        raise NotFound("no_job", _("There is no such job."))
    retry_job(job=found, by=request.actor, now=now())  # type: ignore[attr-defined]
    said(request, _("The job waits for the worker again."))
    return redirect("recalls")
