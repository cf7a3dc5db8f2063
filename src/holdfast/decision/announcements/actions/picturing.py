"""Photographs by which things are known again: added, fetched, read, taken out."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from holdfast.decision.announcements.events import (
    PhotographAdded,
    PhotographDropped,
    PhotographsScanned,
)
from holdfast.decision.announcements.models import Announcement, Photograph
from holdfast.decision.announcements.policies import (
    may_add_photographs,
    may_import_announcements,
)
from holdfast.decision.announcements.queries.announcements import record_of
from holdfast.decision.announcements.rules import pictures_of, record_digest
from holdfast.ground.journal.actions import record
from holdfast.ground.journal.rules import masked
from holdfast.kit.actors import Actor
from holdfast.kit.identifiers.photo import LIMITS
from holdfast.kit.phototext import PhotoText, can_read_words, read_text
from holdfast.kit.pictures import as_jpeg, decoded
from holdfast.kit.refusals import Unreadable
from holdfast.kit.storable import storable
from holdfast.supply.catalog.models import Product

log = logging.getLogger("holdfast.photographs")
SIDE, MOST_BYTES = 1_600, 400_000
MOST_TRIES = 3
AT_ONCE = 20
NOT_READ = "The reader of photographs broke on it; the log says how."


def add_photograph(
    *,
    data: bytes,
    product: Product | None = None,
    announcement: Announcement | None = None,
    origin: str = "upload",
    by: Actor,
    now: datetime,
) -> Photograph:
    """A picture of one product or one announcement; drawn anew, and read by the worker.

    The same picture of the same thing is kept once. Raises `Unreadable` for what is no picture.
    """
    may_add_photographs(by)
    if (product is None) == (announcement is None):
        raise Unreadable(
            "photograph_of_what",
            "A photograph shows one product of ours, or what one announcement means.",
            hint="Name the product by its code.",
        )
    content = _drawn(data)
    with transaction.atomic():
        row, made = Photograph.objects.get_or_create(
            product=product,
            announcement=announcement,
            sha256=hashlib.sha256(content).hexdigest(),
            defaults={"origin": origin, "content": content, "added_by": by.key, "added_at": now},
        )
        if made:
            fact = PhotographAdded(
                photograph=row.pk, of=masked(str(row))[:200], origin=origin, sha256=row.sha256
            )
            record(fact, by=by, now=now)
    return row


@transaction.atomic
def drop_photograph(*, photograph: Photograph, by: Actor, now: datetime) -> None:
    """Take a photograph out; what was read in it matches nothing from then on."""
    may_add_photographs(by)
    fact = PhotographDropped(
        photograph=photograph.pk, of=masked(str(photograph))[:200], sha256=photograph.sha256
    )
    told = photograph.announcement_id
    photograph.delete()
    _tell_again({told} if told else set())
    record(fact, by=by, now=now)


def note_pictures(*, source: str, by: Actor, now: datetime) -> int:
    """The addresses of pictures in what a feed just brought, to be fetched while it is on."""
    may_import_announcements(by)
    rows = []
    fresh = Announcement.objects.filter(source=source, changed_at=now)
    for pk, original in fresh.values_list("pk", "original").iterator(chunk_size=500):
        known = set(Photograph.objects.filter(announcement=pk).values_list("url", flat=True))
        rows += [
            Photograph(announcement_id=pk, origin="feed", url=url, added_by=by.key, added_at=now)
            for url in pictures_of(json.loads(original))
            if url not in known
        ]
    Photograph.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def keep_fetched(
    *, photograph: Photograph, data: bytes = b"", words: str = "", by: Actor, now: datetime
) -> Photograph:
    """What came from its address, or why nothing did; after three attempts it is left alone."""
    may_import_announcements(by)
    if data:
        try:
            photograph.content = _drawn(data)
            photograph.sha256 = hashlib.sha256(photograph.content).hexdigest()
        except Unreadable as no:
            photograph.tries, words = MOST_TRIES, no.message
    if words:
        photograph.tries = min(MOST_TRIES, photograph.tries + 1)
        photograph.words = words[:300]
        photograph.state = "failed" if photograph.tries >= MOST_TRIES else "waiting"
    photograph.save(update_fields=["content", "sha256", "tries", "words", "state"])
    return photograph


def read_photographs(*, by: Actor, now: datetime) -> int:
    """Read those that wait, and those of which only barcodes were read before the extra came."""
    may_import_announcements(by)
    wanted = Q(state="waiting")
    if can_read_words():
        wanted |= Q(state="read", has_words=False)
    rows = list(Photograph.objects.filter(wanted).exclude(content=b"").order_by("pk")[:AT_ONCE])
    if not rows:
        return 0
    # outside of any transaction: a picture takes up to a second, the first one more
    found = [(row, seen) for row in rows if (seen := _read(row)) is not None]
    with transaction.atomic():
        broken = {row.pk for row in rows} - {row.pk for row, _seen in found}
        Photograph.objects.filter(pk__in=broken).update(state="failed", words=NOT_READ)
        if not found:
            return 0
        for row, seen in found:
            row.text, row.has_words = storable(seen.text), seen.has_words
            row.state, row.read_at, row.words = "read", now, ""
            row.save(update_fields=["text", "has_words", "state", "read_at", "words"])
        _tell_again({row.announcement_id for row, _seen in found if row.announcement_id})
        fact = PhotographsScanned(
            photographs=len(found),
            with_text=sum(bool(seen.text) for _row, seen in found),
            has_words=all(seen.has_words for _row, seen in found),
        )
        record(fact, by=by, now=now)
    return len(found)


def _read(row: Photograph) -> PhotoText | None:
    """What stands in it; None where the reader broke, so that the others are read all the same."""
    try:
        return read_text(bytes(row.content))
    except Exception:
        log.exception("photograph %s", row.pk)
        return None


def _tell_again(announcements: Iterable[int]) -> None:
    """What is read in their photographs is part of what is matched."""
    for row in Announcement.objects.filter(pk__in=list(announcements)).select_for_update():
        texts = row.photographs.exclude(text="").order_by("pk").values_list("text", flat=True)
        row.photo_text = "\n".join(texts)
        sign = record_digest(record_of(row))
        is_over = row.is_withdrawal or row.ended_by_id is not None
        row.needs_matching = (row.needs_matching or row.record_sha256 != sign) and not is_over
        row.record_sha256 = sign
        row.save(update_fields=["photo_text", "record_sha256", "needs_matching"])


def _drawn(data: bytes) -> bytes:
    picture = decoded(data, at_most=SIDE, limits=LIMITS)
    return as_jpeg(picture, longest=SIDE, most_bytes=MOST_BYTES).content
