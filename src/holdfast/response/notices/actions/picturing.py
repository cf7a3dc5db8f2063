"""The product's photo in a notice: drawn anew, one for every language, part of what is approved."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from holdfast.decision.announcements.actions import add_photograph
from holdfast.decision.recalls.lifecycle import LIVE
from holdfast.decision.recalls.models import Recall
from holdfast.ground.evidence.actions import attach_file
from holdfast.ground.journal.actions import record
from holdfast.ground.journal.models import Entry
from holdfast.ground.outbox.actions import withdraw_skeleton
from holdfast.kit.actors import Actor
from holdfast.kit.pictures import as_jpeg, as_webp, decoded
from holdfast.kit.refusals import Forbidden, Unreadable
from holdfast.kit.renderings.content import Photo, content_sha256
from holdfast.response.notices.events import NoticePhotoSet
from holdfast.response.notices.lifecycle import NOTICE_TEXT
from holdfast.response.notices.models import Notice, NoticePhoto, NoticeText
from holdfast.response.notices.policies import require_notice_editing
from holdfast.response.notices.queries import current_notice
from holdfast.response.notices.rules import clean_words, facts_under
from holdfast.supply.catalog.models import Product

EMAIL = "email"
PAPER_SIDE, PAPER_BYTES = 1_000, 120_000
MAIL_SIDE, MAIL_BYTES = 480, 12_000
# What a consumer page of the longest language may still carry of its 14 KB.
PAGE_SIDE, PAGE_BYTES = 400, 6_000


def drawn_photo(data: bytes) -> Photo:
    """What is kept of a sent photo: three drawings, none with anything but pixels."""
    picture = decoded(data, at_most=PAPER_SIDE)
    return Photo(
        paper=as_jpeg(picture, longest=PAPER_SIDE, most_bytes=PAPER_BYTES),
        mail=as_jpeg(picture, longest=MAIL_SIDE, most_bytes=MAIL_BYTES),
        page=as_webp(picture, longest=PAGE_SIDE, most_bytes=PAGE_BYTES),
    )


def set_photo(
    *, recall: Recall, data: bytes, alts: Mapping[str, str], by: Actor, now: datetime
) -> Notice:
    """Show this photo in every language, each with its own words for people who cannot see it.

    Approvals of a notice without it, or with another one, end. `alts` may leave out languages
    that have such words already.
    """
    require_notice_editing(by)
    photo = drawn_photo(data)
    # the bytes are on the disk before a row names them
    attach_file(
        subject=recall.ref,
        about="notice-photo",
        name="product-photo.jpg",
        content=[photo.paper.content],
        by=by,
        now=now,
    )
    return _show(recall, photo, alts, by, now)


def drop_photo(*, recall: Recall, by: Actor, now: datetime) -> Notice:
    """Take the photo out of the notice; the drawn label stands in for it again."""
    require_notice_editing(by)
    return _show(recall, None, {}, by, now)


def match_photo_of_entry(*, entry: Entry, by: Actor, now: datetime) -> None:
    """The photo that a notice shows of our product helps to know that product again."""
    digest = str(entry.fields.get("photo_sha256", ""))
    photo = NoticePhoto.objects.filter(recall__ref=entry.subject, sha256=digest)
    found = photo.select_related("recall").first()
    if found is None:
        return
    product = Product.objects.filter(code=found.recall.product_code).first()
    if product is not None:
        content = bytes(found.paper)
        add_photograph(data=content, product=product, origin="notice", by=by, now=now)


@transaction.atomic
def _show(
    recall: Recall, photo: Photo | None, alts: Mapping[str, str], by: Actor, now: datetime
) -> Notice:
    recall = Recall.objects.select_for_update().get(pk=recall.pk)
    if recall.state not in LIVE:
        raise Forbidden(
            "lifecycle", f"{recall.ref} is {recall.state}; its notice is not rewritten."
        )
    notice = current_notice(recall)
    if notice is None:
        raise Forbidden(
            "no_text",
            f"{recall.ref} has no notice yet.",
            hint=f"Write it first: holdfast recall notice {recall.ref} --draft",
        )
    texts = list(
        notice.texts.select_for_update().exclude(state="superseded").order_by("language", "law")
    )
    words = _words(texts, alts) if photo is not None else {}
    digest = hashlib.sha256(photo.paper.content).hexdigest() if photo is not None else ""
    facts = _facts(notice, digest)
    if photo is not None:
        _keep(recall, digest, photo, by, now)
    changed, approved = [], []
    for text in texts:
        content = {**text.content, "picture_alt": words.get(text.language, "")}
        if photo is None:
            content.pop("picture_alt")
        sha256 = content_sha256(text.language, facts_under(facts, text.law), content)
        if sha256 == text.sha256:
            continue
        if text.state == "approved":
            approved.append((text, text.sha256))
        text.state = NOTICE_TEXT.after(text.state, "edit")
        text.content, text.sha256, text.edited_by, text.edited_at = content, sha256, by.key, now
        text.save()
        changed.append(text)
    if not changed:
        return notice
    notice.facts = facts
    notice.save(update_fields=["facts"])
    fact = NoticePhotoSet(
        version=notice.version,
        photo_sha256=digest or "none",
        languages=tuple(text.name for text in changed),
        texts=tuple((text.name, text.sha256) for text in changed),
        were_approved=tuple(text.name for text, _sha256 in approved),
    )
    record(fact, by=by, now=now, subject=recall.ref)
    for text, sha256 in approved:
        withdraw_skeleton(
            recall=recall.ref,
            language=text.language,
            law=text.law,
            channel=EMAIL,
            text_sha256=sha256,
            by=by,
            now=now,
        )
    return notice


def _words(texts: Iterable[NoticeText], alts: Mapping[str, str]) -> dict[str, str]:
    """What the photo shows, in each language; refuses where a language says nothing."""
    found: dict[str, str] = {}
    given = {language.strip().lower(): words for language, words in alts.items()}
    for text in texts:
        old = found.get(text.language) or text.content.get("picture_alt", "")
        words = given.pop(text.language.lower(), old)
        found[text.language] = str(clean_words({"picture_alt": words})["picture_alt"])
    missing = [language for language, words in found.items() if not words]
    if missing:
        raise Unreadable(
            "no_alt",
            f"Say what the photo shows, in: {', '.join(missing)}.",
            hint="People who cannot see it hear these words: product, colour, where the code is.",
            extra={"languages": missing},
        )
    if given:
        raise Unreadable("no_text", f"This notice has no text in: {', '.join(sorted(given))[:80]}.")
    return found


def _facts(notice: Notice, digest: str) -> dict[str, object]:
    """The facts with this photo; it outlives a new draft, as every fact given by hand does."""
    facts = {name: value for name, value in notice.facts.items() if name != "picture"}
    asked = {name: value for name, value in facts.get("asked", {}).items() if name != "picture"}
    if digest:
        facts["picture"] = asked["picture"] = digest
    return {**facts, "asked": asked}


def _keep(recall: Recall, digest: str, photo: Photo, by: Actor, now: datetime) -> None:
    drawings = {"paper": photo.paper, "mail": photo.mail, "page": photo.page}
    NoticePhoto.objects.get_or_create(
        recall=recall,
        sha256=digest,
        defaults={
            **{name: one.content for name, one in drawings.items()},
            "sizes": {name: [one.width, one.height] for name, one in drawings.items()},
            "made_by": by.key,
            "made_at": now,
        },
    )
