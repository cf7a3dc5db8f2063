"""The print room: letters, mail merge, message files and the page of a recall as downloads."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from holdfast.decision.recalls.models import Recall
from holdfast.doors.desk.names import names_of
from holdfast.doors.desk.pages import now, page, recall_named
from holdfast.doors.desk.policy import policy
from holdfast.doors.desk.progress import looks_again, progress_of
from holdfast.ground.jobs.models import Job
from holdfast.insight.measures.figures import figures_of
from holdfast.kit.refusals import NotFound, Refusal
from holdfast.kit.wording.profile import profile
from holdfast.response.notices.actions import ask_notice_file, stop_notice_file
from holdfast.response.notices.jobs import file_of
from holdfast.response.notices.queries import approved_texts, ways_to_reach
from holdfast.response.notices.rules import JOB

FORMS = {
    "letters": (
        gettext_lazy("Letters"),
        gettext_lazy("One PDF, one sheet each, for window envelopes; black and white will do."),
    ),
    "merge": (
        gettext_lazy("Mail merge"),
        gettext_lazy("A table with text and personal link, for any mail program."),
    ),
    "eml": (
        gettext_lazy("Message files"),
        gettext_lazy("One message a person in a ZIP, to open and send."),
    ),
    "page": (
        gettext_lazy("Page to upload"),
        gettext_lazy("One HTML file with every approved language."),
    ),
}
TYPES = {
    "letters": "application/pdf",
    "merge": "text/csv; charset=utf-8",
    "eml": "application/zip",
    "page": "text/html; charset=utf-8",
}
STATES = {
    "waiting": ("open", gettext_lazy("waiting for the worker")),
    "working": ("doing", gettext_lazy("being written")),
    "done": ("ok", gettext_lazy("ready")),
    "failed": ("failed", gettext_lazy("failed")),
    "cancelled": ("none", gettext_lazy("stopped")),
}


@policy("outreach.send")
def print_room(request: HttpRequest, ref: str) -> HttpResponse:
    """What can be written and what was; a POST has the worker write a file."""
    recall = recall_named(ref)
    refusal = None
    if request.method == "POST":
        try:
            job = ask_notice_file(
                recall=recall,
                form=request.POST.get("form", ""),
                paper=request.POST.get("paper", "a4"),
                only_without_email=bool(request.POST.get("without_email")),
                law=request.POST.get("law", ""),
                by=request.actor,  # type: ignore[attr-defined]
                now=now(),
            )
        except Refusal as refused:
            refusal = refused
        else:
            return redirect("print_job", recall.ref, job.pk)
    return page(
        request,
        "desk/print_room.html",
        _context(recall),
        recall=recall,
        tab="notice",
        refusal=refusal,
    )


def _context(recall: Recall) -> dict[str, Any]:
    jobs = list(Job.objects.filter(kind=JOB, subject=recall.ref).order_by("-pk")[:12])
    told = figures_of(recall, now=now()).figures.get("telling")
    ways = told["ways"] if told else ways_to_reach(recall)
    names = names_of([job.asked_by for job in jobs])
    texts = approved_texts(recall)
    laws = sorted({text.law for text in texts.values()})
    return {
        "forms": FORMS.items(),
        "texts": sorted(texts),
        "laws": [(law, profile(law or recall.profile).name) for law in laws]
        if len(laws) > 1
        else [],
        "mailed": ways["email"],
        "posted": ways["post"],
        "only_posted": ways["post_only"],
        "rows": [
            {
                "job": job,
                "name": FORMS[job.arguments["form"]][0],
                "mark": STATES[job.state][0],
                "words": STATES[job.state][1],
                "by": names[job.asked_by],
                "is_there": job.state == "done"
                and file_of(job.pk, job.arguments["form"]).is_file(),
            }
            for job in jobs
        ],
        "is_busy": any(job.state in ("waiting", "working") for job in jobs),
    }


@policy("outreach.send")
def print_job(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """How far a file is, and how to stop it; once it is there, where to get it."""
    recall = recall_named(ref)
    job = _job(recall, number)
    progress = progress_of(job, now=now())
    is_still = bool(request.GET.get("still"))
    context = {
        "job": job,
        "name": FORMS[job.arguments["form"]][0],
        "state": STATES[job.state][1],
        "mark": STATES[job.state][0],
        "by": names_of([job.asked_by])[job.asked_by],
        "progress": progress,
        "is_still": is_still,
        "is_there": job.state == "done" and file_of(job.pk, job.arguments["form"]).is_file(),
    }
    answer = page(request, "desk/print_job.html", context, recall=recall, tab="notice")
    return looks_again(answer, progress) if progress.is_busy and not is_still else answer


@policy("outreach.send")
@require_POST
def print_stop(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Stop it; nothing of it is kept. Where it has just ended, the page says what became of it."""
    recall = recall_named(ref)
    by = request.actor  # type: ignore[attr-defined]
    try:
        stop_notice_file(recall=recall, job=_job(recall, number), by=by, now=now())
    except Refusal as refused:
        if refused.code != "job_ended":
            raise
        messages.warning(request, _("It had ended before it could be stopped."))
    return redirect("print_job", recall.ref, number)


def _job(recall: Recall, number: int) -> Job:
    found = Job.objects.filter(pk=number, kind=JOB, subject=recall.ref).first()
    if found is None:
        raise NotFound("no_job", _("There is no such job."))
    return found


@policy("outreach.send")
def print_file(request: HttpRequest, ref: str, number: int) -> HttpResponseBase:
    """A written file; always a download, never shown in place."""
    recall = recall_named(ref)
    job = Job.objects.filter(pk=number, kind=JOB, subject=recall.ref, state="done").first()
    path = file_of(job.pk, job.arguments["form"]) if job else None
    if job is None or path is None or not path.is_file():
        raise NotFound(
            "no_file",
            _("There is no such file any more."),
            hint=_("Files with names in them are dropped after a day. Write it again."),
        )
    answer = FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=f"{'DRILL-' * settings.DRILL}{recall.ref}-{job.arguments['form']}{path.suffix}",
        content_type=TYPES[job.arguments["form"]],
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
