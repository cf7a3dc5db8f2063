"""O1: something is wrong: paste what came, look at what was read, say what can happen, open."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from holdfast.decision.intake.actions import record_signal
from holdfast.decision.intake.queries import read_message
from holdfast.decision.recalls.actions import open_recall
from holdfast.decision.recalls.models import Recall
from holdfast.doors.desk.moments import moment_from
from holdfast.doors.desk.pages import now, page, said
from holdfast.doors.desk.policy import OPEN, policy
from holdfast.doors.desk.words import FIRST_PICKS, OUTCOMES
from holdfast.ground.access.permissions import may
from holdfast.ground.access.queries import organisation
from holdfast.kit.reading import Letter, Reading
from holdfast.kit.refusals import Refusal, Unreadable
from holdfast.kit.wording.laws import law_followed
from holdfast.kit.wording.profile import profile, regimes
from holdfast.response.holds.actions import list_places

MOST_MAIL = 1_000_000
SHOWN = ("product", "lot", "made", "shipped", "quantity", "mechanism", "sender")


@policy(OPEN)
def front(request: HttpRequest) -> HttpResponse:
    """The first page: recalls where there are some, else the three doors."""
    if not request.actor.is_somebody:  # type: ignore[attr-defined]
        return redirect("account_login")
    is_new = may(request.actor, "recall.open") and not Recall.objects.exists()  # type: ignore[attr-defined]
    return redirect("start" if is_new else "recalls")


@policy("recall.open")
def start(request: HttpRequest) -> HttpResponse:
    """Read what was pasted, then open the recall on the facts as edited."""
    refusal = None
    letter, reading = Letter(""), Reading(())
    if request.method == "POST":
        try:
            letter, reading = _read(request)
            if request.POST.get("step") == "open":
                recall = _open(request, letter, reading)
                said(request, _("%(ref)s is open. First stop the sale.") % {"ref": recall.ref})
                return redirect("recall_stop", recall.ref)
        except Refusal as refused:
            refusal = refused
    context = {
        "text": request.POST.get("text", "") or letter.text,
        "segments": _segments(letter, reading) if reading.facts else [],
        "facts": [fact for fact in reading.facts if fact.kind in SHOWN],
        "questions": _questions(reading) if request.method == "POST" else [],
        "fields": _fields(request, reading),
        "picks": _picks(request, reading),
        "laws": [(one, profile(one).name) for one in regimes()],
        "law": request.POST.get("regime") or law_followed(organisation().country, "eu_gpsr"),
        "has_read": request.method == "POST",
        "recalls": Recall.objects.exists(),
    }
    return page(request, "desk/start.html", context, refusal=refusal)


def _read(request: HttpRequest) -> tuple[Letter, Reading]:
    upload = request.FILES.get("file")
    if upload is not None and (upload.size or 0) > MOST_MAIL:
        raise Unreadable(
            "mail_too_large",
            _("The file is larger than 1 MB."),
            hint=_("Paste the text instead, without its attachments."),
        )
    raw = upload.read() if upload is not None else request.POST.get("text", "").encode()
    if not raw.strip():
        return Letter(""), Reading(())
    return read_message(raw[:MOST_MAIL], now=now())


@transaction.atomic
def _open(request: HttpRequest, letter: Letter, reading: Reading) -> Recall:
    """One action after the other in one transaction: the message, the recall, its places."""
    given, by, at = request.POST, request.actor, now()  # type: ignore[attr-defined]
    known_at = moment_from(given.get("known_at", ""))
    if not given.get("outcome"):
        raise Unreadable(
            "outcome_needed",
            _("Nobody has said what can happen to a person."),
            hint=_("Pick one below. “Others” has the rest, and room for words of your own."),
        )
    signal = None
    if letter.text:
        signal = record_signal(letter=letter, reading=reading, known_at=known_at, by=by, now=at)
    recall = open_recall(
        outcome=given.get("outcome", ""),
        outcome_words=given.get("outcome_words", ""),
        title=given.get("title", ""),
        products=_listed(given.get("product", "")),
        lots=_listed(given.get("lot", "")),
        mechanism=given.get("mechanism", ""),
        signal=signal,
        known_at=known_at,
        profile=given.get("regime") or "eu_gpsr",
        by=by,
        now=at,
    )
    list_places(recall=recall, by=by, now=at)
    return recall


def _listed(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _fields(request: HttpRequest, reading: Reading) -> dict[str, str]:
    """What stands in the editable facts: typed words win over read ones."""
    given = request.POST if request.method == "POST" else request.GET
    read = {
        "product": reading.first("product"),
        "lot": ", ".join(reading.values("lot")),
        "mechanism": reading.first("mechanism"),
    }
    typed = {name: given.get(name, "") for name in ("title", "known_at", "outcome_words")}
    return {**typed, **{name: given.get(name, "") or read[name] for name in read}}


def _picks(request: HttpRequest, reading: Reading) -> dict[str, Any]:
    """Outcomes: those the message speaks of and the common ones first, the others behind them."""
    suggested = [name for name in reading.values("outcome") if name in OUTCOMES]
    first = list(dict.fromkeys([*suggested, *FIRST_PICKS]))[:8]
    rest = [name for name in OUTCOMES if name not in first]
    chosen = request.POST.get("outcome", "")
    return {
        "first": [(name, OUTCOMES[name][0], name in suggested) for name in first],
        "rest": [(name, OUTCOMES[name][0]) for name in rest],
        "chosen": chosen,
        "rest_open": chosen in rest,
    }


def _questions(reading: Reading) -> list[str]:
    asked = {
        "product": _("Which product? Its code as in your orders."),
        "lot": _("Which lot? Leave it empty if nobody knows: then all units count."),
        "mechanism": _("What goes wrong with it?"),
    }
    return [words for kind, words in asked.items() if not reading.first(kind)]


def _segments(letter: Letter, reading: Reading) -> list[tuple[str, str]]:
    """The text in pieces, each with the kind of fact it is, or empty."""
    pieces, at = [], 0
    for fact in sorted(reading.facts, key=lambda one: (one.start, -one.end)):
        if fact.start < at or fact.end <= fact.start:
            continue
        pieces.append((letter.text[at : fact.start], ""))
        pieces.append((letter.text[fact.start : fact.end], fact.kind))
        at = fact.end
    return [*pieces, (letter.text[at:], "")]
