"""Announcements of several feeds that are one recall: by number, link, code, or maker and model."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from holdfast.decision.announcements.events import AnnouncementsJoined
from holdfast.decision.announcements.models import (
    Announcement,
    AnnouncementTrait,
    JointAnnouncement,
)
from holdfast.decision.announcements.rules import TOO_COMMON, may_be_joint, why_joint
from holdfast.ground.journal.actions import record
from holdfast.ground.journal.rules import masked
from holdfast.kit.actors import Actor

AT_ONCE = 500
ORDER = ("number", "link", "code", "model")
MOST_TOLD = 100


def join_announcements(*, rows: list[Announcement], by: Actor, now: datetime) -> int:
    """Hold what is one recall together; what a person parted stays parted. How many pairs."""
    there = {}
    for start in range(0, len(rows), AT_ONCE):
        there.update(_pairs(rows[start : start + AT_ONCE]))
    known = set()
    firsts = [first for first, _ in there]
    for start in range(0, len(firsts), AT_ONCE):
        found = JointAnnouncement.objects.filter(first__in=firsts[start : start + AT_ONCE])
        known |= set(found.values_list("first_id", "second_id"))
    new = [
        JointAnnouncement(
            first_id=first, second_id=second, rule=rule, reason=reason, by=by.key, at=now
        )
        for (first, second), (rule, reason, _) in there.items()
        if (first, second) not in known
    ]
    if not new:
        return 0
    JointAnnouncement.objects.bulk_create(new, batch_size=AT_ONCE)
    told = tuple(masked(there[pair.first_id, pair.second_id][2]) for pair in new[:MOST_TOLD])
    record(AnnouncementsJoined(count=len(new), pairs=told), by=by, now=now)
    return len(new)


def _pairs(rows: list[Announcement]) -> dict[tuple[int, int], tuple[str, str, str]]:
    """Pairs with these rows, each with the strongest rule: (rule, reason, both in words)."""
    mine = {row.pk: row for row in rows}
    values = AnnouncementTrait.objects.filter(announcement__in=mine).values_list("value", flat=True)
    holders: dict[str, set[int]] = defaultdict(set)
    wanted = sorted(set(values))
    for start in range(0, len(wanted), AT_ONCE):
        found = AnnouncementTrait.objects.filter(value__in=wanted[start : start + AT_ONCE])
        for value, pk in found.values_list("value", "announcement_id"):
            holders[value].add(pk)
    shared = {value: pks for value, pks in holders.items() if 1 < len(pks) <= TOO_COMMON}
    others = set().union(*shared.values()) - mine.keys() if shared else set()
    light = ("pk", "source", "authority", "number", "published_on")
    everybody = dict(mine)
    for row in Announcement.objects.filter(pk__in=others).only(*light):
        everybody[row.pk] = row
    pairs: dict[tuple[int, int], tuple[str, str, str]] = {}
    for value in sorted(shared, key=lambda one: ORDER.index(one.partition(":")[0])):
        for one in sorted(shared[value] & mine.keys()):
            for two in sorted(shared[value] - {one}):
                first, second = min(one, two), max(one, two)
                if (first, second) in pairs:
                    continue
                left, right = everybody[first], everybody[second]
                if left.source == right.source and left.authority == right.authority:
                    continue  # one authority tells its own recalls apart
                rule, reason = why_joint(value, str(left), str(right))
                if may_be_joint(rule, left.published_on, right.published_on):
                    pairs[first, second] = (rule, reason, f"{left} = {right}: {reason}")
    return pairs
