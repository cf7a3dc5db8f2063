"""Announcements that a later message of their authority takes back or replaces."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from holdfast.decision.announcements.events import AnnouncementsEnded
from holdfast.decision.announcements.models import (
    Announcement,
    AnnouncementReference,
    CatalogueMatch,
)
from holdfast.ground.journal.actions import record
from holdfast.ground.journal.rules import masked
from holdfast.kit.actors import Actor
from holdfast.kit.announcements import PublishedRecall

AT_ONCE = 400
MOST_TOLD = 50
FURTHEST = 100  # messages that replace each other, one after the other
LIGHT = ("source", "authority", "number", "message", "is_withdrawal", "ended_by")


@dataclass
class Ended:
    """How many announcements were taken back, and how many replaced."""

    withdrawn: int = 0
    superseded: int = 0


def keep_references(*, fresh: Sequence[tuple[Announcement, PublishedRecall]]) -> None:
    """Which messages each of these names, anew."""
    for part in _parts([row.pk for row, _ in fresh if row.revision > 1]):
        AnnouncementReference.objects.filter(announcement__in=part).delete()
    AnnouncementReference.objects.bulk_create(
        [
            AnnouncementReference(announcement=row, name=name, number=_number(name))
            for row, recall in fresh
            for name in recall.refers_to
        ],
        batch_size=AT_ONCE,
    )


def end_announcements(*, rows: Sequence[Announcement], by: Actor, now: datetime) -> Ended:
    """What these rows end, and those of them that earlier messages had ended before they came.

    Called inside the intake's transaction. Open pairs with our products are marked withdrawn;
    what a person decided stays as it is.
    """
    ended, marked, told = Ended(), 0, []
    for source, authority in sorted({(row.source, row.authority) for row in rows}):
        of_feed = Announcement.objects.filter(source=source, authority=authority).only(*LIGHT)
        known = {row.pk: row for row in rows if (row.source, row.authority) == (source, authority)}
        for message, target in _concerned(of_feed, known):
            if not _ends(message, target, known):
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


def _concerned(
    of_feed: QuerySet[Announcement], known: dict[int, Announcement]
) -> list[tuple[Announcement, Announcement]]:
    """Each message with what it refers to, where one of both just came; both are known then.

    What came before on both sides was settled then, so this does not grow with the feed.
    """
    fresh = list(known)
    numbers = {name for row in known.values() for name in (row.number, _number(row.message))}
    named = set()
    for field, values in (("announcement", fresh), ("number", sorted(numbers))):
        for part in _parts(values):
            found = AnnouncementReference.objects.filter(**{f"{field}__in": part})
            named |= set(found.values_list("announcement_id", "name"))
    # Each by its own index: where the feed is named too, a planner may read all of it instead.
    anywhere = Announcement.objects.only(*LIGHT)
    _meet(known, anywhere, "pk", {pk for pk, _ in named} - known.keys())
    _meet(known, anywhere, "message", {name for _, name in named})
    _meet(known, of_feed, "number", {_number(name) for _, name in named})
    called = defaultdict(list)
    for row in known.values():
        for number in {row.number, _number(row.message)}:
            called[number].append(row)
    pairs = {
        (message.is_withdrawal, message.pk, target.pk): (message, target)
        for message, name in ((known[pk], name) for pk, name in named)
        for target in called[_number(name)]
        if _means(name, message, target)
    }
    return [pairs[key] for key in sorted(pairs)]


def _meet(
    known: dict[int, Announcement], of: QuerySet[Announcement], field: str, values: set[Any]
) -> None:
    for part in _parts(sorted(values)):
        for row in of.filter(**{f"{field}__in": part}):
            known.setdefault(row.pk, row)


def _number(name: str) -> str:
    return name.rpartition(",")[2]


def _means(name: str, message: Announcement, target: Announcement) -> bool:
    """By its number alone where no sender is told or known; only of the same feed."""
    if target.is_withdrawal or message.source != target.source:
        return False
    if message.authority != target.authority:
        return False
    is_bare = "," not in name or not target.message
    return name == target.message or (is_bare and _number(name) == target.number)


def _ends(message: Announcement, target: Announcement, known: dict[int, Announcement]) -> bool:
    """Whether that is news: a message ends neither itself nor what ended it."""
    before = None if target.ended_by_id is None else _known(target.ended_by_id, known)
    if before is not None and (before.is_withdrawal or not message.is_withdrawal):
        return False
    at: Announcement | None = message
    for _ in range(FURTHEST):
        if at is None:
            return True
        if at.pk == target.pk:
            return False
        at = None if at.ended_by_id is None else _known(at.ended_by_id, known)
    return False


def _known(pk: int, known: dict[int, Announcement]) -> Announcement:
    if pk not in known:
        known[pk] = Announcement.objects.only(*LIGHT).get(pk=pk)
    return known[pk]


def _mark(target: Announcement, why: str, by: Actor, now: datetime) -> int:
    rows = CatalogueMatch.objects.filter(announcement=target, state="open", is_current=True)
    return rows.update(state="withdrawn", because=why[:300], decided_by=by.key, decided_at=now)


def _parts(found: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(found), AT_ONCE):
        yield found[start : start + AT_ONCE]
