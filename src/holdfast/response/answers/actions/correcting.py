"""Corrections: drafted from approved notices, approved by other eyes, withdrawn."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from holdfast.decision.recalls.models import Recall
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.listening.replies import ABOUT, straight
from holdfast.kit.refusals import Forbidden, NotFound, Unreadable
from holdfast.response.answers.events import (
    CorrectionApproved,
    CorrectionDrafted,
    CorrectionWithdrawn,
)
from holdfast.response.answers.lifecycle import CORRECTION_TEXT
from holdfast.response.answers.models import Correction, CorrectionText
from holdfast.response.answers.policies import may_approve_corrections, may_write_corrections
from holdfast.response.answers.queries.corrections import findings_of, follows_notice, own_texts
from holdfast.response.answers.rules import claim_words, correction_sha256, said_from
from holdfast.response.notices.queries import content_of


@transaction.atomic
def draft_correction(
    *,
    recall: Recall,
    about: str,
    claims: dict[str, str] | None = None,
    by: Actor,
    now: datetime,
) -> Correction:
    """Write a page from every approved text; `claims` are the wrong claim by language.

    All but the claim is the notice's own, word for word. Refused where no text is approved yet, or
    where none says anything about the matter.
    """
    may_write_corrections(by)
    if about not in ABOUT:
        raise Unreadable(
            "unknown_matter", f"No matter is called “{about[:40]}”.", hint=", ".join(ABOUT)
        )
    notices = own_texts(recall)
    if not notices:
        raise Forbidden(
            "no_approved_text",
            f"{recall.ref} has no approved notice text, so there is no fact to state yet.",
            hint="Approve the notice in one language first.",
        )
    claims = {code: claim_words(text) for code, text in (claims or {}).items()}
    last = Correction.objects.filter(recall=recall).aggregate(last=Max("number"))["last"]
    correction = Correction.objects.create(
        recall=recall, number=(last or 0) + 1, about=about, drafted_by=by.key, drafted_at=now
    )
    made = []
    for language, notice in notices.items():
        said = straight(content_of(notice), about, claim=claims.get(language, ""))
        if said is None:
            continue
        made.append(
            CorrectionText.objects.create(
                correction=correction,
                language=language,
                words=said.as_json(),
                sha256=correction_sha256(language, said),
                notice_sha256=notice.sha256,
                edited_by=by.key,
                edited_at=now,
            )
        )
    if not made:
        raise NotFound("nothing_said", "The approved notice says nothing about this.")
    fact = CorrectionDrafted(
        number=correction.number,
        about=about,
        languages=tuple(one.language for one in made),
        texts=tuple((one.language, one.sha256) for one in made),
    )
    record(fact, by=by, now=now, subject=recall.ref)
    return correction


@transaction.atomic
def approve_correction(
    *, text: CorrectionText, sha256: str = "", by: Actor, now: datetime
) -> CorrectionText:
    """Make exactly these words public; refused to whoever wrote them unless they work alone."""
    may_approve_corrections(by)
    text = _locked(text)
    if text.state == "approved":
        return text
    recall = text.correction.recall
    notices = own_texts(recall)
    blocking = [one for one in findings_of(text, recall.profile) if one.severity == "block"]
    is_own = by.key == text.edited_by
    stored = correction_sha256(text.language, said_from(text.words))
    truths = {
        "is_unchanged": (sha256 or text.sha256) == text.sha256 == stored,
        "has_clean_words": not blocking,
        "follows_notice": follows_notice(text, notices),
        "has_other_eyes": not is_own or by.alone,
    }
    try:
        text.state = CORRECTION_TEXT.after(text.state, "approve", truths)
    except Forbidden as refusal:
        why = " ".join(one.why for one in blocking[:3])
        raise Forbidden(
            refusal.code, f"{text.language}: {refusal.message} {why}".strip(), hint=refusal.hint
        ) from None
    text.approved_sha256, text.approved_by, text.approved_at = text.sha256, by.key, now
    text.is_alone = is_own and by.alone
    text.save()
    fact = CorrectionApproved(
        number=text.correction.number,
        language=text.language,
        sha256=text.sha256,
        editor=text.edited_by,
        is_alone=text.is_alone,
    )
    record(fact, by=by, now=now, subject=recall.ref)
    return text


@transaction.atomic
def withdraw_correction(
    *, correction: Correction, reason: str, by: Actor, now: datetime
) -> Correction:
    """Take a page down in every language."""
    may_approve_corrections(by)
    correction = Correction.objects.select_for_update(of=("self",)).get(pk=correction.pk)
    if correction.withdrawn_at is not None:
        return correction
    if not reason.strip():
        raise Unreadable("reason_needed", "Taking a page down needs a reason in words.")
    correction.withdrawn_at = now
    correction.save(update_fields=["withdrawn_at"])
    for text in correction.texts.exclude(state="withdrawn"):
        text.state = CORRECTION_TEXT.after(text.state, "withdraw")
        text.save(update_fields=["state"])
    fact = CorrectionWithdrawn(number=correction.number, reason=" ".join(reason.split())[:300])
    record(fact, by=by, now=now, subject=correction.recall.ref)
    return correction


def _locked(text: CorrectionText) -> CorrectionText:
    found = CorrectionText.objects.select_for_update(of=("self",))
    return found.select_related("correction__recall").get(pk=text.pk)
