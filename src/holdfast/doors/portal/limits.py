"""How often one place may write: claims, photos and reports only, never the safety answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.http import HttpRequest

from holdfast.ground.limits.actions import take_turn
from holdfast.ground.limits.rules import Limit, place_of
from holdfast.kit.actors import PUBLIC

# In a row from one place: a family, a flat, a clinic behind one address; then one in six seconds.
WRITES = Limit("portal.write", 30, timedelta(seconds=6))
# A photo costs a second of work; three claims' worth in a row, then one in half a minute.
PHOTOS = Limit("portal.photo", 12, timedelta(seconds=30))


def may_write(request: HttpRequest, limit: Limit = WRITES) -> bool:
    """Take one turn of the place this request comes from.

    `REMOTE_ADDR` is the asker's own address: the middleware has read it through trusted proxies.
    """
    place = place_of(request.META.get("REMOTE_ADDR", ""))
    return take_turn(limit=limit, place=place, by=PUBLIC, now=datetime.now(UTC))
