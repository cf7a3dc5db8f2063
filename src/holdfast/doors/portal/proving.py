"""Photos as proof, where a remedy asks for them; the choice is kept, and skipping is fine."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from holdfast.doors.portal import checking
from holdfast.doors.portal.frame import Visit, visit
from holdfast.doors.portal.limits import PHOTOS
from holdfast.doors.portal.policy import open_to_all
from holdfast.doors.portal.uploads import room_to_decode, take_photos
from holdfast.kit.actors import PUBLIC
from holdfast.kit.pictures import PHOTO
from holdfast.kit.refusals import Forbidden, Refusal, Unreadable
from holdfast.response.remedies.actions import add_claim_photos
from holdfast.response.remedies.lifecycle import CHOSEN, FULFILLED, REVIEW
from holdfast.response.remedies.models import Claim
from holdfast.response.remedies.queries import (
    claims_for_token,
    claims_of,
    language_of,
    link_for,
    photos_of,
    terms_of,
)
from holdfast.response.remedies.rules import MOST_PHOTOS

MOST_FORM = MOST_PHOTOS * PHOTO.most_bytes + 100_000


Page = Callable[[Visit, list[Claim], str], HttpResponse]


def of_claim(page: Page) -> Callable[..., HttpResponse]:
    """A page about the open claims behind a link, a person's own or the one of their claim."""

    @open_to_all
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(page)
    def view(request: HttpRequest, token: str) -> HttpResponse:
        at = visit(request)
        link = link_for(token, now=at.now)
        if link is not None:
            known, country, land = language_of(link)
            at = visit(
                request, recall=link.recall, token=token, known=known, country=country, land=land
            )
            claims = claims_of(link.recall, link.customer_id)
        else:
            claims = claims_for_token(token)
            if not claims:
                return checking.show_form(at, dead=True)
            at = visit(request, recall=claims[0].recall, known=claims[0].language)
        front = reverse("portal_personal_front", args=[token]) + f"?l={at.speech.language}"
        open_ones = [c for c in claims if c.state in (CHOSEN, REVIEW, FULFILLED)]
        return page(at, open_ones, front) if open_ones else _go(front)

    return view


@of_claim
def photo(at: Visit, claims: list[Claim], front: str) -> HttpResponse:
    """One field, one button, and a way past it."""
    if at.request.method != "POST":
        return _show(at, claims, front)
    try:
        _take(at, claims)
    except Refusal as refusal:
        return _show(at, claims, front, refusal)
    return _go(front)


def _go(address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


def _take(at: Visit, claims: list[Claim]) -> None:
    if not take_photos(at.request, most_bytes=MOST_FORM):
        raise Unreadable("picture_large", "These photos are too large.")
    sent = at.request.FILES.getlist("p")
    if any((one.size or 0) > PHOTO.most_bytes for one in sent):
        raise Unreadable("picture_large", "This photo is too large.")
    refusal = at.too_many(PHOTOS)
    if refusal is not None:
        refusal.status = 429
        raise refusal
    with room_to_decode() as there_is_room:
        if not there_is_room:
            raise Forbidden("too_many", "Many photos are being looked at; please try again.")
        # all photos of a person stand at their first claim: that is the reference they know
        pictures = [one.read() for one in sent[: MOST_PHOTOS + 1]]
        add_claim_photos(claim=claims[0], pictures=pictures, by=PUBLIC, now=at.now)


def _show(
    at: Visit, claims: list[Claim], front: str, refusal: Refusal | None = None
) -> HttpResponse:
    there = photos_of(claims[:1]).count()
    context = {
        "title": at.speech.say("photo_title"),
        "reference": claims[0].reference,
        "there": at.speech.say("photo_there", n=at.speech.number(there)) if there else "",
        "is_full": there >= MOST_PHOTOS,
        "skip": front,
    }
    status = refusal.status if refusal else 200
    return at.show("photo.html", context, refusal=refusal, status=status)


def asks_photo(claims: list[Claim]) -> bool:
    """Whether a photo is asked for and none came yet."""
    if not claims or terms_of(claims[0].recall)[0].proof != "photo":
        return False
    return not photos_of(claims[:1]).exists()
