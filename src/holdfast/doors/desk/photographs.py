"""Photographs by which products and announcements are known again: added, shown, taken out."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from holdfast.decision.announcements.actions import add_photograph, drop_photograph
from holdfast.decision.announcements.models import Announcement, Photograph
from holdfast.decision.announcements.queries import (
    announcement_numbered,
    photograph_numbered,
    photographs_of_products,
)
from holdfast.doors.desk.pages import now, page, said
from holdfast.doors.desk.policy import policy
from holdfast.ground.access.permissions import may
from holdfast.kit.identifiers.photo import LIMITS
from holdfast.kit.phototext import INSTALL, can_read_words
from holdfast.kit.quantities import whole_number
from holdfast.kit.refusals import NotFound, Refusal, Unreadable
from holdfast.supply.catalog.models import Product

PAGE = 20


@policy("recall.view")
def photographs(request: HttpRequest) -> HttpResponse:
    """The pictures of our own products; a POST adds one, of a product or an announcement."""
    refusal = None
    if request.method == "POST":
        try:
            return _write(request)
        except Refusal as refused:
            refusal = refused
    start = whole_number(request.GET.get("from"))
    shown = list(photographs_of_products()[start : start + PAGE + 1])
    context = {
        "photos": shown[:PAGE],
        "further": start + PAGE if len(shown) > PAGE else None,
        "typed": request.POST if refusal else {},
        **reading(request),
    }
    return page(request, "desk/watch_photographs.html", context, nav="photographs", refusal=refusal)


def reading(request: HttpRequest) -> dict[str, Any]:
    """What a page with photographs says of how they are read, and whether one may be added."""
    return {
        "reads_words": can_read_words(),
        "install": INSTALL,
        "may_add": may(request.actor, "watch.decide"),  # type: ignore[attr-defined]
    }


def photographs_of(told: Announcement) -> list[Photograph]:
    """Those of one announcement, as they came."""
    return list(told.photographs.defer("content").order_by("pk"))


@policy("recall.view")
def photograph(request: HttpRequest, number: int) -> HttpResponse:
    """One picture, as it was drawn anew here."""
    del request
    found = photograph_numbered(number)
    if not found.content:
        raise NotFound("no_photograph", _("This picture was not fetched yet."))
    answer = HttpResponse(bytes(found.content), content_type="image/jpeg")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _write(request: HttpRequest) -> HttpResponse:
    given, by = request.POST, request.actor  # type: ignore[attr-defined]
    told = announcement_numbered(whole_number(given["about"])) if given.get("about") else None
    back = redirect("watch_announcement", told.pk) if told else redirect("watch_photographs")
    if given.get("step") == "drop":
        found = photograph_numbered(whole_number(given.get("photo")))
        drop_photograph(photograph=found, by=by, now=now())
        said(request, _("The photograph is taken out."))
        return back
    upload = request.FILES.get("file")
    if upload is None:
        raise Unreadable("no_photo", _("Choose a photo: JPEG, PNG or WebP."))
    if (upload.size or 0) > LIMITS.most_bytes:
        raise Unreadable("picture_large", _("This picture is too large."))
    product = None if told else _product(given.get("product", ""))
    add_photograph(data=upload.read(), product=product, announcement=told, by=by, now=now())
    said(request, _("The photograph is kept; what is read in it shows here in a minute."))
    return back


def _product(code: str) -> Product:
    found = Product.objects.filter(code_key=code.strip().casefold()).first()
    if found is None:
        raise NotFound("no_product", _("There is no product with this code."))
    return found
