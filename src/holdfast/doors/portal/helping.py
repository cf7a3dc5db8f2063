"""Help on every page: somebody was hurt, write to a person, is this message real."""

from __future__ import annotations

import secrets

from django.http import HttpResponse

from holdfast.doors.portal.frame import Visit
from holdfast.doors.portal.telling import told
from holdfast.kit.actors import PUBLIC
from holdfast.kit.refusals import Refusal
from holdfast.response.remedies.actions import report_injury
from holdfast.response.remedies.models import PersonalLink
from holdfast.response.remedies.rules import reference_from


def show_hurt(at: Visit, back: str, refusal: Refusal | None = None) -> HttpResponse:
    """The form: what happened, and how to reach you if you like."""
    context = {
        "title": at.speech.say("hurt_title"),
        "back": back,
        "typed": {
            "what": at.request.POST.get("what", ""),
            "contact": at.request.POST.get("contact", ""),
        },
    }
    return at.show("hurt.html", context, refusal=refusal, status=refusal.status if refusal else 200)


def hear(at: Visit, back: str, link: PersonalLink | None = None) -> HttpResponse:
    """Keep the report and thank; the reference is the only thing shown."""
    refusal = at.too_many()
    if refusal is not None:
        refusal.status = 429
        return show_hurt(at, back, refusal)
    try:
        report = report_injury(
            recall=at.recall,
            words=str(at.request.POST.get("what", "")),
            contact=str(at.request.POST.get("contact", "")),
            reference=reference_from(secrets.token_bytes(8), "H"),
            source="link" if link else "public",
            by=PUBLIC,
            now=at.now,
            link=link,
        )
    except Refusal as refused:
        return show_hurt(at, back, refused)
    context = {"title": at.speech.say("hurt_done"), "reference": report.reference, "back": back}
    return at.show("hurt.html", context)


def show_help(at: Visit, back: str) -> HttpResponse:
    """Mail, phone and letter; a person answers."""
    context = {
        "title": at.speech.say("help_title"),
        "mail": at.shop.contact_email,
        "postal": at.shop.postal_address,
        "back": back,
    }
    return at.show("help.html", context)


def show_real(at: Visit, back: str) -> HttpResponse:
    """What our messages say and never ask."""
    context = {
        "title": at.speech.say("real_page_title"),
        "told": told(at.recall, at.speech, at.law) if at.recall else None,
        "back": back,
    }
    return at.show("real.html", context)
