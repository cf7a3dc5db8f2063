"""Facts about what authorities are told and what they answer; words of people stay outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from holdfast.ground.journal.events import Fact


@dataclass(frozen=True)
class FactStated(Fact):
    """Somebody stated a fact of the base; a personal one is told without its words."""

    words: ClassVar[str] = "{title}: {said}, as of {as_of} ({source}). {replaced}"
    key: str
    place: str
    filing: str
    title: str
    said: str
    value_sha256: str
    as_of: str
    source: str
    replaced: str


@dataclass(frozen=True)
class FilingDrafted(Fact):
    """A filing was begun, or a further version of one; `by_schedule` where it opened itself."""

    words: ClassVar[str] = "{filing} begun: {title}, {country}. {because}"
    filing: str
    form: str
    title: str
    regime: str
    obligation: str
    country: str
    cut_off: str
    period: str
    because: str


@dataclass(frozen=True)
class FilingUpdated(Fact):
    """A draft reads the fact base as of another moment."""

    words: ClassVar[str] = "{filing} reads the facts as of {cut_off}"
    filing: str
    cut_off: str


@dataclass(frozen=True)
class FilingProposed(Fact):
    """A filing was complete and its content frozen, with the hash a release is bound to."""

    words: ClassVar[str] = "{filing} is complete and waits for release"
    filing: str
    sha256: str


@dataclass(frozen=True)
class FilingReopened(Fact):
    """A frozen filing is a draft again."""

    words: ClassVar[str] = "{filing} is a draft again: {reason}"
    filing: str
    reason: str


@dataclass(frozen=True)
class FilingReleased(Fact):
    """Somebody released exactly this content; `alone` says it is their own proposal."""

    words: ClassVar[str] = "{filing} released"
    filing: str
    sha256: str
    proposed_by: str
    alone: bool


@dataclass(frozen=True)
class FilingExported(Fact):
    """A released filing was written as a file, which is kept as evidence."""

    words: ClassVar[str] = "{filing} exported as {kind}"
    filing: str
    kind: str
    sha256: str
    file_sha256: str


@dataclass(frozen=True)
class FilingFiled(Fact):
    """A filing went to its authority."""

    words: ClassVar[str] = "{filing} filed at {filed_at}: {title}, {country}, {reference}"
    filing: str
    title: str
    regime: str
    obligation: str
    country: str
    sha256: str
    filed_at: str
    reference: str
    receipt_sha256: str
    late: str


@dataclass(frozen=True)
class FilingAcknowledged(Fact):
    """The authority confirmed a filing."""

    words: ClassVar[str] = "{filing} acknowledged: {reference}"
    filing: str
    reference: str
    receipt_sha256: str


@dataclass(frozen=True)
class FilingWithdrawn(Fact):
    """A filing will not be made."""

    words: ClassVar[str] = "{filing} withdrawn: {reason}"
    filing: str
    reason: str


@dataclass(frozen=True)
class ContradictionExplained(Fact):
    """Somebody said why two numbers differ and may both stand."""

    words: ClassVar[str] = "{title}: why {one} and {other} may both stand. {because}"
    key: str
    place: str
    title: str
    one: str
    other: str
    because: str


@dataclass(frozen=True)
class AuthorityLetterRecorded(Fact):
    """A letter from or to an authority was kept; its words are in the attached file."""

    words: ClassVar[str] = "Letter {number} {direction} {authority}: {subject}"
    number: int
    direction: str
    authority: str
    regime: str
    country: str
    subject: str
    at: str
    file_sha256: str


@dataclass(frozen=True)
class AuthorityRequestRecorded(Fact):
    """An authority asked something, or was promised something, by a time."""

    words: ClassVar[str] = "{kind} no. {number}, due {due}: {asked}"
    number: int
    kind: str
    asked: str
    due: str
    letter: int


@dataclass(frozen=True)
class AuthorityRequestSettled(Fact):
    """A question was answered or a promise kept, or it was dropped with a reason."""

    words: ClassVar[str] = "{kind} no. {number} {state}: {answer}"
    number: int
    kind: str
    state: str
    answer: str
    late: str


@dataclass(frozen=True)
class FilingsPersonErased(Fact):
    """Fields that named or reached somebody were emptied; whom is not told."""

    words: ClassVar[str] = (
        "a person was erased from {statements} statements and {fields} filed fields: {reason}; "
        "words elsewhere: {remains}"
    )
    statements: int
    fields: int
    remains: int
    reason: str
