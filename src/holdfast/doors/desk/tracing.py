"""From a lot, a box, an order or a code to everybody it reached, and to what it was made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from holdfast.doors.desk.pages import now, page
from holdfast.doors.desk.policy import policy
from holdfast.ground.look.templatetags.look import CERTAINTY_WORDS
from holdfast.kit.identifiers.photo import LIMITS, read_photo
from holdfast.kit.identifiers.scan import scan as taken_apart
from holdfast.kit.refusals import NotFound, Refusal, Unreadable
from holdfast.supply.traceability.actions import feed_shop
from holdfast.supply.traceability.queries import (
    SHOP,
    shop_mark,
    trace_back,
    trace_forward,
    trace_is_ready,
    trace_log,
)

if TYPE_CHECKING:
    from holdfast.kit.trace.reach import Reach

LONGEST = 500
SHOWN = 100
LOTS = 30
WITNESSED = 500_000
"""Events up to which the second, independent search is asked for every answer."""


@dataclass(frozen=True)
class Choice:
    """Another key to go on with."""

    key: str
    url: str


@policy("outreach.view")
def trace(request: HttpRequest) -> HttpResponse:
    """The box, and below it the answer. A POST lets the trace know the shop's newest rows first."""
    refusal: Refusal | None = None
    typed = str(request.GET.get("key", "")).strip()[:LONGEST]
    if request.method == "POST":
        try:
            typed = _given(request)
            feed_shop(by=request.actor, now=now())  # type: ignore[attr-defined]
            return redirect(_address(typed) if typed else reverse("trace"))
        except Refusal as refused:
            refusal = refused
    context: dict[str, Any] = {"typed": typed, "answer": None, "near": []}
    manifest = trace_log().manifest()
    context["events"] = manifest.events
    context["is_behind"] = manifest.marks.get(SHOP, "") != shop_mark()
    context["is_ready"] = trace_is_ready()
    if typed and manifest.events and context["is_ready"] and refusal is None:
        try:
            context |= _answer(request, typed, manifest.events)
        except Refusal as refused:
            refusal = refused
            context["near"] = _near(refused)
    return page(request, "desk/trace.html", context, nav="trace", refusal=refusal)


def _given(request: HttpRequest) -> str:
    """What was typed or scanned, else what the photo says."""
    typed = str(request.POST.get("key", "")).strip()[:LONGEST]
    upload = request.FILES.get("photo")
    if typed or upload is None:
        return typed
    if (upload.size or 0) > LIMITS.most_bytes:
        raise Unreadable("picture_large", _("This picture is too large."))
    codes = read_photo(upload.read())
    if not codes:
        raise Unreadable(
            "no_code",
            _("No code could be read in this picture."),
            hint=_("Come nearer, hold the camera still, or type what is printed below the bars."),
        )
    best = next((one for one in codes if _parts(one.code)), codes[0])
    return best.code


def _parts(code: str) -> list[str]:
    """Keys that a scanned code may mean, the narrowest first."""
    found = taken_apart(code)
    named = (("lot", found.lot), ("container", found.key), ("sku", found.gtin))
    return [f"{kind}:{value}" for kind, value in named if value]


def _address(key: str) -> str:
    return f"{reverse('trace')}?{urlencode({'key': key})}"


def _answer(request: HttpRequest, typed: str, events: int) -> dict[str, Any]:
    """Forward and back from the first spelling that names something here."""
    is_checked = events <= WITNESSED or request.GET.get("check") == "1"
    key, (answer, reach) = _first(typed, with_reference=is_checked)
    came, origins = trace_back(key)
    return {
        "answer": answer,
        "key": answer["key"],
        "rows": [
            {"name": name, "told": name != "excluded", **numbers}
            for name, numbers in answer["by_certainty"].items()
        ],
        "lots": _lots(reach),
        "more_lots": max(0, answer["lots"] - LOTS),
        "lines": _lines(reach),
        "more_lines": max(0, answer["lines"] - SHOWN),
        "origins": origins.origins[:LOTS],
        "more_origins": max(0, came["lots"] - LOTS),
        "suppliers": came["suppliers"][:LOTS],
        "sites": came["sites"][:LOTS],
        "csv_url": f"{reverse('trace_csv')}?{urlencode({'key': answer['key']})}",
        "check_url": f"{_address(answer['key'])}&check=1",
    }


def _first(typed: str, *, with_reference: bool) -> tuple[str, tuple[dict[str, Any], Reach]]:
    """The answer for what was typed, else for a part of the code that it is."""
    missing: NotFound | None = None
    for key in dict.fromkeys([typed, *_parts(typed)]):
        try:
            return key, trace_forward(key, with_reference=with_reference)
        except NotFound as refused:
            missing = missing or refused
    assert missing is not None
    raise missing


def _near(refused: Refusal) -> list[Choice]:
    """Spellings like an unknown key, or what an ambiguous one may mean."""
    extra: dict[str, Any] = dict(refused.extra)
    words = [*extra.get("near", ()), *extra.get("choices", ())]
    return [Choice(word, _address(word)) for word in words]


def _lots(reach: Reach) -> list[dict[str, Any]]:
    """The nearest lots with the chain that leads to each."""
    import numpy as np  # noqa: PLC0415 - only an answer needs it

    names = reach.published.names.lots
    found = []
    for place in np.argsort(reach.generations, kind="stable")[:LOTS].tolist():
        chain, seen = [place], {place}
        while True:
            before = int(np.searchsorted(reach.lots, reach.came_from[chain[-1]]))
            if before in seen:
                break
            chain.append(before)
            seen.add(before)
        path = [names[int(reach.lots[one])] for one in reversed(chain)]
        found.append({"lot": path[-1], "path": path, "generations": int(reach.generations[place])})
    return found


def _lines(reach: Reach) -> list[dict[str, Any]]:
    from holdfast.kit.trace import sheet  # noqa: PLC0415 - see above

    rows: list[dict[str, Any]] = sheet.head(reach, SHOWN).to_pylist()
    return [{**row, "words": CERTAINTY_WORDS[row["certainty"]]} for row in rows]


@policy("outreach.view")
def trace_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Every row of a forward trace, excluded ones as well, piece by piece."""
    _key, (answer, reach) = _first(
        str(request.GET.get("key", "")).strip()[:LONGEST], with_reference=False
    )
    found = StreamingHttpResponse(_pieces(reach), content_type="text/csv; charset=utf-8")
    name = "".join(letter if letter.isalnum() else "-" for letter in answer["key"])[:60]
    found.headers["Content-Disposition"] = f'attachment; filename="trace-{name}.csv"'
    return found


def _pieces(reach: Reach) -> Iterator[bytes]:
    from io import BytesIO  # noqa: PLC0415 - see above

    import pyarrow.csv as csv  # noqa: PLC0415

    from holdfast.kit.trace import sheet  # noqa: PLC0415

    options = csv.WriteOptions(include_header=False, quoting_style="needed")
    for number, piece in enumerate(sheet.tables(reach)):
        paper = BytesIO()
        if number == 0:
            paper.write((",".join(piece.column_names) + "\n").encode())
        csv.write_csv(sheet.as_text(piece), paper, options)
        yield paper.getvalue()
