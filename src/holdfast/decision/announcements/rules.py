"""When a feed is asked again, what a day's overlap is, and which announcements are one recall."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from holdfast.kit.announcements import Firm, PublishedProduct, PublishedRecall
from holdfast.kit.matching import Record
from holdfast.kit.matching.codes import codes
from holdfast.kit.matching.words import is_model, words
from holdfast.kit.refusals import NotFound
from holdfast.kit.signals.hazard_reading import read_hazards
from holdfast.kit.signals.makers import maker_key
from holdfast.kit.signals.taxonomy import hazard_named
from holdfast.kit.storable import storable

FIRST_WAIT = timedelta(minutes=15)
LONGEST_WAIT = timedelta(hours=24)
FIRST_LOOK = timedelta(days=365)
"""How far back a feed is read that was never read before."""
TOGETHER = timedelta(days=90)
"""Announcements of one recall lie at most so far apart, unless one names the other."""
LONG_MODEL = 5
MOST_TRAITS = 60
TOO_COMMON = 20
"""A code or model on more announcements than this joins none of them."""
MOST_PICTURES = 3
"""Of one announcement so many are fetched."""
_PICTURE = re.compile(r"image|photo|picture|enclosure|thumbnail", re.IGNORECASE)
_LINK = re.compile(r"https?://[^\s\"'<>\\]+")
_AUTHORITY_PAGES = re.compile(
    r"^(?:www\.)?(?:recalls-rappels\.canada\.ca|healthycanadians\.gc\.ca|cpsc\.gov|gov\.uk|"
    r"productsafety\.gov\.au|fsis\.usda\.gov|alerts\.food\.gov\.uk|food\.gov\.uk|ec\.europa\.eu)/"
    r".{12,}"
)


def next_try(*, now: datetime, every_hours: int, failures: int) -> datetime:
    """The schedule, or after failures 15 minutes, doubled each time, a day at most."""
    if not failures:
        return now + timedelta(hours=every_hours)
    doubled: int = 2 ** min(failures - 1, 10)
    return now + min(LONGEST_WAIT, FIRST_WAIT * doubled)


def ask_since(*, newest: date | None, overlap_days: int, today: date) -> date:
    """The day from which to ask: some overlap, since authorities publish late and change."""
    if newest is None:
        return today - FIRST_LOOK
    return min(newest, today) - timedelta(days=overlap_days)


def as_json(original: Mapping[str, object]) -> str:
    """One spelling of an original, so that the same record has the same digest.

    What no database stores (a lone surrogate) is replaced; what is nested too deep is named so.
    """
    try:
        return storable(json.dumps(original, ensure_ascii=False, sort_keys=True, default=str))
    except RecursionError:
        return json.dumps({"nested too deep": sorted(map(str, original))})


def storable_recall(recall: PublishedRecall) -> PublishedRecall:
    """The same with every text storable; the original is seen to by `as_json`."""
    return replace(
        recall,
        number=storable(recall.number),
        title=storable(recall.title),
        hazard=storable(recall.hazard),
        recall_class=storable(recall.recall_class),
        url=storable(recall.url),
        countries=tuple(map(storable, recall.countries)),
        lots=tuple(map(storable, recall.lots)),
        firms=tuple(Firm(storable(one.name), one.part) for one in recall.firms),
        products=tuple(
            PublishedProduct(
                storable(one.name),
                storable(one.brand),
                storable(one.model),
                storable(one.description),
                tuple(map(storable, one.codes)),
            )
            for one in recall.products
        ),
    )


def digest_of(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def record_digest(record: Record) -> str:
    """The digest of everything in an announcement that is matched."""
    parts = [record.title, record.brand, record.model, record.rest, record.codes]
    parts += [record.photo] if record.photo else []
    return digest_of("\x1f".join(parts))


def pictures_of(original: object) -> list[str]:
    """Addresses of pictures in a record as it came: those under a name that says so.

    >>> pictures_of({"Images": [{"URL": "https://e.org/a.jpg"}], "URL": "https://e.org"})
    ['https://e.org/a.jpg']
    """
    found: dict[str, None] = {}
    waiting: list[tuple[object, bool]] = [(original, False)]
    while waiting and len(found) < MOST_PICTURES:
        value, is_picture = waiting.pop()
        if isinstance(value, Mapping):
            waiting += [
                (inner, is_picture or bool(_PICTURE.search(str(name))))
                for name, inner in reversed(list(value.items()))
            ]
        elif isinstance(value, list):
            waiting += [(inner, is_picture) for inner in reversed(value)]
        elif is_picture and isinstance(value, str) and _LINK.fullmatch(value.strip()):
            found[value.strip()[:1000]] = None
    return list(found)


def hazards_of(recall: PublishedRecall) -> list[str]:
    """Keys of our own list of hazards; empty: none was read.

    Out of the authority's sentences, else out of its single words (“Fire”, “Allergen - Milk”),
    else out of the title.
    """
    found = read_hazards(recall.hazard).hazards if recall.hazard else ()
    return list(found or _named(recall.hazard) or read_hazards(recall.title).hazards)


def _named(words_of_authority: str) -> list[str]:
    found = []
    for part in re.split(r"[\n,;/()]| - ", words_of_authority[:2000]):
        with contextlib.suppress(NotFound):
            found.append(hazard_named(part).key)
    return list(dict.fromkeys(found))


def traits_of(recall: PublishedRecall) -> list[str]:
    """By what this recall is known again in another authority's words, `kind:value`.

    Its number at its authority; addresses of authorities' pages, its own and those it names; whole
    trade item numbers; a model number of five signs or more together with a firm or brand.
    """
    found = {f"number:{recall.authority}:{recall.number}"}
    text = as_json(recall.original)
    for link in (recall.url, *_LINK.findall(text)):
        bare = re.sub(r"^https?://", "", link).rstrip("/.,;)").casefold()
        if _AUTHORITY_PAGES.match(bare):
            found.add(f"link:{re.sub(r'^www[.]', '', bare)}")
    record = recall.as_record()
    whole = [*codes(record.codes, announced=True), *codes(record.text)]
    found |= {f"code:{one.gtin}" for one in whole if one.gtin and one.sure}
    names = {maker_key(firm.name) for firm in recall.firms if firm.part != "retailer"}
    names |= {maker_key(product.brand) for product in recall.products}
    models = {
        word
        for word in words(f"{record.title}\n{record.model}")
        if is_model(word) and len(word) >= LONG_MODEL and sum(map(str.isdigit, word)) > 1
    }
    found |= {f"model:{name} {model}" for name in names if name for model in models}
    return sorted(one[:300] for one in found)[:MOST_TRAITS]


def why_joint(trait: str, first: str, second: str) -> tuple[str, str]:
    """The rule by which a common trait joins two announcements, and the reason as a sentence."""
    kind, _, value = trait.partition(":")
    said = {
        "number": "Both feeds carry the number {value}.",
        "link": "One names the page of the other: {value}.",
        "code": "Both name the trade item {value}.",
        "model": "Both name the maker and model {value}.",
    }[kind]
    return kind, said.format(value=value.lstrip("0") if kind == "code" else value)[:400]


def may_be_joint(kind: str, first: date | None, second: date | None) -> bool:
    """Whether two days of publication allow one recall; a number or a link needs no day."""
    if kind in ("number", "link"):
        return True
    return first is not None and second is not None and abs(first - second) <= TOGETHER
