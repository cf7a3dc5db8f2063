"""Launching a wave through its gates, and stopping it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from holdfast.decision.recalls.actions import begin_telling
from holdfast.decision.recalls.models import Recall
from holdfast.ground.journal.actions import record
from holdfast.ground.outbox.actions import move_wave
from holdfast.ground.outbox.models import Wave
from holdfast.ground.outbox.queries import counts
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden
from holdfast.response.outreach.events import (
    GatesChecked,
    GateWaived,
    WaveLaunched,
    WavePaused,
    WaveResumed,
    WaveWithdrawn,
)
from holdfast.response.outreach.models import GateCheck
from holdfast.response.outreach.policies import require_sending
from holdfast.response.outreach.rules import REMINDER_DAYS, Gate, waived


@transaction.atomic
def store_gates(
    *, recall: Recall, wave: int, gates: Sequence[Gate], by: Actor, now: datetime
) -> Sequence[Gate]:
    """Keep what a launch check found."""
    require_sending(by)
    for gate in gates:
        GateCheck.objects.update_or_create(
            recall=recall,
            wave=wave,
            gate=gate.name,
            defaults={"state": gate.stored_as, "words": gate.words[:400], "by": by.key, "at": now},
        )
    fact = GatesChecked(
        wave=wave,
        green=sum(1 for gate in gates if gate.state == "green"),
        count=len(gates),
        states=tuple((gate.name, gate.state) for gate in gates),
    )
    record(fact, by=by, now=now, subject=recall.ref)
    return gates


@transaction.atomic
def launch_wave(
    *,
    recall: Recall,
    wave: Wave,
    gates: Sequence[Gate],
    waivers: Mapping[str, str],
    ramp_percent: int,
    by: Actor,
    now: datetime,
) -> Wave:
    """Open the way for a planned wave if every gate is green or waived with a reason.

    Refused, it changes nothing and names every gate that is red.
    """
    require_sending(by)
    passed = waived(gates, waivers)
    red = [gate for gate in passed if gate.state == "red"]
    if red:
        raise _gates_closed(red, passed)
    store_gates(recall=recall, wave=wave.number, gates=passed, by=by, now=now)
    for gate, before in zip(passed, gates, strict=True):
        if gate.state == "waived":
            fact = GateWaived(
                wave=wave.number,
                gate=gate.name,
                found=before.words[:300],
                reason=waivers[gate.name][:300],
            )
            record(fact, by=by, now=now, subject=recall.ref)
    begin_telling(recall=recall, by=by, now=now)
    wave = move_wave(wave=wave, move="launch", ramp_percent=ramp_percent, by=by, now=now)
    if ramp_percent >= 100:
        wave = move_wave(wave=wave, move="finish_ramp", by=by, now=now)
    people = counts(recall.ref, wave=wave.number, channel=wave.channel)["queued"]
    launched = WaveLaunched(
        wave=wave.number, channel=wave.channel, people=people, ramp=ramp_percent
    )
    record(launched, by=by, now=now, subject=recall.ref)
    if wave.number == 1:
        _propose_reminders(recall, wave, now)
    return wave


def _propose_reminders(recall: Recall, wave: Wave, now: datetime) -> None:
    for number, days in enumerate(REMINDER_DAYS, start=2):
        Wave.objects.get_or_create(
            recall=recall.ref,
            number=number,
            channel=wave.channel,
            defaults={"planned_for": now + timedelta(days=days)},
        )


def _gates_closed(red: Sequence[Gate], gates: Sequence[Gate]) -> Forbidden:
    """The refusal that names each gate which is red, and how to pass it."""
    named = ", ".join(gate.name for gate in red)
    may = [gate.name for gate in red if gate.may_be_waived]
    first = f" {red[0].asks}: {red[0].words}." if red[0].words else ""
    return Forbidden(
        "gates",
        f"{len(red)} of {len(gates)} gates are not green: {named}.{first}",
        hint="See `holdfast recall notify R`."
        + (f" A gate is waived with --waive {may[0]}=REASON." if may else ""),
        extra={"gates": [gate.as_json() for gate in gates]},
    )


@transaction.atomic
def pause_wave(*, wave: Wave, reason: str, by: Actor, now: datetime) -> Wave:
    """No further message is begun; what is in the air, at most one window, still ends."""
    require_sending(by)
    wave = move_wave(wave=wave, move="pause", reason=reason, by=by, now=now)
    fact = WavePaused(wave=wave.number, channel=wave.channel, reason=reason[:300])
    record(fact, by=by, now=now, subject=wave.recall)
    return wave


@transaction.atomic
def resume_wave(*, wave: Wave, reason: str, by: Actor, now: datetime) -> Wave:
    """Go on where it stopped."""
    require_sending(by)
    wave = move_wave(wave=wave, move="resume", reason=reason, by=by, now=now)
    fact = WaveResumed(wave=wave.number, channel=wave.channel, reason=reason[:300])
    record(fact, by=by, now=now, subject=wave.recall)
    return wave


@transaction.atomic
def withdraw_wave(*, wave: Wave, reason: str, by: Actor, now: datetime) -> Wave:
    """End a wave for good; what was not sent never is."""
    require_sending(by)
    wave = move_wave(wave=wave, move="withdraw", reason=reason, by=by, now=now)
    fact = WaveWithdrawn(wave=wave.number, channel=wave.channel, reason=reason[:300])
    record(fact, by=by, now=now, subject=wave.recall)
    return wave


@transaction.atomic
def reopen_wave(*, wave: Wave, by: Actor, now: datetime) -> Wave:
    """People were added to a wave that was done: it goes on for them."""
    require_sending(by)
    wave = move_wave(wave=wave, move="add_people", reason="people were added", by=by, now=now)
    people = counts(wave.recall, wave=wave.number, channel=wave.channel)["queued"]
    fact = WaveLaunched(
        wave=wave.number, channel=wave.channel, people=people, ramp=wave.ramp_percent
    )
    record(fact, by=by, now=now, subject=wave.recall)
    return wave
