"""Writing a notice: the complete draft from scope and decision, and changes by people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from holdfast.decision.recalls.lifecycle import LIVE
from holdfast.decision.recalls.models import Recall
from holdfast.ground.journal.actions import record
from holdfast.ground.outbox.actions import withdraw_skeleton
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden, Unreadable
from holdfast.kit.renderings.content import COUNTS, NoticeFacts, content_sha256
from holdfast.kit.renderings.draft import HAZARDS, draft
from holdfast.kit.renderings.laws import TextLaws
from holdfast.kit.wording.library import library
from holdfast.response.notices.events import NoticeDrafted, NoticeTextEdited
from holdfast.response.notices.lifecycle import NOTICE_TEXT
from holdfast.response.notices.models import Notice, NoticeText
from holdfast.response.notices.policies import require_notice_editing
from holdfast.response.notices.queries import (
    current_notice,
    facts_from,
    needed_languages,
    needed_texts,
    regimes_needed,
)
from holdfast.response.notices.rules import clean_words, facts_under

EMAIL = "email"
LONGEST_FACT = 300
DAYS = ("sold_from", "sold_to", "shipped_from", "shipped_to", "made_from", "made_to", "noticed_on")


@transaction.atomic
def draft_notice(
    *,
    recall: Recall,
    url: str,
    changes: Mapping[str, Any] | None = None,
    languages: Sequence[str] = (),
    by: Actor,
    now: datetime,
) -> Notice:
    """Write a new version in every language needed; the same facts and texts change nothing.

    Where the laws of its owners really differ, each has a text in the languages it is read in.
    `changes` sets facts by name (phone, email, shop, …) and stays for later versions. Texts that
    are approved stay so, and are what is sent, until the new ones are approved.
    """
    require_notice_editing(by)
    recall = Recall.objects.select_for_update().get(pk=recall.pk)
    if recall.state not in LIVE:
        raise Forbidden(
            "lifecycle", f"{recall.ref} is {recall.state}; its notice is not rewritten."
        )
    before = current_notice(recall)
    kept = _asked(before) | clean_facts(changes or {})
    facts = replace(facts_from(recall, url=url), **kept)
    if not facts.phone and not facts.email and not facts.url:
        raise Forbidden(
            "no_contact",
            "A notice needs a way to answer: a phone number, an e-mail address or a page.",
            hint="Set one in the settings, or give --phone, --email or --url.",
        )
    wanted = list(dict.fromkeys(languages)) or needed_languages(recall)
    stored = facts.as_json() | {"asked": {key: _json(value) for key, value in kept.items()}}
    laws = TextLaws(regimes_needed(recall, facts), facts)
    if len(laws.laws) > 1:
        stored["regimes"] = list(laws.laws)
    texts = needed_texts(recall, laws, wanted)
    if before is not None and _is_same(before, stored, texts):
        return before
    notice = Notice.objects.create(
        recall=recall,
        version=before.version + 1 if before else 1,
        facts=stored,
        drafted_by=by.key,
        drafted_at=now,
    )
    alts = _alts(before) if facts.picture else {}
    made = [_text(notice, name, facts, alts.get(name[0], ""), by, now) for name in texts]
    fact = NoticeDrafted(
        version=notice.version,
        languages=tuple(text.name for text in made),
        library_version=max(library(one).version for one in wanted),
        texts=tuple((text.name, text.sha256) for text in made),
    )
    record(fact, by=by, now=now, subject=recall.ref)
    return notice


def _text(
    notice: Notice, of: tuple[str, str], facts: NoticeFacts, alt: str, by: Actor, now: datetime
) -> NoticeText:
    language, law = of
    words = draft(replace(facts, regime=law) if law else facts, language)
    if alt:
        words["picture_alt"] = alt
    return NoticeText.objects.create(
        notice=notice,
        language=language,
        law=law,
        content=words,
        sha256=content_sha256(language, facts_under(notice.facts, law), words),
        state=NOTICE_TEXT.start,
        edited_by=by.key,
        edited_at=now,
    )


def _alts(notice: Notice | None) -> dict[str, str]:
    """What the photo shows, said before in each language; no library can know it."""
    texts = notice.texts.all() if notice else ()
    return {text.language: str(text.content.get("picture_alt", "")) for text in texts}


def _asked(notice: Notice | None) -> dict[str, Any]:
    """Facts somebody gave by hand before; they outlive a new draft."""
    asked = notice.facts.get("asked", {}) if notice else {}
    return {key: tuple(value) if isinstance(value, list) else value for key, value in asked.items()}


def _json(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _is_same(notice: Notice, facts: dict[str, Any], texts: Sequence[tuple[str, str]]) -> bool:
    there = set(notice.texts.exclude(state="superseded").values_list("language", "law"))
    return notice.facts == facts and there == set(texts)


def clean_facts(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Facts given by hand, checked: known names, plain text, real dates, a known hazard."""
    known = {one.name: one for one in fields(NoticeFacts)}
    found: dict[str, Any] = {}
    for name, value in changes.items():
        if name not in known or name in ("regime", "is_drill", "picture"):
            raise Unreadable("unknown_fact", f"A notice has no fact “{str(name)[:40]}”.")
        if isinstance(value, (list, tuple)):
            found[name] = tuple(_plain(one) for one in value if _plain(one))
        else:
            found[name] = _plain(value)
    for name in DAYS:
        if found.get(name):
            try:
                date.fromisoformat(found[name])
            except ValueError:
                raise Unreadable(
                    "bad_date", f"“{found[name]}” is no date.", hint="Write it as 2026-03-18."
                ) from None
    for name in COUNTS:
        if found.get(name) and not found[name].replace(",", "").isdecimal():
            raise Unreadable(
                "bad_count",
                f"“{found[name]}” is no count for {name}.",
                hint="Write digits, and 0 for none; leave it out where nobody knows.",
            )
    if "hazard" in found and found["hazard"] not in HAZARDS:
        raise Unreadable(
            "unknown_hazard",
            f"“{found['hazard']}” is not on the list of what can happen.",
            hint=f"Name one of: {', '.join(HAZARDS)}.",
        )
    url = found.get("url", "")
    if url and not url.startswith(("https://", "http://")):
        found["url"] = f"https://{url}"
    return found


def _plain(value: Any) -> str:
    return " ".join(str(value).replace("\x00", " ").split())[:LONGEST_FACT]


@transaction.atomic
def edit_text(
    *, text: NoticeText, changes: Mapping[str, Any], by: Actor, now: datetime
) -> NoticeText:
    """Change words of one text; the approval of the old words ends with the first new one."""
    require_notice_editing(by)
    text = _locked(text)
    state = NOTICE_TEXT.after(text.state, "edit")
    new = {**text.content, **clean_words(changes)}
    changed = tuple(sorted(name for name in new if new[name] != text.content.get(name)))
    if not changed:
        return text
    was_approved, before = text.state == "approved", text.sha256
    text.content = new
    text.sha256 = content_sha256(text.language, text.facts, new)
    text.state, text.edited_by, text.edited_at = state, by.key, now
    text.save()
    recall = text.notice.recall
    fact = NoticeTextEdited(
        version=text.notice.version,
        language=text.name,
        fields=changed,
        sha256_before=before,
        sha256=text.sha256,
        was_approved=was_approved,
    )
    record(fact, by=by, now=now, subject=recall.ref)
    if was_approved:
        withdraw_skeleton(
            recall=recall.ref,
            language=text.language,
            law=text.law,
            channel=EMAIL,
            text_sha256=before,
            by=by,
            now=now,
        )
    return text


def _locked(text: NoticeText) -> NoticeText:
    found = NoticeText.objects.select_for_update(of=("self",)).select_related("notice__recall")
    return found.get(pk=text.pk)
