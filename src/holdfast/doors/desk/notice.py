"""O8, the notice studio: write, see every form, check the words, approve each language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from holdfast.decision.recalls.models import Recall
from holdfast.doors.desk.notice_studio import name_in_words, studio, titled
from holdfast.doors.desk.notice_words import FACTS
from holdfast.doors.desk.pages import now, page, recall_named, said
from holdfast.doors.desk.policy import policy
from holdfast.ground.access.permissions import may
from holdfast.ground.access.queries import is_own_name, organisation
from holdfast.kit.pictures import PHOTO
from holdfast.kit.refusals import NotFound, Refusal, Unreadable
from holdfast.kit.renderings.content import FIELDS
from holdfast.kit.renderings.draft import draft
from holdfast.kit.wording.laws import named_text
from holdfast.kit.wording.library import library_languages
from holdfast.response.notices.actions import (
    approve_text,
    draft_notice,
    drop_photo,
    edit_text,
    set_photo,
    withdraw_approval,
)
from holdfast.response.notices.models import NoticeText
from holdfast.response.notices.printing import specimen
from holdfast.response.notices.queries import content_of, current_notice


@policy("recall.view")
def notice(request: HttpRequest, ref: str) -> HttpResponse:
    """The studio; a POST drafts, changes words or facts, approves or takes an approval back."""
    recall = recall_named(ref)
    refusal = None
    if request.method == "POST":
        try:
            words, language = _write(request, recall)
        except Refusal as refused:
            refusal = refused
        else:
            said(request, words)
            answer = redirect("recall_notice", recall.ref)
            answer["Location"] += f"?language={language}" if language else ""
            return answer
    context = _context(request, recall)
    return page(request, "desk/notice.html", context, recall=recall, tab="notice", refusal=refusal)


@policy("recall.view")
def notice_letter(request: HttpRequest, ref: str, language: str) -> HttpResponse:
    """One letter to nobody as a picture, in the words as they stand."""
    recall = recall_named(ref)
    text = _text(recall, language)
    paper = "letter" if request.GET.get("paper") == "letter" else "a4"
    drawn = specimen(content_of(text), reference=recall.ref, now=now(), paper=paper)
    answer = HttpResponse(drawn, content_type="image/svg+xml")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    )
    return answer


def _text(recall: Recall, name: str) -> NoticeText:
    current, (language, law) = current_notice(recall), named_text(name)
    found = current.texts.filter(language=language, law=law).first() if current else None
    if found is None:
        raise NotFound("no_text", _("There is no text in this language."))
    return found


def _write(request: HttpRequest, recall: Recall) -> tuple[str, str]:
    given, by, at = request.POST, request.actor, now()  # type: ignore[attr-defined]
    step, language = given.get("step", ""), given.get("language", "")
    if step in ("draft", "facts"):
        # before the first draft an empty field is one the settings may fill
        changes = {n: given[n] for n in FACTS if given.get(n) or (step == "facts" and n in given)}
        wanted = [code for code in given.getlist("languages") if code in library_languages()]
        before = current_notice(recall)
        made = draft_notice(
            recall=recall,
            url=f"{settings.PUBLIC_URL}/recall",
            changes=changes,
            languages=wanted,
            by=by,
            now=at,
        )
        if before is not None and made.pk == before.pk:
            return _("Nothing changed."), language
        return _("Notice v%(n)s is written from library sentences.") % {"n": made.version}, ""
    if step == "approve_all":
        return _approve_all(request, recall), language
    if step == "photo":
        return _picture(request, recall), language
    if step == "no_photo":
        drop_photo(recall=recall, by=by, now=at)
        return _("The photo is taken out; the drawn label stands in."), language
    text = _text(recall, language)
    if step == "edit":
        edit_text(text=text, changes=_changes(request), by=by, now=at)
        return _("The words are kept. Read them again before you approve them."), language
    if step == "library":
        field = given.get("field", "")
        own = draft(content_of(text).facts, text.language)
        if field not in own:
            raise Unreadable("unknown_field", _("There is no such field."))
        edit_text(text=text, changes={field: own[field]}, by=by, now=at)
        return _("The library sentence is back."), language
    if step == "withdraw":
        withdraw_approval(text=text, reason=given.get("reason", ""), by=by, now=at)
        return _("The approval is taken back; nothing of it is sent."), language
    approve_text(text=text, sha256=given.get("sha256", ""), by=by, now=at)
    waiting = text.notice.texts.exclude(state="approved").order_by("pk").first()
    said_so = _("%(name)s is approved.") % {"name": titled(text)}
    return said_so, waiting.name if waiting else language


def _approve_all(request: HttpRequest, recall: Recall) -> str:
    """Each text whose hash was on the page, as read; what cannot be approved says why."""
    by, at = request.actor, now()  # type: ignore[attr-defined]
    done, refused = 0, None
    for pair in request.POST.getlist("text"):
        name, _sign, sha256 = pair.rpartition(":")
        text = _text(recall, name)
        if text.state == "approved":
            continue
        try:
            approve_text(text=text, sha256=sha256, by=by, now=at)
            done += 1
        except Refusal as refusal:
            refused = refusal
    if refused is not None and not done:
        raise refused
    words = ngettext("%(n)s text approved.", "%(n)s texts approved.", done) % {"n": done}
    return f"{words} {refused.message}" if refused else words


def _picture(request: HttpRequest, recall: Recall) -> str:
    """Show the chosen photo, with its words in each language."""
    upload = request.FILES.get("photo")
    if upload is None:
        raise Unreadable("no_photo", _("Choose a photo: JPEG, PNG or WebP."))
    if (upload.size or 0) > PHOTO.most_bytes:
        raise Unreadable("picture_large", _("This picture is too large."))
    alts = {
        name.removeprefix("alt_"): str(words)
        for name, words in request.POST.items()
        if name.startswith("alt_")
    }
    by = request.actor  # type: ignore[attr-defined]
    set_photo(recall=recall, data=upload.read(), alts=alts, by=by, now=now())
    return _("The photo is in every language. What was approved without it needs a new approval.")


def _changes(request: HttpRequest) -> dict[str, Any]:
    return {name: request.POST[name] for name in FIELDS if name in request.POST}


def _context(request: HttpRequest, recall: Recall) -> dict[str, Any]:
    current = current_notice(recall)
    by = request.actor  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "notice": current,
        "may_edit": may(by, "notice.edit"),
        "may_approve": may(by, "notice.approve"),
        "may_print": may(by, "outreach.send"),
        "scope": recall.scopes.filter(state="confirmed").exists(),
        "all_languages": [(code, name_in_words(code)) for code in library_languages()],
    }
    if current is None:
        own = organisation()
        name = own.name if is_own_name(own.name) else ""
        sender = {"shop": name, "phone": own.contact_phone, "email": own.contact_email}
        return context | {"sender": sender}
    texts = list(current.texts.select_related("notice__recall").order_by("language", "law"))
    return context | studio(request, recall, current, texts)
