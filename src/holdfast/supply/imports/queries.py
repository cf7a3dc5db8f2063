"""Reads of the import room: runs, rejected rows, saved mappings, returns that match nothing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from hashlib import sha256

from django.db.models import DecimalField, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from holdfast.kit.refusals import NotFound
from holdfast.supply.imports.models import ImportReject, ImportRun, SavedMapping
from holdfast.supply.imports.reading import Wishes
from holdfast.supply.orders.models import CancellationMatch, OrderLine

AT_ONCE = 200


def header_digest(kind: str, columns: Sequence[str]) -> str:
    """The mark of a header: the same columns in the same order of the same kind of file."""
    return sha256("\x1f".join((kind, *columns)).encode()).hexdigest()


def saved_mapping(kind: str, columns: Sequence[str]) -> SavedMapping | None:
    """What somebody confirmed for this header before."""
    return SavedMapping.objects.filter(header_sha256=header_digest(kind, columns)).first()


def remembered_wishes(kind: str, columns: Sequence[str]) -> Wishes | None:
    """The saved mapping of this header as wishes."""
    saved = saved_mapping(kind, columns)
    if saved is None:
        return None
    maps = {name: what for name, what in saved.mapping.items() if isinstance(what, str)}
    sets = {name: what["value"] for name, what in saved.mapping.items() if name not in maps}
    return Wishes(maps=maps, sets=sets, **saved.settings)


def run_numbered(number: int) -> ImportRun:
    """One run. Raises `NotFound`."""
    run = ImportRun.objects.filter(pk=number).first()
    if run is None:
        raise NotFound("no_run", f"There is no import {number}.")
    return run


def recent_runs(most: int = 20) -> QuerySet[ImportRun]:
    """The last runs, newest first."""
    return ImportRun.objects.order_by("-pk")[:most]


def rejects_after(run: ImportRun, skipped: int, most: int) -> list[ImportReject]:
    """A page of rejected rows, by the line of the file; of a folder, file by file."""
    return list(run.rejects.order_by("file", "line", "pk")[skipped : skipped + most])


def waiting_rejects(kind: str) -> QuerySet[ImportReject]:
    """What was rejected while nobody stood by and nobody attended to: injury and fire first."""
    waiting = ImportReject.objects.filter(waits=True, settled_at=None, run__kind=kind)
    return waiting.order_by("-is_urgent", "-pk")


def known_rejects(run: ImportRun, marks: Sequence[str]) -> dict[str, ImportReject]:
    """By its mark, what was rejected before: it waits, or somebody attended to it."""
    known: dict[str, ImportReject] = {}
    there = ImportReject.objects.filter(waits=True, run__kind=run.kind).exclude(settled_how="read")
    for at in range(0, len(marks), AT_ONCE):
        rows = there.filter(mark__in=marks[at : at + AT_ONCE]).order_by("pk")
        known.update({one.mark: one for one in rows})
    return known


def unread_files(run: ImportRun) -> set[str]:
    """Files of this folder that wait since they could not be read at all; "" is the folder."""
    waiting = waiting_rejects(run.kind).filter(line=0, run__file_name=run.file_name)
    return set(waiting.values_list("file", flat=True))


def unmatched_returns() -> QuerySet[OrderLine]:
    """Cancellation lines that are not, or not wholly, set against a line; `left` is by how much."""
    number = DecimalField(max_digits=14, decimal_places=3)
    matched = (
        CancellationMatch.objects.filter(cancellation=OuterRef("pk"))
        .values("cancellation")
        .annotate(all=Sum("quantity"))
        .values("all")
    )
    zero = Value(Decimal(0), output_field=number)
    return (
        OrderLine.objects.filter(kind="cancellation")
        .annotate(left=-F("quantity") - Coalesce(Subquery(matched, output_field=number), zero))
        .filter(left__gt=0)
        .order_by("pk")
    )
