"""Correction pages of one recall: drafted from approved notices, approved by other eyes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.decision.recalls.models import Recall
from holdfast.doors.desk.pages import now, page, recall_named, said
from holdfast.doors.desk.policy import policy
from holdfast.ground.access.permissions import may
from holdfast.kit.refusals import NotFound, Refusal
from holdfast.response.answers.actions import (
    approve_correction,
    draft_correction,
    withdraw_correction,
)
from holdfast.response.answers.models import Correction, CorrectionText
from holdfast.response.answers.queries import (
    correction_named,
    corrections_of,
    findings_of,
    follows_notice,
    own_texts,
)

ABOUT = {
    "use": gettext_lazy("Whether it may be used"),
    "disposal": gettext_lazy("How to dispose of it"),
    "affected": gettext_lazy("Which units are affected"),
    "remedy": gettext_lazy("What people get"),
    "scam": gettext_lazy("Which messages are real"),
}


@policy("recall.view")
def corrections(request: HttpRequest, ref: str) -> HttpResponse:
    """The pages of a recall; a POST drafts, approves or withdraws one."""
    recall = recall_named(ref)
    refusal = None
    if request.method == "POST":
        try:
            words = _write(request, recall)
        except Refusal as refused:
            refusal = refused
        else:
            said(request, words)
            return redirect("recall_corrections", recall.ref)
    notices = own_texts(recall)
    by = request.actor  # type: ignore[attr-defined]
    context = {
        "pages": [_shown(one, recall, notices) for one in corrections_of(recall)],
        "languages": list(notices),
        "about": ABOUT.items(),
        "typed": request.POST if refusal else {},
        "may_write": may(by, "notice.edit"),
        "may_approve": may(by, "notice.approve"),
    }
    return page(
        request, "desk/corrections.html", context, recall=recall, tab="notice", refusal=refusal
    )


def _shown(one: Correction, recall: Recall, notices: dict[str, Any]) -> dict[str, Any]:
    return {
        "one": one,
        "about": ABOUT.get(one.about, one.about),
        "texts": [
            {
                "text": text,
                "findings": findings_of(text, recall.profile),
                "follows": follows_notice(text, notices),
                "url": reverse("portal_fact", args=[recall.ref, one.number])
                + f"?l={text.language}",
            }
            for text in one.texts.all()
        ],
    }


def _write(request: HttpRequest, recall: Recall) -> str:
    given, by, at = request.POST, request.actor, now()  # type: ignore[attr-defined]
    step = given.get("step", "")
    if step == "draft":
        claims = {code: given.get(f"claim-{code}", "") for code in own_texts(recall)}
        draft_correction(
            recall=recall,
            about=given.get("about", ""),
            claims={code: words for code, words in claims.items() if words.strip()},
            by=by,
            now=at,
        )
        return _("Drafted. It is public once somebody approved it.")
    correction = correction_named(recall, given.get("correction", ""))
    if step == "withdraw":
        withdraw_correction(correction=correction, reason=given.get("reason", ""), by=by, now=at)
        return _("The page is taken down.")
    text = CorrectionText.objects.filter(
        correction=correction, language=given.get("language", "")[:12]
    ).first()
    if text is None:
        raise NotFound("no_text", _("There is no such text."))
    approve_correction(text=text, sha256=given.get("sha256", ""), by=by, now=at)
    return _("Approved; the page is public.")
