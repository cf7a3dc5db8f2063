"""One person's claims: what they answered, their photos, and a new link for a lost one."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.decision.recalls.models import Recall
from holdfast.doors.desk.pages import now, page, recall_named, said
from holdfast.doors.desk.policy import policy
from holdfast.doors.desk.words import REMEDIES
from holdfast.kit.quantities import whole_number
from holdfast.kit.refusals import NotFound, Refusal, Unreadable
from holdfast.response.remedies.actions import erase_claim_photos, renew_link, revoke_link
from holdfast.response.remedies.models import Claim, PersonalLink
from holdfast.response.remedies.queries import (
    claim_named,
    claims_of,
    claims_with_photos,
    owned_by,
    people_named,
    photo_named,
    photos_of,
)
from holdfast.supply.orders.models import Customer

ANSWERS = {
    "have": gettext_lazy("has it"),
    "gone": gettext_lazy("no longer has it"),
    "unsure": gettext_lazy("is not sure"),
}


@policy("claim.work")
def claims(request: HttpRequest, ref: str) -> HttpResponse:
    """Find a person by order, e-mail or reference; a POST revokes, renews or erases."""
    recall = recall_named(ref)
    words = (request.POST.get("q") or request.GET.get("q") or "").strip()[:200]
    refusal, fresh = None, {}
    if request.method == "POST":
        try:
            fresh = _write(request, recall)
        except Refusal as refused:
            refusal = refused
        else:
            if not fresh:
                answer = redirect("recall_claims", recall.ref)
                answer["Location"] += f"?q={quote(words)}"
                return answer
    found = people_named(recall, words) if words else []
    loose = _loose(recall, words) if words else list(claims_with_photos(recall))
    context = {
        "words": words,
        "people": [_person(recall, customer) for customer in found],
        "claims": [_claim(recall, claim) for claim in loose],
        "fresh": fresh,
    }
    return page(request, "desk/claims.html", context, recall=recall, nav="inbox", refusal=refusal)


def _write(request: HttpRequest, recall: Recall) -> dict[str, Any]:
    """Do it; a new link is shown in the answer itself, once, and stored nowhere."""
    given, by, at = request.POST, request.actor, now()  # type: ignore[attr-defined]
    step, reason = given.get("step", ""), given.get("reason", "")
    if step == "erase":
        claim = claim_named(recall, given.get("claim", ""))
        erase_claim_photos(claim=claim, reason=reason, by=by, now=at)
        said(request, _("The photos of %(ref)s are erased.") % {"ref": claim.reference})
        return {}
    number = given.get("person", "")
    person = Customer.objects.filter(pk=whole_number(number)).first()
    if person is None or not owned_by(recall, person.pk):
        raise NotFound("no_person", _("This person has nothing in this recall."))
    if step == "revoke":
        revoke_link(recall=recall, customer_id=person.pk, reason=reason, by=by, now=at)
        said(request, _("The link is revoked. It says how to get a new one."))
        return {}
    if step != "renew":
        raise Unreadable("no_step", _("That cannot be done here."))
    _link, token = renew_link(
        recall=recall,
        customer_id=person.pk,
        key=settings.LINK_KEY,
        reason=reason,
        by=by,
        now=at,
    )
    return {"person": person, "url": f"{settings.PUBLIC_URL}/r/{token}"}


def _loose(recall: Recall, words: str) -> list[Claim]:
    """A claim without a known person, found by its reference."""
    return list(Claim.objects.filter(recall=recall, reference__iexact=words, customer__isnull=True))


def _person(recall: Recall, customer: Customer) -> dict[str, Any]:
    links = PersonalLink.objects.filter(recall=recall, customer=customer).order_by("-number")
    live = links.filter(revoked_at__isnull=True).first()
    return {
        "customer": customer,
        "owned": owned_by(recall, customer.pk),
        "claims": [_claim(recall, claim) for claim in claims_of(recall, customer.pk)],
        "live": live,
        "dead": links.filter(revoked_at__isnull=False).count(),
    }


def _claim(recall: Recall, claim: Claim) -> dict[str, Any]:
    photos = [
        {
            "url": reverse("claim_photo", args=[recall.ref, claim.reference, one.number]),
            "number": one.number,
            "width": one.width,
            "height": one.height,
        }
        for one in photos_of([claim])
    ]
    return {
        "claim": claim,
        "answer": ANSWERS.get(claim.answer, ""),
        "remedy": REMEDIES.get(claim.remedy, claim.remedy),
        "photos": photos,
    }


@policy("claim.work")
def claim_photo(request: HttpRequest, ref: str, reference: str, number: int) -> HttpResponse:
    """One photo of one claim; never kept by the browser."""
    del request
    found = photo_named(recall_named(ref), reference, number)
    answer = HttpResponse(bytes(found.content), content_type="image/jpeg")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
