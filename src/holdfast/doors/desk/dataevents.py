"""Trace events at the desk: EPCIS documents and event tables, looked at or brought in."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from holdfast.doors.desk.broughtfiles import (
    MOST_BYTES,
    by_name,
    chosen,
    kept_while_read,
    plain_name,
)
from holdfast.doors.desk.pages import now, page
from holdfast.doors.desk.policy import policy
from holdfast.ground.access.queries import organisation
from holdfast.kit.refusals import Refusal, Unreadable
from holdfast.kit.trace.bulk import Wishes
from holdfast.kit.trace.bulk.finding import table_named
from holdfast.kit.trace.tables import TABLES
from holdfast.supply.imports.uploads import keep_file
from holdfast.supply.traceability.actions import import_epcis, import_events
from holdfast.supply.traceability.queries import trace_facts

SHOWN = 100


@dataclass
class Brought:
    """What became of the files of one form."""

    is_rehearsal: bool
    tables: list[dict[str, Any]] = field(default_factory=list)
    rejects: list[dict[str, Any]] = field(default_factory=list)
    flags: list[tuple[str, int]] = field(default_factory=list)
    documents: list[dict[str, Any]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


@policy("import.run")
def data_events(request: HttpRequest) -> HttpResponse:
    """The form; below it what the files were and what became of every row and event."""
    refusal, brought = None, None
    if request.method == "POST":
        try:
            brought = _bring(request)
        except Refusal as refused:
            refusal = refused
    context = {
        "brought": brought,
        "facts": trace_facts(),
        "tables": [
            (name, ", ".join(column.names[0] for column in table.columns))
            for name, table in TABLES.items()
        ],
        "most": MOST_BYTES // 1024**2,
        "zone": request.POST.get("zone", ""),
        "shop_zone": organisation().zone,
    }
    return page(request, "desk/data_events.html", context, nav="data", refusal=refusal)


def _bring(request: HttpRequest) -> Brought:
    """Tables and documents each by their own import; what one refuses leaves the other be."""
    commands = "holdfast import events FOLDER · holdfast import epcis FILE…"
    uploads = chosen(request, "files", instead=commands)
    by, at = request.actor, now()  # type: ignore[attr-defined]
    brought = Brought(is_rehearsal=bool(request.POST.get("only_look")))
    with kept_while_read("events") as place:
        tables, documents = _kept(uploads, place)
        if tables:
            try:
                wishes = Wishes(zone=request.POST.get("zone", "").strip())
                told = import_events(
                    folder=tables, wishes=wishes, by=by, now=at, is_rehearsal=brought.is_rehearsal
                ).as_json()
                brought.tables = [{"name": n, **counts} for n, counts in told["tables"].items()]  # type: ignore[attr-defined]
                brought.rejects = told["rejects"][:SHOWN]  # type: ignore[index]
                brought.flags = [(n.replace("_", " "), c) for n, c in told["flags"].items()]  # type: ignore[attr-defined]
            except Refusal as refused:
                brought.refusals.append(by_name(refused, tables, place))
        if documents:
            try:
                found = import_epcis(
                    paths=documents, by=by, now=at, is_rehearsal=brought.is_rehearsal
                ).as_json()
                brought.documents = [
                    {**one, "file": PurePath(one["file"]).name} for one in found["documents"]
                ]
            except Refusal as refused:
                brought.refusals.append(by_name(refused, place))
    return brought


def _kept(uploads: list[UploadedFile[Any]], place: Path) -> tuple[Path | None, list[Path]]:
    """The files on disk under their own names: a folder of tables, if any, and documents."""
    folder_of_tables, documents = place / "tables", []
    for number, upload in enumerate(uploads):
        name = plain_name(upload)
        own = folder_of_tables if table_named(name) else place / f"{number:04d}"
        own.mkdir(exist_ok=True)
        path = own / name
        if path.exists():
            raise Unreadable(
                "same_name", _("Two files have the same name: %(name)s.") % {"name": name}
            )
        keep_file(path, name, upload.chunks(256 * 1024))
        if own != folder_of_tables:
            documents.append(path)
    return (folder_of_tables if folder_of_tables.exists() else None), documents
