"""What happened to remedies, claims and payouts; references only, never a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from holdfast.ground.journal.events import Fact


@dataclass(frozen=True)
class RemediesSet(Fact):
    """What a person may choose, by when they have it, and how easy that is."""

    words: ClassVar[str] = "Remedies offered: {options}; proof {proof}; ease grade {ease}."
    options: list[str]
    within_days: dict[str, int]
    proof: str
    ease: str
    exception_reason: str
    effort_reason: str


@dataclass(frozen=True)
class LinksMade(Fact):
    """Personal links were made; only hashes of their tokens exist."""

    words: ClassVar[str] = "{count} personal links were made."
    count: int


@dataclass(frozen=True)
class LinkRevoked(Fact):
    """A person's link opens nothing any more."""

    words: ClassVar[str] = "Link {number} of {person} was revoked. {reason}"
    person: str
    number: int
    reason: str


@dataclass(frozen=True)
class LinkRenewed(Fact):
    """A person has a new link; the ones before are dead."""

    words: ClassVar[str] = "{person} has a new link, number {number}. {reason}"
    person: str
    number: int
    reason: str


@dataclass(frozen=True)
class ClaimPhotosAdded(Fact):
    """Somebody sent photos as proof; what they show stays out of the journal."""

    words: ClassVar[str] = "Claim {reference}: {count} photos came in."
    reference: str
    count: int


@dataclass(frozen=True)
class ClaimPhotosErased(Fact):
    """The photos of a claim were erased."""

    words: ClassVar[str] = "Claim {reference}: {count} photos were erased. {reason}"
    reference: str
    count: int
    reason: str


@dataclass(frozen=True)
class ClaimsWithdrawn(Fact):
    """Answers for a part of what somebody has went into an answer for all of it."""

    words: ClassVar[str] = "Claims {references} were withdrawn: {reason}."
    references: list[str]
    reason: str


@dataclass(frozen=True)
class ClaimAnswered(Fact):
    """Somebody told us what became of theirs."""

    words: ClassVar[str] = "Claim {references}: {answer} {outcome}, {units} units, by {source}."
    references: list[str]
    answer: str
    outcome: str
    units: str
    source: str


@dataclass(frozen=True)
class RemedyChosen(Fact):
    """Somebody chose what they get, and was promised a day."""

    words: ClassVar[str] = "Claim {references}: {remedy} for {units} units, promised {promised_on}."
    references: list[str]
    remedy: str
    units: str
    promised_on: str
    source: str


@dataclass(frozen=True)
class ClaimReviewed(Fact):
    """A person looked at a claim that came without a link."""

    words: ClassVar[str] = "Claim {reference} was looked at: {verdict}. {reason}"
    reference: str
    verdict: str
    reason: str


@dataclass(frozen=True)
class ClaimsFulfilled(Fact):
    """Remedies were given: the proof is named."""

    words: ClassVar[str] = "{count} claims fulfilled by {kind}: {evidence}."
    count: int
    references: list[str]
    kind: str
    evidence: str


@dataclass(frozen=True)
class PayoutsExported(Fact):
    """Payouts were handed over for payment, each exactly once."""

    words: ClassVar[str] = "Export {export}: {count} payouts, {totals}."
    export: str
    count: int
    totals: dict[str, str]


@dataclass(frozen=True)
class PayoutsPaid(Fact):
    """The payments of one export were made."""

    words: ClassVar[str] = "Export {export}: {count} payouts paid; proof {evidence}."
    export: str
    count: int
    evidence: str


@dataclass(frozen=True)
class ClaimsEscalated(Fact):
    """Promises passed; a person must act."""

    words: ClassVar[str] = "{count} promises have passed: {references}."
    count: int
    references: list[str]


@dataclass(frozen=True)
class InjuryReported(Fact):
    """Somebody was hurt; the words are kept apart from the journal."""

    words: ClassVar[str] = "Injury report {reference}, told through {source}."
    reference: str
    source: str


@dataclass(frozen=True)
class InjurySeen(Fact):
    """A person has read an injury report."""

    words: ClassVar[str] = "Injury report {reference} was read."
    reference: str
