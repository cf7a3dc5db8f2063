"""The public check: a code or a picture of codes in, affected, not affected or cannot tell out.

Nothing of it is written, and a picture is in memory only while it is read.
"""

from __future__ import annotations

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse

from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.queries import snapshot
from holdfast.doors.portal.frame import Visit
from holdfast.doors.portal.kept import PUBLISHED
from holdfast.doors.portal.limits import PHOTOS
from holdfast.doors.portal.telling import told
from holdfast.kit.identifiers.check import Snapshot
from holdfast.kit.identifiers.check_photo import Seen, check_codes
from holdfast.kit.identifiers.photo import LIMITS, PhotoCode, read_photo
from holdfast.kit.refusals import Refusal

PUBLIC_STATES = ("telling", "closed")
LOOK_AGAIN = 2
MOST_LISTED = 50
MOST_KNOWN = 2_000


def published() -> Snapshot:
    """What the public check knows right now."""
    return PUBLISHED.get("snapshot", lambda: snapshot(public=True))


class OnlyInMemory(MemoryFileUploadHandler):
    """A picture is never put on disk; a form too large for that is read without its files."""

    def handle_raw_input(self, *args: object, **named: object) -> None:
        self.activated = int(args[2]) <= MOST_FORM  # type: ignore[call-overload]


MOST_FORM = LIMITS.most_bytes + 100_000


def show_form(
    visit: Visit,
    *,
    tries: int = 0,
    typed: str = "",
    dead: bool = False,
    back: str = "",
    photo: str = "",
    codes: tuple[Seen, ...] = (),
) -> HttpResponse:
    """The page with the one field; after two unknown codes "I cannot read it" comes first.

    `photo` is what to say of the picture that was sent, `codes` what was read in it.
    """
    context = {
        "title": visit.speech.say("check_title"),
        "told": told(visit.recall, visit.speech, visit.law) if visit.recall else None,
        "tries": tries,
        "typed": typed,
        "dead": dead,
        "back": back,
        "photo": photo,
        "codes": codes,
        "recalls": [] if visit.recall else listed(visit),
    }
    return visit.show("check.html", context)


def answer_code(visit: Visit, *, back: str = "") -> HttpResponse:
    """Answer the code or the picture that was sent; unreadable is treated as affected."""
    too_large = _in_memory(visit.request)
    given = visit.request.POST
    typed = str(given.get("code", ""))[:200]
    tries = _number(str(given.get("tries", "0")))
    if given.get("a") == "unreadable":
        return _show(visit, "cannot_tell", _refs_here(visit), back)
    picture = visit.request.FILES.get("photo")
    codes: tuple[PhotoCode, ...] = ()
    if picture is not None or too_large:
        try:
            codes = _read(visit, picture.read() if picture is not None else None)
        except Refusal as refused:
            if not typed:
                return show_form(visit, tries=tries, back=back, photo=refused.code)
        if not codes and not typed:
            return show_form(visit, tries=tries, back=back, photo="photo_none")
    if typed:
        codes = (PhotoCode(typed, "", typed, 0, -1), *codes)
    product = visit.recall.product_code if visit.recall else ""
    shown = check_codes(published(), codes or (PhotoCode("", "", "", 0, 0),), product)
    answer, refs = shown.answer.answer, shown.answer.recalls
    if visit.recall is not None and answer == "affected" and visit.recall.ref not in refs:
        refs = (visit.recall.ref, *refs)
    seen = tuple(one for one in shown.codes if one.symbol)
    if answer == "cannot_tell" and tries < LOOK_AGAIN:
        return show_form(visit, tries=tries + 1, typed=typed, back=back, codes=seen)
    return _show(visit, answer, refs or _refs_here(visit), back, seen)


def _in_memory(request: HttpRequest) -> bool:
    """Keep what is sent off the disk; whether it is too large to be looked at."""
    request.upload_handlers = [OnlyInMemory(request)]
    return _number(request.META.get("CONTENT_LENGTH") or "", 12) > MOST_FORM


def _read(visit: Visit, data: bytes | None) -> tuple[PhotoCode, ...]:
    if data is None:
        raise Refusal("photo_large", "The picture is too large.")
    refusal = visit.too_many(PHOTOS)
    if refusal is not None:
        raise Refusal("photo_often", refusal.message)
    try:
        return read_photo(data)
    except Refusal as refused:
        code = "photo_large" if refused.code == "picture_large" else "photo_none"
        raise Refusal(code, refused.message) from refused


def show_not_affected(visit: Visit) -> HttpResponse:
    """Nothing this person bought is in the recall any more."""
    return _show(visit, "not_affected", (), "")


def _show(
    visit: Visit, answer: str, refs: tuple[str, ...], back: str, codes: tuple[Seen, ...] = ()
) -> HttpResponse:
    """The answer; the same one to everybody who asks the same here is written once a second."""
    if visit.token or codes:
        return _answer(visit, answer, refs, back, codes)
    here = visit.recall.ref if visit.recall else ""
    key = ("answer", answer, refs, back, here, visit.speech.language, visit.law)
    return visit.again(PUBLISHED.get(key, lambda: _answer(visit, answer, refs, back, ()).content))


def _answer(
    visit: Visit, answer: str, refs: tuple[str, ...], back: str, codes: tuple[Seen, ...]
) -> HttpResponse:
    recall = visit.recall or next((r for r in public_recalls() if r.ref in refs), None)
    context = {
        "title": visit.speech.say(answer),
        "answer": answer,
        "told": told(recall, visit.speech, visit.law) if recall else None,
        "choices": [] if answer == "not_affected" else _choices(visit, refs),
        "again": visit.url("check"),
        "codes": codes,
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
    return PUBLISHED.get("recalls", _published_recalls)


def _published_recalls() -> list[Recall]:
    found = Recall.objects.filter(state__in=PUBLIC_STATES).order_by("-told_at", "-pk")
    return list(found[:MOST_KNOWN])


def _of(visit: Visit, recall: Recall) -> Visit:
    return Visit(visit.request, visit.shop, visit.speech, visit.languages, recall)


def _refs_here(visit: Visit) -> tuple[str, ...]:
    if visit.recall is not None:
        return (visit.recall.ref,)
    return tuple(sorted(recall.ref for recall in public_recalls()))


def _number(text: str, longest: int = 2) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= longest else 0
