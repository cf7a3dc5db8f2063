"""The current notice, its texts, and the facts a draft is made of."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
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
from holdfast.kit.renderings.laws import TextLaws, in_order
from holdfast.kit.tables.countries import country_code
from holdfast.kit.trace.criteria import Criteria
from holdfast.kit.wording.laws import law_followed, named_text
from holdfast.kit.wording.library import library_languages
from holdfast.kit.wording.profile import regime_id
from holdfast.kit.wording.readers import languages_given
from holdfast.response.notices.models import Notice, NoticePhoto, NoticeText
from holdfast.response.notices.queries.people import countries_told, first_language, reader_counts
from holdfast.response.notices.rules import Checked, check
from holdfast.response.remedies.queries import terms_of
from holdfast.supply.catalog.models import Product


def current_notice(recall: Recall) -> Notice | None:
    """The newest version, whatever its texts' states."""
    return recall.notices.order_by("-version").first()


def text_laws(recall: Recall) -> TextLaws:
    """The laws the newest notice stands under, its own first; before there is one, only that."""
    notice = current_notice(recall)
    own = regime_id(recall.profile)
    if notice is None:
        return TextLaws((own,), NoticeFacts(shop="", product="", hazard="", regime=own))
    laws = notice.facts.get("regimes") or [own]
    return TextLaws(tuple(regime_id(str(one)) for one in laws), NoticeFacts.from_json(notice.facts))


def text_in(recall: Recall, name: str) -> NoticeText:
    """The newest text by its name (`en`, `en:us_cpsc_consumer`); refuses where there is none."""
    language, asked = named_text(name)
    laws = text_laws(recall)
    law = laws.text_of(regime_id(asked)) if asked else ""
    texts = NoticeText.objects.filter(notice__recall=recall)
    newest = texts.filter(language__iexact=language, law=law).order_by("-notice__version")
    found = newest.select_related("notice").first()
    if found:
        return found
    known = sorted({text.name for text in texts})
    raise NotFound(
        "no_text",
        f"{recall.ref} has no notice text in “{name[:80]}”.",
        hint=f"There is one in: {', '.join(known)}."
        if known
        else f"Write one: holdfast recall notice {recall.ref} --draft",
    )


def content_of(text: NoticeText) -> NoticeContent:
    """A stored text as the renderings take it; in a drill every form of it says so."""
    facts = replace(NoticeFacts.from_json(text.facts), is_drill=settings.DRILL)
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
    """The linter's findings and the completeness of a text, under every law it serves."""
    laws = text_laws(text.notice.recall)
    also = [one for one in laws.served_by(text.law) if one != (text.law or laws.own)]
    form = canonical_json(approved_form(text.language, text.facts, text.content))
    return _checked(form, tuple(also))


@lru_cache(maxsize=256)
def _checked(form: bytes, also: tuple[str, ...]) -> Checked:
    """Kept by the exact words: a page that shows ten languages lints none of them twice."""
    given = json.loads(form)
    content = NoticeContent(
        given["language"], NoticeFacts.from_json(given["facts"]), given["words"]
    )
    # a drawing is no photograph
    return check(content, also=also, has_picture=bool(given["facts"].get("picture")))


def regimes_needed(recall: Recall, facts: NoticeFacts) -> tuple[str, ...]:
    """The laws the notice stands under: its own, then those of the markets and of the people."""
    lands = [*facts.markets, *countries_told(recall)]
    return in_order(facts.regime, [law_followed(land, facts.regime) for land in lands])


def is_approved(text: NoticeText) -> bool:
    """Whether a person approved exactly the words that are there now."""
    return text.state == "approved" and text.approvals.filter(sha256=text.sha256).exists()


def approved_texts(recall: Recall) -> dict[str, NoticeText]:
    """The newest approved text of each language and law, by its name."""
    texts = NoticeText.objects.filter(notice__recall=recall, state="approved")
    ordered = texts.select_related("notice").order_by("notice__version", "language", "law")
    return {text.name: text for text in ordered if is_approved(text)}


def by_law(texts: Iterable[NoticeText]) -> dict[str, dict[str, NoticeText]]:
    """Texts by their law, then by language; the recall's own law is the empty one."""
    found: dict[str, dict[str, NoticeText]] = {}
    for text in texts:
        found.setdefault(text.law, {})[text.language] = text
    return found


def needed_languages(recall: Recall) -> list[str]:
    """Languages of the people in scope that the library has, most people first; English if none."""
    there = library_languages()
    own = [str(code).lower() for code in organisation().languages]
    counted: Counter[str] = Counter()
    for (_law, reads), people in reader_counts(recall).items():
        for code in languages_given(reads, there, ""):
            counted[code] += people if code in reads else 0
    wanted = [code for code, people in counted.most_common() if people]
    return list(dict.fromkeys([*wanted, *(code for code in own if code in there)])) or ["en"]


def needed_texts(recall: Recall, laws: TextLaws, languages: Sequence[str]) -> list[tuple[str, str]]:
    """Language and law of each text: the own law in every language, another in those it is read in.

    Which these are the readers' rule says: what its people are given out of `languages`.
    """
    given: dict[str, set[str]] = {law: set() for law in laws.texts()}
    given[""].update(languages)
    for law, reads in reader_counts(recall):
        of_law = given.get(laws.text_of(law))
        if of_law is not None:
            of_law.update(languages_given(reads, languages, first_language()))
    for read in given.values():
        read.update(() if read else languages_given((), languages, first_language()))
    return [(code, law) for law in given for code in languages if code in given[law]]


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
        regime=regime_id(recall.profile),
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
