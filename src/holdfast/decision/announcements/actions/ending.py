"""Announcements that a later message of their authority takes back or replaces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from holdfast.decision.announcements.events import AnnouncementsEnded
from holdfast.decision.announcements.models import Announcement, CatalogueMatch
from holdfast.ground.journal.actions import record
from holdfast.ground.journal.rules import masked
from holdfast.kit.actors import Actor

AT_ONCE = 400
MOST_TOLD = 50
FURTHEST = 100  # messages that replace each other, one after the other


@dataclass
class Ended:
    """How many announcements were taken back, and how many replaced."""

    withdrawn: int = 0
    superseded: int = 0


def end_announcements(*, rows: Sequence[Announcement], by: Actor, now: datetime) -> Ended:
    """What these rows end, and those of them that earlier messages had ended before they came.

    Called inside the intake's transaction. Open pairs with our products are marked withdrawn;
    what a person decided stays as it is.
    """
    ended, marked, told = Ended(), 0, []
    for source, authority in sorted({(row.source, row.authority) for row in rows}):
        of_feed = Announcement.objects.filter(source=source, authority=authority)
        messages = of_feed.exclude(refers_to=[]).order_by("is_withdrawal", "pk")
        for number in list(messages.values_list("pk", flat=True)):
            message = of_feed.get(pk=number)  # one before may have ended it
            for target in _referred(of_feed, message):
                if not _ends(message, target):
                    continue
                target.ended_by, target.needs_matching = message, False
                target.save(update_fields=["ended_by", "needs_matching"])
                how = "withdrawn" if message.is_withdrawal else "superseded"
                marked += _mark(target, f"{how} by the authority: {message.number}", by, now)
                setattr(ended, how, getattr(ended, how) + 1)
                told.append(masked(f"{target}: {how} by {message.number}"))
    if told:
        fact = AnnouncementsEnded(
            withdrawn=ended.withdrawn,
            superseded=ended.superseded,
            matches=marked,
            which=tuple(told[:MOST_TOLD]),
        )
        record(fact, by=by, now=now)
    return ended


def _referred(of_feed: object, message: Announcement) -> Iterator[Announcement]:
    """What a message refers to; by its number alone where no sender is told or known."""
    names = list(message.refers_to)
    for at in range(0, len(names), AT_ONCE):
        some = names[at : at + AT_ONCE]
        bare = [name.rpartition(",")[2] for name in some]
        alone = [name for name in some if "," not in name]
        found = Q(message__in=some) | Q(number__in=alone) | Q(message="", number__in=bare)
        yield from of_feed.filter(found, is_withdrawal=False).select_related("ended_by")  # type: ignore[attr-defined]


def _ends(message: Announcement, target: Announcement) -> bool:
    """Whether that is news: a message ends neither itself nor what ended it."""
    before = target.ended_by
    if before is not None and (before.is_withdrawal or not message.is_withdrawal):
        return False
    at: Announcement | None = message
    for _ in range(FURTHEST):
        if at is None:
            return True
        if at.pk == target.pk:
            return False
        at = at.ended_by
    return False


def _mark(target: Announcement, why: str, by: Actor, now: datetime) -> int:
    rows = CatalogueMatch.objects.filter(announcement=target, state="open", is_current=True)
    return rows.update(state="withdrawn", because=why[:300], decided_by=by.key, decided_at=now)
