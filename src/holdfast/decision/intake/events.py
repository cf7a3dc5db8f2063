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
        "{complaints} complaints came in with import {run}: {urgent} urgent, {linked} linked to a "
        "product, {duplicates} told before"
    )

    run: int
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
