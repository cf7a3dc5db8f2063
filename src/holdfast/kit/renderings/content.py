"""What a notice says: the facts all languages share, and the words of one language."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from holdfast.kit.ledger import canonical_json
from holdfast.kit.pictures import Drawing

# The fields of a text in the order people read them; lists hold one sentence an entry.
LIST_FIELDS = frozenset(("actions", "particulars", "contact", "card"))
FIELDS = (
    "subject",
    "headline",
    "stop",
    "hazard",
    "actions",
    "remedy",
    "bought",
    "bought_items",
    "answer",
    "gone",
    "identify",
    "picture",
    "picture_alt",
    "disposal",
    "sold",
    "particulars",
    "real_title",
    "real",
    "contact_title",
    "contact",
    "hurt",
    "share",
    "apology",
    "card",
)
# A text may go out without these; without any other it may not.
OPTIONAL_FIELDS = frozenset(
    (
        "picture",
        "picture_alt",
        "disposal",
        "particulars",
        "apology",
        "bought",
        "bought_items",
        "card",
        "contact_title",
    )
)

# What only some regimes ask to be told, and the photo: stored only where there is something.
PARTICULARS = (
    "units",
    "price",
    "made_from",
    "made_to",
    "maker",
    "retailers",
    "incidents",
    "injuries",
    "deaths",
    "noticed_on",
)
COUNTS = ("units", "incidents", "injuries", "deaths")
_WHERE_KNOWN = frozenset((*PARTICULARS, "picture"))


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What every language says alike."""

    shop: str
    product: str
    hazard: str
    regime: str = "eu_gpsr"
    product_code: str = ""
    lots: tuple[str, ...] = ()
    outcome_words: str = ""
    remedies: tuple[str, ...] = ("refund", "replacement")
    url: str = ""
    phone: str = ""
    email: str = ""
    sender_lines: tuple[str, ...] = ()
    sold_from: str = ""
    sold_to: str = ""
    shipped_from: str = ""
    shipped_to: str = ""
    markets: tuple[str, ...] = ()
    kind: str = ""
    units: str = ""
    price: str = ""
    made_from: str = ""
    made_to: str = ""
    maker: str = ""
    retailers: tuple[str, ...] = ()
    incidents: str = ""  # counts as digits; empty where nobody has said, which is not none
    injuries: str = ""
    deaths: str = ""
    noticed_on: str = ""
    picture: str = ""  # the SHA-256 of the product's photo; empty: the drawn label stands in
    is_drill: bool = False

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> NoticeFacts:
        """Facts as stored; unknown keys are left out, lists become tuples."""
        known = {one.name for one in fields(cls)}
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value
            for key, value in data.items()
            if key in known
        }
        return cls(**values)

    def as_json(self) -> dict[str, Any]:
        """Facts to store; a photo, and what only some regimes ask, where there is any."""
        return {
            one.name: list(value) if isinstance(value := getattr(self, one.name), tuple) else value
            for one in fields(self)
            if one.name not in _WHERE_KNOWN or getattr(self, one.name)
        }

    def sold_days(self) -> tuple[date | None, date | None]:
        """First and last day of sale, where known."""
        return _day(self.sold_from), _day(self.sold_to)

    def shipped_days(self) -> tuple[date | None, date | None]:
        """The ship dates that bound what is affected, both included; None is open."""
        return _day(self.shipped_from), _day(self.shipped_to)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@dataclass(frozen=True, slots=True)
class Photo:
    """The product's photo, drawn for paper (JPEG), for a mail (JPEG) and for a page (WebP)."""

    paper: Drawing
    mail: Drawing
    page: Drawing


@dataclass(frozen=True, slots=True)
class NoticeContent:
    """One language of a notice, ready to be rendered; `words` holds the fields of `FIELDS`."""

    language: str
    facts: NoticeFacts
    words: Mapping[str, Any] = field(default_factory=dict)
    photo: Photo | None = None

    def line(self, name: str) -> str:
        """A field of one sentence or paragraph."""
        value = self.words.get(name, "")
        return value if isinstance(value, str) else " ".join(str(one) for one in value)

    def lines(self, name: str) -> list[str]:
        """A field of several sentences."""
        value = self.words.get(name, [])
        if isinstance(value, str):
            return [line.strip() for line in value.splitlines() if line.strip()]
        return [str(one) for one in value if str(one).strip()]

    @property
    def is_rtl(self) -> bool:
        """Whether it is written from right to left."""
        return self.language.split("-")[0] in ("ar", "fa", "he", "ur")

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`, as HTML says it."""
        return "rtl" if self.is_rtl else "ltr"

    def missing(self) -> list[str]:
        """Fields a notice cannot go out without and that are empty; a photo needs its words."""
        optional = OPTIONAL_FIELDS - {"picture_alt"} if self.facts.picture else OPTIONAL_FIELDS
        return [
            name
            for name in FIELDS
            if name not in optional
            and not (self.lines(name) if name in LIST_FIELDS else self.line(name).strip())
        ]


def content_sha256(language: str, facts: Mapping[str, Any], words: Mapping[str, Any]) -> str:
    """The hash an approval binds to: language, facts and words, in one canonical spelling."""
    return hashlib.sha256(canonical_json(approved_form(language, facts, words))).hexdigest()


def approved_form(
    language: str, facts: Mapping[str, Any], words: Mapping[str, Any]
) -> dict[str, object]:
    """Exactly what is approved; the evidence package keeps it under its hash."""
    return {"language": language, "facts": dict(facts), "words": dict(words)}


def prose(content: NoticeContent) -> tuple[str, list[tuple[int, int, str]]]:
    """All a reader gets to see as one text, with the stretch of each field (start, end, name)."""
    parts: list[str] = []
    spans: list[tuple[int, int, str]] = []
    place = 0
    unread = {"subject", "card", "bought_items"}
    if not content.facts.picture:
        unread.add("picture_alt")
    for name in FIELDS:
        if name in unread:
            continue
        lines = content.lines(name) if name in LIST_FIELDS else [content.line(name)]
        for line in lines:
            if line.strip():
                parts.append(line + "\n\n")
                spans.append((place, place + len(line), name))
                place += len(line) + 2
    return "".join(parts), spans
