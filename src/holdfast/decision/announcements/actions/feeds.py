"""Feeds: add one, switch it, and keep what came of an attempt, be it an answer or none."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from holdfast.decision.announcements.actions.picturing import note_pictures
from holdfast.decision.announcements.actions.taking import Taken, take_in
from holdfast.decision.announcements.events import (
    FeedAdded,
    FeedAnswered,
    FeedAsked,
    FeedDrifted,
    FeedFailed,
    FeedSwitched,
)
from holdfast.decision.announcements.models import Feed
from holdfast.decision.announcements.policies import may_import_announcements, may_switch_feeds
from holdfast.decision.announcements.queries.feeds import missing_keys
from holdfast.decision.announcements.rules import next_try
from holdfast.decision.announcements.sources import source_named
from holdfast.ground.journal.actions import record
from holdfast.ground.journal.rules import masked
from holdfast.kit.actors import Actor
from holdfast.kit.announcements import FeedAnswer
from holdfast.kit.refusals import Forbidden, Unreadable
from holdfast.kit.storable import storable

LEASE = timedelta(minutes=20)
MOST_DRIFT = 50
LONGEST_PACE = 24 * 14


@transaction.atomic
def add_feed(
    *,
    source: str,
    authority: str = "",
    url: str = "",
    every_hours: int = 0,
    by: Actor,
    now: datetime,
) -> Feed:
    """Set a feed up; it stays off. A general source needs its address and whose it is."""
    may_switch_feeds(by)
    known = source_named(source)
    url, authority = url.strip(), " ".join(authority.split())[:120]
    authority = authority or known.authority
    is_address = urlsplit(url).scheme in ("http", "https")
    if not authority or (known.needs_address and not is_address):
        raise Unreadable(
            "feed_address",
            "This feed needs a web address, and the name of its authority.",
            hint="For example https://www.gov.uk/product-safety-alerts-reports-recalls.atom, "
            "UK OPSS.",
        )
    feed, made = Feed.objects.get_or_create(
        source=source,
        url=url if known.needs_address else "",
        defaults={
            "authority": authority,
            "every_hours": _pace(every_hours or known.hours),
        },
    )
    if made:
        fact = FeedAdded(feed=feed.pk, source=source, authority=feed.authority, url=feed.url)
        record(fact, by=by, now=now)
    return feed


@transaction.atomic
def switch_feed(*, feed: Feed, is_on: bool, every_hours: int = 0, by: Actor, now: datetime) -> Feed:
    """On: it is read from now on, by its schedule. Off: nothing leaves this machine for it."""
    may_switch_feeds(by)
    feed = Feed.objects.select_for_update().get(pk=feed.pk)
    lacking = missing_keys(source_named(feed.source)) if is_on else ()
    if lacking:
        raise Forbidden(
            "feed_needs_key",
            f"{feed.authority} answers only with a key: {', '.join(lacking)}.",
            hint="The operator names it in HOLDFAST_FEED_KEYS; see docs/feeds.md.",
        )
    pace = _pace(every_hours or feed.every_hours)
    if (feed.is_on, feed.every_hours) == (is_on, pace):
        return feed
    feed.is_on, feed.every_hours = is_on, pace
    feed.next_at = now if is_on else None
    feed.save(update_fields=["is_on", "every_hours", "next_at"])
    said = f"on, read every {pace} hours" if is_on else "off"
    fact = FeedSwitched(
        feed=feed.pk, authority=feed.authority, is_on=is_on, every_hours=pace, said=said
    )
    record(fact, by=by, now=now)
    return feed


@transaction.atomic
def ask_feed(*, feed: Feed, by: Actor, now: datetime) -> Feed:
    """Let the worker ask this feed at once, whatever its schedule says."""
    may_import_announcements(by)
    if settings.DRILL:
        raise Forbidden("drill_sends_nothing", "A drill asks nobody: it has no way out.")
    if not feed.is_on:
        raise Forbidden(
            "feed_off",
            f"The feed of {feed.authority} is off; nothing is fetched.",
            hint="Switch it on first.",
        )
    feed = Feed.objects.select_for_update().get(pk=feed.pk)
    if feed.next_at is None or feed.next_at > now:  # a second press is the same wish
        feed.next_at = now
        feed.save(update_fields=["next_at"])
        record(FeedAsked(feed=feed.pk, authority=feed.authority), by=by, now=now)
    return feed


def claim_feed(*, feed: Feed, by: Actor, now: datetime) -> bool:
    """Whether this process may ask now; nobody else asks meanwhile."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
    taken = Feed.objects.filter(free, pk=feed.pk).update(claimed_until=now + LEASE, tried_at=now)
    return bool(taken)


@transaction.atomic
def hear_feed(
    *,
    feed: Feed,
    answer: FeedAnswer | None,
    marks: dict[str, dict[str, str]],
    sha256: str = "",
    by: Actor,
    now: datetime,
) -> Taken | None:
    """An answer came: its recalls are stored, its drift is told. None: nothing is new there."""
    may_import_announcements(by)
    feed = Feed.objects.select_for_update().get(pk=feed.pk)
    source = source_named(feed.source)
    taken = None
    feed.last_words = "nothing new"
    if answer is not None:
        taken = take_in(
            source=source, answer=answer, authority=feed.authority, sha256=sha256, by=by, now=now
        )
        feed.last_words = (
            f"{taken.rows:,} records: {taken.new:,} new, {taken.changed:,} changed, "
            f"{len(taken.rejected):,} not readable"
        )
        if answer.newest and (feed.newest is None or answer.newest > feed.newest):
            feed.newest = answer.newest
        _drifted(feed, answer, by, now)
        note_pictures(source=source.key, by=by, now=now)
        if taken.new or taken.changed:
            said = FeedAnswered(
                feed=feed.pk, authority=feed.authority, said=feed.last_words, sha256=sha256
            )
            record(said, by=by, now=now)
    feed.marks = marks  # of this run alone: addresses carry days, so those of before pile up
    if answer is None or answer.recalls:
        feed.heard_at = now  # an empty or unreadable answer is told as drift, and no success
    feed.failures, feed.claimed_until = 0, None
    feed.next_at = next_try(now=now, every_hours=feed.every_hours, failures=0)
    feed.save()
    return taken


@transaction.atomic
def fail_feed(
    *, feed: Feed, words: str, not_before: datetime | None = None, by: Actor, now: datetime
) -> Feed:
    """Nothing came, or something that is no data: it is told, and tried again ever later."""
    may_import_announcements(by)
    feed = Feed.objects.select_for_update().get(pk=feed.pk)
    feed.failures += 1
    feed.last_words = storable(words)[:400]
    feed.claimed_until = None
    again = next_try(now=now, every_hours=feed.every_hours, failures=feed.failures)
    feed.next_at = max(again, not_before or again)
    feed.save()
    fact = FeedFailed(
        feed=feed.pk,
        authority=feed.authority,
        said=masked(feed.last_words),
        failures=feed.failures,
    )
    record(fact, by=by, now=now)
    return feed


def _drifted(feed: Feed, answer: FeedAnswer, by: Actor, now: datetime) -> None:
    """What is not as it used to be, shown on the desk; told in the journal when it is new."""
    told = [one.sentence for one in answer.drift[:MOST_DRIFT]]
    kinds = {(one.kind, one.where) for one in answer.drift[:MOST_DRIFT]}
    before = {(one["kind"], one["where"]) for one in feed.drift}
    feed.drift = [
        {"kind": one.kind, "where": one.where, "times": one.times, "sentence": one.sentence}
        for one in answer.drift[:MOST_DRIFT]
    ]
    if told:
        feed.drifted_at = now
    if kinds - before:
        fact = FeedDrifted(feed=feed.pk, authority=feed.authority, said=tuple(map(masked, told)))
        record(fact, by=by, now=now)


def _pace(hours: int) -> int:
    if not 1 <= hours <= LONGEST_PACE:
        raise Unreadable(
            "feed_pace", f"Every {hours} hours is no pace.", hint=f"1 to {LONGEST_PACE} hours."
        )
    return hours
