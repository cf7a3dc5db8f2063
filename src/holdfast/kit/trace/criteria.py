"""What a scope asks for: products, variants, lots, serial numbers, suppliers, sites, dates."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from holdfast.kit.identifiers.faults import BadIdentifier
from holdfast.kit.identifiers.serial_range import SerialRange
from holdfast.kit.refusals import Unreadable

KINDS = ("products", "variants", "lots", "suppliers", "receipts", "sites", "markets", "serials")


@dataclass(frozen=True, slots=True)
class Criteria:
    """Words of one kind widen each other, words of different kinds narrow each other.

    `serials` are ranges FROM..TO or single serial numbers. `shipped_from` and `shipped_to` are days
    in the shop's zone, both included; None is open.
    """

    products: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    lots: tuple[str, ...] = ()
    suppliers: tuple[str, ...] = ()
    receipts: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()
    serials: tuple[str, ...] = ()
    shipped_from: date | None = None
    shipped_to: date | None = None

    def __bool__(self) -> bool:
        """Does it ask for anything at all?"""
        return bool(self.shipped_from or self.shipped_to) or any(
            getattr(self, kind) for kind in KINDS
        )

    @property
    def by_lot(self) -> bool:
        """Does it ask for some lots of a product only, so that a lot must be known or inferred?"""
        return bool(self.lots or self.suppliers or self.receipts)

    def as_json(self) -> dict[str, object]:
        """The stored form: sorted, so that the same question is the same bytes."""
        found: dict[str, object] = {kind: sorted(set(getattr(self, kind))) for kind in KINDS}
        if not self.serials:
            del found["serials"]  # what was stored before serials could be asked keeps its digest
        found["shipped_from"] = self.shipped_from.isoformat() if self.shipped_from else None
        found["shipped_to"] = self.shipped_to.isoformat() if self.shipped_to else None
        return found

    @classmethod
    def from_json(cls, stored: dict[str, object]) -> Criteria:
        """The stored form read back."""
        return cls(
            **{kind: tuple(_strings(stored.get(kind))) for kind in KINDS},
            shipped_from=_day(stored.get("shipped_from")),
            shipped_to=_day(stored.get("shipped_to")),
        )

    def digest(self) -> str:
        """SHA-256 of the stored form."""
        return json_digest(self.as_json())


def json_digest(stored: dict[str, object]) -> str:
    """SHA-256 of criteria as stored, also of those that an older version stored."""
    text = json.dumps(stored, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def serial_ranges(words: Iterable[str]) -> tuple[SerialRange, ...]:
    """The ranges that `serials` of criteria write down. Raises `Unreadable`."""
    found = []
    for word in words:
        try:
            found.append(SerialRange.parse(word))
        except BadIdentifier as fault:
            raise Unreadable(
                "bad_serials",
                f"“{word[:80]}” is no range of serial numbers: {fault}",
                hint="Write FROM..TO, both as on the label: --serial VL0100..VL0250.",
            ) from fault
    return tuple(found)


def parse_days(text: str) -> tuple[date | None, date | None]:
    """`FROM..TO`, either end may be empty; one day alone is both ends.

    >>> parse_days("2026-02-20..")
    (datetime.date(2026, 2, 20), None)
    """
    first, dots, last = text.strip().partition("..")
    start = _written(first, text)
    end = _written(last, text) if dots else start
    if start is None and end is None:
        raise Unreadable(
            "bad_dates", f"“{text}” names no day.", hint="Write --shipped 2026-02-20..2026-03-18."
        )
    if start and end and end < start:
        raise Unreadable(
            "bad_dates",
            f"“{text}” ends before it begins.",
            hint="Write the earlier day first: FROM..TO.",
        )
    return start, end


def _written(text: str, whole: str) -> date | None:
    text = text.strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Unreadable(
            "bad_dates",
            f"“{text}” in “{whole}” is not a day.",
            hint="Write days as YYYY-MM-DD: --shipped 2026-02-20..2026-03-18.",
        ) from error


def _strings(value: object) -> Iterable[str]:
    return [str(word) for word in value] if isinstance(value, (list, tuple)) else []


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else None


def sentences(criteria: Criteria) -> list[str]:
    """The criteria as a person reads them, one sentence a kind."""
    said = [
        f"{noun} {'is' if len(words) == 1 else 'is one of'} {_either(words)}"
        for noun, words in (
            ("Product", criteria.products),
            ("Variant", criteria.variants),
            ("Lot", criteria.lots),
            ("Supplier", criteria.suppliers),
            ("Receipt", criteria.receipts),
            ("Site", criteria.sites),
            ("Market", criteria.markets),
            ("Serial number", criteria.serials),
        )
        if words
    ]
    start, end = criteria.shipped_from, criteria.shipped_to
    if start and end:
        said.append(f"Shipped from {start:%-d %b %Y} to {end:%-d %b %Y}, both days included")
    elif start:
        said.append(f"Shipped on {start:%-d %b %Y} or later")
    elif end:
        said.append(f"Shipped on {end:%-d %b %Y} or earlier")
    return said


def _either(words: tuple[str, ...]) -> str:
    ordered = sorted(words)
    return ordered[0] if len(ordered) == 1 else f"{', '.join(ordered[:-1])} or {ordered[-1]}"
