"""The print room: letters, mail merge, message files and the page of a recall as downloads."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.decision.recalls.models import Recall
from holdfast.doors.desk.names import names_of
from holdfast.doors.desk.pages import now, page, recall_named, said
from holdfast.doors.desk.policy import policy
from holdfast.ground.jobs.models import Job
from holdfast.kit.refusals import NotFound, Refusal
from holdfast.response.notices.actions import ask_notice_file
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
            ask_notice_file(
                recall=recall,
                form=request.POST.get("form", ""),
                paper=request.POST.get("paper", "a4"),
                only_without_email=bool(request.POST.get("without_email")),
                by=request.actor,  # type: ignore[attr-defined]
                now=now(),
            )
        except Refusal as refused:
            refusal = refused
        else:
            said(request, _("The file is being written."))
            return redirect("print_room", recall.ref)
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
    ways = ways_to_reach(recall)
    names = names_of([job.asked_by for job in jobs])
    return {
        "forms": FORMS.items(),
        "texts": sorted(approved_texts(recall)),
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
