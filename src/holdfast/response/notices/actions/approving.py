"""Approving exactly these words in one language under one law, and taking it back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from holdfast.ground.journal.actions import record
from holdfast.ground.outbox.actions import release_skeleton, withdraw_skeleton
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden
from holdfast.kit.renderings.content import approved_form, content_sha256
from holdfast.kit.renderings.mail import email_parts
from holdfast.kit.wording.library import library
from holdfast.response.notices.events import NoticeApprovalWithdrawn, NoticeTextApproved
from holdfast.response.notices.lifecycle import NOTICE_TEXT
from holdfast.response.notices.models import NoticeApproval, NoticeText
from holdfast.response.notices.policies import require_notice_approval
from holdfast.response.notices.queries import checked, content_of
from holdfast.response.notices.rules import Checked

EMAIL = "email"


@transaction.atomic
def approve_text(*, text: NoticeText, sha256: str = "", by: Actor, now: datetime) -> NoticeText:
    """Approve the words with this hash (those stored now, if none is named) and release them.

    Refused where something required is missing, the linter blocks, the words changed since they
    were read, or the approver wrote them, unless the organisation is declared to be one person.
    """
    require_notice_approval(by)
    text = _locked(text)
    if text.state == "approved" and text.sha256 == (sha256 or text.sha256):
        return text
    found = checked(text)
    is_own = by.key == text.edited_by
    state = _approved_state(text, found, sha256, is_own=is_own, by=by)
    recall = text.notice.recall
    text.state = state
    text.save(update_fields=["state"])
    approval, _ = NoticeApproval.objects.get_or_create(
        text=text,
        sha256=text.sha256,
        defaults={
            "approver": by.key,
            "editor": text.edited_by,
            "is_alone": is_own and by.alone,
            "at": now,
            "content": approved_form(text.language, text.facts, text.content),
        },
    )
    older = NoticeText.objects.filter(notice__recall=recall, language=text.language, law=text.law)
    older.filter(notice__version__lt=text.notice.version).exclude(state="superseded").update(
        state="superseded"
    )
    fact = NoticeTextApproved(
        version=text.notice.version,
        language=text.name,
        sha256=text.sha256,
        editor=text.edited_by,
        is_alone=approval.is_alone,
        library_status=library(text.language).status,
        warnings=found.report.count("warn"),
    )
    record(fact, by=by, now=now, subject=recall.ref)
    release_skeleton(
        recall=recall.ref,
        language=text.language,
        law=text.law,
        channel=EMAIL,
        text_sha256=text.sha256,
        parts=email_parts(content_of(text)),
        by=by,
        now=now,
    )
    return text


def _approved_state(
    text: NoticeText, found: Checked, sha256: str, *, is_own: bool, by: Actor
) -> str:
    """The state after approval, or the refusal that names each thing in the way."""
    stored = content_sha256(text.language, text.facts, text.content)
    truths = {
        "is_complete": not found.missing,
        "has_clean_words": not found.blocking,
        "is_unchanged": (sha256 or text.sha256) == text.sha256 == stored,
        "has_other_eyes": not is_own or by.alone,
    }
    try:
        return NOTICE_TEXT.after(text.state, "approve", truths)
    except Forbidden as refusal:
        what = [f"“{one.text}”" if one.text else one.why for one in found.blocking[:5]]
        why = {"is_complete": list(found.missing), "has_clean_words": what}.get(refusal.code, [])
        raise Forbidden(
            refusal.code,
            f"{text.name}: {refusal.message}" + (f" {', '.join(why)}." if why else ""),
            hint=refusal.hint,
            extra={
                "language": text.language,
                "law": text.law,
                "missing": list(found.missing),
                "blocking": [
                    {
                        "rule": one.rule,
                        "text": one.text,
                        "why": one.why,
                        "suggestion": one.suggestion,
                    }
                    for one in found.blocking
                ],
            },
        ) from None


@transaction.atomic
def withdraw_approval(*, text: NoticeText, reason: str, by: Actor, now: datetime) -> NoticeText:
    """Take an approval back: what waits with this text is not sent."""
    require_notice_approval(by)
    text = _locked(text)
    text.state = NOTICE_TEXT.after(text.state, "withdraw", {"has_reason": bool(reason.strip())})
    text.save(update_fields=["state"])
    recall = text.notice.recall
    fact = NoticeApprovalWithdrawn(
        version=text.notice.version,
        language=text.name,
        sha256=text.sha256,
        reason=" ".join(reason.split())[:300],
    )
    record(fact, by=by, now=now, subject=recall.ref)
    withdraw_skeleton(
        recall=recall.ref,
        language=text.language,
        law=text.law,
        channel=EMAIL,
        text_sha256=text.sha256,
        by=by,
        now=now,
    )
    return text


def _locked(text: NoticeText) -> NoticeText:
    found = NoticeText.objects.select_for_update(of=("self",)).select_related("notice__recall")
    return found.get(pk=text.pk)
