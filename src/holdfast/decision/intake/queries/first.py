"""When something was first known: a report and what repeats it are one, the earliest counts."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from holdfast.decision.intake.models import Complaint

ASKED = 400  # keys in one question


def first_told(complaints: Sequence[int]) -> Complaint | None:
    """The earliest known of these and of those that repeat them; None where there are none."""
    found = [
        Complaint.objects.filter(Q(pk__in=some) | Q(duplicate_of__in=some))
        .order_by("known_at", "pk")
        .first()
        for at in range(0, len(complaints), ASKED)
        if (some := complaints[at : at + ASKED])
    ]
    return min((one for one in found if one), key=lambda one: (one.known_at, one.pk), default=None)
