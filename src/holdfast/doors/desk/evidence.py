"""O17: what was known and done when; files, the journal in words, the package that proves it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from holdfast.decision.recalls.models import Recall
from holdfast.doors.desk.evidencefiles import attached, erased, files_of
from holdfast.doors.desk.names import names_of
from holdfast.doors.desk.pages import page, recall_named, said
from holdfast.doors.desk.policy import policy
from holdfast.ground.access.permissions import may
from holdfast.ground.journal import telling
from holdfast.ground.journal.checking import faults
from holdfast.ground.journal.queries import head
from holdfast.insight.exports.evidence import export_evidence
from holdfast.kit.refusals import Refusal

PAGE = 40


@policy("recall.view")
def recall_evidence(request: HttpRequest, ref: str) -> HttpResponse:
    """Journal and files of one recall; a POST attaches a file or erases what one holds."""
    recall = recall_named(ref)
    refusal = None
    if request.method == "POST":
        try:
            said(request, _change_files(request, recall))
        except Refusal as refused:
            refusal = refused
        else:
            return redirect("recall_evidence", recall.ref)
    context = {
        **_journal(request, recall.ref),
        "files": files_of(recall),
        "may_erase": may(request.actor, "settings.change"),  # type: ignore[attr-defined]
    }
    around: dict[str, Any] = {"recall": recall, "tab": "evidence", "refusal": refusal}
    return page(request, "desk/evidence.html", context, **around)


def _change_files(request: HttpRequest, recall: Recall) -> str:
    if "erase" in request.POST:
        file = erased(request, recall)
        words = _("Evidence file no. {number} was erased: {reason}")
        return words.format(number=file.pk, reason=file.erased_reason)
    note = request.POST.get("note", "")
    sha256 = attached(request, "file", recall=recall, about="", note=note)
    return _("The file is attached.") if sha256 else _("No file was chosen.")


@policy("recall.view")
def evidence(request: HttpRequest) -> HttpResponse:
    """The whole journal, and every recall's package."""
    context = {**_journal(request, None), "recalls": Recall.objects.order_by("-pk")[:50]}
    return page(request, "desk/evidence.html", context, nav="evidence")


@policy("evidence.export")
def check(request: HttpRequest) -> HttpResponse:
    """Hash every entry again and name each that is not what was recorded."""
    found = faults()
    context = {**_journal(request, None), "checked": True, "faults": found[:200]}
    return page(request, "desk/evidence.html", context, nav="evidence")


@policy("evidence.export")
@require_POST
def package(request: HttpRequest, ref: str = "") -> FileResponse:
    """The package as a download; the file in the home is gone once it is open."""
    name = f"{recall_named(ref).ref if ref else 'holdfast'}-evidence"
    folder = Path(tempfile.mkdtemp(dir=settings.HOME, prefix=".export-"))
    try:
        out, kept = folder / f"{name}.zip", folder / f"{name}-checkpoint.json"
        by = request.actor  # type: ignore[attr-defined]
        export_evidence(out=out, checkpoint=kept, recall=ref, by=by)
        wanted = kept if request.POST.get("what") == "checkpoint" else out
        return FileResponse(wanted.open("rb"), as_attachment=True, filename=wanted.name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _journal(request: HttpRequest, subject: str | None) -> dict[str, Any]:
    asked = request.GET
    shown = telling.page(
        subject=subject,
        kind=asked.get("kind", ""),
        before=telling.place(asked.get("before", "")),
        most=PAGE,
    )
    names = names_of([entry.by for entry in shown.entries])
    entries, root = head()
    return {
        "entries": [{"told": entry, "name": names[entry.by]} for entry in shown.entries],
        "older": shown.older,
        "kind": asked.get("kind", ""),
        "kinds": telling.kinds_of(subject),
        "size": entries,
        "root": root,
        "may_export": may(request.actor, "evidence.export"),  # type: ignore[attr-defined]
    }
