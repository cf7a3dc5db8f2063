"""Rows as the model of the kit, and the announcements that are one recall with another."""

from __future__ import annotations

import json
from dataclasses import replace

from django.db.models import Q, QuerySet

from holdfast.decision.announcements.models import Announcement, JointAnnouncement
from holdfast.kit.announcements import Firm, PublishedProduct, PublishedRecall
from holdfast.kit.matching import Record
from holdfast.kit.refusals import NotFound


def current_announcements() -> QuerySet[Announcement]:
    """What is matched: not what its authority took back or replaced, nor what says so."""
    return Announcement.objects.filter(ended_by=None, is_withdrawal=False)


def announcement_numbered(number: int) -> Announcement:
    """One announcement by our own number."""
    found = Announcement.objects.select_related("ended_by").filter(pk=number).first()
    if found is None:
        raise NotFound("no_announcement", f"There is no announcement no. {number}.")
    return found


def recall_of(row: Announcement, *, whole: bool = True) -> PublishedRecall:
    """A stored announcement as it was read; not `whole` leaves the original out."""
    return PublishedRecall(
        authority=row.authority,
        number=row.number,
        title=row.title,
        published_on=row.published_on,
        hazard=row.hazard,
        recall_class=row.recall_class,
        url=row.url,
        countries=tuple(row.countries),
        products=tuple(
            PublishedProduct(**{**one, "codes": tuple(one["codes"])}) for one in row.products
        ),
        lots=tuple(row.lots),
        firms=tuple(Firm(**one) for one in row.firms),
        original=json.loads(row.original) if whole else {},
    )


def record_of(row: Announcement) -> Record:
    """What of it is matched; its id is our own number."""
    found = recall_of(row, whole=False).as_record()
    return replace(found, id=str(row.pk), photo=row.photo_text)


def joined_to(
    row: Announcement, *, parted: bool = False
) -> list[tuple[JointAnnouncement, Announcement]]:
    """The announcements held to be the same recall, or those a person parted from it."""
    pairs = JointAnnouncement.objects.filter(Q(first=row) | Q(second=row), is_parted=parted)
    return [
        (pair, pair.second if pair.first_id == row.pk else pair.first)
        for pair in pairs.select_related("first", "second").order_by("pk")
    ]
