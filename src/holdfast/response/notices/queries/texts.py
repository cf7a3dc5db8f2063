"""The current notice, its texts, and the facts a draft is made of."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max, Min

from holdfast.decision.recalls.models import Recall, ScopeLine
from holdfast.decision.recalls.queries import asked_criteria, confirmed_scope, latest_scope
from holdfast.decision.recalls.queries.recorded import lots_to_name
from holdfast.ground.access.queries import organisation
from holdfast.kit.ledger import canonical_json
from holdfast.kit.pictures import Drawing
from holdfast.kit.refusals import NotFound
from holdfast.kit.renderings.content import NoticeContent, NoticeFacts, Photo, approved_form
from holdfast.kit.tables.countries import country_code
from holdfast.kit.trace.criteria import Criteria
from holdfast.kit.wording.library import library_languages
from holdfast.kit.wording.profile import regime_id, regimes_of
from holdfast.response.notices.models import Notice, NoticePhoto, NoticeText
from holdfast.response.notices.queries.people import countries_told, coverage
from holdfast.response.notices.rules import Checked, check
from holdfast.response.remedies.queries import terms_of
from holdfast.supply.catalog.models import Product


def current_notice(recall: Recall) -> Notice | None:
    """The newest version, whatever its texts' states."""
    return recall.notices.order_by("-version").first()


def text_in(recall: Recall, language: str) -> NoticeText:
    """The newest text of a language; refuses where there is none."""
    texts = NoticeText.objects.filter(notice__recall=recall)
    found = texts.filter(language__iexact=language).order_by("-notice__version").first()
    if found:
        return found
    known = sorted(set(texts.values_list("language", flat=True)))
    raise NotFound(
        "no_text",
        f"{recall.ref} has no notice text in “{language[:20]}”.",
        hint=f"There is one in: {', '.join(known)}."
        if known
        else f"Write one: holdfast recall notice {recall.ref} --draft",
    )


def content_of(text: NoticeText) -> NoticeContent:
    """A stored text as the renderings take it; in a drill every form of it says so."""
    facts = replace(NoticeFacts.from_json(text.notice.facts), is_drill=settings.DRILL)
    photo = _photo(facts.picture, text.notice.recall_id) if facts.picture else None
    return NoticeContent(text.language, facts, text.content, photo)


def page_photo(sha256: str) -> bytes | None:
    """The drawing for pages (WebP) by its photo's SHA-256, which only shown pages tell."""
    found = NoticePhoto.objects.filter(sha256=sha256).order_by("pk")
    content = found.values_list("page", flat=True).first()
    return None if content is None else bytes(content)


def _photo(sha256: str, recall_id: int) -> Photo | None:
    found = NoticePhoto.objects.filter(sha256=sha256, recall_id=recall_id).first()
    if found is None:
        return None

    def drawing(name: str, media_type: str) -> Drawing:
        width, height = found.sizes[name]
        return Drawing(bytes(getattr(found, name)), media_type, width, height)

    return Photo(
        paper=drawing("paper", "image/jpeg"),
        mail=drawing("mail", "image/jpeg"),
        page=drawing("page", "image/webp"),
    )


def checked(text: NoticeText) -> Checked:
    """The linter's findings and the completeness of a text; a drawing is no photograph."""
    return _checked(canonical_json(approved_form(text.language, text.notice.facts, text.content)))


@lru_cache(maxsize=256)
def _checked(form: bytes) -> Checked:
    """Kept by the exact words: a page that shows ten languages lints none of them twice."""
    given = json.loads(form)
    content = NoticeContent(
        given["language"], NoticeFacts.from_json(given["facts"]), given["words"]
    )
    return check(content, has_picture=bool(given["facts"].get("picture")))


def regimes_needed(recall: Recall, facts: NoticeFacts) -> list[str]:
    """The laws the notice stands under: its own, then those of the markets and of the people."""
    lands = [*facts.markets, *countries_told(recall)]
    return list(dict.fromkeys([regime_id(facts.regime), *regimes_of(lands)]))


def is_approved(text: NoticeText) -> bool:
    """Whether a person approved exactly the words that are there now."""
    return text.state == "approved" and text.approvals.filter(sha256=text.sha256).exists()


def approved_texts(recall: Recall) -> dict[str, NoticeText]:
    """The newest approved text of each language."""
    texts = NoticeText.objects.filter(notice__recall=recall, state="approved")
    ordered = texts.select_related("notice").order_by("notice__version", "language")
    return {text.language: text for text in ordered if is_approved(text)}


def needed_languages(recall: Recall) -> list[str]:
    """Languages of the people in scope that the library has, most people first; English if none."""
    there = library_languages()
    own = [str(code).lower() for code in organisation().languages]
    counted = coverage(recall, there)
    wanted = [code for code, _people in counted.people.most_common() if code in there]
    return list(dict.fromkeys([*wanted, *(code for code in own if code in there)])) or ["en"]


def facts_from(recall: Recall, *, url: str) -> NoticeFacts:
    """What every language says alike: from recall, scope, catalogue and remedies."""
    org = organisation()
    criteria = asked_criteria(recall)
    codes = [*criteria.products, recall.product_code]
    product = _product(codes)
    # Of a scope that names no lot, none is named: owners of another lot would feel safe.
    asked = lots_to_name(criteria)
    named = asked if latest_scope(recall) else (*asked, *_lots(recall.lot))
    lots = tuple(dict.fromkeys(named))
    first, last = _sold(recall, criteria)
    terms, _replacement = terms_of(recall)
    title = (product.title or product.code) if product else (recall.product_code or recall.title)
    return NoticeFacts(
        shop=org.name,
        product=title,
        product_code=product.code if product else recall.product_code,
        hazard=recall.outcome,
        outcome_words=recall.outcome_words,
        regime=recall.profile,
        lots=lots,
        remedies=tuple(terms.remedies),
        url=url,
        phone=org.contact_phone,
        email=org.contact_email,
        sender_lines=tuple(
            line.strip() for line in org.postal_address.splitlines() if line.strip()
        ),
        sold_from=first,
        sold_to=last,
        shipped_from=_iso(criteria.shipped_from),
        shipped_to=_iso(criteria.shipped_to),
        markets=tuple(dict.fromkeys(country_code(one) or one.upper() for one in criteria.markets)),
    )


def _product(codes: Iterable[str]) -> Product | None:
    for code in codes:
        if code:
            found = Product.objects.filter(code_key=code.casefold()).first()
            if found:
                return found
    return None


def _lines(words: str) -> list[str]:
    return [line.strip() for line in words.splitlines() if line.strip()]


def _lots(words: str) -> list[str]:
    return [lot.strip() for lot in words.split(",") if lot.strip()]


def _sold(recall: Recall, criteria: Criteria) -> tuple[str, str]:
    """First and last day of sale in the shop's zone; where the scope names a day, that one."""
    scope = confirmed_scope(recall)
    days = (
        ScopeLine.objects.filter(version=scope).aggregate(
            first=Min("line__moved_at"), last=Max("line__moved_at")
        )
        if scope is not None
        else {"first": None, "last": None}
    )
    if days["first"] is None or days["last"] is None:
        return "", ""
    zone = ZoneInfo(organisation().zone)
    first = criteria.shipped_from or days["first"].astimezone(zone).date()
    last = criteria.shipped_to or days["last"].astimezone(zone).date()
    return first.isoformat(), last.isoformat()


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
