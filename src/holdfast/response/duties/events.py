"""Facts about legal duties and their clocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from holdfast.ground.journal.events import Fact


@dataclass(frozen=True)
class DutyClocksReworked(Fact):
    """What a change of facts, of the law or of the scope did to the clocks; `clocks` has each.

    A clock is `{"duty", "country", "occurrence", "state", "due_at", "was"}`, times in ISO with the
    authority's offset.
    """

    words: ClassVar[str] = "{said}"
    because: str
    said: str
    clocks: tuple[dict[str, object], ...]


@dataclass(frozen=True)
class DutyAssigned(Fact):
    """A duty has an owner."""

    words: ClassVar[str] = "{title} is with {owner}"
    duty: str
    country: str
    occurrence: str
    title: str
    owner: str


@dataclass(frozen=True)
class DutyMet(Fact):
    """A duty was done, with the reference that shows it."""

    words: ClassVar[str] = "Done: {title}. {reference} {lateness}"
    duty: str
    country: str
    occurrence: str
    title: str
    reference: str
    met_at: str
    due_at: str
    lateness: str


@dataclass(frozen=True)
class DutyWaived(Fact):
    """A duty does not apply, with the reason."""

    words: ClassVar[str] = "Not applicable: {title}. {reason}"
    duty: str
    country: str
    occurrence: str
    title: str
    reason: str


@dataclass(frozen=True)
class DutyReopened(Fact):
    """A duty that counted as settled is open again."""

    words: ClassVar[str] = "Open again: {title}. {reason}"
    duty: str
    country: str
    occurrence: str
    title: str
    reason: str


@dataclass(frozen=True)
class HouseTargetSet(Fact):
    """Our own limit for a duty; the law gives none, or a later one."""

    words: ClassVar[str] = "Own limit for {title}: {at}. It is no law. {reason}"
    duty: str
    country: str
    occurrence: str
    title: str
    at: str
    acts_by: str
    reason: str


@dataclass(frozen=True)
class DutyEscalated(Fact):
    """A duty comes near its end or is past it; told once a step."""

    words: ClassVar[str] = "{title}: {step}, due {due_at}"
    duty: str
    country: str
    occurrence: str
    title: str
    step: str
    due_at: str
    owner: str


@dataclass(frozen=True)
class LawConfirmed(Fact):
    """Counsel confirmed a statement of the data; who did stays outside the journal."""

    words: ClassVar[str] = "Counsel confirmed {statement} on {on}: {value}. Source: {source}"
    statement: str
    on: str
    source: str
    value: str
    law: str


@dataclass(frozen=True)
class LawConfirmationWithdrawn(Fact):
    """A confirmation by counsel no longer counts."""

    words: ClassVar[str] = "Confirmation of {statement} taken back"
    statement: str


@dataclass(frozen=True)
class CalendarLinkMade(Fact):
    """A secret address gives the open deadlines to a calendar."""

    words: ClassVar[str] = "Calendar link no. {link} made: {label}"
    link: int
    label: str


@dataclass(frozen=True)
class CalendarLinkRevoked(Fact):
    """A calendar link answers nobody any more."""

    words: ClassVar[str] = "Calendar link no. {link} revoked"
    link: int
