"""O16: every duty with its clock; the end in words, whose law, what starts it, what to do late."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from holdfast.decision.recalls.actions import (
    record_clock_start,
    set_legal_profile,
    withdraw_clock_start,
)
from holdfast.decision.recalls.models import ClockStart, Recall
from holdfast.decision.recalls.queries import clock_starts, countries_of_sale, profile_of
from holdfast.decision.recalls.queries.clocks import clock_fact
from holdfast.doors.desk.calendarlinks import links_of, write_link
from holdfast.doors.desk.dutyrows import Row, merged, rows_of
from holdfast.doors.desk.legal_words import FACTS, ROLES, country_name, fact_words
from holdfast.doors.desk.names import name_of
from holdfast.doors.desk.pages import now, page, recall_named, said
from holdfast.doors.desk.policy import policy
from holdfast.doors.desk.ruled import in_words
from holdfast.ground.access.permissions import may
from holdfast.ground.access.queries import organisation
from holdfast.ground.journal.models import Entry
from holdfast.ground.journal.telling import told
from holdfast.kit.quantities import whole_number
from holdfast.kit.refusals import NotFound, Refusal
from holdfast.kit.regimes.clock_facts import NAMES
from holdfast.kit.regimes.places import categories, place
from holdfast.kit.regimes.roles import roles_of
from holdfast.kit.regimes.told_times import told_time
from holdfast.kit.regimes.zones import VERSION
from holdfast.response.duties.actions import rework_clocks
from holdfast.response.duties.lifecycle import OPEN, SETTLED
from holdfast.response.duties.queries import calendar_text, clocks_of, confirmations, worked_out

MOST = 60
MOST_CHANGES = 8


@policy("recall.view")
def deadlines(request: HttpRequest, ref: str) -> HttpResponse:
    """The clocks; a POST tells a fact, takes one back, or says what the law asks."""
    recall = recall_named(ref)
    refusal, at = None, now()
    if request.method == "POST":
        try:
            words = _write(request, recall, at)
        except Refusal as refused:
            refusal = refused
        else:
            said(request, words)
            return redirect("recall_deadlines", recall.ref)
    found = worked_out(recall, now=at)
    rows = rows_of(clocks_of(recall), confirmations(), now=at)
    dated = merged([row for row in rows if row.is_open and row.clock.acts_by])
    by = request.actor  # type: ignore[attr-defined]
    whole = "all" in request.GET
    facts = _facts(recall)
    context = {
        "found": found,
        "dated": dated if whole else dated[:MOST],
        "dated_all": len(dated),
        "first": dated[0] if dated else None,
        "asked": _asked(rows),
        "undated": [
            row for row in rows if row.clock.state == "running" and row.clock.acts_by is None
        ],
        "settled": _settled(rows),
        "changed": [row for row in rows if row.is_open and row.is_changed],
        "gaps": [{"name": country_name(gap.place.code), "why": gap.why} for gap in found.gaps],
        "facts": [fact for fact in facts if not fact["start"].regime],
        "reports": [fact for fact in facts if fact["start"].regime],
        "changes": _changes(recall),
        "profile": _profile(recall),
        "fact_words": FACTS.items(),
        "zone": organisation().zone or "UTC",
        "zones": VERSION,
        "links": links_of(recall),
        "may_record": may(by, "clock.record"),
        "may_work": may(by, "duty.work"),
        "typed": request.POST if refusal else {},
        "has_unread": bool(_unread(rows)),
    }
    return page(
        request, "desk/deadlines.html", context, recall=recall, tab="deadlines", refusal=refusal
    )


@policy("recall.view")
def deadlines_ics(request: HttpRequest, ref: str) -> HttpResponse:
    """The open deadlines of one recall as a file for a calendar."""
    recall = recall_named(ref)
    name = f"{recall.ref} {recall.title}"
    answer = HttpResponse(
        calendar_text(recall, name=name, base=settings.PUBLIC_URL),
        content_type="text/calendar; charset=utf-8",
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="{recall.ref}-deadlines.ics"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _write(request: HttpRequest, recall: Recall, at: datetime) -> str:
    given, by = request.POST, request.actor  # type: ignore[attr-defined]
    step = given.get("step", "")
    if step in ("link", "unlink"):
        return write_link(request, recall, at)
    because = ""
    if step == "fact":
        name = given.get("fact", "")
        start = record_clock_start(
            recall=recall,
            fact=name,
            at=told_time(given.get("at", ""), given.get("zone", ""), name or "this fact"),
            zone=given.get("zone", ""),
            country=given.get("country", ""),
            occurrence=given.get("about", ""),
            known_by=given.get("known_by", ""),
            source=given.get("source", ""),
            by=by,
            now=at,
        )
        words, because = _("The fact is recorded."), fact_words_plain(start)
    elif step == "withdraw":
        start = _start_numbered(recall, given.get("start", ""))
        withdraw_clock_start(clock_start=start, reason=given.get("reason", ""), by=by, now=at)
        words = _("The fact counts no more.")
        because = f"taken back: {fact_words_plain(start)}"
    elif step == "profile":
        _set_profile(request, recall, at)
        words, because = _("The law is asked with this now."), "what the law asks was set"
    else:
        words, because = _("The clocks are worked out anew."), "somebody had them worked out anew"
    # The worker does it too; here, so that the next page shows what the fact did.
    rework_clocks(recall=recall, because=because, by=by, now=at)
    return words


def fact_words_plain(start: ClockStart) -> str:
    """A fact for the journal, which is kept in English."""
    return f"{NAMES[start.fact]}: {clock_fact(start).at.isoformat(timespec='minutes')}"


def _start_numbered(recall: Recall, text: str) -> ClockStart:
    found = ClockStart.objects.filter(recall=recall, pk=whole_number(text)).first()
    if found is None:
        raise NotFound("no_fact", _("There is no such fact in this recall."))
    return found


def _set_profile(request: HttpRequest, recall: Recall, at: datetime) -> None:
    given = request.POST
    everywhere = given.getlist("role")
    roles = roles_of([*everywhere, *_listed(given.get("roles", ""))])
    set_legal_profile(
        recall=recall,
        categories=given.getlist("category"),
        sold_in=_listed(given.get("sold_in", "")),
        roles=roles,
        by=request.actor,  # type: ignore[attr-defined]
        now=at,
    )


def _listed(text: str) -> list[str]:
    return [word.strip() for word in text.replace(";", ",").split(",") if word.strip()]


def _asked(rows: list[Row]) -> list[dict[str, Any]]:
    """Facts that are asked for, with the duties that wait for each; the most asked for first."""
    waiting: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if row.clock.state == "waiting":
            waiting[tuple(row.clock.missing)].append(row)
    found = [
        {
            "names": names,
            "first": names[0] if names else "",
            "words": [fact_words(name) for name in names],
            "rows": waits,
            "bounded": any(row.clock.at_latest for row in waits),
        }
        for names, waits in waiting.items()
    ]
    return sorted(found, key=lambda one: (not one["bounded"], -len(one["rows"])))


def _settled(rows: list[Row]) -> list[Row]:
    found = [row for row in rows if row.clock.state in SETTLED]
    whole = merged(found)
    return sorted(whole, key=lambda row: row.clock.settled_at or row.clock.changed_at, reverse=True)


def _unread(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row.clock.state in OPEN and row.is_unsure]


def _facts(recall: Recall) -> list[dict[str, Any]]:
    return [
        {
            "start": start,
            "words": fact_words(start.fact),
            "at": clock_fact(start).at,
            "where": country_name(start.country) if start.country else "",
            "known_by": name_of(start.known_by) if start.known_by else "",
            "source": in_words(start.source),
        }
        for start in clock_starts(recall)
    ]


def _changes(recall: Recall) -> list[dict[str, Any]]:
    """What changes of facts did to the clocks, the newest first."""
    kinds = ("DutyClocksReworked", "DutyEscalated", "DutyReopened", "HouseTargetSet")
    rows = Entry.objects.filter(subject=recall.ref, kind__in=kinds).order_by("-index")
    return [
        {"at": datetime.fromisoformat(row.at), "words": told(row).here}
        for row in rows[:MOST_CHANGES]
    ]


def _profile(recall: Recall) -> dict[str, Any]:
    profile = profile_of(recall)
    held = profile.categories if profile else []
    roles = profile.roles if profile else {}
    typed = profile.sold_in if profile else []
    countries = countries_of_sale(recall)
    return {
        "is_set": profile is not None,
        "categories": [(one.id, _(one.name), one.id in held) for one in categories().values()],
        "named": [_(categories()[name].name) for name in held],
        "roles": [(name, words, name in roles.get("", [])) for name, words in ROLES.items()],
        "other_roles": ", ".join(
            f"{code}={name}" for code, names in roles.items() if code for name in names
        ),
        "said_roles": [
            (country_name(code) if code else "", [ROLES.get(name, name) for name in names])
            for code, names in roles.items()
        ],
        "sold_in": ", ".join(typed),
        "countries": [country_name(place(code).code) for code in countries],
    }
