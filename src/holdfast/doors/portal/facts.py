"""A correction: what is true first, what to do, and last the claim that is not, if at all."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from holdfast.decision.recalls.models import Recall
from holdfast.doors.portal import checking
from holdfast.doors.portal.frame import Visit, visit
from holdfast.doors.portal.kept import PUBLISHED
from holdfast.doors.portal.policy import open_to_all
from holdfast.doors.portal.speech import SPOKEN, Speech
from holdfast.response.answers.queries import Page, public_pages

FRESH = "public, max-age=60"


@open_to_all
@require_http_methods(["GET", "HEAD"])
def fact(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """One page, in the reader's language where it is approved; what is not public is not there."""
    recall = next((r for r in checking.public_recalls() if r.ref == ref.upper()), None)
    pages = _public(recall).get(number, {}) if recall is not None else {}
    at = visit(request, recall=recall)
    if not pages:
        return at.show("gone_fact.html", {"title": at.speech.say("fact_title")}, status=404)
    at.languages = [code for code in SPOKEN if code in pages]
    if at.speech.language not in pages:
        at.speech = Speech("en" if "en" in pages else at.languages[0])
    page = pages[at.speech.language]
    approved = page.approved_at
    answer = at.show(
        "fact.html",
        {
            "title": page.said.headline,
            "said": page.said,
            "as_of": at.speech.day(approved.date(), with_year=True) if approved else "",
            "back": at.url("notice"),
        },
    )
    answer.headers["Cache-Control"] = FRESH
    return answer


def facts_told(at: Visit, recall: Recall) -> list[tuple[str, str]]:
    """Address and headline of each public correction, in the language of the page or in English."""
    found = []
    for number, pages in sorted(_public(recall).items()):
        page = pages.get(at.speech.language) or pages.get("en")
        if page is not None:
            url = reverse("portal_fact", args=[recall.ref, number])
            found.append((f"{url}?l={page.language}", page.said.headline))
    return found


def _public(recall: Recall) -> dict[int, dict[str, Page]]:
    return PUBLISHED.get(("facts-told", recall.pk), lambda: public_pages(recall))
