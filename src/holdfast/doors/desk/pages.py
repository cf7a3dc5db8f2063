"""One way to answer with a page: the template, the frame around it, what was just said."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.queries.recalls import recall_named
from holdfast.doors.desk.frame import frame_for
from holdfast.doors.desk.refusing import in_readers_words
from holdfast.ground.access.queries import organisation
from holdfast.kit.refusals import Refusal

__all__ = ["now", "page", "recall_named", "said"]


def now() -> datetime:
    """The moment of this request; actions take it as an argument."""
    return datetime.now(UTC)


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    recall: Recall | None = None,
    nav: str = "recalls",
    tab: str = "",
    status: int = 200,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """Render `template` in the frame; `refusal` is shown on top and sets the status."""
    at = now()
    org = organisation()
    by = request.actor  # type: ignore[attr-defined]
    timezone.activate(ZoneInfo(org.zone or "UTC"))
    around = {
        "frame": frame_for(request, org=org, recall=recall, nav=nav, tab=tab, now=at),
        "recall": recall,
        "now": at,
        "refusal": refusal
        and dict(zip(("message", "hint"), in_readers_words(refusal, by), strict=True)),
        "by": by,
    }
    answer = render(request, template, {**around, **(context or {})}, status=status)
    if refusal is not None:
        answer.status_code = refusal.status
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def said(request: HttpRequest, words: str) -> None:
    """One sentence shown on the next page: what was done."""
    messages.success(request, words)
