"""Facts about what somebody told us."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from holdfast.ground.journal.events import Fact


@dataclass(frozen=True)
class SignalRecorded(Fact):
    """A text came in; it stays outside the journal, its hash and what was read are kept."""

    words: ClassVar[str] = "A message came in and was read: {read}"
    signal: int
    text_sha256: str
    read: tuple[str, ...]
    known_at: str


@dataclass(frozen=True)
class ComplaintReceived(Fact):
    """Somebody told us something; who and in what words stays outside, the text's hash is kept."""

    words: ClassVar[str] = "{ref} came in ({kind}, by {channel}): {hazards} {product}"

    complaint: int
    ref: str
    kind: str
    channel: str
    source: str
    text_sha256: str
    hazards: tuple[str, ...]
    harm: int | None
    urgency: int
    product: str
    duplicate_of: str
    received_at: str


@dataclass(frozen=True)
class ComplaintsImported(Fact):
    """A file of complaints came in; the digest binds what each of them said."""

    words: ClassVar[str] = (
        "{complaints} complaints came in with a file: {urgent} urgent, {linked} linked to a "
        "product, {duplicates} told before"
    )

    complaints: int
    urgent: int
    linked: int
    duplicates: int
    first: int
    last: int
    digest: str


@dataclass(frozen=True)
class FirstInformationNoted(Fact):
    """Injury or fire was told: the time from which legal clocks may count, before any recall."""

    words: ClassVar[str] = "{ref} is urgent, first known {known_at} ({how}): {why}"

    complaint: int
    ref: str
    known_at: str
    how: str
    why: str
    hazards: tuple[str, ...]
    harm: int | None


@dataclass(frozen=True)
class InspectionRecorded(Fact):
    """A lot was looked at by sample; who looked stays outside."""

    words: ClassVar[str] = (
        "{ref}: lot {lot} of {product} from {supplier} {verdict}, {found} of {looked_at} failed"
    )
    ref: str
    inspection: int
    product: str
    lot: str
    supplier: str
    looked_at: int
    found: int
    plan: str
    verdict: str
    inspected_at: str


@dataclass(frozen=True)
class SeverityChanged(Fact):
    """The next lot of this supplier and product is inspected differently, by which rule."""

    words: ClassVar[str] = "Inspection of {product} from {supplier}: {before} → {after} ({rule})"
    series: int
    product: str
    supplier: str
    before: str
    after: str
    rule: str
    reason: str


@dataclass(frozen=True)
class InspectionsImported(Fact):
    """A file of inspections came in; the digest binds what each of them says."""

    words: ClassVar[str] = "{inspections} inspections came in, {rejected} of them of rejected lots"
    inspections: int
    rejected: int
    digest: str


@dataclass(frozen=True)
class TestResultRecorded(Fact):
    """A laboratory's result came in."""

    __test__: ClassVar[bool] = False
    words: ClassVar[str] = "{ref}: {what} in lot {lot} of {product}: {outcome}"
    ref: str
    result: int
    product: str
    lot: str
    supplier: str
    what: str
    value: str
    limit: str
    outcome: str
    tested_at: str


@dataclass(frozen=True)
class TestResultsImported(Fact):
    """A file of laboratory results came in."""

    __test__: ClassVar[bool] = False
    words: ClassVar[str] = "{results} test results came in, {failed} of them failed"
    results: int
    failed: int
    digest: str


@dataclass(frozen=True)
class ComplaintLinked(Fact):
    """A person said what a complaint is about."""

    words: ClassVar[str] = "{ref} was linked to {kind} {product} {lot}"

    complaint: int
    ref: str
    kind: str
    product: str
    lot: str


@dataclass(frozen=True)
class ComplaintLinkWithdrawn(Fact):
    """A link was wrong; it stays on record as taken back."""

    words: ClassVar[str] = "A link of {ref} to {kind} {product} was taken back"

    complaint: int
    ref: str
    link: int
    kind: str
    product: str


@dataclass(frozen=True)
class DuplicateMarked(Fact):
    """A person said that a complaint repeats another."""

    words: ClassVar[str] = "{ref} repeats {of}"

    complaint: int
    ref: str
    of: str


@dataclass(frozen=True)
class DuplicateWithdrawn(Fact):
    """A complaint does not repeat another after all."""

    words: ClassVar[str] = "{ref} does not repeat {of}; it counts by itself"

    complaint: int
    ref: str
    of: str


@dataclass(frozen=True)
class ComplaintSeen(Fact):
    """Somebody read a complaint; the first reader stays on record."""

    words: ClassVar[str] = "{ref} was read"

    complaint: int
    ref: str


@dataclass(frozen=True)
class InformantErased(Fact):
    """Who told us something was forgotten; what was told stays."""

    words: ClassVar[str] = "Who told {ref} was erased, in {complaints} complaints"

    complaint: int
    ref: str
    complaints: int


@dataclass(frozen=True)
class ComplaintsCarried(Fact):
    """Complaints led to a recall; the earliest of them says since when it was known."""

    words: ClassVar[str] = (
        "{count} complaints led to a recall, first known {known_at}: {complaints}"
    )

    signal: int
    complaints: tuple[str, ...]
    count: int
    known_at: str


@dataclass(frozen=True)
class ComplaintsRelinked(Fact):
    """Products, lots or orders came in, and complaints that named them were linked."""

    words: ClassVar[str] = "{complaints} complaints were linked after entry {after}"

    complaints: int
    after: int
