"""The sample's waves: planned and launched as usual, their deliveries simulated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.conf import settings

from holdfast.decision.recalls.models import Recall
from holdfast.ground.outbox.actions import claim_window, move_wave, open_wave, settle_window
from holdfast.ground.outbox.models import Wave
from holdfast.kit.actors import Actor
from holdfast.response.notices.actions import approve_text, draft_notice
from holdfast.response.outreach.actions import launch_wave, plan_wave
from holdfast.response.outreach.rules import EMAIL, REMINDER_DAYS

WORKER = "sample"
AT_ONCE = 500


@dataclass(frozen=True)
class Simulated:
    """An ending no server ever gave; it says so where the server's words would stand."""

    key: object
    outcome: str
    reply: str


def tell(recall: Recall, *, by: Actor, at: datetime, chance: Random, key: bytes) -> Reminders:
    """Write and approve the notice and send the first wave; gives the reminders still to come."""
    notice = draft_notice(recall=recall, url=f"{settings.PUBLIC_URL}/recall", by=by, now=at)
    for text in notice.texts.order_by("language"):
        approve_text(text=text, sha256=text.sha256, by=by, now=at)
    _send(recall, 1, by=by, at=at, chance=chance, key=key)
    recall.refresh_from_db()
    due = [(at + timedelta(days=days), number) for number, days in enumerate(REMINDER_DAYS, 2)]
    return Reminders(recall, by, chance, key, due)


@dataclass
class Reminders:
    """Sends each reminder on its day, to those who have not answered by then."""

    recall: Recall
    by: Actor
    chance: Random
    key: bytes
    due: list[tuple[datetime, int]]

    def send_until(self, moment: datetime) -> None:
        """Send what was due up to this moment."""
        while self.due and self.due[0][0] <= moment:
            at, number = self.due.pop(0)
            _send(self.recall, number, by=self.by, at=at, chance=self.chance, key=self.key)


def _send(
    recall: Recall, number: int, *, by: Actor, at: datetime, chance: Random, key: bytes
) -> None:
    """Plan and launch one wave and let it arrive; a few addresses fail."""
    wave = open_wave(recall=recall.ref, number=number, channel=EMAIL, by=by, now=at)
    plan_wave(recall=recall, wave=wave, key=key, host="lumenvale.example", by=by, now=at)
    launch_wave(recall=recall, wave=wave, gates=(), waivers={}, ramp_percent=100, by=by, now=at)
    wave = Wave.objects.get(pk=wave.pk)
    moment = at
    while True:
        moment += timedelta(seconds=20)
        window = claim_window(wave=wave, most=AT_ONCE, worker=WORKER, by=by, now=moment)
        if not window.rows:
            break
        endings = [
            Simulated(row.key, "permanent", "550 simulated: no such mailbox")
            if chance.random() < 0.02
            else Simulated(row.key, "accepted", "250 simulated: nothing was sent")
            for row in window.rows
        ]
        settle_window(
            wave=wave,
            endings=endings,
            claimed={row.key: row for row in window.rows},
            worker=WORKER,
            retry_for=timedelta(0),
            by=by,
            now=moment,
        )
    move_wave(wave=wave, move="finish", by=by, now=moment)
