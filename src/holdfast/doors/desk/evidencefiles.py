"""Files that prove something: taken from a form, listed, handed out, never shown inline."""

from __future__ import annotations

from django.http import HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header

from holdfast.decision.investigations.models import Investigation
from holdfast.decision.recalls.models import Recall
from holdfast.doors.desk.pages import now, recall_named
from holdfast.doors.desk.policy import policy
from holdfast.ground.evidence import queries
from holdfast.ground.evidence.actions import attach_file, erase_file
from holdfast.ground.evidence.models import EvidenceFile


def attached(
    request: HttpRequest, field: str, *, recall: Recall | Investigation, about: str, note: str = ""
) -> str:
    """Keep the uploaded file and give its SHA-256; empty where none was chosen."""
    upload = request.FILES.get(field)
    if upload is None:
        return ""
    file = attach_file(
        subject=recall.ref,
        about=about,
        name=upload.name or "file",
        content=upload.chunks(),
        note=note,
        by=request.actor,  # type: ignore[attr-defined]
        now=now(),
    )
    return file.sha256


def erased(request: HttpRequest, recall: Recall) -> EvidenceFile:
    """Erase what the file holds whose number the form names."""
    number = request.POST["erase"]
    return erase_file(
        file=queries.evidence_file(recall.ref, int(number) if number.isdecimal() else 0),
        reason=request.POST.get("reason", ""),
        by=request.actor,  # type: ignore[attr-defined]
        now=now(),
    )


def files_of(recall: Recall) -> list[EvidenceFile]:
    """The files of a recall, newest first."""
    return list(reversed(queries.files_of(recall.ref)))


@policy("recall.view")
def download(request: HttpRequest, ref: str, number: int) -> StreamingHttpResponse:
    """The bytes as a download; the browser is told not to guess what they are."""
    recall = recall_named(ref)
    file = queries.evidence_file(recall.ref, number)
    answer = StreamingHttpResponse(
        queries.content_of(file), content_type="application/octet-stream"
    )
    header = content_disposition_header(as_attachment=True, filename=file.name)
    answer.headers["Content-Disposition"] = header or "attachment"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
