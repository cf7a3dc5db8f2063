"""Feeds beside the sources that are known: which are on, and which are due."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Q

from holdfast.decision.announcements.models import Announcement, Feed
from holdfast.decision.announcements.sources import every_source, source_named
from holdfast.kit.announcements import Source
from holdfast.kit.quantities import whole_number
from holdfast.kit.refusals import NotFound


@dataclass(frozen=True)
class FeedLine:
    """A source and its feed, if there is one; `missing_keys` have to be brought by the operator."""

    source: Source
    feed: Feed | None
    announcements: int
    missing_keys: tuple[str, ...]

    @property
    def name(self) -> str:
        """How it is called on the command line: `cpsc`, `rss:3`."""
        if self.source.needs_address and self.feed:
            return f"{self.source.key}:{self.feed.pk}"
        return self.source.key


def feed_lines() -> list[FeedLine]:
    """Every source with its feeds; those without an address only where a feed was added."""
    feeds: dict[str, list[Feed]] = {}
    for feed in Feed.objects.order_by("pk"):
        feeds.setdefault(feed.source, []).append(feed)
    counts: Counter[tuple[str, str]] = Counter()
    rows = Announcement.objects.order_by().values_list("source", "authority")
    for name, authority, told in rows.annotate(told=Count("pk")):
        known = every_source().get(name)
        counts[name, authority if known and known.is_general else ""] += told
    lines = []
    for source in every_source().values():
        there: list[Feed | None] = list(feeds.get(source.key, ()))
        if not there and not source.needs_address:
            there = [None]
        for one in there:
            key = (source.key, one.authority if source.is_general and one else "")
            lines.append(FeedLine(source, one, counts[key], missing_keys(source)))
    return lines


def missing_keys(source: Source) -> tuple[str, ...]:
    """Headers this authority wants, for which the operator has named no value."""
    return tuple(name for name in source.keys if not settings.FEED_KEYS.get(name))


def due_feeds(*, now: datetime) -> list[Feed]:
    """Feeds that are on and whose time has come, the longest waiting first."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
    due = Q(next_at__isnull=True) | Q(next_at__lte=now)
    return list(Feed.objects.filter(free, due, is_on=True).order_by("next_at", "pk"))


def odd_feeds() -> int:
    """How many feeds are on and silent, or answer otherwise than before."""
    return Feed.objects.filter(is_on=True).exclude(failures=0, drift=[]).count()


def feed_of(name: str) -> Feed:
    """The feed of that name: a source's key, or `rss:3` for a general one."""
    key, _, number = name.partition(":")
    source = source_named(key)
    found = Feed.objects.filter(source=key)
    if number:
        found = found.filter(pk=whole_number(number))
    feeds = list(found[:2])
    if len(feeds) == 1:
        return feeds[0]
    if source.needs_address and feeds:
        raise NotFound(
            "which_feed",
            f"Several feeds are read as {key}.",
            hint="See `holdfast watch feeds` for their names.",
        )
    raise NotFound(
        "no_feed",
        f"The feed {name} is not set up.",
        hint=f"Add it: holdfast watch feeds --on {key} --url https://… --authority NAME"
        if source.needs_address
        else f"Switch it on first: holdfast watch feeds --on {key}.",
    )
