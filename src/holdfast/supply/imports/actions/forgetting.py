"""Erasing what rejected rows keep of a person who asked to be forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.supply.imports.events import RejectedRowsErased
from holdfast.supply.imports.models import ImportReject
from holdfast.supply.imports.policies import require_forget

SHORTEST = 5  # letters; shorter words stand in rows of other people by chance


@transaction.atomic
def erase_rejected_rows(*, kind: str, naming: Iterable[str], by: Actor, now: datetime) -> int:
    """Erase the text of every rejected row of these files that holds one of these words.

    Line, column and reason stay, so that the counts of the import still add up; a reason that
    quotes such a word goes too. Returns how many rows.
    """
    require_forget(by)
    words = {" ".join(word.split()) for word in naming}
    words = {word for word in words if len(word) >= SHORTEST}
    if not words:
        return 0
    held = Q()
    for word in sorted(words):
        held |= Q(raw__icontains=word) | Q(reason__icontains=word)
    rows = list(ImportReject.objects.select_for_update().filter(held, run__kind=kind))
    for row in rows:
        row.raw = ""
        said = row.reason.casefold()
        if any(word.casefold() in said for word in words):
            row.reason = "erased, since a person asked to be forgotten"
    ImportReject.objects.bulk_update(rows, ["raw", "reason"], batch_size=200)
    if rows:
        record(RejectedRowsErased(kind=kind, rows=len(rows)), by=by, now=now)
    return len(rows)
