"""Alarms: what was told too often, why we say so, and what a person makes of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from holdfast.decision.intake.queries import recent_rushes
from holdfast.decision.investigations.actions import (
    dismiss_alarm,
    open_investigation,
    set_alarm_budget,
    take_back_dismissal,
)
from holdfast.decision.investigations.models import Alarm
from holdfast.decision.investigations.queries import (
    alarm_named,
    alarm_reports,
    alarms_waiting,
    counted_a_week,
    false_a_week,
    floods,
    nearest,
    reports_since,
    still_to_come,
    threshold_in_force,
    watched_things,
)
from holdfast.decision.investigations.queries.hearing import REVIEWS
from holdfast.doors.desk.complaints import CHANNEL_WORDS
from holdfast.doors.desk.hazardwords import hazard_title, settling_parts
from holdfast.doors.desk.names import name_of
from holdfast.doors.desk.pages import now, page, said
from holdfast.doors.desk.particularwords import named_most
from holdfast.doors.desk.policy import policy
from holdfast.doors.desk.ruled import in_words
from holdfast.doors.desk.rushwords import rush_facts, rush_row, rush_words
from holdfast.ground.access.permissions import may
from holdfast.ground.look.charts import course as drawn
from holdfast.ground.look.charts.svg import Figure
from holdfast.ground.look.templatetags.look import count
from holdfast.kit.quantities import whole_number
from holdfast.kit.refusals import Refusal, Unreadable
from holdfast.kit.signals.cost import MAKER_YEARS, costs

PAGE = 50
LEAST = 0.001
WITHOUT_YEAR = timedelta(days=300)  # so short a course says its days without the year
STATES = {
    "open": gettext_lazy("Waits to be read"),
    "investigating": gettext_lazy("Being investigated"),
    "dismissed": gettext_lazy("No hazard"),
    "superseded": gettext_lazy("Replaced by a newer one"),
    "settled": gettext_lazy("Settled"),
}
MARKS = {
    "open": "open",
    "investigating": "doing",
    "dismissed": "done",
    "superseded": "done",
    "settled": "done",
}


@policy("recall.view")
def alarms(request: HttpRequest) -> HttpResponse:
    """Those nobody judged, urgent first; the judged ones, floods, and what a threshold costs."""
    refusal = None
    if request.method == "POST":
        try:
            _set_budget(request)
        except Refusal as refused:
            refusal = refused
        else:
            said(request, _("Saved. New reports are measured by it."))
            return redirect("alarms")
    at = now()
    waiting = list(alarms_waiting()[:PAGE])
    judged = Alarm.objects.exclude(state="open").select_related("investigation", "replaced_by")
    before = whole_number(request.GET.get("before"))
    if before:
        judged = judged.filter(pk__lt=before)
    shown = list(judged.order_by("-pk")[: PAGE + 1])
    threshold = threshold_in_force()
    counted = counted_a_week(at)
    context = {
        "waiting": [row(one) for one in waiting],
        "judged": [row(one) for one in shown[:PAGE]],
        "before": shown[PAGE - 1].pk if len(shown) > PAGE else None,
        "floods": floods(at),
        "unlinked": _("what is not linked to a product"),
        "rushes": [rush_row(one) for one in recent_rushes(at)],
        "nearest": [
            {"row": one, "hazard": hazard_title(one.hazard), "score": _plain(one.score)}
            for one in nearest(threshold)
        ],
        "threshold": _plain(threshold),
        "said": false_a_week(),
        "things": watched_things(),
        "costs": [_cost(one, threshold) for one in costs(watched_things())],
        "years": MAKER_YEARS,
        "counted": {key: _plain(value) for key, value in counted.items()},
        "may_set": may(request.actor, "settings.change"),  # type: ignore[attr-defined]
        "may_judge": may(request.actor, "alarm.judge"),  # type: ignore[attr-defined]
    }
    return page(request, "desk/alarms.html", context, nav="inbox", refusal=refusal)


@policy("recall.view")
def alarm(request: HttpRequest, alarm: str) -> HttpResponse:
    """One alarm: the sentence, the curve, the reports, where they point, what would settle it."""
    found = alarm_named(alarm)
    refusal = None
    if request.method == "POST":
        try:
            where = _judge(request, found)
        except Refusal as refused:
            refusal = refused
        else:
            return where
    complaints = alarm_reports(found)
    context = {
        "alarm": found,
        "row": row(found),
        "question": in_words(found.investigation.question) if found.investigation else "",
        "figure": _figure(found),
        "reports": [_report(one, found.hazard) for one in complaints],
        "left_out": max(0, found.reports - len(complaints)),
        "crowds": [_crowd(one) for one in found.why.get("crowds", ())],
        "named_most": named_most(complaints),
        "read_of": len(complaints),
        "lots": found.why.get("lots", ()),
        "flood": _flood(found.why.get("flood")),
        "rush": _rush(found),
        "settle": settling_parts(found.why.get("settle", "")),
        "since": reports_since(found),
        "by_chance": _by_chance(found),
        "to_come": still_to_come(found, now().date()) if found.state == "open" else None,
        "score": _plain(found.score),
        "threshold": _plain(found.threshold),
        "judged_by": name_of(found.judged_by) if found.judged_by else "",
        "may_judge": may(request.actor, "alarm.judge"),  # type: ignore[attr-defined]
        "typed": request.POST.get("reason", "") if refusal else "",
    }
    return page(request, "desk/alarm.html", context, nav="inbox", refusal=refusal)


def _by_chance(found: Alarm) -> str:
    """At most so many per cent of what stands out this much would be chance; not always kept."""
    told = found.why.get("chance")
    return "" if told is None else _plain(max(0.1, float(told) * 100))


def row(found: Alarm) -> dict[str, Any]:
    """An alarm as lists show it."""
    return {
        "alarm": found,
        "sentence": sentence(found),
        "hazard": hazard_title(found.hazard),
        "state": STATES[found.state],
        "mark": MARKS[found.state],
        "hurt": found.why.get("hurt", 0),
        "is_of_reviews": found.watched.startswith(f"{REVIEWS} "),
    }


def sentence(found: Alarm) -> str:
    """Why it was raised, in the reader's language; the stored sentence is its English twin."""
    told = ngettext(
        "%(n)s report in %(days)s days on %(product)s speaks of: %(hazard)s. "
        "Usual would be %(usual)s.",
        "%(n)s reports in %(days)s days on %(product)s speak of: %(hazard)s. "
        "Usual would be %(usual)s.",
        found.reports,
    ) % {
        "n": count(found.reports),
        "days": found.window,
        "product": found.product_words,
        "hazard": hazard_title(found.hazard),
        "usual": _plain(found.expected),
    }
    hurt = found.why.get("hurt", 0)
    if hurt:
        told += " " + ngettext(
            "%(n)s tells of harm to a person.", "%(n)s tell of harm to a person.", hurt
        ) % {"n": count(hurt)}
    return told


def _judge(request: HttpRequest, found: Alarm) -> HttpResponse:
    given, by, at = request.POST, request.actor, now()  # type: ignore[attr-defined]
    step = given.get("step", "")
    if step == "investigate":
        investigation = open_investigation(alarm=found, by=by, now=at)
        said(request, _("The investigation is open. What would settle it stands on its list."))
        return redirect("investigation", investigation.ref)
    if step == "dismiss":
        judged = dismiss_alarm(alarm=found, reason=given.get("reason", ""), by=by, now=at)
        day = formats.date_format(judged.quiet_until, "j M Y")  # type: ignore[arg-type]
        said(
            request, _("Not a hazard. It stays quiet until %(day)s unless it grows.") % {"day": day}
        )
        return redirect("alarms")
    if step == "take_back":
        take_back_dismissal(alarm=found, reason=given.get("reason", ""), by=by, now=at)
        said(request, _("It waits to be read again."))
        return redirect("alarm", found.ref)
    raise Unreadable("unknown_step", _("This page has no such step."))


def _set_budget(request: HttpRequest) -> None:
    text = request.POST.get("false_a_week", "").strip().replace(",", ".")
    try:
        number = float(text) if text else None
    except ValueError as error:
        raise Unreadable(
            "bad_budget",
            _("“%(text)s” is no number of false alarms a week.") % {"text": text[:30]},
            hint=_("For example 2. Empty: the published threshold."),
        ) from error
    set_alarm_budget(false_a_week=number, by=request.actor, now=now())  # type: ignore[attr-defined]


def _figure(found: Alarm) -> Figure:
    steps = [(date.fromisoformat(one["ends"]), one) for one in found.why.get("course", ())]
    is_short = not steps or steps[-1][0] - steps[0][0] < WITHOUT_YEAR
    bars = [
        drawn.Bar(
            formats.date_format(ends, "j M Y"),
            step["reports"],
            float(step["weighed"]),
            float(step["expected"]),
            step["is_in_window"],
            formats.date_format(ends, "j M" if is_short else "j M y"),
        )
        for ends, step in steps
    ]
    words = drawn.Words(
        _("Reports beside what would be usual"),
        _("Up to"),
        _("Reports"),
        _("By weight"),
        _("Usual"),
        _("the days the alarm looks at"),
        _("Bars are reports by weight, the line is what would be usual."),
    )
    return drawn.course("co", bars, say=count, share=_plain, words=words)


def _report(complaint: Any, hazard: str) -> dict[str, Any]:
    """A complaint with the words that decided; who told it is not asked for."""
    read = [one for one in complaint.hazards.all() if one.hazard == hazard and not one.is_denied]
    words = [str(word[0]) for one in read for word in one.words]
    text = complaint.text
    return {
        "complaint": complaint,
        "channel": CHANNEL_WORDS.get(complaint.channel, complaint.channel),
        "words": list(dict.fromkeys(words))[:6],
        "parts": _marked(text, words),
        "lots": [
            link.value
            for link in complaint.links.all()
            if link.kind == "lot" and link.withdrawn_at is None
        ],
    }


def _marked(text: str, words: list[str], most: int = 600) -> list[tuple[str, bool]]:
    """The text cut into pieces, those that decided marked."""
    text = text if len(text) <= most else f"{text[:most].rstrip()} …"
    spots = sorted({(at, at + len(word)) for word in words if (at := text.find(word)) >= 0})
    parts, last = [], 0
    for start, end in spots:
        if start < last:
            continue
        parts += [(text[last:start], False), (text[start:end], True)]
        last = end
    return [(part, is_marked) for part, is_marked in [*parts, (text[last:], False)] if part]


def _crowd(crowd: dict[str, Any]) -> dict[str, Any]:
    kinds = {
        "lot": _("Lot"),
        "supplier": _("Supplier"),
        "site": _("Site"),
        "received": _("Received in"),
    }
    return {
        **crowd,
        "kind": kinds.get(crowd["kind"], crowd["kind"]),
        "expected": _plain(float(crowd["expected"])),
        "chance": _plain(float(crowd["chance"]) * 100),
    }


def _flood(flood: dict[str, Any] | None) -> dict[str, Any] | None:
    return {**flood, "on": date.fromisoformat(flood["on"])} if flood else None


def _rush(found: Alarm) -> dict[str, Any] | None:
    """The rush it is part of: the sentence, and what helps to judge it."""
    rush = found.why.get("rush")
    if not rush:
        return None
    return {"words": rush_words(rush, found.product_words), "facts": rush_facts(rush)}


def _cost(one: Any, threshold: float) -> dict[str, Any]:
    return {
        "threshold": _plain(one.threshold),
        "alarms": one.alarms,
        "false": one.false_alarms,
        "rate": _plain(one.per_100_years),
        "here": _plain(one.false_a_week),
        "is_ours": one.threshold == threshold,
    }


def _plain(number: float) -> str:
    """As many digits as matter, in the reader's language: 21, 6.0, 0.34, 0.004, under 0.001."""
    if number == 0 or abs(number) >= 10:
        return count(round(number))
    if abs(number) < LEAST:
        return _("under %(n)s") % {"n": formats.number_format(LEAST)}
    places = 1 if abs(number) >= 1 else 2 if abs(number) >= 0.01 else 3
    return str(formats.number_format(round(number, places), places))
