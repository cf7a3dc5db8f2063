"""Facts in the life of a recall, from opening to closing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from holdfast.ground.journal.events import Fact


@dataclass(frozen=True)
class RecallOpened(Fact):
    """A hazard became a recall; what was pasted stays outside, only its hash is kept."""

    words: ClassVar[str] = "{title}: recall {ref} opened, a person can suffer: {outcome}"
    ref: str
    title: str
    product_code: str
    lots: tuple[str, ...]
    mechanism: str
    outcome: str
    source_sha256: str
    known_at: str
    regime: str


@dataclass(frozen=True)
class RoleAssigned(Fact):
    """Somebody took a role in this recall."""

    words: ClassVar[str] = "{person} holds the role {role}"
    person: str
    role: str


@dataclass(frozen=True)
class ScopeAsked(Fact):
    """Somebody had a large scope worked out in the background."""

    words: ClassVar[str] = "A scope is being worked out (job {job}). {rationale}"
    job: int
    criteria: dict[str, object]
    rationale: str


@dataclass(frozen=True)
class ScopeStopped(Fact):
    """Somebody stopped a scope that was being worked out; nothing of it is kept."""

    words: ClassVar[str] = "Working out the scope (job {job}) was stopped"
    job: int


@dataclass(frozen=True)
class ScopeProposed(Fact):
    """A scope version was worked out and stored."""

    words: ClassVar[str] = (
        "Scope v{number} proposed: {units} units, {people} people to tell. {rationale}"
    )
    number: int
    criteria: dict[str, object]
    counts: dict[str, object]
    digest: str
    units: str
    people: int
    rationale: str
    is_narrowing: bool


@dataclass(frozen=True)
class ScopeConfirmed(Fact):
    """A scope version counts from now on; `alone` says one person proposed and confirmed it."""

    words: ClassVar[str] = "Scope v{number} confirmed: {units} units, {people} people to tell"
    number: int
    digest: str
    units: str
    people: int
    proposed_by: str
    alone: bool


@dataclass(frozen=True)
class ScopeRefused(Fact):
    """A proposed scope version was refused."""

    words: ClassVar[str] = "Scope v{number} refused: {reason}"
    number: int
    reason: str


@dataclass(frozen=True)
class HazardEvaluated(Fact):
    """The risk was judged by a published method."""

    words: ClassVar[str] = "Risk {level}: severity {severity}, probability {probability}"
    method: str
    severity: int
    probability: str
    level: str
    scenario: str
    result: dict[str, object]


@dataclass(frozen=True)
class RiskPresumed(Fact):
    """The risk counts as serious without an assessment, on grounds the law names."""

    words: ClassVar[str] = "Risk {level}, presumed: {reasons}"
    method: str
    reasons: str
    severity: int | None
    probability: str
    level: str
    scenario: str
    result: dict[str, object]


@dataclass(frozen=True)
class FirmClassSet(Fact):
    """We worked out the class by an authority's definitions; it is ours, not the authority's."""

    words: ClassVar[str] = "Our own class by {method}: {title}"
    number: int
    method: str
    recall_class: str
    title: str
    result: dict[str, object]


@dataclass(frozen=True)
class AuthorityClassRecorded(Fact):
    """An authority set the class, on a day, under a reference."""

    words: ClassVar[str] = "{authority} set the class {title} on {decided_on}, {reference}"
    number: int
    method: str
    recall_class: str
    title: str
    authority: str
    decided_on: str
    reference: str


@dataclass(frozen=True)
class DecisionProposed(Fact):
    """A decision was written down, with the hash that signatures are bound to."""

    words: ClassVar[str] = "Decision no. {number} proposed: {measures}. {reason}"
    number: int
    sha256: str
    content: dict[str, object]
    measures: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class DecisionSigned(Fact):
    """Somebody signed exactly this content; `alone` says it is their own proposal."""

    words: ClassVar[str] = "Decision no. {number} signed"
    number: int
    sha256: str
    proposed_by: str
    alone: bool
    remedies: tuple[str, ...]


@dataclass(frozen=True)
class DissentRecorded(Fact):
    """Somebody disagrees, in their own words, kept word for word."""

    words: ClassVar[str] = "Dissent from decision no. {number}: {dissent}"
    number: int
    sha256: str
    dissent: str


@dataclass(frozen=True)
class TellingBegan(Fact):
    """The first wave was launched."""

    words: ClassVar[str] = "Telling began"
    scope: int


@dataclass(frozen=True)
class RecallClosed(Fact):
    """Our own file is closed; what was still open and why stands in it."""

    words: ClassVar[str] = "Recall closed. {reason}"
    reason: str
    left_open: dict[str, object]


@dataclass(frozen=True)
class RecallReopened(Fact):
    """A closed recall is live again."""

    words: ClassVar[str] = "Recall reopened: {reason}"
    reason: str


@dataclass(frozen=True)
class RecallWithdrawn(Fact):
    """The recall was ended before anybody was told."""

    words: ClassVar[str] = "Recall withdrawn before anybody was told: {reason}"
    reason: str


@dataclass(frozen=True)
class TaskAdded(Fact):
    """A line was added to the checklist."""

    words: ClassVar[str] = "Task added to {phase}: {task}"
    phase: str
    task: str


@dataclass(frozen=True)
class TaskFinished(Fact):
    """A line of the checklist was ticked."""

    words: ClassVar[str] = "Task done: {task}"
    task: str


@dataclass(frozen=True)
class ClockStartRecorded(Fact):
    """A fact from which legal clocks count was recorded, or replaced one that was wrong.

    Who knew it stays outside: `known_by` is kept here only where it is a key or a role.
    """

    words: ClassVar[str] = "{what}{where}: {at} ({zone}). {replaced} {doubts}"
    start: int
    replaces: int | None
    fact: str
    what: str
    at: str
    zone: str
    country: str
    regime: str
    occurrence: str
    where: str
    known_by: str
    source: str
    replaced: str
    doubts: tuple[str, ...]


@dataclass(frozen=True)
class ClockStartWithdrawn(Fact):
    """A fact from which legal clocks counted was taken back, with the reason."""

    words: ClassVar[str] = "Taken back: {what}{where}, {at}. {reason}"
    start: int
    fact: str
    what: str
    at: str
    country: str
    regime: str
    occurrence: str
    where: str
    reason: str


@dataclass(frozen=True)
class LegalProfileSet(Fact):
    """What it is, where it was sold and what we are there, as the law asks it."""

    words: ClassVar[str] = "For the law: {categories}; typed countries: {sold_in}; roles: {said}"
    categories: tuple[str, ...]
    sold_in: tuple[str, ...]
    roles: dict[str, object]
    said: str
