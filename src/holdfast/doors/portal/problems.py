"""“Tell us about a problem”: outside of any recall, for whatever somebody bought."""

from __future__ import annotations

import secrets

from django.http import HttpResponse

from holdfast.decision.intake.actions import take_in_complaint
from holdfast.decision.intake.rules.told import Told
from holdfast.doors.portal.frame import Visit
from holdfast.kit.actors import PUBLIC
from holdfast.kit.refusals import Refusal
from holdfast.response.remedies.rules import reference_from

TYPED = {"what": 4_000, "product": 200, "code": 120, "contact": 200}


def show_problem(at: Visit, back: str, refusal: Refusal | None = None) -> HttpResponse:
    """The form: what happened, with what, and how to reach you if you like."""
    given = at.request.POST
    context = {
        "title": at.speech.say("problem"),
        "back": back,
        "typed": {name: str(given.get(name, ""))[:most] for name, most in TYPED.items()},
    }
    status = refusal.status if refusal else 200
    return at.show("problem.html", context, refusal=refusal, status=status)


def hear_problem(at: Visit, back: str) -> HttpResponse:
    """Keep it and thank; the reference is the only thing shown, never what we know of a product."""
    refusal = at.too_many()
    if refusal is not None:
        refusal.status = 429
        return show_problem(at, back, refusal)
    said = {name: str(at.request.POST.get(name, "")).strip()[:most] for name, most in TYPED.items()}
    if not said["what"]:
        said["product"] = said["code"] = ""
    who, code = said["contact"], said["code"]
    reference = reference_from(secrets.token_bytes(8), "P")
    told = Told(
        text=said["what"],
        channel="portal",
        source="portal",
        source_id=reference,
        product=said["product"] if " " not in said["product"] else "",
        product_name=said["product"],
        lot=code,
        language=at.speech.language,
        email=who if "@" in who else "",
        phone=who if "@" not in who else "",
    )
    try:
        take_in_complaint(told=told, by=PUBLIC, now=at.now)
    except Refusal as refused:
        return show_problem(at, back, refused)
    context = {"title": at.speech.say("hurt_done"), "reference": reference, "back": back}
    return at.show("problem.html", context)
