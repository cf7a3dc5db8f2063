"""Photos that prove a claim: taken from people, drawn anew, erased with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.pictures import as_jpeg, decoded
from holdfast.kit.refusals import Forbidden, Unreadable
from holdfast.response.remedies.events import ClaimPhotosAdded, ClaimPhotosErased
from holdfast.response.remedies.lifecycle import CHOSEN, FULFILLED, REVIEW
from holdfast.response.remedies.models import Claim, ClaimPhoto
from holdfast.response.remedies.policies import require_answering, require_claim_work
from holdfast.response.remedies.rules import ask_photos

# Enough to read a serial number on a label that fills half of the picture.
SIDE, BYTES = 1_400, 180_000


def add_claim_photos(
    *, claim: Claim, pictures: Sequence[bytes], by: Actor, now: datetime
) -> list[ClaimPhoto]:
    """Keep what a person sent as proof, all of it or nothing; refuses what is no picture.

    The pixels are drawn outside the transaction, which then only stores them.
    """
    require_answering(by)
    ask_photos(len(pictures), there=claim.photos.count())
    drawn = [
        as_jpeg(decoded(data, at_most=SIDE), longest=SIDE, most_bytes=BYTES) for data in pictures
    ]
    with transaction.atomic():
        claim = Claim.objects.select_for_update().get(pk=claim.pk)
        if claim.state not in (CHOSEN, REVIEW, FULFILLED):
            raise Forbidden("no_claim", "There is no open claim to add a photo to.")
        there = list(claim.photos.values_list("number", flat=True))
        ask_photos(len(drawn), there=len(there))
        first = max(there, default=0) + 1
        made = ClaimPhoto.objects.bulk_create(
            ClaimPhoto(
                claim=claim,
                number=number,
                content=one.content,
                width=one.width,
                height=one.height,
                made_at=now,
            )
            for number, one in enumerate(drawn, first)
        )
        fact = ClaimPhotosAdded(claim.reference, len(made))
        record(fact, by=by, now=now, subject=claim.recall.ref)
    return made


@transaction.atomic
def erase_claim_photos(*, claim: Claim, reason: str, by: Actor, now: datetime) -> int:
    """Erase the photos of a claim, for a reason; returns how many there were."""
    require_claim_work(by)
    if not reason.strip():
        raise Unreadable("no_reason", "Please write down why; it is kept, without names.")
    count = claim.photos.count()
    if count:
        claim.photos.all().delete()
        fact = ClaimPhotosErased(claim.reference, count, " ".join(reason.split())[:200])
        record(fact, by=by, now=now, subject=claim.recall.ref)
    return count
