"""O18: practise on a copy that cannot send: start, open, score, end; inside one, its clock."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from holdfast.doors.desk.drillcopy import address_of, close_copy, in_copy, open_copy
from holdfast.doors.desk.drillwords import drill_words, scenario_words
from holdfast.doors.desk.pages import now, page, said
from holdfast.doors.desk.policy import policy
from holdfast.ground.access.permissions import may, require
from holdfast.ground.look.figures import percent
from holdfast.kit.refusals import NotFound, Refusal
from holdfast.learning.drills.actions import end_drill, start_drill
from holdfast.learning.drills.copying import copy_home
from holdfast.learning.drills.models import Drill
from holdfast.learning.drills.queries import drill_recall, marker, reached, traced
from holdfast.learning.drills.rules import scenario_named, scenarios, score

LOOPBACK = {"127.0.0.1", "::1"}


@policy("recall.view")
def drills(request: HttpRequest) -> HttpResponse:
    """In the real instance: the library and past scores. In a drill: its own clock and gaps."""
    if settings.DRILL:
        return _inside(request)
    refusal = None
    if request.method == "POST":
        require(request.actor, "drill.run")  # type: ignore[attr-defined]
        try:
            return _write(request)
        except Refusal as refused:
            refusal = refused
    rows = [_row(drill) for drill in Drill.objects.order_by("-started_at")[:30]]
    running = [row for row in rows if row["open_at"] and not row["drill"].ended_at]
    context = {
        "scenarios": [scenario_words(one) for one in scenarios().values()],
        "drills": rows,
        "running": running[0] if running else None,
        "may_run": may(request.actor, "drill.run"),  # type: ignore[attr-defined]
        "home": settings.HOME,
    }
    return page(request, "desk/drills.html", context, nav="drills", refusal=refusal)


def _write(request: HttpRequest) -> HttpResponse:
    by, at = request.actor, now()  # type: ignore[attr-defined]
    if request.POST.get("step") == "start":
        drill = start_drill(scenario=request.POST.get("scenario", ""), by=by, now=at)
        target = Path(settings.HOME) / drill.folder
        copy_home(
            home=Path(settings.HOME),
            target=target,
            ref=drill.ref,
            scenario=drill.scenario,
            started_at=at.isoformat(),
        )
        in_copy(target, "begin")
        said(request, _("%(ref)s runs. Its clock has started.") % {"ref": drill.ref})
        return _open(request, drill)
    found = Drill.objects.filter(ref=request.POST.get("drill", "")).first()
    if found is None:
        raise NotFound("unknown_drill", _("There is no such drill."))
    if request.POST.get("step") == "open":
        return _open(request, found)
    target = Path(settings.HOME) / found.folder
    result = in_copy(target, "score") if target.is_dir() else {"gaps": []}
    result.pop("drill", None)
    end_drill(drill=found, score=result, by=by, now=at, reason=request.POST.get("reason", ""))
    close_copy(found.ref)
    said(request, _("%(ref)s has ended. Its gaps are below.") % {"ref": found.ref})
    return redirect("drills")


def _open(request: HttpRequest, drill: Drill) -> HttpResponse:
    """On this machine the copy is served beside; elsewhere the page says how to serve it.

    The page then links to it: the content policy lets no form lead to another address.
    """
    if request.META.get("REMOTE_ADDR") in LOOPBACK:
        open_copy(drill.ref, Path(settings.HOME) / drill.folder)
    return redirect("drills")


def _row(drill: Drill) -> dict[str, Any]:
    known = scenarios().get(drill.scenario)
    result = drill.score or {}
    return {
        "drill": drill,
        "title": scenario_words(known)["title"] if known else drill.scenario,
        "open_at": address_of(drill.ref),
        "units": _share(result.get("units_traced")),
        "people": _share(result.get("people_reachable")),
        "gaps": list(map(drill_words, result.get("gaps", []))),
        "stages": [_stage(one) for one in (result.get("stages") or {}).values()],
    }


def _share(text: str | None) -> str:
    return "–" if text is None else percent(round(float(text) * 10_000), 10_000)


def _stage(stage: dict[str, Any]) -> dict[str, Any]:
    seconds, goal = stage.get("seconds"), stage["goal"]
    return {
        "label": _(stage["label"]),
        "took": clock(seconds),
        "goal": clock(goal),
        "mark": "none" if seconds is None else "ok" if seconds <= goal else "warn",
    }


def clock(seconds: int | None) -> str:
    """Minutes and seconds: 6:12."""
    return "–" if seconds is None else f"{seconds // 60}:{seconds % 60:02d}"


def _inside(request: HttpRequest) -> HttpResponse:
    about = marker(Path(settings.HOME))
    recall = drill_recall(about)
    started = datetime.fromisoformat(about["started_at"])
    result: dict[str, Any] = {}
    if recall is not None:
        result = score(
            started_at=started,
            reached=reached(recall),
            traced=traced(recall),
            faults=scenario_named(about["scenario"]).faults,
        )
    context = {
        "ref": about["ref"],
        "elapsed": clock(round((now() - started).total_seconds())),
        "stages": [_stage(one) for one in result.get("stages", {}).values()],
        "units": _share(result.get("units_traced")),
        "people": _share(result.get("people_reachable")),
        "gaps": list(map(drill_words, result.get("gaps", []))),
        "faults": list(map(drill_words, result.get("faults", []))),
        "practised": recall,
    }
    return page(request, "desk/drill_inside.html", context, nav="drills")
