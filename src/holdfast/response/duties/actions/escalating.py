"""Duties that come near their end or are past it: each step is told once, whoever looks first."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from holdfast.ground.journal.actions import record
from holdfast.ground.outbox.actions import plan_staff_mail
from holdfast.kit.actors import Actor
from holdfast.response.duties.events import DutyEscalated
from holdfast.response.duties.lifecycle import OPEN
from holdfast.response.duties.models import DutyClock
from holdfast.response.duties.policies import may_work_on_duties
from holdfast.response.duties.queries.clocks import urgent_clocks
from holdfast.response.duties.queries.telling import mailed_about, moment_of, owners_of, title_of
from holdfast.response.duties.rules import FIRST, OVERDUE, STEP_WORDS, step_at


def escalate_duties(*, by: Actor, now: datetime) -> list[DutyClock]:
    """Tell every step that is reached and was not told; gives the duties it told of.

    After days in which nothing ran only the last step is told, once. A clock of the machine that
    was set back tells nothing again, since a step told is stored.
    """
    may_work_on_duties(by)
    told = []
    for clock in urgent_clocks(now=now, within=FIRST):
        step = step_at(clock.acts_by, now)
        if step > clock.escalated and _escalate(clock, step, by, now):
            told.append(clock)
    return told


@transaction.atomic
def _escalate(clock: DutyClock, step: int, by: Actor, now: datetime) -> bool:
    """Another worker that was faster, or somebody who settled it meanwhile, leaves no row here."""
    ours = DutyClock.objects.filter(
        pk=clock.pk, escalated=clock.escalated, acts_by=clock.acts_by, state__in=OPEN
    ).update(escalated=step, escalated_at=now)
    if not ours:
        return False
    clock.escalated, clock.escalated_at = step, now
    fact = DutyEscalated(
        duty=f"{clock.regime}.{clock.obligation}",
        country=clock.country,
        occurrence=clock.occurrence,
        title=title_of(clock),
        step=STEP_WORDS[step],
        due_at=moment_of(clock, clock.acts_by),
        owner=clock.owner,
    )
    record(fact, by=by, now=now, subject=clock.recall.ref)
    _tell_owners(clock, step, by, now)
    return True


def _tell_owners(clock: DutyClock, step: int, by: Actor, now: datetime) -> None:
    """A message to whoever owns the duty: what, by when, where; nothing of any consumer."""
    ref, title = clock.recall.ref, title_of(clock)
    lines = [
        f"{title}: {STEP_WORDS[step]}.",
        f"Due {moment_of(clock, clock.acts_by)}, which is {clock.acts_by:%Y-%m-%d %H:%M} UTC.",
        "",
    ]
    if step == OVERDUE:
        lines += ["Send it now with what you know, and say in it why it is late.", ""]
    lines += [f"{settings.PUBLIC_URL}/recalls/{ref}/deadlines/{clock.pk}/", ""]
    for person in owners_of(clock):
        plan_staff_mail(
            key=f"{mailed_about(clock)}{step}:{clock.acts_by:%Y%m%d%H%M}:{person}",
            recall=ref,
            person=person,
            subject=f"{ref}: {title}, {STEP_WORDS[step]}",
            text="\n".join(lines),
            by=by,
            now=now,
        )
