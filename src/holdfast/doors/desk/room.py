"""O3: the recall room: what to do next, how far each phase is, what was known when."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from holdfast.decision.recalls.actions import (
    add_task,
    assign_role,
    close_recall,
    finish_task,
    reopen_recall,
    withdraw_recall,
)
from holdfast.decision.recalls.models import Recall, Task
from holdfast.decision.recalls.queries.recalls import LANES
from holdfast.doors.desk.charts import funnel_of
from holdfast.doors.desk.drillwords import drill_words
from holdfast.doors.desk.moments import moment_from
from holdfast.doors.desk.names import names_of
from holdfast.doors.desk.pages import now, page, recall_named, said
from holdfast.doors.desk.policy import policy
from holdfast.doors.desk.steps import address_of, next_words, waiting_of, words_of
from holdfast.doors.desk.strip import state_words
from holdfast.doors.desk.units import LEVEL_WORDS, by_level
from holdfast.doors.desk.words import PHASES, ROLES
from holdfast.ground.access.models import Person
from holdfast.ground.journal.models import Entry
from holdfast.ground.journal.telling import tell_here
from holdfast.ground.look.charts import timeline as drawn
from holdfast.ground.look.charts.svg import Figure
from holdfast.ground.look.figures import percent, times_in
from holdfast.insight.measures.figures import figures_of
from holdfast.insight.measures.room import closing_facts
from holdfast.kit.quantities import whole_number
from holdfast.kit.refusals import NotFound, Refusal

KEY_KINDS = (
    *LANES, "TellingBegan", "WaveLaunched", "WavePaused", "WaveWithdrawn", "NoticeApproved",
    "MessagesPlanned", "InjuryReported",
)  # fmt: skip
MOST_ENTRIES = 40
LANE_ORDER = ("known", "decided", "told")


@policy("recall.view")
def room(request: HttpRequest, ref: str) -> HttpResponse:
    """The room; a POST adds or ticks a task, gives a role, closes or reopens."""
    recall = recall_named(ref)
    refusal = None
    if request.method == "POST":
        try:
            words = _write(request, recall)
        except Refusal as refused:
            refusal = refused
        else:
            said(request, words)
            return redirect("recall_room", recall.ref)
    at = now()
    figures = figures_of(recall, now=at).figures
    inside = figures["room"]
    context = {
        "next": next_words(figures.get("next") or {}, recall),
        "state": state_words(recall, now=at),
        "phases": _phases(inside["checklist"], recall),
        "funnel": funnel_of(recall, figures) if figures.get("funnel") else None,
        "levels": _levels(figures["levels"]),
        "decisions": waiting_of(figures.get("open_decisions") or [], recall),
        "timeline": _timeline(recall, at),
        "roles": _roles(inside["roles"]),
        "role_words": ROLES.items(),
        "phase_words": PHASES.items(),
        "people": Person.objects.filter(is_active=True).order_by("name"),
        "tasks": _tasks(recall),
        "claims": inside["claims"],
        "injuries": inside["injuries"],
        "typed": request.POST if refusal else {},
    }
    return page(request, "desk/room.html", context, recall=recall, tab="room", refusal=refusal)


def _tasks(recall: Recall) -> list[dict[str, Any]]:
    """Lines people or a drill added; a role of the list by its word."""
    found = recall.tasks.filter(done_at__isnull=True).order_by("due_at", "pk")[:30]
    return [
        {
            "pk": task.pk,
            "words": drill_words(task.words),
            "role": ROLES.get(task.role, task.role),
            "due_at": task.due_at,
        }
        for task in found
    ]


def _write(request: HttpRequest, recall: Recall) -> str:
    given, by, at = request.POST, request.actor, now()  # type: ignore[attr-defined]
    step, reason = given.get("step", ""), given.get("reason", "")
    if step == "task":
        add_task(
            recall=recall,
            phase=given.get("phase", ""),
            words=given.get("words", ""),
            role=given.get("role", ""),
            due_at=moment_from(given.get("due", "")),
            by=by,
            now=at,
        )
        return _("The task is on the list.")
    if step == "done":
        task = Task.objects.filter(recall=recall, pk=given.get("task") or 0).first()
        if task is None:
            raise NotFound("no_task", _("There is no such task."))
        finish_task(task=task, by=by, now=at)
        return _("Done: %(words)s") % {"words": drill_words(task.words)}
    if step == "role":
        person = Person.objects.filter(pk=whole_number(given.get("person")), is_active=True).first()
        if person is None:
            raise NotFound("no_person", _("This person is not here any more."))
        key = f"person:{person.pk}"
        assign_role(recall=recall, role=given.get("role", ""), person=key, by=by, now=at)
        return _("%(name)s holds the role.") % {"name": person.name}
    if step == "reopen":
        reopen_recall(recall=recall, reason=reason, by=by, now=at)
        return _("The recall is live again.")
    if step == "withdraw":
        withdraw_recall(recall=recall, reason=reason, by=by, now=at)
        return _("The recall is withdrawn. Nobody was told.")
    facts, left = closing_facts(recall)
    close_recall(recall=recall, facts=facts, left_open=left, reason=reason, by=by, now=at)
    return _("The file is closed.")


def _phases(checklist: dict[str, list[dict[str, Any]]], recall: Recall) -> list[dict[str, Any]]:
    phases, is_next_found = [], False
    for name, words in PHASES.items():
        steps = checklist.get(name, [])
        lines = []
        for step in steps:
            is_next = not step["is_done"] and not is_next_found
            is_next_found = is_next_found or is_next
            lines.append(
                {
                    "words": words_of(step["words"]),
                    "mark": "done" if step["is_done"] else "open",
                    "now": is_next,
                    "url": address_of(step["act"], recall),
                }
            )
        done = sum(1 for step in steps if step["is_done"])
        phases.append({"words": words, "lines": lines, "done": done, "all": len(steps)})
    return phases


def _levels(levels: dict[str, list[Any]]) -> list[dict[str, Any]]:
    rows = []
    for name, (done, units) in by_level(levels):
        corrected, total = Decimal(str(done)), Decimal(str(units))
        rows.append(
            {
                "words": _(LEVEL_WORDS[name]),
                "share": percent(corrected, total),
                "done": corrected,
                "units": total,
                "counts": name == "consumer",
            }
        )
    return rows


def _roles(roles: dict[str, str | None]) -> list[dict[str, Any]]:
    names = names_of([key for key in roles.values() if key])
    return [
        {
            "role": role,
            "words": words,
            "name": names.get(roles.get(role) or "", ""),
            "key": roles.get(role) or "",
        }
        for role, words in ROLES.items()
    ]


def _timeline(recall: Recall, at: datetime) -> Figure:
    entries = [drawn.Entry(0, recall.known_at, _("First information"), _moment(recall.known_at))]
    rows = Entry.objects.filter(subject=recall.ref, kind__in=KEY_KINDS).order_by("-index")
    for row in rows[:MOST_ENTRIES]:
        known = datetime.fromisoformat(row.at)
        lane = LANE_ORDER.index(LANES.get(row.kind, "told"))
        said = times_in(tell_here(row.kind, row.fields))
        short = said if len(said) <= 48 else said[:47].rsplit(" ", 1)[0] + "…"
        entries.append(drawn.Entry(lane, known, short, _moment(known), danger="Injury" in row.kind))
    words = drawn.Words(
        _("What was known, decided and told"),
        _("now"),
        _("Lane"),
        _("Known to us"),
        _("True since"),
        _("What"),
    )
    return drawn.timeline("ti", [_("Known"), _("Decided"), _("Told")], entries, now=at, words=words)


def _moment(at: datetime) -> str:
    return formats.date_format(timezone.localtime(at), "j M H:i")
