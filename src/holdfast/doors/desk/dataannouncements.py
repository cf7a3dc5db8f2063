"""An authority's file at the desk: recorded answers, downloads and tables, looked at or kept."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from holdfast.decision.announcements.actions import Taken, import_announcements
from holdfast.decision.announcements.models import Announcement
from holdfast.decision.announcements.sources import every_source
from holdfast.doors.desk.broughtfiles import (
    MOST_BYTES,
    by_name,
    chosen,
    kept_while_read,
    plain_name,
)
from holdfast.doors.desk.pages import now, page
from holdfast.doors.desk.policy import policy
from holdfast.kit.refusals import Refusal
from holdfast.supply.imports.uploads import keep_file

SHOWN = 100
RAW_SHOWN = 200


@dataclass(frozen=True)
class Brought:
    """What became of one file."""

    name: str
    is_rehearsal: bool
    taken: Taken

    @property
    def merged(self) -> int:
        """Known ones and those whose wording changed."""
        return self.taken.changed + self.taken.known

    @property
    def rejects(self) -> list[str]:
        """The first records that could not be read, as they came."""
        return [str(one)[:RAW_SHOWN] for one in self.taken.rejected[:SHOWN]]

    @property
    def left_out(self) -> int:
        """How many more of them there are."""
        return max(0, len(self.taken.rejected) - SHOWN)


@policy("import.run")
def data_announcements(request: HttpRequest) -> HttpResponse:
    """The form; below it what the file was and what became of every record."""
    refusal, brought = None, None
    if request.method == "POST":
        try:
            brought = _bring(request)
        except Refusal as refused:
            refusal = refused
    context = {
        "brought": brought,
        "sources": every_source().values(),
        "source": request.POST.get("source", "cpsc"),
        "authority": request.POST.get("authority", ""),
        "heard": Announcement.objects.count(),
        "most": MOST_BYTES // 1024**2,
    }
    return page(request, "desk/data_announcements.html", context, nav="data", refusal=refusal)


def _bring(request: HttpRequest) -> Brought:
    command = "holdfast import announcements FILE --from SOURCE"
    upload = chosen(request, "file", instead=command)[0]
    name = plain_name(upload)
    is_rehearsal = bool(request.POST.get("only_look"))
    with kept_while_read("announcements") as place:
        try:
            keep_file(place / name, name, upload.chunks(256 * 1024))
            taken = import_announcements(
                path=place / name,
                source=request.POST.get("source", ""),
                authority=request.POST.get("authority", "").strip()[:120],
                by=request.actor,  # type: ignore[attr-defined]
                now=now(),
                is_rehearsal=is_rehearsal,
            )
        except Refusal as refused:
            raise by_name(refused, place) from None
    return Brought(name, is_rehearsal, taken)
