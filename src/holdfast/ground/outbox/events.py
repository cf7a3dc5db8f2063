"""Facts of the outbox: what was handed over, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from holdfast.ground.journal.events import Fact


@dataclass(frozen=True)
class DeliveriesSettled(Fact):
    """One window of attempts ended; each with Message-ID, state, attempt and the server's words."""

    words: ClassVar[str] = "wave {wave} by {channel}: {count} attempts ended"
    wave: int
    channel: str
    count: int
    deliveries: tuple[tuple[str, str, int, str], ...]


@dataclass(frozen=True)
class AttemptsRecovered(Fact):
    """A sender died; what its record shows about each attempt it left open."""

    words: ClassVar[str] = (
        "wave {wave} by {channel}: a sender stopped with {count} attempts open, {unclear} unclear"
    )
    wave: int
    channel: str
    count: int
    unclear: int
    deliveries: tuple[tuple[str, str, int, str], ...]


@dataclass(frozen=True)
class BouncesNoted(Fact):
    """Servers told later what became of messages they took; those that came back are failed now."""

    words: ClassVar[str] = "reports from mail servers: {failed} came back, {delayed} are delayed"
    failed: int
    delayed: int
    deliveries: tuple[tuple[str, str, int, str], ...]


@dataclass(frozen=True)
class MessagesPlanned(Fact):
    """People were added to a wave, one row each; the digest binds who all are, and their ids."""

    words: ClassVar[str] = "wave {wave} by {channel}: {count} messages planned"
    wave: int
    channel: str
    count: int
    all_sha256: str = ""


@dataclass(frozen=True)
class MessagesSuppressed(Fact):
    """Messages were taken out before they were sent."""

    words: ClassVar[str] = "wave {wave} by {channel}: {count} messages taken out, {reason}"
    wave: int
    channel: str
    count: int
    reason: str


@dataclass(frozen=True)
class AmbiguousSettled(Fact):
    """A person decided what to do about a message that was unclear twice."""

    words: ClassVar[str] = "message {message_id}, unclear twice: {decision}, {reason}"
    message_id: str
    decision: str
    reason: str


@dataclass(frozen=True)
class StaffMailSettled(Fact):
    """A message to somebody of the house was taken by the server, or was not, and why."""

    words: ClassVar[str] = "e-mail to {to}, “{about}”: {outcome} {why}"
    to: str
    about: str
    outcome: str
    why: str


@dataclass(frozen=True)
class InstanceConfirmed(Fact):
    """This home may send from this database."""

    words: ClassVar[str] = "this home folder may send: {reason}"
    mark: str
    reason: str
