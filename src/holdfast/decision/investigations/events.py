"""Facts about alarms and investigations; who told us what stays outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from holdfast.ground.journal.events import Fact


@dataclass(frozen=True)
class AlarmRaised(Fact):
    """A product and a hazard were told of too often; the reports are kept by number."""

    words: ClassVar[str] = "{alarm}: {sentence} Score {score}, threshold {threshold}."
    alarm: str
    product: str
    hazard: str
    sentence: str
    known_on: str
    score: str
    threshold: str
    reports: int
    complaints: tuple[str, ...]
    window_days: int
    expected: str
    lots: tuple[str, ...]
    replaces: str


@dataclass(frozen=True)
class AlarmDismissed(Fact):
    """A person said that an alarm is no hazard; it does not return for a year unless it grows."""

    words: ClassVar[str] = "{alarm} is no hazard: {reason} It is quiet until {quiet_until}."
    alarm: str
    reason: str
    quiet_until: str


@dataclass(frozen=True)
class AlarmDismissalWithdrawn(Fact):
    """A person took back that an alarm is no hazard."""

    words: ClassVar[str] = "{alarm} waits again: {reason}"
    alarm: str
    reason: str


@dataclass(frozen=True)
class AlarmBudgetSet(Fact):
    """How many false alarms a week the team reads, and the threshold that follows from it."""

    words: ClassVar[str] = "False alarms read a week: {false_a_week}; threshold {threshold}"
    false_a_week: str
    threshold: str


@dataclass(frozen=True)
class InvestigationOpened(Fact):
    """An investigation began; the investigation's start is a fact clocks count from."""

    words: ClassVar[str] = "{investigation} began: {question}"
    investigation: str
    question: str
    alarm: str
    product: str
    lots: tuple[str, ...]
    hazard: str
    owner: str
    known_at: str


@dataclass(frozen=True)
class InvestigationAssigned(Fact):
    """An investigation got another owner."""

    words: ClassVar[str] = "{investigation} belongs to {owner}"
    investigation: str
    owner: str


@dataclass(frozen=True)
class InvestigationTaskAdded(Fact):
    """Something that would settle it was put on the checklist."""

    words: ClassVar[str] = "{investigation}, to do: {said}"
    investigation: str
    task: int
    kind: str
    said: str


@dataclass(frozen=True)
class InvestigationTaskFinished(Fact):
    """A line of the checklist was done."""

    words: ClassVar[str] = "{investigation}, done: {said} {note}"
    investigation: str
    task: int
    said: str
    note: str


@dataclass(frozen=True)
class FindingRecorded(Fact):
    """Something was found, with what it speaks for and what proves it."""

    words: ClassVar[str] = "{investigation}, found: {said} ({bearing})"
    investigation: str
    number: int
    said: str
    bearing: str
    evidence_sha256: str


@dataclass(frozen=True)
class InvestigationNarrowed(Fact):
    """The lots in question were said anew."""

    words: ClassVar[str] = "{investigation} is about lots {lots}"
    investigation: str
    lots: tuple[str, ...]


@dataclass(frozen=True)
class InvestigationConcluded(Fact):
    """An investigation ended: a recall, no hazard, or keep watching."""

    words: ClassVar[str] = "{investigation} ended: {outcome} {recall} {reason}"
    investigation: str
    outcome: str
    recall: str
    reason: str


@dataclass(frozen=True)
class InvestigationReopened(Fact):
    """An investigation that had ended without a recall goes on."""

    words: ClassVar[str] = "{investigation} goes on: {reason}"
    investigation: str
    reason: str
