"""Letters with authorities, their questions, our promises, each with its own clock."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from holdfast.decision.recalls.models import Recall
from holdfast.ground.evidence.models import EvidenceFile
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import NotFound, Unreadable
from holdfast.kit.regimes.places import place
from holdfast.kit.regimes.reading import regime as regime_named
from holdfast.response.filings.events import (
    AuthorityLetterRecorded,
    AuthorityRequestRecorded,
    AuthorityRequestSettled,
)
from holdfast.response.filings.lifecycle import REQUEST
from holdfast.response.filings.models import AuthorityLetter, AuthorityRequest, Filing
from holdfast.response.filings.policies import may_work_on_filings
from holdfast.response.filings.rules import DIRECTIONS, KINDS, ask_past, ask_words, late_words


@transaction.atomic
def record_authority_letter(
    *,
    recall: Recall,
    direction: str,
    authority: str,
    subject: str,
    at: datetime,
    regime: str = "",
    country: str = "",
    file_sha256: str = "",
    filing: Filing | None = None,
    by: Actor,
    now: datetime,
) -> AuthorityLetter:
    """Keep a letter from or to an authority; `file_sha256` is of its attached file."""
    may_work_on_filings(by)
    recall = Recall.objects.select_for_update().get(pk=recall.pk)
    if direction not in DIRECTIONS:
        raise Unreadable("bad_direction", "A letter is “from” or “to” an authority.")
    if (
        file_sha256
        and not EvidenceFile.objects.filter(subject=recall.ref, sha256=file_sha256).exists()
    ):
        raise NotFound("no_file", "The file of this letter is not attached to the recall.")
    last = recall.authority_letters.aggregate(last=Max("number"))["last"] or 0
    made = AuthorityLetter.objects.create(
        recall=recall,
        number=last + 1,
        direction=direction,
        authority=ask_words(authority, "The authority", most=200),
        regime=regime_named(regime.strip()).id if regime.strip() else "",
        country=place(country).code if country.strip() else "",
        subject=ask_words(subject, "The subject of the letter", most=300),
        at=ask_past(at, now, "The time of the letter"),
        filing=filing,
        file_sha256=file_sha256,
        recorded_by=by.key,
        recorded_at=now,
    )
    told = AuthorityLetterRecorded(
        number=made.number,
        direction=direction,
        authority=made.authority,
        regime=made.regime,
        country=made.country,
        subject=made.subject,
        at=made.at.isoformat(),
        file_sha256=file_sha256,
    )
    record(told, by=by, now=now, subject=recall.ref)
    return made


@transaction.atomic
def record_authority_request(
    *,
    letter: AuthorityLetter,
    kind: str,
    words: str,
    due_at: datetime | None = None,
    owner: str = "",
    by: Actor,
    now: datetime,
) -> AuthorityRequest:
    """Keep what a letter asks or promises, and by when."""
    may_work_on_filings(by)
    recall = Recall.objects.select_for_update().get(pk=letter.recall_id)
    if kind not in KINDS:
        raise Unreadable("bad_kind", f"It is one of: {', '.join(KINDS)}.")
    if due_at is not None and due_at.utcoffset() is None:
        raise Unreadable("time_without_zone", "When it is due needs the zone of the authority.")
    last = recall.authority_requests.aggregate(last=Max("number"))["last"] or 0
    made = AuthorityRequest.objects.create(
        recall=recall,
        number=last + 1,
        letter=letter,
        kind=kind,
        words=ask_words(words, f"A {kind}", most=500),
        due_at=due_at,
        owner=owner.strip()[:80],
        recorded_by=by.key,
        recorded_at=now,
    )
    told = AuthorityRequestRecorded(
        number=made.number,
        kind=kind.capitalize(),
        asked=made.words,
        due=due_at.isoformat() if due_at else "at no set time",
        letter=letter.number,
    )
    record(told, by=by, now=now, subject=recall.ref)
    return made


@transaction.atomic
def settle_authority_request(
    *,
    request: AuthorityRequest,
    answer: str = "",
    answered_in: AuthorityLetter | None = None,
    is_dropped: bool = False,
    by: Actor,
    now: datetime,
) -> AuthorityRequest:
    """Answer a question or keep a promise, by a letter or in words; or drop it with a reason."""
    may_work_on_filings(by)
    recall = Recall.objects.select_for_update().get(pk=request.recall_id)
    request = AuthorityRequest.objects.select_for_update().get(pk=request.pk)
    shown = answer.strip() or (f"letter no. {answered_in.number}" if answered_in else "")
    move = "drop" if is_dropped else "answer"
    request.state = REQUEST.after(
        request.state, move, {"has_answer": bool(shown), "has_reason": bool(answer.strip())}
    )
    request.answer, request.answered_in = shown[:500], answered_in
    request.settled_by, request.settled_at = by.key, now
    request.save()
    told = AuthorityRequestSettled(
        number=request.number,
        kind=request.kind.capitalize(),
        state=request.state,
        answer=request.answer,
        late=late_words(now, request.due_at),
    )
    record(told, by=by, now=now, subject=recall.ref)
    return request
