"""Plans, verdicts and switching rules in the words of the screens."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.kit.sampling.plans import Plan

SEVERITIES: dict[str, Any] = {
    "normal": gettext_lazy("normal inspection"),
    "tightened": gettext_lazy("tightened inspection"),
    "reduced": gettext_lazy("reduced inspection"),
}
VERDICTS: dict[str, Any] = {
    "accepted": gettext_lazy("lot accepted"),
    "rejected": gettext_lazy("lot rejected"),
}
CHANGES: dict[str, Any] = {
    "two_of_five": gettext_lazy("Two of five lots not accepted: the next is tightened."),
    "five_accepted": gettext_lazy("Five in a row accepted: back to normal inspection."),
    "may_reduce": gettext_lazy("The score has reached 30: reduced inspection may be agreed."),
    "reduced": gettext_lazy("Reduced inspection begins."),
    "rejected_on_reduced": gettext_lazy("Not accepted on reduced: back to normal inspection."),
    "gap_on_reduced": gettext_lazy("Between the two numbers: accepted, and back to normal."),
    "not_steady": gettext_lazy("No longer steady or wanted: back to normal inspection."),
    "discontinued": gettext_lazy(
        "Five lots not accepted on tightened: nothing more is accepted by sample."
    ),
    "resumed": gettext_lazy("The supplier has acted: inspection resumes, tightened."),
}


def plan_words(plan: Plan) -> str:
    """How many to take and how many may fail, in one or two sentences."""
    numbers = {"n": plan.sample_size, "lot": plan.lot_size, "ac": plan.accept, "re": plan.reject}
    take = (
        _("Look at all %(lot)s items.")
        if plan.is_whole_lot
        else _("Take %(n)s of %(lot)s items at random.")
    ) % numbers
    judge = _("Accept the lot if at most %(ac)s fail, reject it if %(re)s or more do.") % numbers
    if plan.is_per_hundred:
        judge = _("Accept the lot with at most %(ac)s faults, reject it from %(re)s on.") % numbers
    parts = [take, judge]
    if plan.reject > plan.accept + 1:
        parts.append(_("In between, accept it and inspect the next lot normally."))
    return " ".join(parts)
