"""Mails that could not be taken in: what can be read of them, typed in by hand or set aside."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from holdfast.decision.intake.actions import take_in_complaint
from holdfast.decision.intake.models import Complaint
from holdfast.decision.intake.postbox import KIND
from holdfast.decision.intake.queries.rejected import as_told
from holdfast.decision.intake.rules.told import Told
from holdfast.doors.desk.pages import now
from holdfast.doors.desk.ruled import in_words
from holdfast.ground.access.permissions import may
from holdfast.ground.access.queries import organisation
from holdfast.kit.quantities import whole_number
from holdfast.kit.refusals import Unreadable
from holdfast.supply.imports.actions import ASIDE, TYPED, settle_rejects
from holdfast.supply.imports.models import ImportReject
from holdfast.supply.imports.queries import waiting_rejects

SHOWN = 30


def rejected_mails(request: HttpRequest) -> dict[str, Any]:
    """What waits, for the page of complaints: how many, and to whom may know who wrote, which."""
    waiting = waiting_rejects(KIND)
    found = {"rejects_in_all": waiting.count(), "rejects": [], "reject_folder": ""}
    if not found["rejects_in_all"] or not may(request.actor, "complaint.work"):  # type: ignore[attr-defined]
        return found
    calm = waiting.filter(is_urgent=False).order_by()
    reasons = calm.values_list("reason").annotate(n=Count("pk")).order_by("-n", "reason")
    return {
        **found,
        "rejects": [
            {"one": one, "reason": in_words(one.reason)}
            for one in waiting.select_related("run")[:SHOWN]
        ],
        "reject_reasons": [(why, in_words(why), n) for why, n in reasons[:SHOWN] if n > 1],
        "reject_folder": settings.COMPLAINT_MAILS,
        "ticked": request.POST.getlist("reject"),
    }


def typed_from(request: HttpRequest) -> dict[str, str]:
    """The fields of the form as far as the mail says them, and when it came: clocks count so."""
    one = _waiting(request.GET.get("reject"))
    if one is None or not may(request.actor, "complaint.work"):  # type: ignore[attr-defined]
        return {}
    told = as_told(one.raw)
    at = one.came_at or one.run.started_at
    return {
        "reject": str(one.pk),
        "file": one.file,
        "text": told.whole,
        "name": told.name,
        "email": told.email,
        "received_at": f"{at.astimezone(ZoneInfo(organisation().zone or 'UTC')):%Y-%m-%dT%H:%M}",
    }


@transaction.atomic
def type_in(request: HttpRequest, told: Told) -> Complaint:
    """Keep what was typed; a mail it was typed from needs nobody any more."""
    by, at = request.actor, now()  # type: ignore[attr-defined]
    one = _waiting(request.POST.get("reject"))
    kept = take_in_complaint(told=told, by=by, now=at)
    if one is not None:
        why = f"Typed in as {kept.ref}."
        settle_rejects(rejects=[one], how=TYPED, why=why, by=by, now=at)
    return kept


def is_of_a_mail(request: HttpRequest) -> bool:
    """Whether what is typed stands in a mail that waits: then it was told by mail."""
    return _waiting(request.POST.get("reject")) is not None


def set_aside(request: HttpRequest) -> str:
    """Set aside the ticked ones, or all of one reason that speak of no harm; what to say of it."""
    given = request.POST
    waiting = waiting_rejects(KIND)
    if given.get("which"):
        chosen = waiting.filter(is_urgent=False, reason=given["which"][:300])
    else:
        chosen = waiting.filter(pk__in=[whole_number(one) for one in given.getlist("reject")])
    rejects = list(chosen)
    if not rejects:
        raise Unreadable(
            "nothing_ticked",
            _("No mail was ticked."),
            hint=_("Tick those that need nothing more, or take all of one reason."),
        )
    n = settle_rejects(
        rejects=rejects,
        how=ASIDE,
        why=given.get("why", ""),
        by=request.actor,  # type: ignore[attr-defined]
        now=now(),
    )
    return ngettext("%(n)s mail was set aside.", "%(n)s mails were set aside.", n) % {"n": n}


def _waiting(number: str | None) -> ImportReject | None:
    found = waiting_rejects(KIND).select_related("run").filter(pk=whole_number(number))
    return found.first()
