"""The strip of one recall: name, hazard, next deadline, reach, corrected, open decisions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from holdfast.decision.recalls.models import LegalProfile, Recall
from holdfast.doors.desk.steps import words_of
from holdfast.doors.desk.words import STATES, outcome_sentence
from holdfast.ground.look import figures
from holdfast.ground.look.frame import Cell, Strip
from holdfast.ground.look.templatetags.look import count, span_words
from holdfast.kit.regimes.cities import city
from holdfast.kit.regimes.zones import zone
from holdfast.learning.drills.queries import marker


def strip_for(recall: Recall, summary: Mapping[str, Any], *, now: datetime) -> Strip:
    """`summary` are the figures of the recall, live or stored (`insight.measures.figures`)."""
    drill = settings.DRILL
    return Strip(
        kind=_("Drill") if drill else _("Real recall"),
        state=state_words(recall, now=now),
        code=recall.ref,
        name=recall.title,
        hazard=_("Invented hazard:") if drill else outcome_sentence(recall),
        facts=_facts(recall, summary),
        cells=_drill_cells(summary, now=now)
        if drill
        else (
            _deadline(summary, recall, now=now),
            _reach(summary),
            _corrected(summary),
            _decisions(summary),
        ),
        drill=drill,
        label=_("This drill") if drill else _("This recall"),
    )


def _drill_cells(summary: Mapping[str, Any], *, now: datetime) -> tuple[Cell, ...]:
    """The clock of the drill, reach, what is traced, and that nothing was sent."""
    started = datetime.fromisoformat(marker(Path(settings.HOME))["started_at"])
    seconds = max(round((now - started).total_seconds()), 0)
    balances = (summary.get("ledger") or {}).get("balances") or []
    units = sum((Decimal(one["in_scope"]) for one in balances), Decimal(0))
    held = sum((Decimal(n) for one in balances for n in one["by_state"].values()), Decimal(0))
    return (
        Cell(
            _("Drill clock"),
            _("%(m)s min %(s)s s") % {"m": seconds // 60, "s": seconds % 60},
            note=_("goal 10 min"),
        ),
        _reach(summary),
        Cell(
            _("Traced"),
            count(min(held, units)),
            _("of %(n)s units") % {"n": count(units)},
            figures.percent(min(held, units), units),
        ),
        Cell(_("Messages sent"), "0", note=_("sender not present in a drill")),
    )


def state_words(recall: Recall, *, now: datetime) -> str:
    """The state in words, with the day it is in."""
    words = STATES.get(recall.state, recall.state)
    if recall.closed_at:
        return f"{words} {formats.date_format(timezone.localtime(recall.closed_at), 'j M Y')}"
    days = (now - (recall.told_at or recall.opened_at)).days
    return f"{words}, " + _("day %(n)s") % {"n": days}


def _facts(recall: Recall, summary: Mapping[str, Any]) -> str:
    parts = [outcome_sentence(recall)] if settings.DRILL else []
    countries, units = summary.get("countries"), summary.get("units")
    if countries:
        parts.append(ngettext("%(n)s country", "%(n)s countries", countries) % {"n": countries})
    if units is not None:
        parts.append(_("%(n)s units in scope") % {"n": count(Decimal(str(units)))})
    if not parts:
        parts.append(_("no scope yet"))
    return ", ".join(parts)


def _deadline(summary: Mapping[str, Any], recall: Recall, *, now: datetime) -> Cell:
    found = summary.get("deadline") or {}
    if not found.get("at"):
        url = reverse("recall_deadlines", args=[recall.ref])
        if recall.closed_at or LegalProfile.objects.filter(recall=recall).exists():
            return Cell(_("Next deadline"), _("none set"), note=_("All deadlines"), url=url)
        note = _("Say what product it is and what you are: duties may run already.")
        return Cell(_("Next deadline"), _("not known"), note=note, danger=True, url=url)
    due = datetime.fromisoformat(found["at"])
    since = datetime.fromisoformat(found["from"]) if found.get("from") else None
    words = span_words(*figures.span(due - now))
    late = due <= now
    left = max((due - now) / (due - since), 0.0) if since and due > since else None
    local = wall_clocks(due, found.get("zone", ""))
    return Cell(
        _("Next deadline"),
        _("%(span)s late") % {"span": words} if late else _("in %(span)s") % {"span": words},
        note=f"{found.get('words', '')} · {local}",
        left=0.0 if late else left,
        danger=late,
    )


def wall_clocks(at: datetime, zone_name: str) -> str:
    """The authority's wall clock, then ours where it differs: 14:00 Washington, 20:00 Berlin."""
    own = timezone.localtime(at)
    there = timezone.localtime(at, zone(zone_name)) if zone_name else own
    pattern = "D j M, H:i"
    if there.replace(tzinfo=None) == own.replace(tzinfo=None):
        return formats.date_format(own, pattern)
    here = city(timezone.get_current_timezone_name())
    ours = formats.date_format(own, pattern if own.date() != there.date() else "H:i")
    return f"{formats.date_format(there, pattern)} {city(zone_name)}, {ours} {here}"


def _reach(summary: Mapping[str, Any]) -> Cell:
    key = _("Owners we could reach") if settings.DRILL else _("Owners we can reach")
    people, reachable = summary.get("people"), summary.get("reachable")
    if people is None or reachable is None:
        return Cell(key, "–", note=_("after the scope"))
    share = figures.percent(reachable, people)
    missing = people - reachable
    return Cell(
        key,
        count(reachable),
        _("of %(n)s") % {"n": count(people)},
        f"{share} · " + _("%(n)s cannot be written to") % {"n": count(missing)},
    )


def _corrected(summary: Mapping[str, Any]) -> Cell:
    level = (summary.get("levels") or {}).get("consumer")
    if not level:
        return Cell(_("Corrected, consumers"), "–", note=_("after the scope"))
    done, units = (Decimal(str(number)) for number in level)
    return Cell(
        _("Corrected, consumers"),
        count(done),
        _("of %(n)s units") % {"n": count(Decimal(str(units)))},
        figures.percent(done, units),
    )


def _decisions(summary: Mapping[str, Any]) -> Cell:
    waiting = [words_of(one) for one in summary.get("open_decisions") or []]
    return Cell(
        _("Open decisions"), str(len(waiting)), note=" · ".join(waiting[:3]) or _("none waits")
    )
