"""O5 for a large shop: the scope is worked out by the worker; this page shows how far it is."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from holdfast.decision.recalls.actions import stop_scope
from holdfast.decision.recalls.models import Recall, ScopeVersion
from holdfast.decision.recalls.queries.waiting import scope_job
from holdfast.doors.desk.names import name_of
from holdfast.doors.desk.pages import now, page, recall_named, said
from holdfast.doors.desk.policy import policy
from holdfast.doors.desk.progress import looks_again, progress_of
from holdfast.ground.jobs.models import Job
from holdfast.insight.measures.figures import stored_figures
from holdfast.kit.refusals import Refusal
from holdfast.kit.trace.criteria import Criteria, sentences

PICTURES_WITHIN = timedelta(minutes=1)
"""So long the page waits for the figures of a version; then the scope page draws them itself."""


@policy("recall.view")
def job(request: HttpRequest, ref: str, job: int) -> HttpResponse:
    """Progress, what was asked, how to stop it; once it is there, the scope page."""
    recall, at = recall_named(ref), now()
    found = scope_job(recall, job)
    version = _version(recall, found)
    is_drawing = version is not None and _is_drawing(recall, version, found, at)
    if version is not None and not is_drawing:
        return _landed(request, recall, found, version)
    progress = progress_of(found, now=at)
    is_still = bool(request.GET.get("still"))
    context = {
        "job": found,
        "progress": progress,
        "percent": 100 if is_drawing else progress.percent,
        "lines": found.arguments["lines"],
        "sentences": sentences(Criteria.from_json(found.arguments["criteria"])),
        "rationale": found.arguments["rationale"],
        "asked_by": name_of(found.asked_by),
        "is_busy": progress.is_busy or is_drawing,
        "is_drawing": is_drawing,
        "is_still": is_still,
    }
    answer = page(request, "desk/scope_job.html", context, recall=recall, tab="scope")
    return looks_again(answer, progress) if context["is_busy"] and not is_still else answer


def _version(recall: Recall, found: Job) -> ScopeVersion | None:
    if found.state != "done":
        return None
    return recall.scopes.filter(number=found.result.get("version")).first()


def _is_drawing(recall: Recall, version: ScopeVersion, found: Job, at: datetime) -> bool:
    """Whether the worker still puts the numbers of its page together."""
    if version.state not in ("proposed", "confirmed"):
        return False
    if found.ended_at is None or at - found.ended_at > PICTURES_WITHIN:
        return False
    pictures = stored_figures([recall]).get(recall.pk, {}).get("pictures") or {}
    return bool(pictures.get("digest") != version.digest)


def _landed(
    request: HttpRequest, recall: Recall, found: Job, version: ScopeVersion
) -> HttpResponse:
    if version.state == "proposed":
        said(request, _("Scope v%(n)s is proposed.") % {"n": version.number})
    elif version.state == "confirmed" and found.arguments["settle"]:
        said(request, _("Scope v%(n)s, wider, counts from now on.") % {"n": version.number})
    for warning in found.result.get("warnings", []):
        messages.warning(request, f"{warning['message']} {warning['hint']}")
    return redirect("recall_scope", recall.ref)


@policy("scope.propose")
@require_POST
def cancel(request: HttpRequest, ref: str, job: int) -> HttpResponse:
    """Stop it; nothing of it is kept. Where it has just ended, the page says what became of it."""
    recall = recall_named(ref)
    by = request.actor  # type: ignore[attr-defined]
    try:
        stop_scope(recall=recall, job=scope_job(recall, job), by=by, now=now())
    except Refusal as refused:
        if refused.code != "job_ended":
            raise
        messages.warning(request, _("It had ended before it could be stopped."))
    return redirect("recall_scope_job", recall.ref, job)
