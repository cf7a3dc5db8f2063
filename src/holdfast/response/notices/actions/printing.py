"""Notices that leave as files: that they did, which words, for how many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from holdfast.decision.recalls.models import Recall
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden
from holdfast.response.notices.events import NoticesPrinted
from holdfast.response.notices.policies import require_notice_printing
from holdfast.response.notices.queries import approved_texts, is_approved

FORMS = ("letters", "merge", "eml", "page")


@transaction.atomic
def note_printed(
    *,
    recall: Recall,
    form: str,
    people: int,
    texts: Sequence[tuple[str, str]],
    file_sha256: str,
    by: Actor,
    now: datetime,
) -> None:
    """Record a file of notices; refused where one of its texts is not the approved one any more."""
    require_notice_printing(by)
    if form not in FORMS:
        raise ValueError(f"no form {form}")
    approved = approved_texts(recall)
    version = 0
    for language, sha256 in texts:
        text = approved.get(language)
        if text is None or text.sha256 != sha256 or not is_approved(text):
            raise Forbidden(
                "changed_since",
                f"The {language} text changed while the file was written; it was not kept.",
                hint="Approve the new words and write the file again.",
            )
        version = max(version, text.notice.version)
    fact = NoticesPrinted(
        version=version,
        form=form,
        people=people,
        languages=tuple(language for language, _ in texts),
        texts=tuple(texts),
        file_sha256=file_sha256,
    )
    record(fact, by=by, now=now, subject=recall.ref)
