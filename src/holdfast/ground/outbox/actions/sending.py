"""Claiming a window of messages, settling it, and taking over what a dead sender left.

Plain SQL, since this is the loop that decides how fast people are told. Every claim commits before
the first byte of it is sent; every settlement names the attempt and the worker, so that whoever
comes too late changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from django.db import connection, transaction

from holdfast.ground.journal.actions import record
from holdfast.ground.outbox.events import AttemptsRecovered, DeliveriesSettled
from holdfast.ground.outbox.lifecycle import SENDING
from holdfast.ground.outbox.models import Message, Skeleton, Wave
from holdfast.ground.outbox.rules import for_the_journal, verdict
from holdfast.kit.actors import Actor

LEASE = timedelta(seconds=60)
TABLE = Message._meta.db_table


class Ending(Protocol):
    """The end of one attempt, as a carrier tells it."""

    @property
    def key(self) -> Any: ...
    @property
    def outcome(self) -> str: ...
    @property
    def reply(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Claimed:
    """One attempt that is ours: the row as it was when it was claimed."""

    id: int
    attempt: int
    recipient: str
    address: str
    skeleton_id: int
    values: dict[str, str]
    message_id: str
    unclear: int
    first_attempt_at: datetime
    second_id: int | None = None

    @property
    def texts(self) -> tuple[int, ...]:
        """The texts of the message, in order; all of them must be released."""
        return (self.skeleton_id,) if self.second_id is None else (self.skeleton_id, self.second_id)

    @property
    def key(self) -> tuple[int, int]:
        """What carriers and flight records call it."""
        return (self.id, self.attempt)


@dataclass(frozen=True, slots=True)
class Window:
    """What was claimed, the state the wave was in, and the texts that may be sent."""

    rows: list[Claimed]
    state: str
    released: frozenset[int]

    @property
    def is_sending(self) -> bool:
        return self.state in SENDING


def claim_window(*, wave: Wave, most: int, worker: str, by: Actor, now: datetime) -> Window:
    """Up to `most` rows as `attempting`, new ones first; the second copies of unclear ones last.

    Nothing is claimed unless the wave is being sent and the text of the row is released.
    """
    with transaction.atomic():
        # Locked on PostgreSQL, so that whoever pauses waits for this claim and knows its size.
        found = Wave.objects.select_for_update().filter(pk=wave.pk)
        state = found.values_list("state", flat=True).first() or "withdrawn"
        texts = Skeleton.objects.filter(
            recall=wave.recall, channel=wave.channel, is_released=True
        ).values_list("pk", flat=True)
        released = frozenset(texts)
        if state not in SENDING or not released or most <= 0:
            return Window([], state, released)
        rows = _claim(wave, "state = 'queued'", most, released, worker, now)
        if not rows:
            # Second copies wait for the end, so that everybody has a first one before that.
            clause = "state = 'ambiguous' AND unclear < 2"
            rows = _claim(wave, clause, most, released, worker, now)
    return Window(rows, state, released)


def _claim(
    wave: Wave, clause: str, most: int, released: frozenset[int], worker: str, now: datetime
) -> list[Claimed]:
    skip = " FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    marks = ", ".join(["%s"] * len(released))
    # Chosen once, then updated: PostgreSQL may run a sub-select of the UPDATE once for every row,
    # and with SKIP LOCKED each run finds others, so that far more than `most` were claimed.
    sql = (
        f"WITH due AS MATERIALIZED (SELECT id FROM {TABLE}"  # noqa: S608 - constants
        f" WHERE recall = %s AND wave = %s AND channel = %s AND {clause}"
        " AND (not_before IS NULL OR not_before <= %s)"
        f" AND skeleton_id IN ({marks}) AND (second_id IS NULL OR second_id IN ({marks}))"
        f" ORDER BY id LIMIT %s{skip})"
        f" UPDATE {TABLE} SET state = 'attempting', attempts = attempts + 1, worker = %s,"
        " leased_until = %s, first_attempt_at = COALESCE(first_attempt_at, %s),"
        " last_attempt_at = %s, not_before = NULL WHERE id IN (SELECT id FROM due)"
        ' RETURNING id, attempts, recipient, address, skeleton_id, "values", message_id, unclear,'
        " first_attempt_at, second_id"
    )
    at = connection.ops.adapt_datetimefield_value(now)
    lease = connection.ops.adapt_datetimefield_value(now + LEASE)
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            [
                *(wave.recall, wave.number, wave.channel, at),
                *(*released, *released, most),
                *(worker, lease, at, at),
            ],
        )
        found = cursor.fetchall()
    rows = [
        Claimed(
            id=row[0],
            attempt=row[1],
            recipient=row[2],
            address=row[3],
            skeleton_id=row[4],
            values=_values(row[5]),
            message_id=row[6],
            unclear=row[7],
            first_attempt_at=_moment(row[8]),
            second_id=row[9],
        )
        for row in found
    ]
    rows.sort(key=lambda row: row.id)
    return rows


def _values(stored: Any) -> dict[str, str]:
    found: dict[str, str] = json.loads(stored) if isinstance(stored, str) else stored
    return found


def _moment(stored: Any) -> datetime:
    """SQLite keeps UTC without saying so."""
    moment = stored if isinstance(stored, datetime) else datetime.fromisoformat(stored)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def settle_window(
    *,
    wave: Wave,
    endings: Sequence[Ending],
    claimed: Mapping[Any, Claimed],
    worker: str,
    retry_for: timedelta,
    by: Actor,
    now: datetime,
) -> tuple[int, str]:
    """Write what became of these attempts; gives the journal's size and root after it.

    An attempt whose lease had run out and whose row somebody else took over changes nothing.
    """
    with transaction.atomic():
        deliveries = _write_endings(endings, claimed, worker, retry_for, now)
        if deliveries:
            fact = DeliveriesSettled(
                wave=wave.number,
                channel=wave.channel,
                count=len(deliveries),
                deliveries=tuple(deliveries),
            )
            entry = record(fact, by=by, now=now, subject=wave.recall)
            return entry.index, entry.root
    return 0, ""


def _write_endings(
    endings: Sequence[Ending],
    claimed: Mapping[Any, Claimed],
    worker: str,
    retry_for: timedelta,
    now: datetime,
) -> list[tuple[str, str, int, str]]:
    adapt = connection.ops.adapt_datetimefield_value
    rows: list[tuple[Any, ...]] = []
    deliveries = []
    for ending in endings:
        row = claimed[ending.key]
        after = verdict(
            ending.outcome,
            unclear=row.unclear,
            attempts=row.attempt,
            first_attempt_at=row.first_attempt_at,
            now=now,
            retry_for=retry_for,
        )
        rows.append(
            (
                after.state,
                after.unclear,
                after.unclear > 0,
                adapt(after.not_before) if after.not_before else None,
                ending.reply[:500].replace("\0", ""),
                row.id,
                row.attempt,
                worker,
            )
        )
        deliveries.append((row.message_id, after.state, row.attempt, for_the_journal(ending.reply)))
    sql = (
        f"UPDATE {TABLE} SET state = %s, unclear = %s, is_listed_ambiguous = %s,"  # noqa: S608 - a constant
        " not_before = %s, provider_reply = %s, leased_until = NULL"
        " WHERE id = %s AND attempts = %s AND worker = %s AND state = 'attempting'"
    )
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)
        if cursor.rowcount == len(rows):
            return deliveries
        # Somebody took rows over: say of each whether it is still what we wrote.
        return [
            delivery for row, delivery in zip(rows, deliveries, strict=True) if _stands(cursor, row)
        ]


def _stands(cursor: Any, row: tuple[Any, ...]) -> bool:
    cursor.execute(
        f"SELECT state FROM {TABLE} WHERE id = %s AND attempts = %s AND worker = %s",  # noqa: S608 - a constant
        row[5:8],
    )
    found = cursor.fetchone()
    return found is not None and found[0] == row[0]


def renew_leases(*, worker: str, by: Actor, now: datetime) -> int:
    """Prolong everything this worker holds; gives how many rows it still holds."""
    return Message.objects.filter(state="attempting", worker=worker).update(
        leased_until=now + LEASE
    )


def recover_attempts(
    *,
    wave: Wave,
    dead: str,
    endings: Mapping[tuple[int, int], Ending],
    is_complete: bool,
    retry_for: timedelta,
    by: Actor,
    now: datetime,
) -> int:
    """Settle what a dead worker left: from its record, and as unclear where that says nothing.

    `is_complete`: the record survived whole (same boot of the same machine), so an attempt that
    does not stand in it had not begun, and is simply queued again.
    """
    with transaction.atomic():
        left = Message.objects.select_for_update().filter(
            recall=wave.recall,
            wave=wave.number,
            channel=wave.channel,
            state="attempting",
            worker=dead,
        )
        claimed: dict[Any, Claimed] = {}
        found: list[Ending] = []
        for row in left.order_by("id"):
            key = (row.pk, row.attempts)
            claimed[key] = Claimed(
                row.pk,
                row.attempts,
                row.recipient,
                row.address,
                row.skeleton_id,
                {},
                row.message_id,
                row.unclear,
                row.first_attempt_at or now,
            )
            missing = (
                _Missing(key, "not_sent", "the sender stopped before it began with this one")
                if is_complete
                else _Missing(key, "unknown", "the sender stopped and left no record of this one")
            )
            found.append(endings.get(key, missing))
        if not found:
            return 0
        deliveries = _write_endings(found, claimed, dead, retry_for, now)
        unbegun = [ending.key[0] for ending in found if ending.outcome == "not_sent"]
        for start in range(0, len(unbegun), 500):
            Message.objects.filter(pk__in=unbegun[start : start + 500]).update(not_before=None)
        fact = AttemptsRecovered(
            wave=wave.number,
            channel=wave.channel,
            count=len(deliveries),
            unclear=sum(1 for ending in found if ending.outcome == "unknown"),
            deliveries=tuple(deliveries),
        )
        record(fact, by=by, now=now, subject=wave.recall)
    return len(deliveries)


@dataclass(frozen=True, slots=True)
class _Missing:
    key: tuple[int, int]
    outcome: str
    reply: str
