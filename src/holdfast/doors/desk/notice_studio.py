"""What the notice studio knows of a text: who reads it, what its laws ask, what is wrong."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from holdfast.decision.recalls.models import Recall
from holdfast.doors.desk.names import name_of
from holdfast.doors.desk.notice_preview import mail_preview, page_preview, photo_shown
from holdfast.doors.desk.notice_words import (
    CONFIDENCES,
    ELEMENT_WORDS,
    FIELD_WORDS,
    FORMS,
    PARTICULARS,
    STATES,
)
from holdfast.doors.desk.pages import now
from holdfast.doors.desk.ruled import in_words
from holdfast.insight.measures.figures import figures_of
from holdfast.insight.measures.telling import readers_from
from holdfast.kit.renderings.content import FIELDS, LIST_FIELDS
from holdfast.kit.renderings.laws import TextLaws, facts_lacking, lines_asked
from holdfast.kit.wording.library import language_name, library
from holdfast.kit.wording.profile import profile
from holdfast.response.notices.models import Notice, NoticeText
from holdfast.response.notices.queries import (
    Coverage,
    approved_texts,
    by_law,
    checked,
    content_of,
    coverage,
    covered,
    text_laws,
)
from holdfast.response.notices.rules import check


def name_in_words(code: str) -> str:
    """A language by its name in the language of the screen."""
    return language_name(code, (get_language() or "en").partition("-")[0])


def titled(text: NoticeText) -> str:
    """A text by its language, and its law where that is not the recall's own."""
    name = name_in_words(text.language)
    return f"{name} · {profile(text.law).name}" if text.law else name


def heads(recall: Recall, there: Mapping[str, Collection[str]], laws: TextLaws) -> Coverage:
    """Who reads which text; of a large recall as last counted in the background."""
    told = figures_of(recall, now=now()).figures.get("telling")
    return covered(readers_from(told), there, laws) if told else coverage(recall, there, laws)


def studio(
    request: HttpRequest, recall: Recall, current: Notice, texts: list[NoticeText]
) -> dict[str, Any]:
    """What the page shows once there is a draft: the texts, the one open, its laws and faults."""
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
        "language": titled(text),
        "direction": content.direction,
        "preview": page_preview(content, form, [one.text for one in found.blocking]),
        "subject": content.line("subject"),
        "mail": mail_preview(content) if form == "email" else "",
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
        "photo": photo_shown(content),
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
        row |= {"title": titled(text), "block": block, "warn": seen.report.count("warn")}
    return row


def _row(text: NoticeText, people: int) -> dict[str, Any]:
    found = checked(text)
    mark, words = STATES[text.state]
    return {
        "text": text,
        "name": titled(text),
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
                "why": in_words(one.why),
                "suggestion": in_words(one.suggestion),
                "source": one.source,
                "field": field,
                "field_words": FIELD_WORDS.get(field, ""),
                "is_block": severity == "block",
            }
        )
    return rows
