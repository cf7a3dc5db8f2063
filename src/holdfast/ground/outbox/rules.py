"""What one attempt's end means for its row, as pure functions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from holdfast.ground.journal.rules import masked

STATES = ("queued", "attempting", "accepted", "failed", "suppressed", "ambiguous")
OPEN_STATES = ("queued", "attempting")
SMALLEST_RAMP = 20
MOST_FAILED = 0.05
FEWEST_TO_JUDGE = 20
FIRST_PAUSE = timedelta(seconds=0.5)
LONGEST_PAUSE = timedelta(minutes=5)

_ADDRESS = re.compile(r"[^\s<>]+@[^\s<>]+")
_DIALLED = re.compile(r"(?:\+|tel:|\b00)[\d\s()./-]{7,}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The row after an attempt: state, how often unclear so far, and the earliest next attempt."""

    state: str
    unclear: int
    not_before: datetime | None = None


def verdict(
    outcome: str,
    *,
    unclear: int,
    attempts: int,
    first_attempt_at: datetime | None,
    now: datetime,
    retry_for: timedelta,
) -> Verdict:
    """Where a row goes: never to a third copy, and never out of the list of the unclear."""
    waiting = "ambiguous" if unclear else "queued"
    if outcome == "accepted":
        return Verdict("accepted", unclear)
    if outcome == "permanent":
        return Verdict("failed", unclear)
    if outcome == "unknown":
        return Verdict("ambiguous", unclear + 1)
    if outcome == "not_sent":
        return Verdict(waiting, unclear, now + pause_after(min(attempts, 5)))
    if outcome == "transient":
        if first_attempt_at is not None and now - first_attempt_at > retry_for:
            return Verdict("failed", unclear)
        return Verdict(waiting, unclear, now + pause_after(attempts))
    raise ValueError(f"unknown outcome {outcome!r}")


def pause_after(attempts: int) -> timedelta:
    """Half a second after the first refusal, then doubling to five minutes."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * int(2 ** min(max(attempts, 1) - 1, 12)))


def for_the_journal(reply: str) -> str:
    """A server's words without what could name a person; the row itself keeps them whole.

    What the journal would refuse is masked too, last of all: a server, or whoever forges its
    words, must not be able to have a whole window refused.
    """
    return masked(_DIALLED.sub("[number]", _ADDRESS.sub("[address]", reply))[:120])


def ramp_size(planned: int, percent: int) -> int:
    """How many go out first: the percentage, but enough of them to show anything."""
    return min(planned, max(SMALLEST_RAMP, -(-planned * percent // 100)))


def is_going_wrong(accepted: int, failed: int) -> bool:
    """Whether so many fail that a person should look before more is sent."""
    return accepted + failed >= FEWEST_TO_JUDGE and failed > MOST_FAILED * (accepted + failed)
