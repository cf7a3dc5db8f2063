"""O7: no more units leave; every place with owner, proof and the time since the decision."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from holdfast.decision.recalls.models import Recall
from holdfast.doors.desk.evidencefiles import attached
from holdfast.doors.desk.legal_words import left
from holdfast.doors.desk.pages import now, page, recall_named, said
from holdfast.doors.desk.policy import policy
from holdfast.doors.desk.words import HOLD_KINDS
from holdfast.ground.access.models import Person
from holdfast.kit.quantities import whole_number
from holdfast.kit.refusals import Refusal, Unreadable
from holdfast.response.holds.actions import (
    add_hold,
    assign_hold,
    fail_hold,
    list_places,
    stop_hold,
    waive_hold,
)
from holdfast.response.holds.models import Hold
from holdfast.response.holds.queries import hold_numbered
from holdfast.response.holds.rules import SETTLED
from holdfast.supply.orders.models import OrderLine

MARKS = {"open": "open", "stopped": "ok", "failed": "failed", "not_needed": "none"}


@policy("recall.view")
def stop(request: HttpRequest, ref: str) -> HttpResponse:
    """The list; a POST ticks places, adds one, or says why one is not needed."""
    recall = recall_named(ref)
    refusal = None
    if request.method == "POST":
        try:
            words = _write(request, recall)
        except Refusal as refused:
            refusal = refused
        else:
            said(request, words)
            return redirect("recall_stop", recall.ref)
    at = now()
    rows = [_row(hold, at) for hold in recall.holds.order_by("kind", "name", "pk")]
    waiting = [row for row in rows if row["hold"].state not in SETTLED]
    context = {
        "rows": rows,
        "waiting": waiting,
        "done": len(rows) - len(waiting),
        "longest": max((row["hold"].asked_at for row in waiting), default=None),
        "first": min((row["hold"].asked_at for row in rows), default=None),
        "kinds": HOLD_KINDS.items(),
        "has_orders": OrderLine.objects.exists(),
        "people": Person.objects.filter(is_active=True).order_by("name"),
        "typed": request.POST if refusal else {},
    }
    return page(request, "desk/stop.html", context, recall=recall, tab="stop", refusal=refusal)


def _row(hold: Hold, at: Any) -> dict[str, Any]:
    return {
        "hold": hold,
        "kind": HOLD_KINDS.get(hold.kind, hold.kind),
        "mark": MARKS.get(hold.state, "open"),
        "time": left(hold.stopped_at or at, hold.asked_at),
    }


def _write(request: HttpRequest, recall: Recall) -> str:
    given, by, at = request.POST, request.actor, now()  # type: ignore[attr-defined]
    step = given.get("step", "")
    if step == "find":
        found = list_places(recall=recall, by=by, now=at)
        return ngettext(
            "%(n)s place found in your data.", "%(n)s places found in your data.", len(found)
        ) % {"n": len(found)}
    if step == "add":
        hold = add_hold(
            recall=recall,
            kind=given.get("kind", "channel"),
            name=given.get("name", ""),
            owner=given.get("owner", ""),
            quantity=_quantity(given.get("quantity", "")),
            by=by,
            now=at,
        )
        return _("%(name)s is on the list.") % {"name": hold.name}
    if step == "stop":
        return _stop(request, recall)
    hold = hold_numbered(recall, whole_number(given.get("hold")))
    if step == "assign":
        assign_hold(hold=hold, owner=given.get("owner", ""), by=by, now=at)
        return _("%(name)s has an owner.") % {"name": hold.name}
    if step == "waive":
        waive_hold(hold=hold, reason=given.get("reason", ""), by=by, now=at)
        return _("%(name)s: nothing affected is there.") % {"name": hold.name}
    fail_hold(hold=hold, reason=given.get("reason", ""), by=by, now=at)
    return _("%(name)s is open again.") % {"name": hold.name}


def _stop(request: HttpRequest, recall: Recall) -> str:
    """Tick several places with one proof: words, or a file, or both."""
    by, at = request.actor, now()  # type: ignore[attr-defined]
    ticked = [whole_number(word) for word in request.POST.getlist("ticked")]
    if not ticked:
        raise Unreadable("none_ticked", _("No place is ticked."), hint=_("Tick what has stopped."))
    sha256 = attached(request, "file", recall=recall, about="stop")
    proof = request.POST.get("proof", "")
    for number in ticked:
        hold = hold_numbered(recall, number)
        stop_hold(hold=hold, proof=proof, proof_sha256=sha256, by=by, now=at)
    return ngettext("%(n)s place stopped.", "%(n)s places stopped.", len(ticked)) % {
        "n": len(ticked)
    }


def _quantity(text: str) -> Decimal | None:
    if not text.strip():
        return None
    try:
        return Decimal(text.strip())
    except InvalidOperation as error:
        raise Unreadable(
            "bad_number", _("“%(text)s” is no number of units.") % {"text": text[:40]}
        ) from error
