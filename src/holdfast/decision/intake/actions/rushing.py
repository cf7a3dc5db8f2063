"""Keeps the rushes true to the complaints: of one thing, or of everything where a file came in."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from holdfast.decision.intake.models import Complaint, ProductRush
from holdfast.decision.intake.policies import may_count_rushes
from holdfast.decision.intake.queries.rushes import (
    About,
    about_of,
    abouts_of,
    may_have_rushed,
    rushes_now,
    rushing,
)
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import Actor


def count_rush_of_entry(*, entry: Entry, by: Actor, now: datetime) -> None:
    """The reaction to a complaint that came in, or is about something else or repeats another.

    Of a flood the first counting does the work of all, since it counts every complaint there is.
    """
    may_count_rushes(by)
    number = str(entry.fields["complaint"]).removeprefix("C-")
    one = Complaint.objects.filter(pk=int(number)).first()
    if one is None:
        return
    if entry.kind != "ComplaintReceived":
        for about in abouts_of(one):
            _count(about, now)
    elif one.duplicate_of_id is None:
        about = about_of(one)
        upto = ProductRush.objects.filter(about=about.key).values_list("upto", flat=True).first()
        if (upto is None and may_have_rushed(one)) or (upto is not None and upto < one.pk):
            _count(about, now)


def count_rushes_of_entry(*, entry: Entry, by: Actor, now: datetime) -> int:
    """The reaction to a file of complaints, and to many that were linked anew.

    Everything is counted that may be or was in a rush; returns how many things that are.
    """
    may_count_rushes(by)
    rows = ProductRush.objects.filter(ends__isnull=False).values_list("product", "maker", "name")
    found = {About(*row) for row in rows} | set(rushing(now))
    for about in found:
        _count(about, now)
    return len(found)


@transaction.atomic
def _count(about: About, now: datetime) -> None:
    """Locked before anything is read, so that of two countings the later one has the last word."""
    row, _ = ProductRush.objects.select_for_update().get_or_create(
        about=about.key,
        defaults={"product_id": about.product, "maker": about.maker, "name": about.name},
    )
    row.upto = Complaint.objects.aggregate(last=Max("pk"))["last"] or 0
    row.spans = rushes_now(about, now)
    row.ends = max((date.fromisoformat(str(span[1])) for span in row.spans), default=None)
    row.save(update_fields=["spans", "ends", "upto"])
