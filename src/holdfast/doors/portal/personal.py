"""Personal pages: one link per person and recall; a dead link falls to the public check."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from holdfast.doors.portal import checking, wishing
from holdfast.doors.portal.frame import Visit, visit
from holdfast.doors.portal.helping import hear, show_help, show_hurt, show_real
from holdfast.doors.portal.policy import open_to_all
from holdfast.doors.portal.proving import asks_photo
from holdfast.doors.portal.speech import address
from holdfast.doors.portal.telling import told
from holdfast.kit.actors import PUBLIC
from holdfast.kit.refusals import Refusal
from holdfast.response.remedies.actions import (
    answer_gone,
    answer_have,
    choose_remedy,
    split_answer,
)
from holdfast.response.remedies.lifecycle import CHOSEN, FULFILLED, REVIEW
from holdfast.response.remedies.models import Claim, PersonalLink
from holdfast.response.remedies.queries import (
    Owned,
    alternative_for,
    claims_for_token,
    claims_of,
    is_late,
    language_of,
    link_for,
    owned_by,
    still_owned,
    terms_of,
)

Page = Callable[[Visit, PersonalLink], HttpResponse]


def personal(page: Page) -> Callable[..., HttpResponse]:
    """A page behind a personal link. Wrong, expired, revoked and foreign links look the same."""

    @open_to_all
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(page)
    def view(request: HttpRequest, token: str) -> HttpResponse:
        at = visit(request)
        link = link_for(token, now=at.now)
        if link is None:
            return _claim_or_check(at, token)
        known, country, land = language_of(link)
        at = visit(
            request, recall=link.recall, token=token, known=known, country=country, land=land
        )
        return page(at, link)

    return view


def _claim_or_check(at: Visit, token: str) -> HttpResponse:
    """The status of a claim made without a link, else the public check: nothing is lost."""
    claims = claims_for_token(token)
    if claims:
        own = visit(at.request, recall=claims[0].recall, known=claims[0].language)
        return _done(own, claims, token=token)
    return checking.show_form(at, dead=True)


@personal
def front(at: Visit, link: PersonalLink) -> HttpResponse:
    """C1, the notice with three buttons; C4, the status, once there is an answer."""
    claims = claims_of(link.recall, link.customer_id)
    if at.request.method == "POST":
        return _answered(at, link, claims)
    if any(c.state in (CHOSEN, FULFILLED) for c in claims) or _all_gone(claims):
        return _done(at, claims, link=link)
    owned = owned_by(link.recall, link.customer_id)
    if not owned and not claims:
        # the scope was narrowed after the message went out: say so instead of alarming
        return checking.show_not_affected(at)
    return at.show("notice.html", _notice(at, link, owned))


def _notice(at: Visit, link: PersonalLink, owned: list[Owned]) -> dict[str, object]:
    seen: dict[str, tuple[datetime | None, Decimal]] = {}
    for item in owned:
        on, units = seen.get(item.line.order_number, (item.line.moved_at, Decimal(0)))
        seen[item.line.order_number] = (on, units + item.units)
    orders = [
        at.speech.say(
            "order_one" if units == 1 else "order_many",
            order=order,
            date=at.speech.day(on.date(), with_year=True) if on else "–",
            n=at.speech.number(units),
        )
        for order, (on, units) in seen.items()
    ]
    page = told(link.recall, at.speech, at.law)
    return {"title": page.plain_title, "told": page, "orders": orders}


def _answered(at: Visit, link: PersonalLink, claims: list[Claim]) -> HttpResponse:
    pressed = at.request.POST.get("a", "")
    if pressed == "gone":
        return at.go("gone")
    if pressed == "check":
        return at.go("check")
    owned = owned_by(link.recall, link.customer_id)
    shared = {
        "recall": link.recall,
        "owned": owned,
        "reference": at.new_reference(),
        "source": "link",
        "by": PUBLIC,
        "now": at.now,
        "link": link,
    }
    late = any(is_late(c, at.now.date()) for c in claims)
    try:
        if pressed == "late_refund" and late:
            shared["owned"] = still_owned(owned, claims)
            choose_remedy(remedy="refund", stopped=True, late=True, **shared)  # type: ignore[arg-type]
            return at.go("done")
        if pressed == "yes":
            answer_have(**shared)  # type: ignore[arg-type]
            return at.go("remedy")
    except Refusal as refusal:
        return at.show("notice.html", _notice(at, link, owned), refusal=refusal, status=409)
    return at.go("front")


@personal
def gone(at: Visit, link: PersonalLink) -> HttpResponse:
    """What happened to it: the second of two taps."""
    context = {"title": at.speech.say("gone_title"), "back": at.url("front")}
    if at.request.method != "POST":
        return at.show("gone.html", context)
    try:
        answer_gone(
            recall=link.recall,
            owned=owned_by(link.recall, link.customer_id),
            outcome=str(at.request.POST.get("g", "")),
            reference=at.new_reference(),
            source="link",
            by=PUBLIC,
            now=at.now,
            link=link,
        )
    except Refusal as refusal:
        return at.show("gone.html", context, refusal=refusal, status=refusal.status)
    return at.go("done")


@personal
def check(at: Visit, link: PersonalLink) -> HttpResponse:
    """C2 from a personal page."""
    del link
    if at.request.method == "POST":
        return checking.answer_code(at, back=at.url("front"))
    return checking.show_form(at, back=at.url("front"))


@personal
def remedy(at: Visit, link: PersonalLink) -> HttpResponse:
    """C3: two or three offers, none preselected, and one button."""
    recall, all_owned = link.recall, owned_by(link.recall, link.customer_id)
    owned = still_owned(all_owned, claims_of(recall, link.customer_id))
    given = at.request.POST
    context: dict[str, object] = {
        "title": at.speech.say("remedy_title"),
        "offers": wishing.offers(at, recall, owned),
        "items": wishing.items(at, recall, owned),
        "proof": wishing.proof(at, recall),
        "sure": wishing.sure(at, recall),
        "change_until": wishing.change_until(at, recall),
        "chosen": given.get("r", ""),
        "stopped": bool(given.get("ok")),
        "some": at.url("some") if sum(item.units for item in all_owned) > 1 else "",
        "back": at.url("front"),
    }
    if at.request.method != "POST":
        return at.show("remedy.html", context)
    try:
        claims = choose_remedy(
            recall=recall,
            owned=owned,
            remedy=str(given.get("r", "")),
            stopped=bool(given.get("ok")),
            reference=at.new_reference(),
            source="link",
            by=PUBLIC,
            now=at.now,
            link=link,
        )
    except Refusal as refusal:
        return at.show("remedy.html", context, refusal=refusal, status=refusal.status)
    return at.go("photo" if asks_photo(claims) else "done")


@personal
def some(at: Visit, link: PersonalLink) -> HttpResponse:
    """Of several, how many are still there, and what happened to the others."""
    owned = owned_by(link.recall, link.customer_id)
    left = still_owned(owned, claims_of(link.recall, link.customer_id))
    if not owned:
        return at.go("front")
    if at.request.method != "POST":
        return _show_some(at, owned, left)
    try:
        kept = _counts(at, owned)
        split_answer(
            recall=link.recall,
            owned=owned,
            kept=kept,
            outcome=str(at.request.POST.get("g", "")),
            reference=at.new_reference(),
            source="link",
            by=PUBLIC,
            now=at.now,
            link=link,
        )
    except Refusal as refusal:
        return _show_some(at, owned, left, refusal)
    return at.go("remedy" if any(kept.values()) else "done")


def _counts(at: Visit, owned: Sequence[Owned]) -> dict[int, Decimal]:
    found = {}
    for item in owned:
        typed = str(at.request.POST.get(f"n{item.line.pk}", "")).strip()[:12]
        try:
            number = Decimal(typed)
        except InvalidOperation:
            number = Decimal(-1)
        found[item.line.pk] = number if number.is_finite() else Decimal(-1)
    return found


def _show_some(
    at: Visit, owned: Sequence[Owned], left: Sequence[Owned], refusal: Refusal | None = None
) -> HttpResponse:
    there = {item.line.pk: item.units for item in left}
    lines = []
    for item in owned:
        name = f"n{item.line.pk}"
        value = there.get(item.line.pk, Decimal(0))
        lines.append(
            {
                "name": name,
                "words": wishing.item_words(at, item),
                "most": f"{item.units.normalize():f}",
                "step": "1" if item.units == int(item.units) else "any",
                "value": str(at.request.POST.get(name, f"{value.normalize():f}"))[:12],
            }
        )
    context = {
        "title": at.speech.say("some_title"),
        "lines": lines,
        "outcomes": [
            (name, at.speech.say(f"gone_{name}"))
            for name in ("given_away", "discarded", "sold", "never")
        ],
        "chosen": at.request.POST.get("g", ""),
        "back": at.url("remedy"),
    }
    status = refusal.status if refusal else 200
    return at.show("some.html", context, refusal=refusal, status=status)


@personal
def done(at: Visit, link: PersonalLink) -> HttpResponse:
    """C4: reference, what happens next and by when, how to get rid of it."""
    claims = claims_of(link.recall, link.customer_id)
    if at.request.method == "POST":
        return _answered(at, link, claims)
    if not any(c.state in (CHOSEN, FULFILLED) for c in claims) and not _all_gone(claims):
        return at.go("front")
    return _done(at, claims, link=link)


@personal
def save(at: Visit, link: PersonalLink) -> HttpResponse:
    """The status as a plain file to keep; printing needs no script this way."""
    claims = claims_of(link.recall, link.customer_id)
    if not any(c.state in (CHOSEN, FULFILLED) for c in claims):
        return at.go("front")
    context = _done_context(at, claims, link=link)
    words = {key: at.speech.say(key) for key in ("reference", "next_title", "dispose_title")}
    text = render_to_string(
        "portal/save.txt",
        {
            **context,
            "speech": at.speech,
            "shop": at.shop.name,
            "is_drill": settings.DRILL,
            "words": words,
            "title": _bare(context["title"]),
            "steps": [
                {**step, "plain": _bare(step["words"]), "day": _bare(step["day"])}
                for step in context["steps"]  # type: ignore[attr-defined]
            ],
            "share_plain": f"{settings.PUBLIC_URL}/recall",
        },
    )
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    name = ("DRILL-" if settings.DRILL else "") + str(context["reference"])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.txt"'
    return answer


@personal
def hurt(at: Visit, link: PersonalLink) -> HttpResponse:
    """Somebody was hurt: reachable from everywhere, never behind the claim."""
    back = at.url("front")
    return hear(at, back, link) if at.request.method == "POST" else show_hurt(at, back)


@personal
def write(at: Visit, link: PersonalLink) -> HttpResponse:
    """How to reach a person."""
    del link
    return show_help(at, at.url("front"))


@personal
def real(at: Visit, link: PersonalLink) -> HttpResponse:
    """How to know that a message is ours."""
    del link
    return show_real(at, at.url("front"))


def _all_gone(claims: list[Claim]) -> bool:
    return bool(claims) and all(c.answer == "gone" for c in claims)


def _done(
    at: Visit, claims: list[Claim], *, link: PersonalLink | None = None, token: str = ""
) -> HttpResponse:
    return at.show("done.html", _done_context(at, claims, link=link, token=token or at.token))


def _done_context(
    at: Visit, claims: list[Claim], *, link: PersonalLink | None, token: str = ""
) -> dict[str, object]:
    recall, today = claims[0].recall, at.now.date()
    open_ones = [c for c in claims if c.state in (CHOSEN, FULFILLED, REVIEW)]
    share = address(f"{settings.PUBLIC_URL}/recall")
    if not open_ones:
        return {
            "title": at.speech.say("gone_done"),
            "gone": True,
            "pass_on": any(c.outcome in ("given_away", "sold_on") for c in claims),
            "share": share,
            "is_personal": link is not None,
            "steps": [],
        }
    late = [c for c in open_ones if is_late(c, today)]
    offered = terms_of(recall)[0].remedies
    is_public = link is None
    return {
        "title": wishing.done_title(at, open_ones, is_public=is_public),
        "reference": open_ones[0].reference,
        "steps": wishing.steps(at, open_ones, is_public=is_public),
        "disposal": wishing.disposal(at, recall),
        "late": at.speech.day(late[0].promised_on) if late and late[0].promised_on else "",
        "alternative": link is not None and alternative_for(open_ones, today, offered),
        "save": at.url("save") if link is not None else "",
        "change": at.url("remedy")
        if link is not None and not late and wishing.may_change(open_ones, today)
        else "",
        "share": share,
        "is_personal": link is not None,
        "photo": reverse("portal_personal_photo", args=[token]) + f"?l={at.speech.language}"
        if token and asks_photo(open_ones)
        else "",
    }


def _bare(text: object) -> str:
    return re.sub(r"</?bdi[^>]*>", "", str(text))
