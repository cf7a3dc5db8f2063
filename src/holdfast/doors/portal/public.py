"""Public pages: the list, each recall's own page, the check, and claims without a link."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from holdfast.decision.recalls.models import Recall
from holdfast.doors.portal import checking, wishing
from holdfast.doors.portal.facts import facts_told
from holdfast.doors.portal.frame import Visit, type_it, visit
from holdfast.doors.portal.helping import hear, show_help, show_hurt, show_real
from holdfast.doors.portal.policy import open_to_all
from holdfast.doors.portal.problems import hear_problem, show_problem
from holdfast.doors.portal.telling import places_told, told
from holdfast.kit.actors import PUBLIC
from holdfast.kit.refusals import Refusal
from holdfast.response.notices.queries import page_photo
from holdfast.response.remedies.actions import claim_publicly
from holdfast.response.remedies.queries import terms_of
from holdfast.response.remedies.rules import token_hash

Page = Callable[[Visit, Recall], HttpResponse]
FRESH = "public, max-age=60"


def of_recall(page: Page) -> Callable[..., HttpResponse]:
    """A page of one recall the public knows of; any other reference shows the list."""

    @open_to_all
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(page)
    def view(request: HttpRequest, ref: str) -> HttpResponse:
        recall = next((r for r in checking.public_recalls() if r.ref == ref.upper()), None)
        if recall is None:
            at = visit(request)
            return at.show("index.html", _index(at), status=404)
        return page(visit(request, recall=recall), recall)

    return view


def of_all(page: Callable[[Visit], HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that is about no recall in particular."""

    @open_to_all
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(page)
    def view(request: HttpRequest) -> HttpResponse:
        return page(visit(request))

    return view


@of_all
def index(at: Visit) -> HttpResponse:
    """Every recall, newest first: the address people type."""
    answer = at.show("index.html", _index(at))
    answer.headers["Cache-Control"] = FRESH
    return answer


def _index(at: Visit) -> dict[str, object]:
    return {
        "title": at.speech.say("index_title"),
        "recalls": checking.listed(at),
        "check": at.url("check"),
    }


@of_all
def any_check(at: Visit) -> HttpResponse:
    """The check over all recalls."""
    if at.request.method == "POST":
        return checking.answer_code(at)
    return checking.show_form(at)


@of_all
def any_hurt(at: Visit) -> HttpResponse:
    """Somebody was hurt, by whatever it was."""
    back = at.url("index")
    return hear(at, back) if at.request.method == "POST" else show_hurt(at, back)


@of_all
def any_problem(at: Visit) -> HttpResponse:
    """Tell us about a problem with anything you bought, recalled or not."""
    back = at.url("index")
    return hear_problem(at, back) if at.request.method == "POST" else show_problem(at, back)


@of_all
def any_write(at: Visit) -> HttpResponse:
    """How to reach a person."""
    return show_help(at, at.url("index"))


@of_all
def any_real(at: Visit) -> HttpResponse:
    """How to know that a message is ours."""
    return show_real(at, at.url("index"))


@open_to_all
@require_http_methods(["GET", "HEAD"])
def photo(request: HttpRequest, sha256: str) -> HttpResponse:
    """A product's photo under its own SHA-256; it never changes, so it is asked for once."""
    del request
    found = page_photo(sha256)
    if found is None:
        return HttpResponse(status=404)
    answer = HttpResponse(found, content_type="image/webp")
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


@of_recall
def notice(at: Visit, recall: Recall) -> HttpResponse:
    """C1 for everybody: the stable address of a recall."""
    if at.request.method == "POST":
        pressed = at.request.POST.get("a", "")
        return at.go({"yes": "remedy", "gone": "gone"}.get(str(pressed), "check"))
    page = told(recall, at.speech, at.law)
    answer = at.show(
        "notice.html",
        {
            "title": page.plain_title,
            "told": page,
            "orders": [],
            "elsewhere": places_told(recall, at.speech, at.law),
            "facts": facts_told(at, recall),
        },
    )
    answer.headers["Cache-Control"] = FRESH
    return answer


@of_recall
def check(at: Visit, recall: Recall) -> HttpResponse:
    """C2 of one recall."""
    del recall
    if at.request.method == "POST":
        return checking.answer_code(at, back=at.url("notice"))
    return checking.show_form(at, back=at.url("notice"))


@of_recall
def gone(at: Visit, recall: Recall) -> HttpResponse:
    """Thanks, and please pass the address on; without a link there is no unit to settle."""
    context = {"title": at.speech.say("gone_title"), "back": at.url("notice")}
    if at.request.method != "POST":
        return at.show("gone.html", context)
    shared = {
        "title": at.speech.say("gone_done"),
        "gone": True,
        "pass_on": at.request.POST.get("g") in ("given_away", "sold"),
        "share": type_it(),
    }
    del recall
    return at.show("done.html", shared)


@of_recall
def remedy(at: Visit, recall: Recall) -> HttpResponse:
    """C3 without a link: the choice, and one way to reach the person."""
    given = at.request.POST
    typed = {key: str(given.get(key, "")) for key in ("order", "email", "postcode", "phone")}
    context: dict[str, object] = {
        "title": at.speech.say("remedy_title"),
        "offers": wishing.offers(at, recall, ()),
        "items": wishing.items(at, recall, ()),
        "proof": wishing.proof(at, recall),
        "sure": wishing.sure(at, recall),
        "change_until": wishing.change_until(at, recall),
        "chosen": given.get("r", ""),
        "stopped": bool(given.get("ok")),
        "asks_contact": True,
        "typed": typed,
        "back": at.url("notice"),
    }
    if at.request.method != "POST":
        return at.show("remedy.html", context)
    refusal = at.too_many()
    if refusal is not None:
        return at.show("remedy.html", context, refusal=refusal, status=429)
    token = secrets.token_urlsafe(16)
    try:
        claim_publicly(
            recall=recall,
            order=typed["order"],
            contact={key: typed[key] for key in ("email", "postcode", "phone")},
            remedy=str(given.get("r", "")),
            stopped=bool(given.get("ok")),
            reference=at.new_reference(),
            token_sha256=token_hash(token),
            language=at.speech.language,
            by=PUBLIC,
            now=at.now,
        )
    except Refusal as refused:
        return at.show("remedy.html", context, refusal=refused, status=refused.status)
    # the same page whether an order matched or not: it asks whoever claims
    following = "photo" if terms_of(recall)[0].proof == "photo" else "front"
    response = HttpResponseRedirect(
        reverse(f"portal_personal_{following}", args=[token]) + f"?l={at.speech.language}"
    )
    response.status_code = 303
    return response


@of_recall
def hurt(at: Visit, recall: Recall) -> HttpResponse:
    """Somebody was hurt by this product."""
    del recall
    back = at.url("notice")
    return hear(at, back) if at.request.method == "POST" else show_hurt(at, back)


@of_recall
def write(at: Visit, recall: Recall) -> HttpResponse:
    """How to reach a person about this recall."""
    del recall
    return show_help(at, at.url("notice"))


@of_recall
def real(at: Visit, recall: Recall) -> HttpResponse:
    """What the messages of this recall say and never ask."""
    del recall
    return show_real(at, at.url("notice"))
