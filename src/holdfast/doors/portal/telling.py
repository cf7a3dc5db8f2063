"""What a consumer page tells: the approved words of the notice, or a draft until there are some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from holdfast.decision.recalls.models import Recall
from holdfast.doors.portal.kept import PUBLISHED
from holdfast.doors.portal.speech import SPOKEN, Speech
from holdfast.kit.renderings.content import NoticeContent
from holdfast.kit.renderings.draft import draft, is_lithium
from holdfast.kit.renderings.laws import TextLaws
from holdfast.kit.renderings.mail import html_line
from holdfast.kit.renderings.signs import sign_svg
from holdfast.kit.wording.laws import law_followed
from holdfast.kit.wording.library import country_name
from holdfast.kit.wording.profile import profile
from holdfast.response.notices.models import NoticeText
from holdfast.response.notices.queries import (
    approved_texts,
    by_law,
    content_of,
    facts_from,
    text_laws,
)


@dataclass(frozen=True)
class Shown:
    """The product's photo: its address, what it shows, its size in pixels."""

    url: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True)
class Told:
    """The notice as one page shows it, all in one language; sentences hold no markup of people."""

    title: SafeString
    plain_title: str
    stop: SafeString
    hazard: SafeString
    sign: SafeString
    steps: Sequence[SafeString]
    remedy: SafeString
    identify: SafeString
    picture_words: str
    photo: Shown | None
    disposal: SafeString
    sold: SafeString
    real_title: SafeString
    real: SafeString
    share: SafeString
    sorry: SafeString
    model: str
    lot: str
    ended: str
    is_approved: bool
    text_sha256: str


def told(recall: Recall, speech: Speech, law: str = "") -> Told:
    """The approved text in this language, else in English, else what the library would say."""
    key = ("told", recall.pk, recall.state, speech.language, law)
    return PUBLISHED.get(key, lambda: _told(recall, speech, law))


def _approved(recall: Recall) -> dict[str, dict[str, NoticeText]]:
    """Approved texts by law, then by language."""
    return PUBLISHED.get(("texts", recall.pk), lambda: by_law(approved_texts(recall).values()))


def _laws(recall: Recall) -> TextLaws:
    return PUBLISHED.get(("laws", recall.pk), lambda: text_laws(recall))


def law_told(recall: Recall, land: str) -> str:
    """The law of the text shown to somebody there: the recall's own (empty) if it has none yet.

    Whoever holds a link is told to stop using it, whatever still waits for an approval.
    """
    laws = _laws(recall)
    here = (one for one in laws.laws if profile(one).jurisdiction == land)
    law = laws.text_of(next(here, law_followed(land, laws.own)))
    return law if law in _approved(recall) else ""


def places_told(recall: Recall, speech: Speech, law: str) -> list[tuple[str, str, bool]]:
    """Where the laws of the approved texts hold: code, name, and whether it is the text shown."""
    approved, own = _approved(recall), _laws(recall).own
    if len(approved) < 2:
        return []
    codes = {one: profile(one or own).jurisdiction for one in sorted(approved)}
    return [(at, country_name(at, speech.language), one == law) for one, at in codes.items()]


def place_chosen(text: str) -> str:
    """The two letters of a country, or of the Union, that a reader chose; else nothing."""
    code = text.strip().upper()
    return code if len(code) == 2 and code.isascii() and code.isalpha() else ""


def _told(recall: Recall, speech: Speech, law: str) -> Told:
    texts = _approved(recall)
    approved = texts.get(law) or texts.get("") or next(iter(texts.values()), {})
    text = (
        approved.get(speech.language) or approved.get("en") or next(iter(approved.values()), None)
    )
    content = content_of(text) if text else _draft(recall, speech.language)
    lots = content.facts.lots
    hazard = _plain(content.line("hazard"))
    closed = recall.closed_at if recall.state == "closed" else None
    return Told(
        title=_html(content.line("headline")),
        plain_title=_plain(content.line("headline")),
        stop=_html(content.line("stop")),
        hazard=_html(content.line("hazard")),
        sign=mark_safe(sign_svg(recall.outcome, f"{speech.say('warning')}: {hazard}")),  # noqa: S308
        steps=[_html(step) for step in content.lines("actions")],
        remedy=_html(content.line("remedy")),
        identify=_html(content.line("identify")),
        picture_words=_plain(content.line("picture")),
        photo=_shown(content),
        disposal=_html(content.line("disposal")),
        sold=_html(" ".join(filter(None, (content.line("sold"), content.line("particulars"))))),
        real_title=_html(content.line("real_title")),
        real=_html(content.line("real")),
        share=_html(content.line("share")),
        sorry=_html(content.line("apology")),
        model=content.facts.product_code or content.facts.product,
        lot=lots[0] if len(lots) == 1 else "",
        ended=speech.day(closed.date(), with_year=True) if closed else "",
        is_approved=text is not None,
        text_sha256=text.sha256 if text else "",
    )


def _shown(content: NoticeContent) -> Shown | None:
    if content.photo is None:
        return None
    page = content.photo.page
    url = reverse("portal_photo", args=[content.facts.picture])
    return Shown(url, _plain(content.line("picture_alt")), page.width, page.height)


def _draft(recall: Recall, language: str) -> NoticeContent:
    facts = facts_from(recall, url=f"{settings.PUBLIC_URL}/recall")
    return NoticeContent(language, facts, draft(facts, language))


def _html(text: str) -> SafeString:
    # `html_line` escapes, and turns isolates into <bdi>
    return mark_safe(html_line(text))  # noqa: S308


def _plain(text: str) -> str:
    return "".join(char for char in text if not "\u2066" <= char <= "\u2069")


def is_battery(recall: Recall) -> bool:
    """Whether it may hold cells, which never go into a bin, a parcel or a plane."""
    if recall.outcome not in ("fire", "explosion", "burn"):
        return False
    facts = PUBLISHED.get(
        ("facts", recall.pk), lambda: facts_from(recall, url=f"{settings.PUBLIC_URL}/recall")
    )
    return is_lithium(facts)


def languages_of(recall: Recall | None, law: str = "") -> list[str]:
    """Languages a reader may choose: those with an approved text, or all we can speak."""
    approved = _approved(recall).get(law, {}) if recall is not None else {}
    return [code for code in SPOKEN if code in approved] or list(SPOKEN)
