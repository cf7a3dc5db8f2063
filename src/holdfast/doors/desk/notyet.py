"""Addresses whose page is still being written; gone before this issue is done."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from holdfast.doors.desk.pages import page, recall_named
from holdfast.doors.desk.policy import policy


@policy("recall.view")
def page_to_come(request: HttpRequest, ref: str = "") -> HttpResponse:
    """The frame alone."""
    recall = recall_named(ref) if ref else None
    tab = (request.resolver_match.url_name or "").removeprefix("recall_")  # type: ignore[union-attr]
    return page(request, "look/note.html", {"title": tab}, recall=recall, tab=tab)
