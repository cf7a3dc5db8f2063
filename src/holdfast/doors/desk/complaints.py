"""What people told us: the list with what jumps the queue on top, and one complaint with why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.decision.intake.actions import (
    forget_informant,
    link_complaint,
    mark_duplicate,
    see_complaint,
    undo_duplicate,
    withdraw_link,
)
from holdfast.decision.intake.models import Complaint, ComplaintLink, Informant
from holdfast.decision.intake.postbox import SOURCE
from holdfast.decision.intake.queries import RushSeen, recent_rushes
from holdfast.decision.intake.queries.listing import (
    HEAD,
    MOST_COUNTED,
    SHOWS,
    Asked,
    complaint_named,
    listed,
    listed_rows,
    sources,
    waiting,
)
from holdfast.decision.intake.rules.told import KINDS, Told
from holdfast.decision.recalls.actions import open_recall
from holdfast.decision.recalls.models import Recall
from holdfast.doors.desk.hazardwords import hazard_title
from holdfast.doors.desk.moments import moment_from
from holdfast.doors.desk.pages import now, page, said
from holdfast.doors.desk.particularwords import particular_rows
from holdfast.doors.desk.policy import policy
from holdfast.doors.desk.rejectedmails import (
    is_of_a_mail,
    rejected_mails,
    set_aside,
    type_in,
    typed_from,
)
from holdfast.doors.desk.ruled import in_words
from holdfast.doors.desk.rushwords import rush_row
from holdfast.doors.desk.words import OUTCOMES
from holdfast.ground.access.permissions import may
from holdfast.ground.look.figures import percent
from holdfast.ground.look.templatetags.look import count
from holdfast.kit.quantities import whole_number
from holdfast.kit.refusals import NotFound, Refusal, Unreadable
from holdfast.kit.sheets import csv_pieces
from holdfast.kit.signals.taxonomy import taxonomy
from holdfast.response.holds.actions import list_places

PAGE = 40
LONGEST_FIELD = 200
SHOW_WORDS = {
    "waiting": gettext_lazy("to read"),
    "urgent": gettext_lazy("injury and fire"),
    "foreign": gettext_lazy("not read by the rules"),
    "unlinked": gettext_lazy("without a product"),
    "duplicates": gettext_lazy("told before"),
    "all": gettext_lazy("all"),
}
KIND_WORDS = {
    "complaint": gettext_lazy("complaint"),
    "return": gettext_lazy("return"),
    "review": gettext_lazy("review"),
    "chargeback": gettext_lazy("chargeback"),
    "warranty_claim": gettext_lazy("warranty claim"),
    "injury": gettext_lazy("injury"),
}
CHANNEL_WORDS = {
    "form": gettext_lazy("typed in here"),
    "portal": gettext_lazy("the public page"),
    "email": gettext_lazy("e-mail"),
    "import": gettext_lazy("a file"),
    "api": gettext_lazy("another program"),
}
HARM_WORDS = {
    0: gettext_lazy("nobody was hurt"),
    1: gettext_lazy("hurt"),
    2: gettext_lazy("treated by a doctor"),
    3: gettext_lazy("hospital"),
    4: gettext_lazy("death"),
}
CERTAINTY_WORDS = {
    "certain": (gettext_lazy("certain"), "confirmed"),
    "probable": (gettext_lazy("probable"), "probable"),
    "possible": (gettext_lazy("possible"), "cannot_rule_out"),
}
LINK_WORDS = {
    "product": gettext_lazy("Product"),
    "lot": gettext_lazy("Lot"),
    "serial": gettext_lazy("Serial number"),
    "order": gettext_lazy("Order"),
}


@policy("complaint.view")
def complaints(request: HttpRequest) -> HttpResponse:
    """The list; a POST takes in what somebody told on the phone."""
    refusal = None
    if request.method == "POST":
        try:
            return _post(request)
        except Refusal as refused:
            refusal = refused
    asked = _asked(request)
    counts = waiting()
    start = _start(request)
    rushed = recent_rushes(now())
    found = list(listed(asked).prefetch_related("hazards")[start : start + PAGE + 1])
    unread = [one for one in found if one.urgency == 0 and one.seen_at is None]
    first = max(unread, key=lambda one: one.harm or 0, default=None)
    link = {name: value for name, value in vars(asked).items() if value}
    context = {
        "rows": [_row(one, rushed) for one in found[:PAGE]],
        "rushes": [rush_row(one) for one in rushed],
        "more": f"?{urlencode({**link, 'from': start + PAGE})}" if len(found) > PAGE else "",
        "back": f"?{urlencode({**link, 'from': max(0, start - PAGE)})}" if start else "",
        "export": f"{reverse('complaints_csv')}?{urlencode(link)}",
        "asked": asked,
        "is_filtered": bool(asked.words or asked.hazard or asked.kind or asked.source),
        "shows": [
            (name, SHOW_WORDS[name], _counted(counts[name]), name == asked.show) for name in SHOWS
        ],
        "counts": counts,
        "to_read": _counted(counts["waiting"]),
        "kinds": KIND_WORDS.items(),
        "hazards": [(one.key, _titled(one.key)) for one in taxonomy().hazards],
        "sources": sources(),
        "first": first,
        "first_why": in_words(first.urgency_why) if first else "",
        "may_take": may(request.actor, "complaint.take"),  # type: ignore[attr-defined]
        "typed": request.POST or typed_from(request),
        "is_aside": request.POST.get("step") == "aside",
        **rejected_mails(request),
    }
    return page(request, "desk/complaints.html", context, nav="complaints", refusal=refusal)


@policy("complaint.view")
def complaints_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The list as a file, by the same filters, without who told it."""
    pieces = csv_pieces(HEAD, listed_rows(listed(_asked(request))))
    answer = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="complaints.csv"'
    return answer


@policy("complaint.view")
def complaint(request: HttpRequest, number: str) -> HttpResponse:
    """One complaint: the words that decided, what it is about and why, what happens next."""
    one = complaint_named(number)
    refusal = None
    if request.method == "POST":
        try:
            where = _write(request, one)
        except Refusal as refused:
            refusal = refused
            one.refresh_from_db()
        else:
            return where
    by = request.actor  # type: ignore[attr-defined]
    may_work = may(by, "complaint.work")
    links = one.links.select_related("product", "order_line").order_by("withdrawn_at", "pk")
    recall = Recall.objects.filter(signal_id=one.signal_id).first() if one.signal_id else None
    context = {
        "one": one,
        "kind": KIND_WORDS.get(one.kind, one.kind),
        "channel": CHANNEL_WORDS.get(one.channel, one.channel),
        "harm": HARM_WORDS.get(one.harm) if one.harm is not None else None,
        "why": in_words(one.urgency_why),
        "segments": _segments(one),
        "hazards": _hazards(one),
        "particulars": particular_rows(one),
        "links": [_link(link) for link in links],
        "repeats_why": in_words(one.duplicate_why),
        "notes": [in_words(note) for note in one.notes],
        "known_how": in_words(one.known_how),
        "told": [
            (LINK_WORDS.get(name, name.replace("_", " ")), value)
            for name, value in one.told.items()
        ],
        "informant": Informant.objects.filter(complaint=one).first() if may_work else None,
        "has_informant": Informant.objects.filter(complaint=one).exists(),
        "voices": Complaint.objects.filter(voice=one.voice).exclude(pk=one.pk).count()
        if one.voice
        else 0,
        "duplicates": [
            (row, in_words(row.duplicate_why)) for row in one.duplicates.order_by("pk")[:20]
        ],
        "others": _others(one),
        "found_recall": recall,
        "outcomes": [(key, words[0]) for key, words in OUTCOMES.items()],
        "may_work": may_work,
        "may_open": may(by, "recall.open"),
        "typed": request.POST,
    }
    return page(request, "desk/complaint.html", context, nav="complaints", refusal=refusal)


def _post(request: HttpRequest) -> HttpResponse:
    if request.POST.get("step") == "aside":
        said(request, set_aside(request))
        return redirect("complaints")
    taken = _take_in(request)
    said(request, _("%(ref)s is kept.") % {"ref": taken.ref})
    return redirect("complaint", taken.ref)


def _take_in(request: HttpRequest) -> Complaint:
    given = request.POST
    said_of = {
        name: given.get(name, "").strip()
        for name in ("product", "lot", "serial", "order", "name", "email", "phone")
    }
    for name, value in said_of.items():
        if len(value) > LONGEST_FIELD:
            raise Unreadable(
                "too_long",
                f"“{value[:60]}” is longer than {LONGEST_FIELD} characters.",
                column=name,
            )
    is_mail = is_of_a_mail(request)
    told = Told(
        text=given.get("text", ""),
        kind=given.get("kind") or "complaint",
        channel="email" if is_mail else "form",
        source=SOURCE if is_mail else "desk",
        happened_at=moment_from(given.get("happened_at", "")),
        received_at=moment_from(given.get("received_at", "")) or now(),
        product=said_of["product"],
        lot=said_of["lot"],
        serial=said_of["serial"],
        order=said_of["order"],
        name=said_of["name"],
        email=said_of["email"],
        phone=said_of["phone"],
    )
    return type_in(request, told)


def _write(request: HttpRequest, one: Complaint) -> HttpResponse:
    given, by, at = request.POST, request.actor, now()  # type: ignore[attr-defined]
    step = given.get("step", "")
    if step == "seen":
        see_complaint(complaint=one, by=by, now=at)
        said(request, _("Marked as read."))
        return redirect("complaints")
    if step == "link":
        link_complaint(
            complaint=one, product=given.get("product", ""), lot=given.get("lot", ""), by=by, now=at
        )
        said(request, _("Linked."))
    elif step == "unlink":
        link = ComplaintLink.objects.filter(pk=_number(given.get("link")), complaint=one).first()
        if link is None:
            raise NotFound("no_link", _("There is no such link."))
        withdraw_link(link=link, by=by, now=at)
        said(request, _("The link was taken back; it stays on record."))
    elif step == "repeats":
        of = complaint_named(given.get("of", ""))
        mark_duplicate(complaint=one, of=of, by=by, now=at)
        said(request, _("It counts with %(ref)s now.") % {"ref": of.ref})
    elif step == "distinct":
        undo_duplicate(complaint=one, by=by, now=at)
        said(request, _("It counts by itself again."))
    elif step == "forget":
        erased = forget_informant(complaint=one, by=by, now=at)
        said(request, _("Who told it was erased, in %(n)s complaints.") % {"n": erased})
    elif step == "recall":
        return _open(request, one)
    else:
        raise NotFound("no_step", _("There is nothing of that name to do here."))
    return redirect("complaint", one.ref)


@transaction.atomic
def _open(request: HttpRequest, one: Complaint) -> HttpResponse:
    by, at = request.actor, now()  # type: ignore[attr-defined]
    lots = one.links.filter(kind="lot", withdrawn_at=None, product__isnull=False)
    recall = open_recall(
        outcome=request.POST.get("outcome", ""),
        products=(one.product.code,) if one.product else (),
        lots=tuple(lots.values_list("value", flat=True)),
        complaints=[one],
        by=by,
        now=at,
    )
    list_places(recall=recall, by=by, now=at)
    said(request, _("%(ref)s is open. First stop the sale.") % {"ref": recall.ref})
    return redirect("recall_stop", recall.ref)


def _asked(request: HttpRequest) -> Asked:
    given = request.GET
    show = given.get("show", "waiting")
    return Asked(
        show=show if show in SHOWS else "waiting",
        words=given.get("words", "")[:200],
        hazard=given.get("hazard", "")[:24],
        kind=given.get("kind", "") if given.get("kind") in KINDS else "",
        source=given.get("source", "")[:40],
    )


def _start(request: HttpRequest) -> int:
    told = request.GET.get("from", "")
    return whole_number(told)


def _number(text: str | None) -> int:
    return whole_number(text)


def _counted(number: int) -> str:
    return count(number) + ("+" if number == MOST_COUNTED else "")


def _row(one: Complaint, rushed: Sequence[RushSeen]) -> dict[str, Any]:
    hazards = sorted((h.rank, h.hazard) for h in one.hazards.all() if not h.is_denied)
    return {
        "one": one,
        "kind": KIND_WORDS.get(one.kind, one.kind),
        "hazards": [_titled(key) for _rank, key in hazards[:3]],
        "harm": HARM_WORDS.get(one.harm) if one.harm else "",
        "named": one.told.get("product_name") or one.told.get("product", ""),
        "is_rush": any(rush.holds(one) for rush in rushed),
    }


def _titled(hazard: str) -> str:
    words = hazard_title(hazard)
    return words[:1].upper() + words[1:]


def _segments(one: Complaint) -> list[tuple[str, str]]:
    """The text in pieces: `(words, hazard)` where a hazard was read, `(words, "")` elsewhere."""
    whole = one.whole
    found = sorted(
        (start, end, row.hazard)
        for row in one.hazards.all()
        if not row.is_denied
        for _words, start, end in row.words
    )
    pieces: list[tuple[str, str]] = []
    at = 0
    for start, end, hazard in found:
        if start < at:
            continue
        pieces += [(whole[at:start], ""), (whole[start:end], _titled(hazard))]
        at = end
    return [*pieces, (whole[at:], "")]


def _hazards(one: Complaint) -> list[dict[str, Any]]:
    known = {hazard.key: hazard for hazard in taxonomy().hazards}
    shown = []
    for row in one.hazards.order_by("is_denied", "rank"):
        hazard = known.get(row.hazard)
        shown.append(
            {
                "title": _titled(row.hazard),
                "eu": ", ".join(hazard.eu) if hazard else "",
                "us": ", ".join(hazard.us) if hazard else "",
                "words": list(dict.fromkeys(words for words, _start, _end in row.words)),
                "is_denied": row.is_denied,
            }
        )
    return shown


def _link(link: ComplaintLink) -> dict[str, Any]:
    words, mark = CERTAINTY_WORDS[link.certainty]
    return {
        "link": link,
        "what": LINK_WORDS[link.kind],
        "words": words,
        "mark": mark,
        "reason": in_words(link.reason),
    }


def _others(one: Complaint) -> dict[str, Any] | None:
    """How many tell of the same product, and how many of them are urgent."""
    if one.product_id is None:
        return None
    same = Complaint.objects.filter(product_id=one.product_id, duplicate_of=None)
    told, urgent = same.count(), same.filter(urgency=0).count()
    return {"count": told, "urgent": urgent, "share": percent(urgent, told) if told else ""}
