"""What recurs: patterns that hold, fixes that did not, and what carries a component."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.doors.desk.pages import now, page
from holdfast.doors.desk.policy import policy
from holdfast.insight.patterns.queries import carriers, look
from holdfast.kit.recurrence.questions import Pattern
from holdfast.kit.recurrence.saying import hazard, small
from holdfast.kit.refusals import Refusal

MONTHS = (3, 12, 36)
SHOWN = 12
LONGEST = 200
THINGS = {
    ("inspection", "failed"): gettext_lazy("rejected lots"),
    ("test", "failed"): gettext_lazy("failed tests"),
    ("lot", "recalled"): gettext_lazy("recalled lots"),
    ("product", "recalled"): gettext_lazy("recalled products"),
    ("product", "announced"): gettext_lazy("products that authorities’ announcements may mean"),
}
DIMENSIONS = {
    "supplier": gettext_lazy("Supplier"),
    "product": gettext_lazy("Product"),
    "site": gettext_lazy("Site"),
    "component": gettext_lazy("Component"),
    "what": gettext_lazy("Test"),
    "month": gettext_lazy("Month"),
    "after closure": gettext_lazy("Product"),
}
COUNTED = {
    "inspections": gettext_lazy("inspections"),
    "tests": gettext_lazy("test results"),
    "complaints": gettext_lazy("complaints"),
    "recalls": gettext_lazy("recalls"),
    "announcements": gettext_lazy("matched announcements"),
}


@policy("recall.view")
def patterns(request: HttpRequest) -> HttpResponse:
    """Every question asked at once; below it the search for a component."""
    asked = request.GET.get("months", "")
    months = int(asked) if asked in [str(one) for one in MONTHS] else 12
    found = look(now=now(), months=months)
    answers = found.answers
    rest = [one for one in answers.patterns if one.count and not one.holds and one.p <= 0.05]
    key = request.GET.get("component", "").strip()[:LONGEST]
    refusal, carried = None, None
    if key:
        try:
            carried = carriers(key)
        except Refusal as refused:
            refusal = refused
    context: dict[str, Any] = {
        "held": [_row(one) for one in answers.held],
        "rest": [_row(one) for one in rest[:SHOWN]],
        "fixes": [
            {"fix": fix, "hazard": hazard(fix.hazard), "row": _row(pattern)}
            for fix, pattern in found.fixes
        ],
        "asked": answers.asked,
        "unanswerable": answers.unanswerable,
        "counted": [(COUNTED[name], n) for name, n in found.counted.items()],
        "notes": found.notes,
        "months": [(one, one == months) for one in MONTHS],
        "since": found.since,
        "key": key,
        "carried": carried,
    }
    return page(request, "desk/patterns.html", context, nav="patterns", refusal=refusal)


def _row(one: Pattern) -> dict[str, Any]:
    return {
        "one": one,
        "name": DIMENSIONS.get(one.dimension, one.dimension),
        "words": _words(one),
        "expected": f"{one.expected:.1f}",
        "p": small(one.p),
        "q": small(one.q),
    }


def _words(one: Pattern) -> str:
    if one.dimension == "month":
        return _("worst month for %(what)s in %(k)s of %(n)s years") % {
            "what": hazard(one.outcome),
            "k": one.count,
            "n": one.marked,
        }
    if one.dimension == "after closure":
        return _("%(k)s reports of %(what)s after its recall was closed") % {
            "k": one.count,
            "what": hazard(one.outcome),
        }
    what = THINGS.get((one.kind, one.outcome)) or _("products with complaints about %(what)s") % {
        "what": hazard(one.outcome)
    }
    return _("%(k)s of %(n)s %(things)s") % {"k": one.count, "n": one.marked, "things": what}
