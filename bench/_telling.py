"""A recall of a million people half told, with answers, made by the product's own actions.

No mail server is asked: the endings of messages are made up, and say so.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

AT_ONCE = 250  # a window of the sender, and so a journal entry
WORKER = "bench"


@dataclass(frozen=True)
class Ending:
    """What a mail server would have said; none was asked."""

    key: object
    outcome: str
    reply: str


def plan(ref: str) -> int:
    """One wave to everybody in scope, launched without a ramp; how many messages it has."""
    from django.conf import settings

    from holdfast.decision.recalls.queries import recall_named
    from holdfast.ground.outbox.actions import open_wave
    from holdfast.ground.outbox.models import Message
    from holdfast.response.outreach.actions import launch_wave, plan_wave

    by, now, recall = _owner(), datetime.now(UTC), recall_named(ref)
    wave = open_wave(recall=ref, number=1, channel="email", by=by, now=now)
    plan_wave(recall=recall, wave=wave, key=settings.LINK_KEY, host="bench.example", by=by, now=now)
    launch_wave(recall=recall, wave=wave, gates=(), waivers={}, ramp_percent=100, by=by, now=now)
    return Message.objects.filter(recall=ref, wave=1).count()


def send(ref: str, messages: int) -> int:
    """So many of them settled, two of a hundred refused by their server; then the wave pauses."""
    from holdfast.ground.outbox.actions import claim_window, settle_window
    from holdfast.ground.outbox.models import Wave
    from holdfast.response.outreach.actions import pause_wave

    by, chance, done = _owner(), random.Random(5), 0
    wave = Wave.objects.get(recall=ref, number=1)
    while done < messages:
        now = datetime.now(UTC)
        window = claim_window(wave=wave, most=AT_ONCE, worker=WORKER, by=by, now=now)
        if not window.rows:
            break
        endings = [
            Ending(row.key, "permanent", "550 made up: no such mailbox")
            if chance.random() < 0.02
            else Ending(row.key, "accepted", "250 made up: nothing was sent")
            for row in window.rows
        ]
        settle_window(
            wave=wave,
            endings=endings,
            claimed={row.key: row for row in window.rows},
            worker=WORKER,
            retry_for=timedelta(0),
            by=by,
            now=now,
        )
        done += len(window.rows)
    pause_wave(wave=wave, reason="half told, to be looked at", by=by, now=datetime.now(UTC))
    return done


def answer(ref: str, people: int) -> int:
    """So many people answer on their own page: money back, another one, gone, or only “yes”."""
    from holdfast.decision.recalls.queries import confirmed_scope, recall_named
    from holdfast.kit.actors import PUBLIC
    from holdfast.response.remedies.actions import answer_gone, answer_have, choose_remedy
    from holdfast.response.remedies.models import Claim, PersonalLink
    from holdfast.response.remedies.queries import owned_by

    recall, chance, now = recall_named(ref), random.Random(7), datetime.now(UTC)
    version = confirmed_scope(recall)
    assert version is not None
    customers = version.lines.order_by("pk").values_list("line__customer_id", flat=True)
    for number, customer in enumerate(customers[:people]):
        given = {
            "recall": recall,
            "owned": owned_by(recall, customer),
            "reference": f"B-{number:07}",
            "link": PersonalLink.objects.filter(recall=recall, customer_id=customer).first(),
            "source": "link",
            "by": PUBLIC,
            "now": now,
        }
        way = chance.random()
        if way < 0.2:
            answer_have(**given)
        elif way < 0.4:
            answer_gone(outcome="discarded", **given)
        else:
            remedy = "refund" if way < 0.8 else "replacement"
            choose_remedy(remedy=remedy, stopped=True, **given)
    return Claim.objects.filter(recall=recall).count()


def settle() -> int:
    """The reactions and the stored figures, as the worker would bring them up to date."""
    from holdfast.config.worker import run_reactions
    from holdfast.insight.measures.actions import refresh_stale
    from holdfast.kit.actors import SYSTEM

    later = datetime.now(UTC) + timedelta(minutes=5)
    done = 0
    while found := run_reactions(now=later):
        done += found
    refresh_stale(by=SYSTEM, now=later)
    return done


def _owner():  # type: ignore[no-untyped-def]
    from holdfast.ground.access.models import Person
    from holdfast.ground.access.queries import actor_for

    return actor_for(Person.objects.get())
