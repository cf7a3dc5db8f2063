"""Deadlines for a calendar: secret addresses are made and revoked, and answer without sign-in."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from holdfast.decision.recalls.models import Recall
from holdfast.doors.desk.policy import OPEN, policy
from holdfast.ground.access.queries import organisation
from holdfast.kit.quantities import whole_number
from holdfast.kit.refusals import NotFound
from holdfast.response.duties.actions import make_calendar_link, revoke_calendar_link
from holdfast.response.duties.models import CalendarLink
from holdfast.response.duties.queries import calendar_text, link_for

TOKEN_BYTES = 24


@policy(OPEN)
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The open deadlines behind a live link; unknown and revoked ones are not there."""
    link = link_for(token)
    if link is None:
        raise Http404
    recall = link.recall
    name = f"{recall.ref} {recall.title}" if recall else f"{organisation().name}: deadlines"
    answer = HttpResponse(
        calendar_text(recall, name=name, base=settings.PUBLIC_URL),
        content_type="text/calendar; charset=utf-8",
    )
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def links_of(recall: Recall) -> list[CalendarLink]:
    """Live links that show this recall, those of all recalls among them."""
    live = CalendarLink.objects.filter(revoked_at__isnull=True).order_by("pk")
    return [link for link in live if link.recall_id in (None, recall.pk)]


def write_link(request: HttpRequest, recall: Recall, at: datetime) -> str:
    """Make a link, whose address is shown once, or revoke one."""
    given, by = request.POST, request.actor  # type: ignore[attr-defined]
    if given.get("step") == "unlink":
        number = given.get("link", "")
        link = CalendarLink.objects.filter(pk=whole_number(number)).first()
        if link is None:
            raise NotFound("no_link", _("There is no such calendar link."))
        revoke_calendar_link(link=link, by=by, now=at)
        return _("The calendar link answers nobody any more.")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    make_calendar_link(
        token=token,
        label=given.get("label", ""),
        recall=None if given.get("every") else recall,
        by=by,
        now=at,
    )
    address = settings.PUBLIC_URL + reverse("calendar_feed", args=[token])
    return _("Give this address to your calendar; it is shown only now: %(url)s") % {"url": address}
