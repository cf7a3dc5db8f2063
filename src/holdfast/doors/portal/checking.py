"""The public check: one code in, affected, not affected or cannot tell out; nothing is written."""

from __future__ import annotations

from django.http import HttpResponse

from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.queries import snapshot
from holdfast.doors.portal.frame import Visit
from holdfast.doors.portal.kept import PUBLISHED
from holdfast.doors.portal.telling import told
from holdfast.kit.identifiers.check import Answer, Snapshot

PUBLIC_STATES = ("telling", "closed")
LOOK_AGAIN = 2
MOST_LISTED = 50
MOST_KNOWN = 2_000


def published() -> Snapshot:
    """What the public check knows right now."""
    return PUBLISHED.get("snapshot", lambda: snapshot(public=True))


def show_form(
    visit: Visit, *, tries: int = 0, typed: str = "", dead: bool = False, back: str = ""
) -> HttpResponse:
    """The page with the one field; after two unknown codes "I cannot read it" comes first."""
    context = {
        "title": visit.speech.say("check_title"),
        "told": told(visit.recall, visit.speech) if visit.recall else None,
        "tries": tries,
        "typed": typed,
        "dead": dead,
        "back": back,
        "recalls": [] if visit.recall else listed(visit),
    }
    return visit.show("check.html", context)


def answer_code(visit: Visit, *, back: str = "") -> HttpResponse:
    """Answer the code that was sent; unreadable is treated as affected."""
    given = visit.request.POST
    typed = str(given.get("code", ""))[:200]
    tries = _number(str(given.get("tries", "0")))
    if given.get("a") == "unreadable":
        return _show(visit, "cannot_tell", _refs_here(visit), back)
    product = visit.recall.product_code if visit.recall else ""
    found: Answer = published().check(typed, product)
    answer, refs = found.answer, found.recalls
    if visit.recall is not None and answer == "affected" and visit.recall.ref not in refs:
        refs = (visit.recall.ref, *refs)
    if answer == "cannot_tell" and tries < LOOK_AGAIN:
        return show_form(visit, tries=tries + 1, typed=typed, back=back)
    return _show(visit, answer, refs or _refs_here(visit), back)


def show_not_affected(visit: Visit) -> HttpResponse:
    """Nothing this person bought is in the recall any more."""
    return _show(visit, "not_affected", (), "")


def _show(visit: Visit, answer: str, refs: tuple[str, ...], back: str) -> HttpResponse:
    recall = visit.recall or next((r for r in public_recalls() if r.ref in refs), None)
    context = {
        "title": visit.speech.say(answer),
        "answer": answer,
        "told": told(recall, visit.speech) if recall else None,
        "choices": [] if answer == "not_affected" else _choices(visit, refs),
        "again": visit.url("check"),
        "back": back,
    }
    if context["told"] is None and answer != "not_affected":
        # nothing is recalled at all: there is nothing to be affected by
        return visit.show("index.html", {**context, "recalls": [], "check": visit.url("check")})
    return visit.show("answer.html", context)


def _choices(visit: Visit, refs: tuple[str, ...]) -> list[dict[str, str]]:
    if visit.recall is not None or visit.token:
        return [{"href": visit.url("remedy"), "title": ""}]
    return [
        {"href": _of(visit, recall).url("remedy"), "title": told(recall, visit.speech).title}
        for recall in public_recalls()
        if recall.ref in refs
    ]


def listed(visit: Visit) -> list[dict[str, str]]:
    """Every recall the public knows of, the newest first."""
    return [
        {"href": _of(visit, recall).url("notice"), "title": told(recall, visit.speech).title}
        for recall in public_recalls()[:MOST_LISTED]
    ]


def public_recalls() -> list[Recall]:
    """Recalls people were told of, the newest first."""
    found = Recall.objects.filter(state__in=PUBLIC_STATES).order_by("-told_at", "-pk")
    return PUBLISHED.get("recalls", lambda: list(found[:MOST_KNOWN]))


def _of(visit: Visit, recall: Recall) -> Visit:
    return Visit(visit.request, visit.shop, visit.speech, visit.languages, recall)


def _refs_here(visit: Visit) -> tuple[str, ...]:
    if visit.recall is not None:
        return (visit.recall.ref,)
    return tuple(sorted(recall.ref for recall in public_recalls()))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 0
