"""Moving a wave through its life; who may is asked by the room that owns the recall."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from holdfast.ground.outbox.lifecycle import WAVE
from holdfast.ground.outbox.models import Message, Wave
from holdfast.ground.outbox.rules import OPEN_STATES
from holdfast.kit.actors import Actor


def open_wave(*, recall: str, number: int, channel: str, by: Actor, now: datetime) -> Wave:
    """The wave's row, made on first use."""
    wave, _ = Wave.objects.get_or_create(
        recall=recall, number=number, channel=channel, defaults={"planned_for": now}
    )
    return wave


def move_wave(
    *,
    wave: Wave,
    move: str,
    reason: str = "",
    ramp_percent: int | None = None,
    by: Actor,
    now: datetime,
) -> Wave:
    """Make one move of the lifecycle table under a lock; a refused one changes nothing."""
    with transaction.atomic():
        locked = Wave.objects.select_for_update().get(pk=wave.pk)
        is_open = Message.objects.filter(
            recall=locked.recall,
            wave=locked.number,
            channel=locked.channel,
            state__in=OPEN_STATES,
        ).exists()
        facts = {"has_reason": bool(reason.strip()), "nothing_open": not is_open}
        locked.state = WAVE.after(locked.state, move, facts)
        if move == "launch":
            locked.launched_at, locked.launched_by = now, by.key
            locked.ended_at = locked.ramp_until = None
        if ramp_percent is not None:
            locked.ramp_percent = ramp_percent
        if move in ("finish", "withdraw"):
            locked.ended_at = now
        locked.reason = reason[:300]
        locked.save()
    return locked


def hold_ramp(*, wave: Wave, until: datetime, by: Actor, now: datetime) -> Wave:
    """The first few are out; the rest follows after `until` unless somebody stops it."""
    Wave.objects.filter(pk=wave.pk, state="ramping", ramp_until=None).update(ramp_until=until)
    wave.refresh_from_db()
    return wave


def note_trouble(*, wave: Wave, words: str, by: Actor, now: datetime) -> None:
    """Why nothing gets through at this moment, for the page; empty when it does again."""
    Wave.objects.filter(pk=wave.pk).update(trouble=words[:300])
