"""Sources of posts and how each fares."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, F, QuerySet

from holdfast.kit.refusals import NotFound
from holdfast.response.answers.models import MentionSource

EVERY = timedelta(minutes=30)


def sources() -> QuerySet[MentionSource]:
    """Every source with the number of its mentions, failing ones first."""
    found = MentionSource.objects.select_related("recall").annotate(told=Count("mentions"))
    return found.order_by(F("failing_since").asc(nulls_last=True), "kind", "title")


def source_named(text: str) -> MentionSource:
    """A source by its number or its title."""
    found = MentionSource.objects.filter(title__iexact=text.strip()).first()
    if found is None and text.isascii() and text.isdigit() and len(text) < 19:
        found = MentionSource.objects.filter(pk=int(text)).first()
    if found is None:
        raise NotFound("no_source", f"There is no source of posts “{text[:60]}”.")
    return found


def feeds_due(now: datetime) -> list[MentionSource]:
    """Feeds that are switched on, not asked for half an hour, and did not ask for more patience."""
    on = MentionSource.objects.filter(kind="feed", is_on=True).order_by("last_tried_at")
    free = (one for one in on if one.memory.get("not_before", "") <= now.isoformat())
    return [one for one in free if one.last_tried_at is None or now - one.last_tried_at >= EVERY]
