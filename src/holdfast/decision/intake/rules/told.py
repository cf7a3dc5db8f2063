"""What somebody told us, as it came, before anything was read out of it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from holdfast.kit.signals.news import speaks_of_recall

KINDS = ("complaint", "return", "review", "chargeback", "warranty_claim", "injury")
CHANNELS = ("form", "portal", "email", "import", "api")
LIVE = ("form", "portal", "api")  # told at this moment; a mail and a file can be read again
TOLD_APART = ("product", "gtin", "lot", "serial", "order")  # by which two reports differ
# Sources that collect from the public: what stands there was told to them, not to us.
OUTSIDE = frozenset({"saferproducts", "amazon_reviews", "maude", "caers"})
GOOD_STARS = 4
LONGEST_TEXT = 50_000  # a pasted flood is cut here, and the row says so
_ORDER = re.compile(
    r"\b(?:order|bestell(?:ung|ungs?nummer|nummer|-?nr)|auftrag(?:snummer|s-?nr)?|commande|pedido)\s*"
    r"(?:numbers?|nummer|no|nr|id|#|n°|num[ée]ro|:|\.)*\s*[:#]?\s*(\w[\w-]{2,39})",
    re.IGNORECASE,
)
_UNSEEN = ("Cc", "Cf", "Zl", "Zp")


@dataclass(frozen=True, slots=True)
class Told:
    """One report. Times have a zone; `harm` is what the source says, 0 (none) to 4 (death).

    `product` to `order` are as written. `name` to `phone` are personal data and stay apart.
    `sent_at` is when an outside source passed it on to us.
    """

    text: str
    title: str = ""
    kind: str = "complaint"
    channel: str = "form"
    source: str = ""
    source_id: str = ""
    happened_at: datetime | None = None
    received_at: datetime | None = None
    published_at: datetime | None = None
    sent_at: datetime | None = None
    product: str = ""
    product_name: str = ""
    brand: str = ""
    model: str = ""
    maker: str = ""
    gtin: str = ""
    lot: str = ""
    serial: str = ""
    order: str = ""
    category: str = ""
    harm: int | None = None
    stars: int | None = None
    country: str = ""
    language: str = ""
    goods: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    line: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        """Title and text as one."""
        return f"{self.title.strip()}\n{self.text}".strip() if self.title.strip() else self.text

    @property
    def is_echo(self) -> bool:
        """It speaks of a recall, so news brought it."""
        return speaks_of_recall(self.whole)

    @property
    def is_praise(self) -> bool:
        """Four stars and more."""
        return self.stars is not None and self.stars >= GOOD_STARS

    @property
    def is_outside(self) -> bool:
        """Told to a public database or a marketplace, not to us."""
        return self.source in OUTSIDE

    @property
    def text_sha256(self) -> str:
        """Of title and text."""
        return hashlib.sha256(self.whole.encode()).hexdigest()


def orders_in(text: str) -> tuple[str, ...]:
    """Order numbers that a text names as such, each once.

    >>> orders_in("Order no. 1001 and my Bestellung #A-77, not in order at 9")
    ('1001', 'A-77')
    """
    found = (one.group(1) for one in _ORDER.finditer(text[:LONGEST_TEXT]))
    return tuple(dict.fromkeys(one for one in found if sum(map(str.isdigit, one)) > 1))


def fingerprint(text: str) -> str:
    """The same for the same words whatever case and signs; empty for fewer than 40 letters."""
    words = " ".join(re.findall(r"\w+", text.casefold()))
    return hashlib.sha256(words.encode()).hexdigest()[:16] if len(words) > 40 else ""


def says_something(text: str) -> bool:
    """Is there a letter, a digit or a sign that a person can see?

    >>> says_something(" \u200b\u2060\n"), says_something("!")
    (False, True)
    """
    return any(not one.isspace() and unicodedata.category(one) not in _UNSEEN for one in text)


def identity(told: Told, voice: str, now: datetime, *, nth: int = 1) -> str:
    """What makes a report the same report: its number at its source and its text.

    Without a number: its text, product, day and person; importing a file again changes nothing.
    Who types it in, or sends it without a number, says it twice within the hour, no longer. `nth`
    is its place among rows of one file that are alike and name nobody.
    """
    parts = [told.source, told.source_id, told.text_sha256]
    if not told.source_id:
        day = (told.received_at or told.published_at or told.happened_at) if told.line else None
        parts += [told.product, told.product_name, told.order, told.lot, told.serial, voice]
        parts.append(day.isoformat() if day else "")
        if told.channel in LIVE:
            parts.append(f"{now:%Y-%m-%dT%H}")
        if nth > 1:
            parts.append(str(nth))
    return _hashed(parts)


def identity_of_more(told: Told, same: str) -> str:
    """The identity of a report that says more than another one of the same number and words."""
    return _hashed([same, *(getattr(told, name) for name in TOLD_APART), str(hurt(told))])


def adds_to(told: Told, before: Mapping[str, object], harm: int) -> bool:
    """Does it name another product, lot, serial or order than told `before`, or worse harm?"""
    return hurt(told) > harm or any(
        said.casefold() != known.casefold()
        for name in TOLD_APART
        if (said := getattr(told, name).strip()) and (known := str(before.get(name, "")).strip())
    )


def hurt(told: Told) -> int:
    """What the source says of harm, 0 to 4."""
    return max(told.harm or 0, int(told.kind == "injury"))


def _hashed(parts: Iterable[str]) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def voice_key(told: Told) -> str:
    """What tells one person from another: an e-mail address, else a number, else nothing."""
    if "@" in told.email:
        return "email:" + told.email.strip().casefold()
    digits = "".join(one for one in told.phone if one.isdigit())
    if len(digits) >= 7:
        return f"phone:{digits[-10:]}"
    return ""
