"""Investigations: the question, the checklist, what was found, the supplier, and the end."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.decision.investigations import actions
from holdfast.decision.investigations.models import Investigation
from holdfast.decision.investigations.queries import (
    complaints_behind,
    investigation_named,
    letter_to_supplier,
)
from holdfast.decision.investigations.rules import OUTCOME_OF
from holdfast.decision.recalls.actions import open_recall_from
from holdfast.doors.desk.alarms import row as alarm_row
from holdfast.doors.desk.evidencefiles import attached
from holdfast.doors.desk.frame import language
from holdfast.doors.desk.hazardwords import hazard_title, settling_words
from holdfast.doors.desk.names import names_of
from holdfast.doors.desk.pages import now, page, said
from holdfast.doors.desk.policy import policy
from holdfast.doors.desk.words import OUTCOMES
from holdfast.ground.access.models import Person
from holdfast.ground.access.permissions import may
from holdfast.ground.evidence.queries import files_of
from holdfast.kit.quantities import whole_number
from holdfast.kit.refusals import NotFound, Refusal, Unreadable
from holdfast.response.holds.actions import list_places

PAGE = 50
STATES = {
    "open": gettext_lazy("Open"),
    "recall_opened": gettext_lazy("Led to a recall"),
    "no_hazard": gettext_lazy("No hazard found"),
    "watching": gettext_lazy("Watching on"),
}
KINDS = {
    "reports": gettext_lazy("Reports"),
    "test": gettext_lazy("Test or inspection"),
    "supplier": gettext_lazy("Supplier"),
    "stock": gettext_lazy("Stock"),
    "other": gettext_lazy("Something else"),
}
BEARINGS = {
    "for": gettext_lazy("speaks for a hazard"),
    "against": gettext_lazy("speaks against it"),
    "open": gettext_lazy("settles nothing yet"),
}


@policy("recall.view")
def investigations(request: HttpRequest) -> HttpResponse:
    """Open ones first, then how the others ended."""
    every = Investigation.objects.annotate(
        listed=Count("tasks"), done=Count("tasks", filter=Q(tasks__done_at__isnull=False))
    )
    open_ones = list(every.filter(state="open").order_by("known_at")[:PAGE])
    ended = every.exclude(state="open").order_by("-pk")
    before = whole_number(request.GET.get("before"))
    if before:
        ended = ended.filter(pk__lt=before)
    shown = list(ended[: PAGE + 1])
    rows = [*open_ones, *shown[:PAGE]]
    owners = names_of([one.owner for one in rows])
    context = {
        "open": [_row(one, owners) for one in open_ones],
        "ended": [_row(one, owners) for one in shown[:PAGE]],
        "before": shown[PAGE - 1].pk if len(shown) > PAGE else None,
    }
    return page(request, "desk/investigations.html", context, nav="inbox")


@policy("recall.view")
def investigation(request: HttpRequest, investigation: str) -> HttpResponse:
    """One investigation; every button is a POST that does one thing."""
    found = investigation_named(investigation)
    refusal = None
    if request.method == "POST":
        try:
            where, words = _write(request, found)
        except Refusal as refused:
            refusal = refused
        else:
            said(request, words)
            return redirect(*where)
    by = request.actor  # type: ignore[attr-defined]
    tasks, findings = list(found.tasks.order_by("pk")), list(found.findings.order_by("-number"))
    people = list(Person.objects.filter(is_active=True).order_by("name")[:200])
    keys = [found.owner, found.opened_by, *(one.found_by for one in findings)]
    names = names_of([*keys, *(task.done_by for task in tasks if task.done_by)])
    files = {file.sha256: file.name for file in files_of(found.ref)}
    context = {
        "investigation": found,
        "state": STATES[found.state],
        "is_open": found.state == "open",
        "hazard": hazard_title(found.hazard),
        "owner": names[found.owner],
        "people": [(f"person:{one.pk}", one.name) for one in people],
        "alarms": [alarm_row(one) for one in found.alarms.order_by("-pk")],
        "reports": len(complaints_behind(found)),
        "tasks": [
            {
                "task": one,
                "words": settling_words(one.words),
                "kind": KINDS[one.kind],
                "by": names.get(one.done_by, ""),
            }
            for one in tasks
        ],
        "todo": sum(1 for one in tasks if one.done_at is None),
        "kinds": KINDS.items(),
        "findings": [
            {
                "finding": one,
                "bearing": BEARINGS[one.bearing],
                "by": names[one.found_by],
                "file": files.get(one.evidence, ""),
            }
            for one in findings
        ],
        "bearings": BEARINGS.items(),
        "letter": letter_to_supplier(found, "de" if language() == "de" else "en"),
        "outcomes": [(key, words[0]) for key, words in OUTCOMES.items()],
        "outcome": OUTCOME_OF.get(found.hazard, ""),
        "may_work": may(by, "alarm.judge"),
        "may_end": may(by, "alarm.conclude"),
        "may_open": may(by, "alarm.conclude") and may(by, "recall.open"),
        "typed": request.POST if refusal else {},
    }
    return page(request, "desk/investigation.html", context, nav="inbox", refusal=refusal)


def _row(found: Any, owners: dict[str, str]) -> dict[str, Any]:
    return {
        "investigation": found,
        "state": STATES[found.state],
        "hazard": hazard_title(found.hazard),
        "owner": owners[found.owner],
        "done": found.done,
        "tasks": found.listed,
    }


def _write(request: HttpRequest, found: Investigation) -> tuple[tuple[str, str], str]:
    given, by, at = request.POST, request.actor, now()  # type: ignore[attr-defined]
    step, here = given.get("step", ""), ("investigation", found.ref)
    reason = given.get("reason", "")
    if step == "task":
        actions.add_task(
            investigation=found, kind=given.get("kind", ""), words=given.get("words", ""),
            by=by, now=at,
        )  # fmt: skip
        return here, _("It is on the list.")
    if step == "done":
        task = found.tasks.filter(pk=whole_number(given.get("task"))).first()
        if task is None:
            raise NotFound("no_task", _("There is no such line."))
        actions.finish_task(task=task, note=given.get("note", ""), by=by, now=at)
        return here, _("Done.")
    if step == "found":
        sha256 = attached(request, "file", recall=found, about="finding")
        actions.record_finding(
            investigation=found, words=given.get("words", ""), bearing=given.get("bearing", ""),
            evidence=sha256, by=by, now=at,
        )  # fmt: skip
        return here, _("The finding is kept.")
    if step == "lots":
        actions.narrow_investigation(
            investigation=found, lots=[given.get("lots", "")], by=by, now=at
        )
        return here, _("Saved.")
    if step == "owner":
        actions.assign_investigation(
            investigation=found, owner=given.get("owner", ""), by=by, now=at
        )
        return here, _("Saved.")
    if step in ("no_hazard", "watching"):
        actions.conclude_investigation(
            investigation=found, outcome=step, reason=reason, by=by, now=at
        )
        return here, _("The investigation has ended. Its alarm stays quiet unless it grows.")
    if step == "reopen":
        actions.reopen_investigation(investigation=found, reason=reason, by=by, now=at)
        return here, _("It goes on.")
    if step == "recall":
        recall = open_recall_from(
            investigation=found,
            outcome=given.get("outcome", ""),
            outcome_words=given.get("outcome_words", ""),
            mechanism=given.get("mechanism", ""),
            by=by,
            now=at,
        )
        list_places(recall=recall, by=by, now=at)
        words = _("%(ref)s is open; its clocks count from the first report. First stop the sale.")
        return ("recall_stop", recall.ref), words % {"ref": recall.ref}
    raise Unreadable("unknown_step", _("This page has no such step."))
