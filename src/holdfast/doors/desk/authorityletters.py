"""Correspondence with authorities at the desk: letters, questions, promises and their clocks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from holdfast.decision.recalls.models import Recall
from holdfast.doors.desk.evidencefiles import attached
from holdfast.doors.desk.moments import moment_from
from holdfast.doors.desk.words import ROLES
from holdfast.kit.quantities import whole_number
from holdfast.response.filings.actions import (
    record_authority_letter,
    record_authority_request,
    settle_authority_request,
)
from holdfast.response.filings.queries import (
    letter_numbered,
    letters_of,
    request_numbered,
    request_rows,
)

STEPS = ("letter", "request", "settle")
MOST = 12


def letters_shown(recall: Recall, at: datetime) -> dict[str, Any]:
    """Letters and requests for the page."""
    requests = [
        {**row, "due": datetime.fromisoformat(row["due_at"]) if row["due_at"] else None}
        for row in request_rows(recall, now=at)
    ]
    letters = letters_of(recall)
    return {
        "letters": letters[:MOST],
        "letters_all": len(letters),
        "requests": requests,
        "role_words": ROLES.items(),
    }


def write_letter(request: HttpRequest, recall: Recall, at: datetime) -> str:
    """Keep a letter, note what it asks or promises, or settle that."""
    given, by = request.POST, request.actor  # type: ignore[attr-defined]
    step = given["step"]
    if step == "letter":
        digest = attached(request, "file", recall=recall, about="letter")
        record_authority_letter(
            recall=recall,
            direction=given.get("direction", "from"),
            authority=given.get("authority", ""),
            subject=given.get("subject", ""),
            at=moment_from(given.get("letter_at", "")) or at,
            file_sha256=digest,
            by=by,
            now=at,
        )
        return _("The letter is kept.")
    if step == "request":
        due = given.get("due", "").strip()
        record_authority_request(
            letter=letter_numbered(recall, _number(given.get("letter", ""))),
            kind=given.get("kind", "question"),
            words=given.get("words", ""),
            due_at=moment_from(due),
            owner=given.get("owner", ""),
            by=by,
            now=at,
        )
        return _("It is noted, with its clock.")
    settle_authority_request(
        request=request_numbered(recall, _number(given.get("request", ""))),
        answer=given.get("answer", ""),
        is_dropped=given.get("how") == "drop",
        by=by,
        now=at,
    )
    return _("It is settled.")


def _number(text: str) -> int:
    return whole_number(text)
