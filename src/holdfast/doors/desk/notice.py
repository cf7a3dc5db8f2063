"""O8, the notice studio: write, see every form, check the words, approve each language."""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from holdfast.decision.recalls.models import Recall
from holdfast.doors.desk.names import name_of
from holdfast.doors.desk.pages import now, page, recall_named, said
from holdfast.doors.desk.policy import policy
from holdfast.ground.access.permissions import may
from holdfast.ground.access.queries import is_own_name, organisation
from holdfast.insight.measures.figures import figures_of
from holdfast.insight.measures.telling import readers_from
from holdfast.kit.pictures import PHOTO
from holdfast.kit.refusals import NotFound, Refusal, Unreadable
from holdfast.kit.renderings.content import FIELDS, LIST_FIELDS, NoticeContent
from holdfast.kit.renderings.draft import draft
from holdfast.kit.renderings.laws import TextLaws, facts_lacking, lines_asked
from holdfast.kit.renderings.mail import email_parts
from holdfast.kit.renderings.page import page_body
from holdfast.kit.wording.laws import named_text
from holdfast.kit.wording.library import language_name, library, library_languages
from holdfast.kit.wording.profile import profile
from holdfast.response.notices.actions import (
    approve_text,
    draft_notice,
    drop_photo,
    edit_text,
    set_photo,
    withdraw_approval,
)
from holdfast.response.notices.models import Notice, NoticeText
from holdfast.response.notices.printing import specimen
from holdfast.response.notices.queries import (
    Coverage,
    approved_texts,
    by_law,
    checked,
    content_of,
    coverage,
    covered,
    current_notice,
    text_laws,
)
from holdfast.response.notices.rules import check

FORMS = {
    "page": gettext_lazy("Page"),
    "email": gettext_lazy("E-mail"),
    "letter": gettext_lazy("Letter"),
}
FIELD_WORDS = {
    "subject": gettext_lazy("Subject of the e-mail"),
    "headline": gettext_lazy("Heading"),
    "stop": gettext_lazy("Stop using it"),
    "hazard": gettext_lazy("What can happen"),
    "actions": gettext_lazy("What to do, a line each"),
    "remedy": gettext_lazy("What people get"),
    "bought": gettext_lazy("What they bought, in the letter"),
    "bought_items": gettext_lazy("What they bought, in the e-mail"),
    "answer": gettext_lazy("Ask for the answer"),
    "gone": gettext_lazy("No longer have it"),
    "identify": gettext_lazy("How to tell it is theirs"),
    "picture": gettext_lazy("The picture in words"),
    "picture_alt": gettext_lazy("What the photo shows"),
    "disposal": gettext_lazy("What not to do with it"),
    "sold": gettext_lazy("When, where and by whom it was sold"),
    "particulars": gettext_lazy("What this country asks for, a line each"),
    "real_title": gettext_lazy("Title: is this real?"),
    "real": gettext_lazy("How to know this is real"),
    "contact_title": gettext_lazy("Title of the contacts"),
    "contact": gettext_lazy("Contacts, a line each"),
    "hurt": gettext_lazy("Somebody was hurt"),
    "share": gettext_lazy("Please tell others"),
    "apology": gettext_lazy("Apology"),
    "card": gettext_lazy("Lines of the answer card"),
}
ELEMENT_WORDS = {
    "heading": gettext_lazy("Heading"),
    "picture": gettext_lazy("Picture"),
    "identification": gettext_lazy("Brand, model, lot"),
    "sold": gettext_lazy("When and where sold"),
    "hazard": gettext_lazy("Hazard"),
    "stop_using": gettext_lazy("What to do"),
    "remedies": gettext_lazy("Remedies"),
    "contact": gettext_lazy("Contact"),
    "share": gettext_lazy("Please tell others"),
    "recall_word": gettext_lazy("The word recall"),
    "date": gettext_lazy("Date"),
    "action_taken": gettext_lazy("What is being done"),
    "units": gettext_lazy("Number of units"),
    "manufacturer": gettext_lazy("Manufacturer or importer"),
    "retailer": gettext_lazy("Retailers"),
    "made": gettext_lazy("When it was made"),
    "price": gettext_lazy("Price"),
    "incidents": gettext_lazy("Injuries and their number"),
    "defect": gettext_lazy("The defect"),
    "reason": gettext_lazy("The reason"),
    "description": gettext_lazy("Description"),
    "urgent": gettext_lazy("The word urgent"),
    "instructions": gettext_lazy("What to do"),
    "reply": gettext_lazy("How to answer"),
    "opening": gettext_lazy("Opening statement"),
    "measures": gettext_lazy("How it is remedied"),
    "free": gettext_lazy("Without charge"),
    "earliest": gettext_lazy("Earliest date of the remedy"),
    "complain": gettext_lazy("How to tell the authority"),
}
# How sure we are of what the law asks.
CONFIDENCES = {
    "verified": gettext_lazy("read in the law"),
    "recalled": gettext_lazy("to be confirmed by counsel"),
    "unknown": gettext_lazy("unknown: to be confirmed by counsel"),
    "house": gettext_lazy("a rule of the house, no law"),
}
STATES = {
    "library": ("doing", gettext_lazy("library sentences, not approved")),
    "draft": ("open", gettext_lazy("changed, not approved")),
    "approved": ("ok", gettext_lazy("approved")),
    "superseded": ("none", gettext_lazy("replaced by a newer version")),
    "machine": ("draft", gettext_lazy("machine draft, cannot be sent")),
}
# The page's own style sheet is not here: the desk's classes do the same.
_STYLED = (
    ("<h3>", '<h3 class="ph1">'),
    ("<h4>", '<p class="b mt">'),
    ("</h4>", "</p>"),
    ("<p>", '<p class="mt">'),
    ('class="big"', 'class="btn big"'),
)
# What only some laws ask for: name, type of the field, words.
PARTICULARS = (
    ("incidents", "number", gettext_lazy("Incidents known")),
    ("injuries", "number", gettext_lazy("People injured")),
    ("deaths", "number", gettext_lazy("Deaths")),
    ("units", "text", gettext_lazy("Units recalled")),
    ("price", "text", gettext_lazy("Price")),
    ("maker", "text", gettext_lazy("Manufacturer or importer")),
    ("made_from", "date", gettext_lazy("Made from")),
    ("made_to", "date", gettext_lazy("Made to")),
    ("noticed_on", "date", gettext_lazy("Date of the notice")),
)
FACTS = (
    *("shop", "product", "phone", "email", "url", "sold_from", "sold_to"),
    *(name for name, _type, _words in PARTICULARS),
)


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
    said_so = _("%(name)s is approved.") % {"name": _titled(text)}
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


def name_in_words(code: str) -> str:
    """A language by its name in the language of the screen."""
    return language_name(code, (get_language() or "en").partition("-")[0])


def _titled(text: NoticeText) -> str:
    """A text by its language, and its law where that is not the recall's own."""
    name = name_in_words(text.language)
    return f"{name} · {profile(text.law).name}" if text.law else name


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
    return context | _studio(request, recall, current, texts)


def heads(recall: Recall, there: Mapping[str, Collection[str]], laws: TextLaws) -> Coverage:
    """Who reads which text; of a large recall as last counted in the background."""
    told = figures_of(recall, now=now()).figures.get("telling")
    return covered(readers_from(told), there, laws) if told else coverage(recall, there, laws)


def _studio(
    request: HttpRequest, recall: Recall, current: Notice, texts: list[NoticeText]
) -> dict[str, Any]:
    by = request.actor  # type: ignore[attr-defined]
    wanted = request.GET.get("language") or request.POST.get("language") or ""
    sent_now = approved_texts(recall)
    laws = text_laws(recall)
    counted = heads(recall, by_law([*sent_now.values(), *texts]), laws)
    texts.sort(key=lambda one: (-counted.people.get(one.name, 0), one.name))
    text = next((one for one in texts if one.name == wanted), texts[0])
    form = request.GET.get("as", "page")
    form = form if form in FORMS else "page"
    content = content_of(text)
    found = checked(text)
    rows = [_row(one, counted.people.get(one.name, 0)) for one in texts]
    lacking = {name for one in laws.laws for name in facts_lacking(replace(laws.facts, regime=one))}
    waiting = [row for row in rows if row["text"].state != "approved"]
    is_own = text.edited_by == by.key and not by.alone
    return {
        "text": text,
        "rows": rows,
        "waiting": waiting,
        "ready": [row for row in waiting if not row["blocking"] and not row["missing"]],
        "approved_now": sent_now,
        "forms": FORMS.items(),
        "shape": form,
        "language": _titled(text),
        "direction": content.direction,
        "preview": _preview(content, form, [one.text for one in found.blocking]),
        "subject": content.line("subject"),
        "mail": _mail(content) if form == "email" else "",
        "laws": [_law(one, laws, text, texts, counted) for one in laws.laws]
        if len(laws.laws) > 1
        else [],
        "particulars": [
            (name, kind, words, current.facts.get(name, ""), name in lacking)
            for name, kind, words in PARTICULARS
        ]
        if any(lines_asked(one) for one in laws.laws)
        else [],
        "uncounted": [words for name, _kind, words in PARTICULARS if name in found.missing],
        "findings": _findings(found),
        "blocking": len(found.blocking),
        "elements": [
            (ELEMENT_WORDS.get(one.id, one.label), one.present, one.severity)
            for one in found.elements
        ],
        "present": found.present,
        "law": found.elements[0].citation if found.elements else "",
        "sure": CONFIDENCES.get(found.elements[0].confidence, "") if found.elements else "",
        "unchecked": found.report.not_checked,
        "old_law": profile(content.facts.regime).banner(now().date()),
        "missing": [FIELD_WORDS[name] for name in found.missing if name in FIELD_WORDS],
        "reading": found.report.reading,
        "library": library(text.language),
        "fields": [
            (
                name,
                FIELD_WORDS[name],
                "\n".join(content.lines(name)),
                4 if name in LIST_FIELDS else 2,
            )
            if name in LIST_FIELDS
            else (name, FIELD_WORDS[name], content.line(name), 2)
            for name in FIELDS
            if name != "picture_alt" or content.facts.picture
        ],
        "photo": _data_url(content),
        "photo_words": content.line("picture_alt"),
        "alts": [
            (code, name_in_words(code), words)
            for code, words in {
                one.language: one.content.get("picture_alt", "")
                for one in texts
                if one.state != "superseded"
            }.items()
        ],
        "facts": current.facts,
        "lots": ", ".join(current.facts.get("lots", [])),
        "uncovered": [
            (name_in_words(code) if code.isalpha() else code, n)
            for code, n in counted.uncovered.most_common(12)
        ],
        "uncovered_sum": counted.not_covered,
        "lawless": [(profile(law).name, n) for law, n in counted.waiting.most_common(12)],
        "lawless_sum": counted.waiting.total(),
        "unknown": counted.unknown,
        "people": counted.everybody,
        "is_own": is_own,
        "editor": name_of(text.edited_by),
        "approval": text.approvals.filter(sha256=text.sha256).order_by("-pk").first(),
        "versions": recall.notices.exclude(pk=current.pk).order_by("-version")[:6],
    }


def _law(
    regime: str, laws: TextLaws, shown: NoticeText, texts: list[NoticeText], counted: Coverage
) -> dict[str, Any]:
    """One law the notice stands under: the text that serves it, and how that does under it."""
    own = [one for one in texts if one.law == laws.text_of(regime)]
    text = next((one for one in own if one.language == shown.language), own[0] if own else None)
    row = {
        "name": profile(regime).name,
        "is_known": profile(regime).wording != "unknown",
        "people": counted.follows.get(regime, 0),
        "text": text,
    }
    if text is not None:
        content = content_of(text)
        content = replace(content, facts=replace(content.facts, regime=regime))
        seen = check(content, has_picture=bool(content.facts.picture))
        block = len(seen.blocking) + len(seen.missing)
        row |= {"title": _titled(text), "block": block, "warn": seen.report.count("warn")}
    return row


def _data_url(content: NoticeContent) -> dict[str, Any]:
    """The photo as the page shows it, and how heavy each of its drawings is."""
    if content.photo is None:
        return {}
    shown = content.photo.page
    return {
        "src": f"data:{shown.media_type};base64,{base64.b64encode(shown.content).decode()}",
        "width": shown.width,
        "height": shown.height,
        "page": len(shown.content),
        "mail": len(content.photo.mail.content),
        "paper": len(content.photo.paper.content),
    }


def _row(text: NoticeText, people: int) -> dict[str, Any]:
    found = checked(text)
    mark, words = STATES[text.state]
    return {
        "text": text,
        "name": _titled(text),
        "people": people,
        "mark": mark,
        "words": words,
        "blocking": len(found.blocking),
        "missing": len(found.missing),
        "reviewer": library(text.language).reviewer,
    }


def _findings(found: Any) -> list[dict[str, Any]]:
    marks = {"block": "blocked", "warn": "warn", "advice": "warn"}
    tones = {"block": "hz", "warn": "wn", "advice": "wn"}
    words = {"block": _("Blocks"), "warn": _("Warns"), "advice": _("Advice")}
    holding = {id(one) for one in found.blocking}
    rows = []
    for one, field in found.fields:
        severity = "warn" if one.severity == "block" and id(one) not in holding else one.severity
        rows.append(
            {
                "mark": marks[severity],
                "tone": tones[severity],
                "words": words[severity],
                "text": one.text,
                "why": one.why,
                "suggestion": one.suggestion,
                "source": one.source,
                "field": field,
                "field_words": FIELD_WORDS.get(field, ""),
                "is_block": severity == "block",
            }
        )
    return rows


def _preview(content: NoticeContent, form: str, blocked: list[str]) -> SafeString:
    """The page as people will see it, blocked words underlined."""
    if form != "page":
        return SafeString()
    body = page_body(content, answer_url=content.facts.url, level=3)
    for tag, styled in _STYLED:
        body = body.replace(tag, styled)
    for words in sorted(set(filter(None, blocked)), key=len, reverse=True):
        body = re.sub(
            re.escape(str(escape(words))), lambda hit: f"<mark>{hit.group()}</mark>", body
        )
    return mark_safe(body)  # noqa: S308 - the renderer escapes every word of the text


def _mail(content: NoticeContent) -> str:
    """The e-mail's text with each person's values shown by name."""
    pieces = email_parts(content)["text"]
    return "".join(one if isinstance(one, str) else f"[{one['slot']}]" for one in pieces)
