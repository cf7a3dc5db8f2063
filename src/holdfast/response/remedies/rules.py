"""Remedy policies, promises, amounts, references and links, as pure functions."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from holdfast.kit.measures.ease import EaseGrade, RemedyTerms, grade
from holdfast.kit.refusals import Forbidden, Unreadable

REFUND, REPLACEMENT, REPAIR, CREDIT, DISPOSAL = (
    "refund",
    "replacement",
    "repair",
    "credit",
    "disposal",
)
REMEDIES = (REFUND, REPLACEMENT, REPAIR, CREDIT, DISPOSAL)
# Regulation (EU) 2023/988, Art. 37(2): the consumer chooses between at least two of these.
EU_CHOICES = frozenset({REFUND, REPLACEMENT, REPAIR})
PAID_IN_MONEY = frozenset({REFUND, CREDIT})
# what the ledger calls a unit once the remedy has been given
SETTLES_AS = {
    REFUND: "refunded",
    REPLACEMENT: "replaced",
    REPAIR: "repaired",
    CREDIT: "credited",
    DISPOSAL: "destroyed",
}
PROOFS = ("declaration", "photo", "return")
MOST_PHOTOS = 3
GONE_ANSWERS = {
    "discarded": "discarded",
    "given_away": "given_away",
    "sold": "sold_on",
    "never": "never_received",
}
# Cells and batteries are never asked for by post, whatever the proof policy says.
NEVER_BY_POST = frozenset({"fire", "explosion", "burn"})

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U


class Answered(Protocol):
    """What a claim says, whatever stores it."""

    answer: str
    outcome: str
    remedy: str
    state: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What one recall offers: remedies with their promised days, and what it asks as proof."""

    remedies: tuple[str, ...]
    within_days: Mapping[str, int]
    proof: str = "declaration"
    one_remedy_reason: str = ""
    hard_to_get_reason: str = ""

    def ease(self) -> EaseGrade:
        slowest = max((self.within_days.get(r, 0) for r in self.remedies), default=0)
        return grade(
            RemedyTerms(
                asked_online=True,
                promised_within_days=slowest,
                cash_offered=REFUND in self.remedies,
                return_needed=self.proof == "return",
            )
        )


def ask_terms(terms: Terms, *, is_eu: bool, outcome: str) -> EaseGrade:
    """Refuse a policy a consumer could not use or the law does not know; the ease grade if fine."""
    if not terms.remedies:
        raise Forbidden("no_remedy", "A recall offers at least one remedy.", hint="Offer a refund.")
    unknown = [r for r in terms.remedies if r not in REMEDIES]
    if unknown:
        raise Unreadable(
            "unknown_remedy", f"{unknown[0]!r} is no remedy.", hint="One of: " + ", ".join(REMEDIES)
        )
    if len(set(terms.remedies)) != len(terms.remedies):
        raise Unreadable("remedy_twice", "A remedy is named twice.", hint="Name each once.")
    if terms.proof not in PROOFS:
        raise Unreadable(
            "unknown_proof", f"{terms.proof!r} is no proof.", hint="One of: " + ", ".join(PROOFS)
        )
    for remedy in terms.remedies:
        days = terms.within_days.get(remedy)
        if days is None or not 1 <= days <= 365:
            raise Unreadable(
                "no_promise",
                f"{remedy} has no promised day.",
                hint="Say within how many days (1 to 365) the person has it.",
            )
    choices = EU_CHOICES.intersection(terms.remedies)
    if is_eu and len(choices) < 2 and not terms.one_remedy_reason.strip():
        raise Forbidden(
            "one_choice_only",
            "In the EU a person chooses between at least two of refund, replacement and repair.",
            hint="Add a second one, or state why it is impossible or disproportionate "
            "(Regulation (EU) 2023/988, Art. 37).",
        )
    if terms.proof == "return" and outcome in NEVER_BY_POST:
        raise Forbidden(
            "never_by_post",
            "A product that can catch fire is never sent through the post.",
            hint="Ask for a declaration or a photo instead.",
        )
    found = terms.ease()
    if found.needs_reason and not terms.hard_to_get_reason.strip():
        raise Forbidden(
            "hard_to_get",
            f"Ease grade {found.letter}: this remedy is hard to get.",
            hint="Make it easier, or write down why it cannot be. "
            + " ".join(p.why for p in found.points if not p.met),
        )
    return found


@dataclass(frozen=True, slots=True)
class BoughtLine:
    """One affected order line: what was paid for one item, and how many are affected."""

    order: str
    unit_price: Decimal
    currency: str
    units: int


def amount_of(lines: Iterable[BoughtLine]) -> tuple[Decimal, str]:
    """What was paid for the affected units; never less than the price on the order line."""
    total, currencies = Decimal(0), set()
    for line in lines:
        total += line.unit_price * line.units
        currencies.add(line.currency)
    if len(currencies) > 1:
        raise Forbidden(
            "two_currencies",
            "These units were paid for in more than one currency.",
            hint="A person settles this claim by hand.",
        )
    return total.quantize(Decimal("0.01"), ROUND_HALF_UP), next(iter(currencies), "")


@dataclass(frozen=True, slots=True)
class Promise:
    """What we said would happen next, and by when."""

    remedy: str
    started_on: date
    send_on: date
    by: date
    change_until: date

    def is_late(self, today: date) -> bool:
        return today > self.by


def promise_for(remedy: str, *, now: datetime, within_days: int) -> Promise:
    """Days are calendar days; the last day to change one's mind is the day before we act."""
    start = now.date()  # `now` in the shop's own zone
    by = start + timedelta(days=within_days)
    send = min(start + timedelta(days=1 if remedy in PAID_IN_MONEY else 3), by)
    return Promise(remedy, start, send, by, max(start, send - timedelta(days=1)))


def late_alternative(remedy: str, offered: Sequence[str]) -> str | None:
    """What a person may switch to once a promise has passed: always their money."""
    if remedy == REFUND:
        return None
    del offered  # the law gives the refund whether or not the policy listed it
    return REFUND


def reference_from(entropy: bytes, prefix: str) -> str:
    """A reference a person can read out: prefix, four characters, two check-like ones.

    >>> reference_from(bytes([7, 4, 20, 19, 2, 1, 5, 9]), "LV")
    'LV-74MK-2159'
    """
    if len(entropy) < 8:
        raise ValueError("a reference needs at least eight bytes of chance")
    signs = "".join(ALPHABET[byte & 31] for byte in entropy[:8])
    head = "".join(c for c in prefix.upper() if c.isascii() and c.isalnum())[:4] or "R"
    return f"{head}-{signs[:4]}-{signs[4:]}"


def link_token(key: bytes, *, recall: str, recipient: str, number: int = 1) -> str:
    """The 128-bit token of one person's link: derived, so that nothing but its hash is stored.

    Letters, mail merges and a resend thus print the same link without the token ever being kept.
    `number` counts the links of this person; another one gives a token that shows nothing of the
    one before.
    """
    again = f"\x00{number}" if number > 1 else ""
    mac = hmac.new(key, f"link\x00{recall}\x00{recipient}{again}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(mac.digest()[:16]).rstrip(b"=").decode()


def token_hash(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def ask_gone(answer: str) -> str:
    """The ledger state for an "I no longer have it" answer."""
    if answer not in GONE_ANSWERS:
        raise Unreadable(
            "unknown_answer",
            "Please choose what happened to it.",
            hint="One of: " + ", ".join(GONE_ANSWERS),
        )
    return GONE_ANSWERS[answer]


def ask_kept(kept: Decimal, *, bought: Decimal) -> Decimal:
    """How many somebody still has, of how many; whole ones where they bought whole ones."""
    if not 0 <= kept <= bought or (bought == int(bought) and kept != int(kept)):
        raise Unreadable(
            "unknown_number",
            f"Please say how many you still have: 0 to {bought.normalize():f}.",
        )
    return kept


def ask_photos(sent: int, *, there: int) -> None:
    """Refuse none and more than a claim holds."""
    if sent < 1:
        raise Unreadable("no_photo", "Please choose a photo.", hint="Or skip it.")
    if there + sent > MOST_PHOTOS:
        raise Forbidden(
            "photo_many",
            f"A claim holds {MOST_PHOTOS} photos.",
            hint="Write to us if a person should look at more.",
        )


def state_of(claim: Answered) -> str:
    """What the ledger calls the units a claim answers for; nothing before there is an answer."""
    if claim.answer == "gone":
        return claim.outcome
    if claim.state == "fulfilled":
        return SETTLES_AS.get(claim.remedy, "")
    if claim.state in ("chosen", "in_review"):
        return "claim_open"
    return "has_it" if claim.answer == "have" else ""


def ask_choice(remedy: str, *, offered: Sequence[str], stopped: bool) -> None:
    """Refuse a choice that is not on offer or comes without the promise to stop using it."""
    if remedy not in offered:
        raise Unreadable("choose_one", "Please choose one of the offers.", hint=", ".join(offered))
    if not stopped:
        raise Unreadable(
            "say_you_stopped",
            "Please tick that you have stopped using it.",
            hint="This is the one thing we need to know.",
        )
