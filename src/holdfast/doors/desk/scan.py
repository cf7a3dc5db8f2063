"""Check a code at the desk: typed, sent by a hand scanner, or read from a photo."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.queries import snapshot
from holdfast.doors.desk.pages import now, page
from holdfast.doors.desk.policy import policy
from holdfast.ground.access.permissions import may
from holdfast.kit.identifiers.check_photo import Shown, check_codes
from holdfast.kit.identifiers.photo import LIMITS, PhotoCode, read_photo
from holdfast.kit.identifiers.scan import scan as taken_apart
from holdfast.kit.refusals import Refusal, Unreadable
from holdfast.supply.traceability.queries import lots_held

LONGEST = 500


@dataclass(frozen=True)
class Part:
    """One thing a code names."""

    words: str
    value: str


@policy("recall.view")
def scan(request: HttpRequest) -> HttpResponse:
    """The form, and below it the answer; nothing of what is asked is stored."""
    given = request.POST if request.method == "POST" else request.GET
    typed = str(given.get("code", "")).strip()[:LONGEST]
    product = str(given.get("product", "")).strip()[:200]
    refusal, shown = None, None
    try:
        codes = _photo(request) if request.method == "POST" else None
        if typed or codes is not None:
            typed_code = (PhotoCode(typed, "", typed, 0, -1),) if typed else ()
            held = lots_held(now())
            shown = check_codes(snapshot(), typed_code + (codes or ()), product, held)
    except Refusal as refused:
        refusal = refused
    context = {
        "typed": typed,
        "product": product,
        "may_trace": may(request.actor, "outreach.view"),  # type: ignore[attr-defined]
        "shown": shown,
        "verdicts": _verdicts(),
        "verdict": _verdicts()[shown.answer.answer] if shown else "",
        "recalls": _recalls(shown) if shown else [],
        "rows": _rows(shown) if shown else [],
    }
    return page(request, "desk/scan.html", context, nav="scan", refusal=refusal)


def _photo(request: HttpRequest) -> tuple[PhotoCode, ...] | None:
    upload = request.FILES.get("photo")
    if upload is None:
        return None
    if (upload.size or 0) > LIMITS.most_bytes:
        raise Unreadable("picture_large", _("This picture is too large."))
    return read_photo(upload.read())


def _verdicts() -> dict[str, str]:
    return {
        "affected": _("Affected"),
        "not_affected": _("Not affected"),
        "cannot_tell": _("Cannot tell: treat it as affected"),
    }


def _rows(shown: Shown) -> list[dict[str, object]]:
    return [
        {
            "text": one.text,
            "symbol": one.symbol,
            "verdict": _verdicts()[one.answer.answer],
            "why": one.answer.why,
            "parts": _parts(one.code),
        }
        for one in shown.codes
    ]


def _parts(code: str) -> list[Part]:
    found = taken_apart(code)
    named = (
        (_("Product"), found.gtin),
        (_("Lot"), found.lot),
        (_("Serial number"), found.serial),
        (_("Other number"), found.key),
    )
    return [Part(words, value) for words, value in named if value]


def _recalls(shown: Shown) -> list[Recall]:
    return list(Recall.objects.filter(ref__in=shown.answer.recalls).order_by("ref"))
