"""Letters with authorities, and what was asked or promised in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from holdfast.decision.recalls.models import Recall
from holdfast.kit.refusals import NotFound
from holdfast.response.filings.models import AuthorityLetter, AuthorityRequest


def letter_numbered(recall: Recall, number: int) -> AuthorityLetter:
    """A letter by its number."""
    found = recall.authority_letters.filter(number=number).first()
    if found is None:
        raise NotFound("no_letter", f"{recall.ref} has no letter no. {number}.")
    return found


def request_numbered(recall: Recall, number: int) -> AuthorityRequest:
    """A question or promise by its number."""
    found = recall.authority_requests.filter(number=number).select_related("recall").first()
    if found is None:
        raise NotFound("no_request", f"{recall.ref} has no request no. {number}.")
    return found


def letters_of(recall: Recall) -> list[AuthorityLetter]:
    """All letters, newest first."""
    return list(recall.authority_letters.order_by("-at", "-number"))


def request_rows(recall: Recall, *, now: datetime) -> list[dict[str, Any]]:
    """Questions and promises: open ones first, soonest due first."""
    rows = recall.authority_requests.select_related("letter").order_by("number")
    told = [
        {
            "request": one.number,
            "kind": one.kind,
            "words": one.words,
            "authority": one.letter.authority,
            "due_at": one.due_at.isoformat() if one.due_at else None,
            "is_overdue": one.state == "open" and one.due_at is not None and one.due_at < now,
            "owner": one.owner or None,
            "state": one.state,
            "answer": one.answer or None,
        }
        for one in rows
    ]
    return sorted(told, key=lambda one: (one["state"] != "open", one["due_at"] or "9999"))
