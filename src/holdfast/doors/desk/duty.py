"""One duty: what it asks, who owes it, how its end was counted, its sources; settle it, own it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from holdfast.decision.recalls.models import Recall
from holdfast.doors.desk.dutyrows import rows_of
from holdfast.doors.desk.legal_words import CONFIDENCES, ROLES, country_name, fact_words
from holdfast.doors.desk.names import names_of
from holdfast.doors.desk.pages import now, page, recall_named, said
from holdfast.doors.desk.policy import policy
from holdfast.doors.desk.words import ROLES as RECALL_ROLES
from holdfast.ground.access.models import Person
from holdfast.ground.access.permissions import may
from holdfast.ground.access.queries import organisation
from holdfast.ground.journal.models import Entry
from holdfast.ground.journal.telling import told
from holdfast.ground.outbox.carriers import way_out
from holdfast.ground.outbox.queries import staff_mails
from holdfast.kit.refusals import NotFound, Refusal
from holdfast.kit.regimes.sentences import amount
from holdfast.kit.regimes.told_times import told_time
from holdfast.response.duties.actions import (
    assign_duty,
    reopen_duty,
    set_house_target,
    settle_duty,
)
from holdfast.response.duties.lifecycle import OPEN
from holdfast.response.duties.models import DutyClock
from holdfast.response.duties.queries import confirmations
from holdfast.response.duties.queries.telling import mailed_about

HISTORY = (
    "DutyAssigned", "DutyMet", "DutyWaived", "DutyReopened", "HouseTargetSet", "DutyEscalated",
)  # fmt: skip


@policy("recall.view")
def duty(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """The duty; a POST settles it, opens it again, gives it an owner or an own limit."""
    recall = recall_named(ref)
    clock = DutyClock.objects.select_related("recall").filter(recall=recall, pk=number).first()
    if clock is None:
        raise NotFound("no_duty", _("There is no such duty in this recall."))
    refusal, at = None, now()
    if request.method == "POST":
        try:
            words = _write(request, clock, at)
        except Refusal as refused:
            refusal = refused
        else:
            said(request, words)
            return redirect("recall_duty", recall.ref, clock.pk)
        clock.refresh_from_db()
    (row,) = rows_of([clock], confirmations(clock.regime), now=at)
    by = request.actor  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "row": row,
        "clock": clock,
        "duty": row.duty,
        "who": [ROLES.get(name, name) for name in row.duty.obligation.who] if row.duty else [],
        "confidence": CONFIDENCES[row.duty.obligation.confidence] if row.duty else "",
        "variants": _variants(row.duty),
        "siblings": [country_name(one.country) for one in _siblings(clock)],
        "start": fact_words(clock.start_fact) if clock.start_fact else "",
        "history": _history(recall, clock),
        "people": [
            (f"person:{one.pk}", one.name)
            for one in Person.objects.filter(is_active=True).order_by("name")
        ],
        "role_words": RECALL_ROLES.items(),
        "zone": organisation().zone or "UTC",
        "may_work": may(by, "duty.work"),
        "mails": _mails(clock),
        "no_way": "" if way_out("email", ask=False).is_open else way_out("email", ask=False).words,
        "typed": request.POST if refusal else {},
    }
    return page(request, "desk/duty.html", context, recall=recall, tab="deadlines", refusal=refusal)


def _write(request: HttpRequest, clock: DutyClock, at: datetime) -> str:
    given, by = request.POST, request.actor  # type: ignore[attr-defined]
    step = given.get("step", "")
    if step in ("met", "waive"):
        return _settle(request, clock, at)
    if step == "reopen":
        reopen_duty(clock=clock, reason=given.get("reason", ""), by=by, now=at)
        return _("The duty is open again.")
    if step == "owner":
        assign_duty(clock=clock, owner=given.get("owner", ""), by=by, now=at)
        return _("The duty has an owner.")
    own = given.get("at", "").strip()
    set_house_target(
        clock=clock,
        at=told_time(own, given.get("zone", ""), "the own limit") if own else None,
        reason=given.get("reason", ""),
        by=by,
        now=at,
    )
    return _("The own limit is set.") if own else _("The own limit is given up.")


@transaction.atomic
def _settle(request: HttpRequest, clock: DutyClock, at: datetime) -> str:
    """This one, and where it is ticked the same duty in every other country: all or none."""
    given, by = request.POST, request.actor  # type: ignore[attr-defined]
    done = given.get("at", "").strip()
    is_met = given.get("step") == "met"
    for one in [clock, *(_siblings(clock) if given.get("also") else [])]:
        settle_duty(
            clock=one,
            state="met" if is_met else "not_applicable",
            reference=given.get("reference", "") if is_met else "",
            reason="" if is_met else given.get("reason", ""),
            at=told_time(done, given.get("zone", ""), "this duty") if is_met and done else None,
            is_told=is_met and bool(given.get("told")),
            by=by,
            now=at,
        )
    return _("The duty is done.") if is_met else _("The duty does not apply; the reason is kept.")


def _siblings(clock: DutyClock) -> list[DutyClock]:
    """The same duty of the same law in other countries of this recall, where it is open too."""
    found = DutyClock.objects.filter(
        recall=clock.recall,
        regime=clock.regime,
        obligation=clock.obligation,
        occurrence=clock.occurrence,
        state__in=OPEN,
    )
    return list(found.exclude(pk=clock.pk).order_by("country"))


def _mails(clock: DutyClock) -> list[dict[str, Any]]:
    """Who was mailed when it came near, and what became of it."""
    found = staff_mails(mailed_about(clock))
    names = names_of([one.person for one in found])
    return [
        {
            "name": names.get(one.person, one.person),
            "at": one.ended_at or one.planned_at,
            "state": one.state,
            "reply": one.reply,
        }
        for one in found
    ]


def _variants(found: Any) -> list[str]:
    if found is None:
        return []
    return [
        f"{amount(one.value, one.unit)} {one.when}" + (f" ({one.citation})" if one.citation else "")
        for one in found.obligation.deadline.variants
    ]


def _history(recall: Recall, clock: DutyClock) -> list[dict[str, Any]]:
    """What happened to this duty, from the journal, the newest first."""
    name = f"{clock.regime}.{clock.obligation}"
    rows = Entry.objects.filter(subject=recall.ref, kind__in=(*HISTORY, "DutyClocksReworked"))
    found = []
    for entry in rows.order_by("-index")[:200]:
        fields = entry.fields
        about = fields.get("clocks") or [fields]
        if any(
            (one.get("duty"), one.get("country"), one.get("occurrence"))
            == (name, clock.country, clock.occurrence)
            for one in about
        ):
            found.append({"at": datetime.fromisoformat(entry.at), "words": told(entry).here})
    return found[:20]
