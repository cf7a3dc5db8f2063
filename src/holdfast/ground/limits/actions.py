"""Taking one's turn: one conditional update, whichever process is asked."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from holdfast.ground.limits.models import Allowance
from holdfast.ground.limits.rules import Limit, next_free
from holdfast.kit.actors import Actor

TRIES = 5
MOST_DROPPED = 200


def take_turn(*, limit: Limit, place: str, by: Actor, now: datetime) -> bool:
    """Whether this place may do it once more now; if so, it has been counted.

    Two processes that ask at once change the same row: the slower one finds it changed and asks
    again. Who loses every time is told no.
    """
    del by
    hidden = salted_hmac(f"holdfast.limits.{limit.kind}", place, algorithm="sha256").hexdigest()
    for _try in range(TRIES):
        mine = Allowance.objects.filter(kind=limit.kind, place=hidden)
        before = mine.values_list("free_at", flat=True).first()
        after = next_free(limit, before, now)
        if after is None:
            return False
        if before is not None:
            if mine.filter(free_at=before).update(free_at=after):
                return True
            continue
        try:
            with transaction.atomic():
                Allowance.objects.create(kind=limit.kind, place=hidden, free_at=after)
        except IntegrityError:
            continue
        _drop_quiet(now)
        return True
    return False


def _drop_quiet(now: datetime) -> None:
    """Forget places that may do everything again; a new place pays for a few old ones."""
    quiet = Allowance.objects.filter(free_at__lt=now).order_by("free_at")
    Allowance.objects.filter(pk__in=list(quiet.values_list("pk", flat=True)[:MOST_DROPPED])).filter(
        free_at__lt=now
    ).delete()
