"""What recurs: patterns that hold, fixes that did not, and what carries a component."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from holdfast.doors.desk.hazardwords import hazard_title
from holdfast.doors.desk.pages import now, page
from holdfast.doors.desk.policy import policy
from holdfast.insight.patterns.queries import carriers, look
from holdfast.kit.recurrence.questions import Pattern
from holdfast.kit.recurrence.saying import small
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
            {"fix": fix, "hazard": hazard_title(fix.hazard), "row": _row(pattern)}
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
        "traced": f"{reverse('trace')}?{urlencode({'key': key})}",
    }
    return page(request, "desk/patterns.html", context, nav="patterns", refusal=refusal)


def _row(one: Pattern) -> dict[str, Any]:
    expected = number_format(one.expected, 1)
    return {
        "one": one,
        "name": DIMENSIONS.get(one.dimension, one.dimension),
        "words": _("%(what)s, expected %(n)s") % {"what": _words(one), "n": expected},
        "chance": f"p = {_digits(small(one.p))} · q = {_digits(small(one.q))}",
        "where": _where(one),
        "expected": expected,
    }


def _digits(number: str) -> str:
    """A chance with the reader's decimal sign; as written where a power of ten says it."""
    return number if "e" in number else str(number_format(number))


def _where(one: Pattern) -> str:
    """The page that shows what was counted."""
    if one.kind in ("inspection", "test") and one.dimension != "component":
        asked = {"supplier": one.value} if one.dimension == "supplier" else {}
        return f"{reverse('inspections')}?{urlencode(asked)}".rstrip("?")
    if one.dimension == "after closure" or (
        one.dimension == "product" and (one.kind, one.outcome) not in THINGS
    ):
        return f"{reverse('complaints')}?{urlencode({'show': 'all', 'words': one.value})}"
    if one.dimension == "component":
        return f"?{urlencode({'component': one.value})}#component"
    return ""


def _words(one: Pattern) -> str:
    if one.dimension == "month":
        return _("worst month for %(what)s in %(k)s of %(n)s years") % {
            "what": hazard_title(one.outcome),
            "k": one.count,
            "n": one.marked,
        }
    if one.dimension == "after closure":
        return ngettext(
            "%(k)s report of %(what)s after its recall was closed",
            "%(k)s reports of %(what)s after its recall was closed",
            one.count,
        ) % {"k": one.count, "what": hazard_title(one.outcome)}
    what = THINGS.get((one.kind, one.outcome)) or _("products with complaints about %(what)s") % {
        "what": hazard_title(one.outcome)
    }
    return _("%(k)s of %(n)s %(things)s") % {"k": one.count, "n": one.marked, "things": what}
