"""The summary of a package as a PDF: what was decided, told and counted; the root on each page.

Set from data alone and dated by the last entry, so the same state gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Count, Sum

from holdfast.decision.recalls.models import Decision, Recall, ScopeVersion, Signature
from holdfast.ground.journal.models import Entry
from holdfast.ground.journal.rules import masked
from holdfast.ground.journal.telling import tell
from holdfast.ground.outbox.models import Message
from holdfast.insight.exports.tables import written
from holdfast.kit.quantities import plain
from holdfast.kit.renderings.letter import fonts_for
from holdfast.response.notices.models import NoticeApproval
from holdfast.response.units.models import UnitGroup

TEMPLATE = Path(__file__).parent / "summary.typ"
MOST_RECALLS = 25
MOST_ENTRIES = 400
LONGEST = 300
#: Kinds of which there are as many as windows of sending; the tables above count them.
BULK = ("DeliveriesSettled", "AttemptsRecovered")
CAUTION = (
    "This sheet only helps to read the package; what proves anything are the files beside it, and "
    "verify.py, which checks them. Write the number of entries and the root down somewhere else: "
    "against them a package that was rewritten as a whole is found."
)


def summary_pdf(*, recall: str, entries: int, root: str, absent: Iterable[dict[str, Any]]) -> bytes:
    """The PDF of a package over one recall or everything, at this state of the journal."""
    import typst  # noqa: PLC0415 - heavy, and only exports need it

    last = Entry.objects.order_by("-index").values_list("at", flat=True).first()
    recalls = Recall.objects.filter(ref=recall) if recall else Recall.objects.order_by("pk")
    data = {
        "title": f"Evidence of {recall}" if recall else "Evidence of all recalls",
        "fonts": fonts_for("en")[0],
        "root": root,
        "facts": [
            ["Entries", str(entries)],
            ["Root", root],
            ["Newest entry", _moment(last)],
        ],
        "caution": CAUTION,
        "recalls": [_recall(each) for each in recalls[:MOST_RECALLS]],
        "absent": [[str(each["what"]), str(each["why"])] for each in absent],
        **_timeline(recall),
    }
    pdf = typst.compile(
        TEMPLATE.read_bytes(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=int(datetime.fromisoformat(last).timestamp()) if last else 0,
    )
    if not isinstance(pdf, bytes):
        raise TypeError("the typesetter gave no single PDF")
    return pdf


def _moment(at: object) -> str:
    return str(at or "")[:19].replace("T", " ")


def _recall(recall: Recall) -> dict[str, Any]:
    times = {
        "Known": recall.known_at,
        "Opened": recall.opened_at,
        "Told": recall.told_at,
        "Closed": recall.closed_at,
    }
    facts = [
        ["Product", f"{recall.product_code} {recall.lot}".strip()],
        ["What can happen", recall.outcome_words or recall.outcome],
        ["State", recall.state],
        *([name, _moment(written(at))] for name, at in times.items() if at),
    ]
    return {
        "title": f"{recall.ref} {masked(recall.title)}",
        "facts": [[name, masked(str(value))] for name, value in facts],
        "parts": [
            _scopes(recall),
            _decisions(recall),
            _notices(recall),
            _messages(recall),
            _units(recall),
        ],
    }


def _part(title: str, heads: list[str], widths: list[int], rows: Iterable[Any]) -> dict[str, Any]:
    """A table; a width of 0 takes what is left."""
    cells = [[masked(str(written(cell)))[:LONGEST] for cell in row] for row in rows]
    return {"title": title, "heads": heads, "widths": widths, "rows": cells}


def _scopes(recall: Recall) -> dict[str, Any]:
    rows = ScopeVersion.objects.filter(recall=recall).order_by("number")
    return _part(
        "Scope",
        ["version", "state", "proposed", "settled", "rationale"],
        [12, 20, 22, 22, 0],
        rows.values_list("number", "state", "proposed_by", "settled_by", "rationale"),
    )


def _decisions(recall: Recall) -> dict[str, Any]:
    rows = []
    for decision in Decision.objects.filter(recall=recall).order_by("number"):
        signed = Signature.objects.filter(decision=decision).order_by("at", "pk")
        names = ", ".join(
            f"{person} {'dissents' if stance == 'dissent' else 'signed'}"
            for person, stance in signed.values_list("person", "stance")
        )
        rows.append((decision.number, decision.state, names, decision.sha256))
    heads = ["number", "state", "who", "SHA-256 of its text"]
    return _part("Decisions", heads, [14, 20, 50, 0], rows)


def _notices(recall: Recall) -> dict[str, Any]:
    rows = NoticeApproval.objects.filter(text__notice__recall=recall).order_by("at", "pk")
    return _part(
        "Approved notices",
        ["version", "language", "approved by", "SHA-256 of its text"],
        [14, 18, 24, 0],
        rows.values_list("text__notice__version", "text__language", "approver", "sha256"),
    )


def _messages(recall: Recall) -> dict[str, Any]:
    rows = Message.objects.filter(recall=recall.ref).order_by("wave", "channel", "state")
    counted = rows.values_list("wave", "channel", "state").annotate(count=Count("pk"))
    return _part("Messages", ["wave", "channel", "state", "count"], [14, 30, 30, 0], counted)


def _units(recall: Recall) -> dict[str, Any]:
    rows = UnitGroup.objects.filter(recall=recall).order_by("level", "state")
    summed = rows.values_list("level", "state").annotate(units=Sum("quantity"))
    cells = ((level, state.replace("_", " "), plain(units)) for level, state, units in summed)
    return _part("Units", ["level", "state", "units"], [34, 34, 0], cells)


def _timeline(recall: str) -> dict[str, Any]:
    """The first and the last entries in words; those in between are in words.txt."""
    found = Entry.objects.exclude(kind__in=BULK)
    if recall:
        found = found.filter(subject__in=(recall, ""))
    half = MOST_ENTRIES // 2
    first = list(found.order_by("index")[:half])
    after = first[-1].index if first else 0
    last = list(reversed(found.filter(index__gt=after).order_by("-index")[:half]))
    rows = [
        [str(each.index), _moment(each.at), each.by, _words(each)[:LONGEST]]
        for each in (*first, *last)
    ]
    left_out = ""
    if len(last) == half:
        left_out = f"The first {half} and the last {half} entries; words.txt has all."
    return {"timeline": rows, "left_out": left_out}


def _words(entry: Entry) -> str:
    try:
        return tell(entry.kind, entry.fields)
    except (ValueError, TypeError, AttributeError):
        return f"{entry.kind}: its content cannot be read"
