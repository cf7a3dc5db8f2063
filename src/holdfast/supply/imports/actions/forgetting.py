"""Erasing what rejected rows keep of a person who asked to be forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.supply.imports.events import RejectedRowsErased
from holdfast.supply.imports.models import ImportReject, ImportRun
from holdfast.supply.imports.policies import require_forget

ERASED = "erased, since a person asked to be forgotten"
SHORTEST = 5  # letters; shorter words stand in rows of other people by chance


@transaction.atomic
def erase_rejected_rows(*, kind: str, naming: Iterable[str], by: Actor, now: datetime) -> int:
    """Erase the text of every rejected row of these files that holds one of these words.

    Line, column and reason stay, so that the counts of the import still add up; a reason that
    quotes such a word, and the name of a file that holds one, go too. Returns how many rows.
    """
    require_forget(by)
    words = {" ".join(word.split()) for word in naming}
    words = {word for word in words if len(word) >= SHORTEST}
    if not words:
        return 0
    held, called = Q(), Q()
    for word in sorted(words):
        called |= Q(file_name__icontains=word)
        held |= Q(raw__icontains=word) | Q(reason__icontains=word) | Q(file__icontains=word)
    rows = list(ImportReject.objects.select_for_update().filter(held, run__kind=kind))
    for row in rows:
        row.raw = ""
        said = row.reason.casefold()
        if any(word.casefold() in said for word in words):
            row.reason = ERASED
        if any(word.casefold() in row.file.casefold() for word in words):
            row.file = ERASED
    ImportReject.objects.bulk_update(rows, ["raw", "reason", "file"], batch_size=200)
    # The path of a folder is ours; the name of one mail may be its sender's.
    called &= ~Q(file_name__contains="/")
    ImportRun.objects.filter(called, kind=kind).update(file_name=ERASED)
    if rows:
        record(RejectedRowsErased(kind=kind, rows=len(rows)), by=by, now=now)
    return len(rows)
