"""Putting messages into the outbox, and taking them out before they are sent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.db import connection, transaction

from holdfast.ground.journal.actions import record
from holdfast.ground.outbox.events import AmbiguousSettled, MessagesPlanned, MessagesSuppressed
from holdfast.ground.outbox.models import Message, Wave
from holdfast.ground.outbox.queries import wave_digest
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden, Unreadable

AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Planned:
    """One message to be: an opaque recipient, their address, and their own values."""

    recipient: str
    address: str
    skeleton_id: int
    message_id: str
    values: dict[str, str] = field(default_factory=dict)
    second_id: int | None = None


def plan_messages(*, wave: Wave, planned: Iterable[Planned], by: Actor, now: datetime) -> int:
    """One row for each recipient who has none in this wave yet; gives how many are new.

    Planning again changes nothing. All or none: a stopped plan leaves no row.
    """
    table = Message._meta.db_table
    sql = (
        f"INSERT INTO {table} (recall, wave, channel, recipient, address, skeleton_id, second_id,"  # noqa: S608 - a constant
        ' "values", message_id, state, attempts, unclear, is_listed_ambiguous, worker,'
        " provider_reply)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'queued', 0, 0, %s, '', '')"
        " ON CONFLICT DO NOTHING"
    )
    with transaction.atomic():
        before = _count(wave)
        with connection.cursor() as cursor:
            for some in _pieces(planned):
                cursor.executemany(
                    sql,
                    [
                        (
                            wave.recall,
                            wave.number,
                            wave.channel,
                            one.recipient,
                            one.address,
                            one.skeleton_id,
                            one.second_id,
                            json.dumps(one.values, ensure_ascii=False),
                            one.message_id,
                            False,
                        )
                        for one in some
                    ],
                )
        added = _count(wave) - before
        if added:
            fact = MessagesPlanned(
                wave=wave.number,
                channel=wave.channel,
                count=added,
                all_sha256=wave_digest(wave.recall, wave.number, wave.channel),
            )
            record(fact, by=by, now=now, subject=wave.recall)
    return added


def _count(wave: Wave) -> int:
    return Message.objects.filter(
        recall=wave.recall, wave=wave.number, channel=wave.channel
    ).count()


def _pieces(planned: Iterable[Planned]) -> Iterator[Sequence[Planned]]:
    rest = iter(planned)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def suppress_messages(
    *, wave: Wave, recipients: Sequence[str], reason: str, by: Actor, now: datetime
) -> int:
    """Take these people out of a wave as far as nothing has gone to them yet."""
    taken = 0
    with transaction.atomic():
        for start in range(0, len(recipients), 500):
            taken += Message.objects.filter(
                recall=wave.recall,
                wave=wave.number,
                channel=wave.channel,
                state="queued",
                unclear=0,
                recipient__in=recipients[start : start + 500],
            ).update(state="suppressed", provider_reply=reason[:300])
        if taken:
            fact = MessagesSuppressed(
                wave=wave.number, channel=wave.channel, count=taken, reason=reason
            )
            record(fact, by=by, now=now, subject=wave.recall)
    return taken


def settle_ambiguous(
    *, message: Message, decision: str, reason: str, by: Actor, now: datetime
) -> Message:
    """A person's word on a message that was unclear twice: it arrived, or it failed.

    It is never sent a third time; whoever must still be told is told another way.
    """
    if decision not in ("accepted", "failed"):
        raise Unreadable("unknown_decision", "Say “accepted” or “failed”.")
    if not reason.strip():
        raise Forbidden("has_reason", "This needs a reason in words.")
    with transaction.atomic():
        changed = Message.objects.filter(pk=message.pk, state="ambiguous", unclear__gte=2).update(
            state=decision, provider_reply=f"settled by a person: {reason}"[:500]
        )
        if not changed:
            raise Forbidden("not_held", "This message is not waiting for a person.")
        fact = AmbiguousSettled(message_id=message.message_id, decision=decision, reason=reason)
        record(fact, by=by, now=now, subject=message.recall)
    message.refresh_from_db()
    return message
