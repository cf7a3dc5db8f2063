"""The current notice, its texts, and the facts a draft is made of."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from django.conf import settings
from django.db.models import Max, Min

from holdfast.decision.recalls.models import Recall, ScopeLine
from holdfast.decision.recalls.queries import asked_criteria, confirmed_scope
from holdfast.ground.access.queries import organisation
from holdfast.kit.ledger import canonical_json
from holdfast.kit.refusals import NotFound
from holdfast.kit.renderings.content import NoticeContent, NoticeFacts, approved_form
from holdfast.kit.wording.library import library_languages
from holdfast.response.notices.models import Notice, NoticeText
from holdfast.response.notices.queries.people import coverage
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
    return NoticeContent(text.language, facts, text.content)


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
    lots = tuple(dict.fromkeys([*criteria.lots, *_lots(recall.lot)]))
    first, last = _sold(recall)
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


def _sold(recall: Recall) -> tuple[str, str]:
    scope = confirmed_scope(recall)
    if scope is None:
        return "", ""
    days = ScopeLine.objects.filter(version=scope).aggregate(
        first=Min("line__moved_at"), last=Max("line__moved_at")
    )
    if days["first"] is None:
        return "", ""
    return days["first"].date().isoformat(), days["last"].date().isoformat()
